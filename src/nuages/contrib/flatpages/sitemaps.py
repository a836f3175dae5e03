"""The sitemap of flat pages."""

from __future__ import annotations

from typing import Any

from nuages.apps import apps
from nuages.contrib.sitemaps import Sitemap
from nuages.exceptions import ImproperlyConfigured


class FlatPageSitemap(Sitemap):
    """All pages of the current site that anyone may read."""

    def items(self) -> Any:
        """The pages. Raises ImproperlyConfigured without the sites app."""
        if not apps.is_installed("nuages.contrib.sites"):
            raise ImproperlyConfigured("FlatPageSitemap requires nuages.contrib.sites, which isn't installed.")
        site = apps.get_model("sites.Site").objects.get_current()
        return site.flatpage_set.filter(registration_required=False)

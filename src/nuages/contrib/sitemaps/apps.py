"""The sitemaps application."""

from nuages.apps import AppConfig
from nuages.i18n.translation import gettext_lazy as _


class SiteMapsConfig(AppConfig):
    """Lists of a site's pages for search engines (documentation: ref/contrib/sitemaps)."""

    default_auto_field = "nuages.models.AutoField"
    name = "nuages.contrib.sitemaps"
    verbose_name = _("Site Maps")

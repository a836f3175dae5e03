"""Patterns that serve files during development (documentation: howto/static-files, ref/urls)."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import urlsplit

from nuages.conf import names, settings
from nuages.exceptions import ImproperlyConfigured
from nuages.urls.conf import re_path

SERVE = "nuages.views.static.serve"  # by name: it stands on a floor above this one


def static(prefix: str, view: Any = None, **kwargs: Any) -> list[Any]:
    """Give patterns for the files below ``prefix``; none unless ``DEBUG`` is on, or for another host.

    :param view: the view, `nuages.views.static.serve` by default; ``kwargs`` go to it (``document_root``).
    :raises ImproperlyConfigured: the prefix is empty.
    """
    if not prefix:
        raise ImproperlyConfigured("Empty static prefix not permitted")
    if not settings.DEBUG or urlsplit(prefix).netloc:
        return []
    if view is None:
        view = names.import_string(SERVE)
    return [re_path(rf"^{re.escape(prefix.lstrip('/'))}(?P<path>.*)$", view, kwargs=kwargs)]

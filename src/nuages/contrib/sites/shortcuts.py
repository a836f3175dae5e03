"""The current site, whether the app is installed or not."""

from __future__ import annotations

from typing import Any

from nuages.apps import apps
from nuages.contrib.sites.requests import RequestSite


def get_current_site(request: Any) -> Any:
    """The current Site if the app is installed, else a RequestSite."""
    # The model cannot be imported where its app is not installed.
    if apps.is_installed("nuages.contrib.sites"):
        return apps.get_model("sites.Site").objects.get_current(request)
    return RequestSite(request)

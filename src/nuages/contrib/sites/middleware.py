"""Puts the current site on each request."""

from __future__ import annotations

from typing import Any

from nuages.contrib.sites.shortcuts import get_current_site
from nuages.text.deprecation import MiddlewareMixin


class CurrentSiteMiddleware(MiddlewareMixin):
    """Sets ``request.site``."""

    def process_request(self, request: Any) -> None:
        """Find the site."""
        request.site = get_current_site(request)

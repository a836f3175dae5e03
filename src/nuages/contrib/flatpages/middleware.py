"""Looks for a flat page where a request found nothing."""

from __future__ import annotations

from typing import Any

from nuages.conf import settings
from nuages.contrib.flatpages.views import flatpage
from nuages.http import Http404
from nuages.text.deprecation import MiddlewareMixin


class FlatpageFallbackMiddleware(MiddlewareMixin):
    """Answers 404s with the page kept for their URL."""

    def process_response(self, request: Any, response: Any) -> Any:
        """Replace a 404 for which there is a page."""
        return self._page(request) or response if response.status_code == 404 else response

    def _page(self, request: Any) -> Any:
        """The page for the request, or None; what goes wrong with it is shown in debug mode only."""
        try:
            return flatpage(request, request.path_info)
        except Exception as error:
            if settings.DEBUG and not isinstance(error, Http404):
                raise
            return None

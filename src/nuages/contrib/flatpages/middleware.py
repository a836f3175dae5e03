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
        if response.status_code != 404:
            return response
        try:
            return flatpage(request, request.path_info)
        except Http404:
            return response
        except Exception:
            if settings.DEBUG:
                raise
            return response

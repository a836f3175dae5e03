"""Static files in development: served in front of the project, from where they lie in the applications."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from nuages.conf import names, settings
from nuages.http.errors import Http404
from nuages.pipeline.errors import response_for_exception
from nuages.server.rsgi import RSGIHandler

STATIC_VIEW = "nuages.contrib.staticfiles.views.serve"


class DevelopmentHandler(RSGIHandler):
    """Serves the files of ``staticfiles`` in front of the project, as they lie in the applications."""

    def get_response(self, request: Any) -> Any:
        """Serve a file below ``STATIC_URL``, else the project."""
        base = urlsplit(settings.STATIC_URL or "")
        if base.netloc or not base.path.strip("/") or not request.path.startswith(base.path):
            return super().get_response(request)
        try:
            return names.import_string(STATIC_VIEW)(request, request.path.removeprefix(base.path), insecure=True)
        except Http404 as error:
            return response_for_exception(request, error)

"""Serving static files in front of an application, during development and in tests."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit
from urllib.request import url2pathname

from nuages import bridge
from nuages.conf import settings
from nuages.contrib.staticfiles.sources import check_settings
from nuages.contrib.staticfiles.views import serve
from nuages.http import Http404
from nuages.pipeline import response_for_exception
from nuages.server.asgi import ASGIHandler
from nuages.server.wsgi import WSGIHandler, get_path_info


class StaticFilesHandlerMixin:
    """Answers requests below ``STATIC_URL`` itself."""

    # The handler behind sends its own signals.
    handles_files = True

    def load_middleware(self, is_async: bool = False) -> None:
        """There is no middleware in front of static files."""

    def get_base_url(self) -> str:
        """``STATIC_URL``, checked."""
        check_settings()
        return str(settings.STATIC_URL)

    def _should_handle(self, path: str) -> bool:
        base = urlsplit(self.get_base_url())
        return path.startswith(base.path) and not base.netloc

    def file_path(self, url: str) -> str:
        """The relative path of the file at an address."""
        return url2pathname(url.removeprefix(urlsplit(self.get_base_url()).path))

    def serve(self, request: Any) -> Any:
        """The file's response."""
        return serve(request, self.file_path(request.path), insecure=True)

    def get_response(self, request: Any) -> Any:
        """The file's response, or the one for what went wrong."""
        try:
            return self.serve(request)
        except Http404 as error:
            return response_for_exception(request, error)

    async def get_response_async(self, request: Any) -> Any:
        """The same on the event loop."""
        return await bridge.run(self.get_response, request)


class StaticFilesHandler(StaticFilesHandlerMixin, WSGIHandler):
    """In front of a WSGI application."""

    def __init__(self, application: Any) -> None:
        self.application = application
        super().__init__()

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Any:
        if not self._should_handle(get_path_info(environ)):
            return self.application(environ, start_response)
        return super().__call__(environ, start_response)


class ASGIStaticFilesHandler(StaticFilesHandlerMixin, ASGIHandler):
    """In front of an ASGI application."""

    def __init__(self, application: Any) -> None:
        self.application = application
        super().__init__()

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] == "http" and self._should_handle(scope["path"]):
            await super().__call__(scope, receive, send)
        else:
            await self.application(scope, receive, send)

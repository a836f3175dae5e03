"""One object that speaks RSGI, ASGI and WSGI: ``nuages.server.application:application`` suits any server."""

from __future__ import annotations

import os
import threading
from typing import Any
from urllib.parse import urlsplit

from nuages.apps import apps
from nuages.bridge import Watchdog
from nuages.conf import names, settings
from nuages.http.errors import Http404
from nuages.pipeline.errors import response_for_exception
from nuages.server.asgi import ASGIHandler
from nuages.server.rsgi import RSGIHandler
from nuages.server.wsgi import WSGIHandler
from nuages.start import setup

#: Set by the development server for its workers.
DEVELOPMENT = "NUAGES_DEVELOPMENT"
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


class Application:
    """Makes the handler of a protocol when its first request comes. The project is set up once."""

    def __init__(self) -> None:
        self._handlers: dict[str, Any] = {}
        self._lock = threading.Lock()
        self._watchdog = Watchdog()

    def _handler(self, protocol: str) -> Any:
        handler = self._handlers.get(protocol)
        if handler is None:
            with self._lock:
                if protocol not in self._handlers:
                    self._handlers[protocol] = self._make(protocol)
                handler = self._handlers[protocol]
        return handler

    def _make(self, protocol: str) -> Any:
        if not apps.ready:
            setup(set_prefix=False)
        if protocol == "wsgi":
            return WSGIHandler()
        if protocol == "asgi":
            return ASGIHandler()
        if os.environ.get(DEVELOPMENT) and "staticfiles" in {config.label for config in apps.get_app_configs()}:
            return DevelopmentHandler()
        return RSGIHandler()

    def __rsgi_init__(self, loop: Any) -> None:
        """Load the project before the first request; watch for views that block the loop."""
        self._handler("rsgi")
        loop.call_soon(self._watchdog.start)

    def __rsgi_del__(self, loop: Any) -> None:
        """End the watch with the worker."""
        self._watchdog.stop()

    def __rsgi__(self, scope: Any, protocol: Any) -> Any:
        return self._handler("rsgi").__rsgi__(scope, protocol)

    def __call__(self, *args: Any) -> Any:
        """Answer ``(scope, receive, send)`` of ASGI 3, ``(scope)`` of ASGI 2, or ``(environ, start_response)`` of WSGI."""
        if len(args) == 3:
            return self._handler("asgi")(*args)
        if len(args) == 1:
            return lambda receive, send: self._handler("asgi")(args[0], receive, send)
        return self._handler("wsgi")(*args)


application = Application()

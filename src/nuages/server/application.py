"""One object that speaks RSGI, ASGI and WSGI: ``nuages.server.application:application`` suits any server."""

from __future__ import annotations

import os
import threading
from typing import Any

from nuages.apps import apps
from nuages.bridge import Watchdog
from nuages.conf import names, settings
from nuages.conf.logs import show_problems
from nuages.start import setup
from nuages.urls.resolvers import get_resolver

#: Set by the development server for its workers.
DEVELOPMENT = "NUAGES_DEVELOPMENT"
#: By path, so that only the adapter of the server at hand is loaded.
HANDLERS = {
    "asgi": "nuages.server.asgi.ASGIHandler",
    "rsgi": "nuages.server.rsgi.RSGIHandler",
    "wsgi": "nuages.server.wsgi.WSGIHandler",
    "development": "nuages.server.assets.DevelopmentHandler",
}


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
        if protocol == "rsgi" and os.environ.get(DEVELOPMENT) and apps.is_installed("nuages.contrib.staticfiles"):
            protocol = "development"
        return names.import_string(HANDLERS[protocol])()

    def __rsgi_init__(self, loop: Any) -> None:
        """Load the project before the first request; watch for views that block the loop."""
        self._handler("rsgi")
        if settings.ROOT_URLCONF and not settings.DEBUG:  # a developer gets a page that shows the fault
            get_resolver().url_patterns
        show_problems()
        self._handler("rsgi").__rsgi_init__(loop)
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

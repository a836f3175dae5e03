"""A plain WSGI server on sockets and threads, for tests and for development; not fit for production."""

from __future__ import annotations

import contextlib
import socket
import socketserver
import sys
from collections.abc import Callable
from typing import Any
from wsgiref import simple_server
from wsgiref.handlers import SimpleHandler

from nuages.conf import names, settings
from nuages.db import connections
from nuages.exceptions import ImproperlyConfigured
from nuages.loggers import get_logger
from nuages.server.wsgi import LimitedStream, get_wsgi_application

logger = get_logger("server")


def get_internal_wsgi_application() -> Any:
    """Give the application that ``WSGI_APPLICATION`` names, else that of the project.

    :raises ImproperlyConfigured: the name leads nowhere.
    """
    path = settings.WSGI_APPLICATION
    if path is None:
        return get_wsgi_application()
    try:
        return names.import_string(path)
    except ImportError as error:
        raise ImproperlyConfigured(
            f"WSGI application '{path}' could not be loaded; Error importing module."
        ) from error


def is_broken_pipe_error() -> bool:
    """Tell if the present exception only means that the client has gone away."""
    return isinstance(sys.exc_info()[1], (BrokenPipeError, ConnectionAbortedError, ConnectionResetError))


class WSGIServer(simple_server.WSGIServer):
    """Serves one request after another."""

    request_queue_size = 10

    def __init__(self, *args: Any, ipv6: bool = False, allow_reuse_address: bool = True, **kwargs: Any) -> None:
        if ipv6:
            self.address_family = socket.AF_INET6
        self.allow_reuse_address = allow_reuse_address
        super().__init__(*args, **kwargs)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Log a client that went away in one line."""
        if is_broken_pipe_error():
            logger.info("- Broken pipe from %s", client_address)
        else:
            super().handle_error(request, client_address)


class ThreadedWSGIServer(socketserver.ThreadingMixIn, WSGIServer):
    """Serves each connection in a thread of its own."""

    daemon_threads = True

    def __init__(self, *args: Any, connections_override: dict[str, Any] | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.connections_override = connections_override

    def process_request_thread(self, request: Any, client_address: Any) -> None:
        """Use the given database connections in the thread."""
        for alias, connection in (self.connections_override or {}).items():
            connections[alias] = connection
        super().process_request_thread(request, client_address)

    def _close_connections(self) -> None:
        if not self.connections_override:
            connections.close_all()

    def close_request(self, request: Any) -> None:
        """Close the thread's database connections with the request."""
        self._close_connections()
        super().close_request(request)


class ServerHandler(SimpleHandler):
    """Runs the application for one request, over HTTP/1.1."""

    http_version = "1.1"
    environ: Any
    headers: Any
    headers_sent: bool
    request_handler: Any
    result: Any
    send_headers: Any

    def __init__(self, stdin: Any, stdout: Any, stderr: Any, environ: Any, **kwargs: Any) -> None:
        try:
            length = int(environ.get("CONTENT_LENGTH"))
        except (ValueError, TypeError):
            length = 0
        super().__init__(LimitedStream(stdin, length), stdout, stderr, environ, **kwargs)  # type: ignore[arg-type]

    def cleanup_headers(self) -> None:
        """Close the connection unless its end can be told by a length."""
        super().cleanup_headers()
        assert self.headers is not None
        if (
            self.environ["REQUEST_METHOD"] == "HEAD"
            and "Content-Length" in self.headers
            and str(self.headers["Content-Length"]) == "0"
        ):
            del self.headers["Content-Length"]
        if ("Content-Length" not in self.headers and self.environ["REQUEST_METHOD"] != "HEAD") or not isinstance(self.request_handler.server, socketserver.ThreadingMixIn):
            self.headers["Connection"] = "close"
        if self.headers.get("Connection") == "close":
            self.request_handler.close_connection = True

    def finish_response(self) -> None:
        """Send no body for HEAD."""
        if self.environ["REQUEST_METHOD"] == "HEAD":
            try:
                if not self.headers_sent:
                    self.send_headers()
                self.close()
            finally:
                self.result = None
        else:
            super().finish_response()

    def close(self) -> None:
        """Read the rest of the request, and log."""
        getattr(self.get_stdin(), "read", lambda: b"")()
        super().close()

    def handle_error(self) -> None:
        """Leave the error page to the application."""
        if not is_broken_pipe_error():
            super().handle_error()


class WSGIRequestHandler(simple_server.WSGIRequestHandler):
    """Reads a request and logs it with a level by its status."""

    protocol_version = "HTTP/1.1"

    def address_string(self) -> str:
        """Give the client's address, without asking DNS."""
        return str(self.client_address[0])

    def log_message(self, format: str, *args: Any) -> None:
        """Log with what the client sent made harmless."""
        extra = {"request": self.request, "server_time": self.log_date_time_string()}
        status = str(args[1]) if len(args) > 1 else ""
        if status.startswith("4"):
            if args[0].startswith("\x16\x03"):  # the first bytes of a TLS handshake
                logger.error(
                    "The client speaks TLS, which the development server does not: use an http:// address.",
                    extra={**extra, "status_code": 500},
                )
                return
            level = logger.warning
        else:
            level = logger.error if status.startswith("5") else logger.info
        if status.isdigit():
            extra["status_code"] = int(status)
        escaped = tuple(arg.encode("unicode_escape").decode("ascii") if isinstance(arg, str) else arg for arg in args)
        level(format, *escaped, extra=extra)

    def get_environ(self) -> Any:
        """Give the environ; header names with underscores, which could pass for others, are dropped."""
        for name in [name for name in self.headers if "_" in name]:
            del self.headers[name]
        return super().get_environ()

    def handle(self) -> None:
        """Serve the requests of a connection."""
        more = True
        while more:
            self.close_connection = True
            self.handle_one_request()
            more = not self.close_connection
        with contextlib.suppress(AttributeError, OSError):
            self.connection.shutdown(socket.SHUT_WR)

    def handle_one_request(self) -> None:
        """Serve one request."""
        self.raw_requestline = self.rfile.readline(65537)
        if len(self.raw_requestline) > 65536:
            self.requestline = self.request_version = self.command = ""
            self.send_error(414)
            return
        if not self.parse_request():
            return
        handler = ServerHandler(self.rfile, self.wfile, self.get_stderr(), self.get_environ())
        handler.request_handler = self  # type: ignore[attr-defined]
        handler.run(self.server.get_app())  # type: ignore[attr-defined]


class QuietWSGIRequestHandler(WSGIRequestHandler):
    """The same without a log, for tests."""

    def log_message(self, format: str, *args: Any) -> None:
        """Log nothing."""


def run(
    addr: str,
    port: int,
    wsgi_handler: Any,
    ipv6: bool = False,
    threading: bool = False,
    on_bind: Callable[[int], Any] | None = None,
    server_cls: type[WSGIServer] = WSGIServer,
) -> None:
    """Serve a WSGI application in this process, until interrupted."""
    kind = type("WSGIServer", (socketserver.ThreadingMixIn, server_cls), {"daemon_threads": True}) if threading else server_cls
    httpd = kind((addr, port), WSGIRequestHandler, ipv6=ipv6)
    if on_bind is not None:
        on_bind(getattr(httpd, "server_port", port))
    httpd.set_app(wsgi_handler)
    httpd.serve_forever()

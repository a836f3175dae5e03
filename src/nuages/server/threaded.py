"""A plain WSGI server on sockets and threads, for development and for tests; not fit for production."""

from __future__ import annotations

import logging
import socket
import socketserver
import sys
from typing import Any
from wsgiref import simple_server

from nuages.conf import settings
from nuages.conf.names import import_string
from nuages.db import connections
from nuages.exceptions import ImproperlyConfigured
from nuages.server.wsgi import LimitedStream, get_wsgi_application

logger = logging.getLogger("django.server")


def get_internal_wsgi_application() -> Any:
    """The application that WSGI_APPLICATION names, or the default one. Raises ImproperlyConfigured."""
    path = settings.WSGI_APPLICATION
    if path is None:
        return get_wsgi_application()
    try:
        return import_string(path)
    except ImportError as error:
        raise ImproperlyConfigured(
            f"WSGI application '{path}' could not be loaded; Error importing module."
        ) from error


def is_broken_pipe_error() -> bool:
    """Whether the present exception means that the client went away."""
    kind = sys.exc_info()[0]
    return kind is not None and issubclass(kind, (BrokenPipeError, ConnectionAbortedError, ConnectionResetError))


class WSGIServer(simple_server.WSGIServer):
    """Answers one request at a time."""

    request_queue_size = 10

    def __init__(self, *args: Any, ipv6: bool = False, allow_reuse_address: bool = True, **kwargs: Any) -> None:
        if ipv6:
            self.address_family = socket.AF_INET6
        self.allow_reuse_address = allow_reuse_address
        super().__init__(*args, **kwargs)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Log a client that went away in one line, anything else as usual."""
        if is_broken_pipe_error():
            logger.info("- Broken pipe from %s", client_address)
        else:
            super().handle_error(request, client_address)


class ThreadedWSGIServer(socketserver.ThreadingMixIn, WSGIServer):
    """Answers each connection in a thread of its own; *connections_override* are database connections that they share."""

    daemon_threads = True

    def __init__(self, *args: Any, connections_override: dict[str, Any] | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.connections_override = connections_override

    def process_request_thread(self, request: Any, client_address: Any) -> None:
        """Serve with the shared connections."""
        for alias, connection in (self.connections_override or {}).items():
            connections[alias] = connection
        super().process_request_thread(request, client_address)

    def _close_connections(self) -> None:
        connections.close_all()

    def close_request(self, request: Any) -> None:
        """End a connection, and the database connections of its thread."""
        self._close_connections()
        super().close_request(request)


class ServerHandler(simple_server.ServerHandler):
    """Runs the application for one request; the body is limited to its length."""

    http_version = "1.1"

    def __init__(self, stdin: Any, stdout: Any, stderr: Any, environ: dict[str, str], **kwargs: Any) -> None:
        try:
            length = int(environ.get("CONTENT_LENGTH") or 0)
        except ValueError:
            length = 0
        super().__init__(LimitedStream(stdin, length), stdout, stderr, environ, **kwargs)  # type: ignore[arg-type]

    def cleanup_headers(self) -> None:
        """Tell the client whether the connection stays open: it cannot where the length is not known."""
        super().cleanup_headers()
        headers = self.headers
        assert headers is not None
        if self.environ["REQUEST_METHOD"] == "HEAD" and "Content-Length" in headers and str(headers["Content-Length"]) == "0":
            del headers["Content-Length"]
        if ("Content-Length" not in headers and self.environ["REQUEST_METHOD"] != "HEAD") or not isinstance(self.request_handler.server, socketserver.ThreadingMixIn):
            headers["Connection"] = "close"
        if headers.get("Connection") == "close":
            self.request_handler.close_connection = True  # type: ignore[attr-defined]

    def close(self) -> None:
        """Read what is left of the body, so that the next request starts at its beginning."""
        self.get_stdin().read()
        super().close()

    def handle_error(self) -> None:
        """Ignore a client that went away."""
        if not is_broken_pipe_error():
            super().handle_error()


class WSGIRequestHandler(simple_server.WSGIRequestHandler):
    """Reads requests from a connection, as many as the client sends."""

    protocol_version = "HTTP/1.1"

    def address_string(self) -> str:
        """The address, without asking a name server."""
        return str(self.client_address[0])

    def log_message(self, format: str, *args: Any) -> None:
        """Log a request, at a level that fits its status."""
        extra = {"request": self.request, "server_time": self.log_date_time_string()}
        status = str(args[1]) if len(args) > 1 else ""
        if args and str(args[0]).startswith("\x16\x03"):
            # the first bytes of a TLS handshake
            extra["status_code"] = 500  # type: ignore[assignment]
            logger.error("This server speaks plain HTTP only, and a client tried HTTPS.", extra=extra)
            return
        extra["status_code"] = int(status) if status.isdigit() else 200  # type: ignore[assignment]
        level = logger.error if status[:1] == "5" else logger.warning if status[:1] == "4" else logger.info
        level(format, *args, extra=extra)

    def get_environ(self) -> dict[str, Any]:
        """The WSGI environment; headers with an underscore are dropped, as they could pass for others."""
        for name in list(self.headers):
            if "_" in name:
                del self.headers[name]
        return super().get_environ()

    def handle(self) -> None:
        """Serve the connection to its end."""
        self.close_connection = True
        self.handle_one_request()
        while not self.close_connection:
            self.handle_one_request()
        try:
            self.connection.shutdown(socket.SHUT_WR)
        except (AttributeError, OSError):
            pass

    def handle_one_request(self) -> None:
        """Serve one request. Lines over 64 KiB are refused (RFC 9110, 414)."""
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
    """Logs nothing: for servers in tests."""

    def log_message(self, format: str, *args: Any) -> None:
        """Drop the message."""


def run(
    addr: str,
    port: int,
    wsgi_handler: Any,
    ipv6: bool = False,
    threading: bool = False,
    on_bind: Any = None,
    server_cls: type[WSGIServer] = WSGIServer,
) -> None:
    """Serve *wsgi_handler* for ever; *on_bind* is called with the port once the server listens."""
    kind: Any = type("WSGIServer", (socketserver.ThreadingMixIn, server_cls), {}) if threading else server_cls
    httpd = kind((addr, port), WSGIRequestHandler, ipv6=ipv6)
    if on_bind is not None:
        on_bind(getattr(httpd, "server_port", port))
    if threading:
        httpd.daemon_threads = True
    httpd.set_app(wsgi_handler)
    httpd.serve_forever()

"""ASGI 3."""

from __future__ import annotations

import asyncio
import tempfile
from collections.abc import Iterable
from typing import Any

from nuages import bridge
from nuages.conf import settings
from nuages.exceptions import RequestAborted, RequestDataTooBig
from nuages.http.meta import Meta, combined, header_name
from nuages.http.received import ScopedRequest
from nuages.http.response import HttpResponse, HttpResponseBadRequest
from nuages.pipeline.handler import BaseHandler
from nuages.server.sockets import serve_socket
from nuages.signals import request_started
from nuages.start import setup
from nuages.text.encoding import repercent_broken_unicode
from nuages.urls.current import set_script_prefix

CHUNK = 2**16


class ASGIRequest(ScopedRequest):
    """A request made from an ASGI scope; ``META`` looks into the scope's headers when it is asked."""

    body_receive_timeout = 60

    def __init__(self, scope: Any, body_file: Any) -> None:
        self.scope = scope
        self._read_started = False
        self.resolver_match = None
        path = scope["path"]
        if not path.isascii():
            path = repercent_broken_unicode(path.encode("utf-8", "surrogateescape")).decode()
        self._take_path(path, scope.get("root_path", ""))
        self.method = scope["method"].upper()
        self.META = self._meta_view()
        self._stream = body_file

    def _meta_view(self) -> dict[str, Any]:
        scope = self.scope
        query = scope.get("query_string", "")
        values = {
            "REQUEST_METHOD": self.method,
            "QUERY_STRING": query.decode() if isinstance(query, bytes) else query,
            "SCRIPT_NAME": self.script_name,
            "PATH_INFO": self.path_info,
            "wsgi.multithread": True,
            "wsgi.multiprocess": True,
        }
        client, server = scope.get("client"), scope.get("server")
        if client:
            values["REMOTE_ADDR"] = values["REMOTE_HOST"] = client[0]
            values["REMOTE_PORT"] = client[1]
        values["SERVER_NAME"], values["SERVER_PORT"] = (
            (server[0], str(server[1])) if server else ("unknown", "0")
        )
        headers = combined((name.decode("latin-1"), value.decode("latin-1")) for name, value in scope.get("headers", ()))
        by_name = {header_name(key): value for key, value in headers.items()}
        return Meta(values, by_name.get, by_name_pairs(by_name))

    def _get_scheme(self) -> str:
        return self.scope.get("scheme") or super()._get_scheme()  # type: ignore[no-any-return]

    def raw_cookie(self) -> str:
        """The cookies in UTF-8."""
        return self.META.get("HTTP_COOKIE", "").encode("latin-1", "replace").decode(errors="replace")  # type: ignore[no-any-return]


def by_name_pairs(by_name: dict[Any, str]) -> Any:
    """Give a function that lists headers."""
    return lambda: by_name.items()


class ASGIHandler(BaseHandler):
    """The ASGI application."""

    request_class = ASGIRequest
    chunk_size = CHUNK

    def __init__(self) -> None:
        super().__init__()
        self.load_middleware(is_async=True)
        self._watchdog = bridge.Watchdog()

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        kind = scope["type"]
        if kind == "http":
            self._watch()
            await self.handle(scope, receive, send)
        elif kind == "lifespan":
            await lifespan(receive, send)
            self._watchdog.stop()
        elif kind == "websocket":
            await serve_socket("asgi", scope, receive, send)
        else:
            raise ValueError(f"ASGI scopes of type {kind!r} are not served (only http, websocket and lifespan are).")

    def _watch(self) -> None:
        """Watch for views that block the loop, from its first request on: servers need not support lifespan."""
        if self._watchdog.loop is not asyncio.get_running_loop():
            self._watchdog.stop()
            self._watchdog = bridge.Watchdog()
            self._watchdog.start()

    async def handle(self, scope: Any, receive: Any, send: Any) -> None:
        """Answer one request; a client that goes away cancels its view."""
        try:
            body = await self.read_body(receive)
        except RequestAborted:
            return
        # From here on the request owns the body: a view that goes on in a thread after its client has gone may read it.
        set_script_prefix(get_script_prefix(scope))
        if not request_started.is_idle():
            await request_started.asend(sender=self.__class__, scope=scope)
        request, error_response = self.create_request(scope, body)
        if request is None:
            body.close()
            await self.send_response(error_response, send)
            return
        await self._answer(request, receive, send)

    async def _answer(self, request: Any, receive: Any, send: Any) -> None:
        listening = asyncio.ensure_future(self.listen_for_disconnect(receive))
        await asyncio.sleep(0)
        if listening.done():  # gone before anything was done
            await bridge.run(request.close)
            listening.result()
            return
        answering = asyncio.ensure_future(self.run_get_response(request, send))
        try:
            await asyncio.wait([answering, listening], return_when=asyncio.FIRST_COMPLETED)
            if answering.done():
                answering.result()
            else:
                listening.result()
        finally:
            for task in (answering, listening):
                if not task.done():
                    task.cancel()
            await asyncio.gather(answering, listening, return_exceptions=True)

    async def run_get_response(self, request: Any, send: Any) -> Any:
        """Get the response and send it."""
        response = await self.get_response_async(request)
        response._handler_class = self.__class__
        await self.send_response(response, send)
        return response

    async def listen_for_disconnect(self, receive: Any) -> None:
        """Wait until the client goes away."""
        message = await receive()
        if message["type"] != "http.disconnect":
            raise AssertionError(f"Invalid ASGI message after request body: {message['type']}")

    async def read_body(self, receive: Any) -> Any:
        """Receive the body into a file that stays in memory while it is small.

        :raises RequestAborted: the client went away.
        """
        body = tempfile.SpooledTemporaryFile(max_size=settings.FILE_UPLOAD_MAX_MEMORY_SIZE, mode="w+b")
        while True:
            message = await receive()
            if message["type"] == "http.disconnect":
                body.close()
                raise RequestAborted()
            if "body" in message:
                on_disk = getattr(body, "_rolled", False)
                if on_disk:
                    await bridge.in_thread(body.write, message["body"])
                else:
                    body.write(message["body"])
            if not message.get("more_body", False):
                break
        body.seek(0)
        return body

    def create_request(self, scope: Any, body_file: Any) -> tuple[Any, Any]:
        """Give ``(request, None)``, or ``(None, response)`` for one that cannot be read."""
        try:
            return self.request_class(scope, body_file), None
        except UnicodeDecodeError:
            return None, HttpResponseBadRequest()
        except RequestDataTooBig:
            return None, HttpResponse("413 Payload too large", status=413)

    async def send_response(self, response: Any, send: Any) -> None:
        """Send a response in ASGI messages."""
        headers = [(name.encode("ascii"), value.encode("latin-1")) for name, value in response.headers.pairs()]
        if response._cookies:
            headers += [
                (b"Set-Cookie", morsel.OutputString().encode("ascii", "replace"))
                for morsel in response._cookies.values()
            ]
        await send({"type": "http.response.start", "status": response.status_code, "headers": headers})
        try:
            if response.streaming:
                await self._stream(response, send)
            else:
                for chunk, last in self.chunk_bytes(response.content):
                    await send({"type": "http.response.body", "body": chunk, "more_body": not last})
        finally:
            await bridge.run(response.close)

    async def _stream(self, response: Any, send: Any) -> None:
        async for part in response.sent_chunks():
            for chunk, _last in self.chunk_bytes(part):
                await send({"type": "http.response.body", "body": chunk, "more_body": True})
        await send({"type": "http.response.body"})

    @classmethod
    def chunk_bytes(cls, data: bytes) -> Iterable[tuple[bytes, bool]]:
        """Cut data into pieces; each comes with whether it is the last one."""
        if not data:
            return [(data, True)]
        ends = range(cls.chunk_size, len(data) + cls.chunk_size, cls.chunk_size)
        return [(data[end - cls.chunk_size : end], end >= len(data)) for end in ends]


async def lifespan(receive: Any, send: Any) -> None:
    """Answer the server's start-up and shutdown messages."""
    while True:
        message = await receive()
        if message["type"] == "lifespan.startup":
            await send({"type": "lifespan.startup.complete"})
        elif message["type"] == "lifespan.shutdown":
            await send({"type": "lifespan.shutdown.complete"})
            return


def get_script_prefix(scope: Any) -> str:
    """Give the path at which the site is mounted."""
    return settings.FORCE_SCRIPT_NAME or scope.get("root_path", "") or ""


def get_asgi_application() -> ASGIHandler:
    """Set the project up and give its ASGI application."""
    setup(set_prefix=False)
    return ASGIHandler()

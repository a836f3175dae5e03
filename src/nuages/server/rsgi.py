"""RSGI, the protocol of Granian (its documentation: docs/spec/RSGI.md): the fast way in."""

from __future__ import annotations

import asyncio
import gc
import tempfile
from io import BytesIO
from typing import Any

from granian.rsgi import ProtocolClosed  # type: ignore[attr-defined]

from nuages import bridge
from nuages.conf import settings
from nuages.conf.settings import script_prefix
from nuages.exceptions import RequestAborted
from nuages.http.meta import Meta
from nuages.http.received import ScopedRequest
from nuages.pipeline.handler import BaseHandler
from nuages.server.pipes import Pipes
from nuages.server.sockets import serve_socket
from nuages.signals import request_started
from nuages.start import setup
from nuages.text.encoding import repercent_broken_unicode
from nuages.urls.current import set_script_prefix

#: A view that runs longer than this (seconds) is watched for its client going away.
WATCH_AFTER = 0.1
EVENTS = "text/event-stream"


class RSGIRequest(ScopedRequest):
    """A request made from an RSGI scope."""

    def __init__(self, scope: Any, body_file: Any, headers: Any = None) -> None:
        self.scope = scope
        self._headers = scope.headers if headers is None else headers
        path = scope.path
        if not path.isascii() or "%" in path:
            path = decoded_path(path)
        self._take_path(path, "")
        self.method = scope.method
        if body_file is None:
            self.holds_files = False
            body_file = BytesIO()
        self._stream = body_file

    @property
    def META(self) -> Any:  # type: ignore[override]
        """The headers and what else is known of the request."""
        try:
            return self.__dict__["_meta"]
        except KeyError:
            self.__dict__["_meta"] = meta = self._meta_view()
            return meta

    @META.setter
    def META(self, value: Any) -> None:
        self.__dict__["_meta"] = value

    def _meta_view(self) -> Meta:
        scope = self.scope
        remote, _colon, remote_port = scope.client.rpartition(":")
        server, _colon, port = scope.server.rpartition(":")
        values = {
            "REQUEST_METHOD": self.method,
            "QUERY_STRING": scope.query_string,
            "SCRIPT_NAME": self.script_name,
            "PATH_INFO": self.path_info,
            "REMOTE_ADDR": remote.strip("[]"),
            "REMOTE_HOST": remote.strip("[]"),
            "REMOTE_PORT": remote_port,
            "SERVER_NAME": server,
            "SERVER_PORT": port,
            "SERVER_PROTOCOL": f"HTTP/{scope.http_version}",
            "wsgi.multithread": True,
            "wsgi.multiprocess": True,
        }
        if scope.authority and "host" not in self._headers:
            values["HTTP_HOST"] = scope.authority  # HTTP/2 has no Host header
        return Meta(values, self._find, self._headers.items)

    def _find(self, name: str) -> str | None:
        """Give a header by its name in lower case; one that came several times is joined (RFC 9110, section 5.3)."""
        values = self._headers.get_all(name)
        if len(values) == 1:
            return values[0]  # type: ignore[no-any-return]
        if not values:
            return None
        return "; ".join(value.strip("; ") for value in values) if name == "cookie" else ",".join(values)

    # What almost every request is asked for comes straight from the headers, unless `META` is in use already.

    def _get_raw_host(self) -> str:
        if "_meta" not in self.__dict__ and not settings.USE_X_FORWARDED_HOST:
            host = self._find("host")
            if host is not None:
                return host
        return super()._get_raw_host()

    def _noted(self, key: str) -> Any:
        meta = self.__dict__.get("_meta")
        return None if meta is None else meta.get(key)

    def _get_scheme(self) -> str:
        return self.scope.scheme or "http"

    def raw_query(self) -> Any:
        """The query string."""
        return self.scope.query_string

    def _has_cookies(self) -> bool:
        made = self.__dict__
        return super()._has_cookies() if "COOKIES" in made or "_meta" in made else "cookie" in self._headers

    def raw_cookie(self) -> str:
        """The cookies."""
        if "_meta" in self.__dict__:
            return self.META.get("HTTP_COOKIE", "")  # type: ignore[no-any-return]
        return self._find("cookie") or ""


def decoded_path(path: str) -> str:
    """Give a path with its percent-encoding undone, where the server has left it."""
    return repercent_broken_unicode(path.encode("utf-8", "surrogateescape")).decode()


class RSGIHandler(BaseHandler):
    """The RSGI application."""

    request_class = RSGIRequest

    def __init__(self) -> None:
        super().__init__()
        self.load_middleware(is_async=True)
        self.watch = Watch()
        self.pipes = Pipes()

    def __rsgi_init__(self, loop: Any) -> None:
        """Take what was loaded out of the garbage collector's sight: it stays, and looking at it again and again takes time."""
        gc.collect()
        gc.freeze()

    async def __rsgi__(self, scope: Any, protocol: Any) -> None:
        if scope.proto != "http":
            await serve_socket("rsgi", scope, protocol)
            return
        body: Any = None
        headers = scope.headers
        if "content-length" in headers or "transfer-encoding" in headers or (
            scope.http_version[0] != "1" and scope.method not in ("GET", "HEAD", "OPTIONS")
        ):
            try:
                body = await self.read_body(protocol, headers.get("content-length"))
            except RequestAborted:
                return
        worker, outcome = bridge.begin(self.answer, self.request_class(scope, body, headers), protocol)
        if worker is not None or outcome is not None:
            await self.go_on(worker, outcome, protocol)

    __call__ = __rsgi__

    async def go_on(self, worker: Any, outcome: Any, protocol: Any) -> None:
        """Finish a request whose view waits, or whose response is streamed; when its client goes away it is cancelled."""
        task = asyncio.current_task()
        self.watch.add(task, protocol)
        try:
            response = outcome if worker is None else await bridge.complete(worker, outcome)
            if response is not None:
                await self.stream(response, protocol)
                await bridge.run(response.close)
        finally:
            self.watch.remove(task)

    def answer(self, request: Any, protocol: Any) -> Any:
        """Answer a request, in blocking style; give the response back if it remains to be streamed."""
        if request.script_name or script_prefix.get() != "/":
            set_script_prefix(request.script_name)
        if not request_started.is_idle():
            request_started.send(sender=self.__class__, scope=request.scope)
        response = self.get_response(request)
        response._handler_class = self.__class__
        if response.streaming:
            return response
        self.send(response, protocol)
        response.close()
        return None

    async def read_body(self, protocol: Any, declared: str | None = None) -> Any:
        """Receive the body; what is large goes to a temporary file.

        :param declared: its length, if the client has said it.
        :raises RequestAborted: the client went away before it had sent all.
        """
        body = tempfile.SpooledTemporaryFile(max_size=settings.FILE_UPLOAD_MAX_MEMORY_SIZE, mode="w+b")
        async for chunk in protocol:
            if getattr(body, "_rolled", False):
                await bridge.in_thread(body.write, bytes(chunk))
            else:
                body.write(bytes(chunk))
        if declared is not None and body.tell() < int(declared):
            body.close()
            raise RequestAborted()
        body.seek(0)
        return body

    def send(self, response: Any, protocol: Any) -> None:
        """Send a response that is complete."""
        headers = wire_headers(response) if response._cookies else response.headers.pairs()
        content = response.content
        if content:
            protocol.response_bytes(response.status_code, headers, content)
        else:
            protocol.response_empty(response.status_code, headers)

    async def stream(self, response: Any, protocol: Any) -> None:
        """Send a response chunk by chunk."""
        try:
            if self.pipes.available and not response.headers.get("Content-Type", "").startswith(EVENTS):
                await self.pipes.send(protocol, response.status_code, wire_headers(response), response.sent_chunks())
                return
            # Events are small and rare, and waiting for the next one in a pipe would take a thread of the server's.
            transport = protocol.response_stream(response.status_code, wire_headers(response))
            async for chunk in response.sent_chunks():
                if chunk:
                    await transport.send_bytes(chunk)
        except (RequestAborted, ProtocolClosed):
            pass  # nobody is left to answer; the caller closes the response
        except BaseException:
            await bridge.run(response.close)
            raise


class Watch:
    """Watches for clients that go away while their views run, and cancels these.

    Only those that wait for something come here, and most of these are over in no time: nothing but two dictionary operations is
    spent on each. Now and then a sweep looks for those that were there at the last sweep already, and listens for their end.
    """

    def __init__(self) -> None:
        self.running: dict[Any, list[Any]] = {}
        self.sweeping = False

    def add(self, task: Any, protocol: Any) -> None:
        """A request begins."""
        self.running[task] = [protocol, False]
        if not self.sweeping:
            self.sweeping = True
            asyncio.get_running_loop().call_later(WATCH_AFTER, self.sweep)

    def remove(self, task: Any) -> None:
        """A request is over."""
        self.running.pop(task, None)

    def sweep(self) -> None:
        """Listen for those that take their time; go on as long as there are any."""
        for task, entry in self.running.items():
            if entry[1] is True:
                entry[1] = None
                start_watching(task, entry[0])
            elif entry[1] is False:
                entry[1] = True
        self.sweeping = bool(self.running)
        if self.sweeping:
            asyncio.get_running_loop().call_later(WATCH_AFTER, self.sweep)


def start_watching(task: asyncio.Task[Any], protocol: Any) -> None:
    """Watch for the client of a request that takes its time; when it goes away, its task is cancelled."""
    watcher = asyncio.ensure_future(protocol.client_disconnect())

    def gone(done: asyncio.Future[Any]) -> None:
        if not done.cancelled() and done.exception() is None and not task.done():
            task.cancel()

    watcher.add_done_callback(gone)
    task.add_done_callback(lambda _task: watcher.cancel())


def wire_headers(response: Any) -> list[tuple[str, str]]:
    """Give the headers and cookies as pairs; the server writes the names in lower case, as HTTP/2 wants them."""
    headers: list[tuple[str, str]] = response.headers.pairs()
    if response._cookies:
        headers += [("set-cookie", morsel.OutputString()) for morsel in response._cookies.values()]
    return headers


def get_rsgi_application() -> RSGIHandler:
    """Set the project up and give its RSGI application."""
    setup(set_prefix=False)
    return RSGIHandler()

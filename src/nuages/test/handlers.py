"""What stands between a test client and the pipeline: requests go in as from a server, without a server."""

import io
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from typing import Any

from nuages import bridge
from nuages.db import close_old_connections
from nuages.pipeline import BaseHandler
from nuages.server.asgi import ASGIRequest
from nuages.server.wsgi import WSGIRequest
from nuages.signals import request_finished, request_started
from nuages.test.payloads import FakePayload, closing_async_iterator, closing_iterator_wrapper


def conditional_content_removal(request: Any, response: Any) -> Any:
    """Leave out the body of a response that must not have one, as a server does (RFC 9110)."""
    if 100 <= response.status_code < 200 or response.status_code in (204, 304) or request.method == "HEAD":
        if response.streaming:
            response.streaming_content = []
        else:
            response.content = b""
    return response


@contextmanager
def _connections_kept(signal: Any) -> Iterator[None]:
    """Let requests begin and end without closing the connections, which hold the test's transaction."""
    signal.disconnect(close_old_connections)
    try:
        yield
    finally:
        signal.connect(close_old_connections)


class ClientHandler(BaseHandler):
    """Runs WSGI environments through the project's middleware and views; the answer carries its ``wsgi_request``."""

    def __init__(self, enforce_csrf_checks: bool = True, *args: Any, **kwargs: Any) -> None:
        self.enforce_csrf_checks = enforce_csrf_checks
        super().__init__(*args, **kwargs)

    def __call__(self, environ: dict[str, Any]) -> Any:
        if self._middleware_chain is None:
            self.load_middleware()
        with _connections_kept(request_started):
            request_started.send(sender=type(self), environ=environ)
        request = WSGIRequest(environ)
        request._dont_enforce_csrf_checks = not self.enforce_csrf_checks  # type: ignore[attr-defined]
        response: Any = self.get_response(request)
        conditional_content_removal(request, response)
        response.wsgi_request = request
        self._end(response)
        return response

    def _end(self, response: Any) -> None:
        """Close the response now, or after its stream was read."""
        if response.streaming:
            wrapper: Any = closing_async_iterator if response.is_async else closing_iterator_wrapper
            response.streaming_content = wrapper(response.streaming_content, _closer(response))
        else:
            _closer(response)()


def _closer(response: Any) -> Any:
    def close() -> None:
        with _connections_kept(request_finished):
            response.close()

    return close


async def _closing_async(iterable: AsyncIterator[bytes], close: Any) -> AsyncIterator[bytes]:
    try:
        async for chunk in iterable:
            yield chunk
    finally:
        await bridge.run(close)


class AsyncClientHandler(ClientHandler):
    """Runs ASGI scopes through the project's pipeline on the event loop; the answer carries its ``asgi_request``."""

    def __call__(self, scope: dict[str, Any]) -> Any:
        """Blocking style, to be run through the bridge."""
        if self._middleware_chain is None:
            self.load_middleware(is_async=True)
        body_file = scope.pop("_body_file", None) or FakePayload(b"")
        with _connections_kept(request_started):
            bridge.wait(request_started.asend(sender=type(self), scope=scope))
        request = ASGIRequest(scope, io.BytesIO(body_file.read()))
        request._dont_enforce_csrf_checks = not self.enforce_csrf_checks  # type: ignore[attr-defined]
        response: Any = self.get_response(request)
        conditional_content_removal(request, response)
        response.asgi_request = request
        if response.streaming and getattr(response, "is_async", False):
            response.streaming_content = _closing_async(response.streaming_content, _closer(response))
        else:
            self._end(response)
        return response

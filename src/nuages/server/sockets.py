"""WebSockets: the adapters hand them to whoever registered for them."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

Serve = Callable[..., Awaitable[None]]

_servers: dict[str, Serve] = {}


def register(protocol: str, serve: Serve) -> None:
    """Let ``serve`` answer the sockets of ``"asgi"`` (scope, receive, send) or ``"rsgi"`` (scope, protocol)."""
    _servers[protocol] = serve


async def serve_socket(protocol: str, *connection: Any) -> None:
    """Serve one socket; without anybody who would, it is refused."""
    serve = _servers.get(protocol)
    if serve is not None:
        await serve(*connection)
    elif protocol == "asgi":
        await connection[2]({"type": "websocket.close", "code": 1000})
    else:
        connection[1].close(403)

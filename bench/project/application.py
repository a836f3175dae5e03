"""What servers load: ``bare``, the least an RSGI server can be given, and ``rsgi``, ``wsgi`` or ``asgi`` of the package."""

from __future__ import annotations

import os
from importlib import import_module
from typing import Any

from project.names import NATIVE, PACKAGE


class Bare:
    """Answers without looking at the request."""

    async def __rsgi__(self, scope: Any, protocol: Any) -> None:
        protocol.response_bytes(200, [("content-type", "text/plain")], b"Hello, World!")


def build(interface: str) -> Any:
    """Give the application."""
    if interface == "bare":
        return Bare()
    os.environ.setdefault(f"{PACKAGE.upper()}_SETTINGS_MODULE", "project.settings")
    home = f"{PACKAGE}.server.{interface}" if NATIVE else f"{PACKAGE}.core.{interface}"
    return getattr(import_module(home), f"get_{interface}_application")()


application = build(os.environ["BENCH_INTERFACE"])

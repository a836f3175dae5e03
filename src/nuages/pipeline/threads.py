"""Views that block for real."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

V = TypeVar("V", bound=Callable[..., Any])


def threaded(view: V) -> V:
    """Mark a synchronous view that does block (a client without an async side, heavy computing): on the loop it runs in a thread."""
    view.threaded = True  # type: ignore[attr-defined]
    return view


def cooperative(view: V) -> V:
    """Mark a synchronous view that never blocks, where ``THREADED_VIEWS`` sends the others to threads."""
    view.threaded = False  # type: ignore[attr-defined]
    return view

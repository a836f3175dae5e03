"""Small questions about callables and what they returned."""

from __future__ import annotations

import inspect
import sys
import types
from collections.abc import Coroutine
from typing import Any


def is_coroutine_function(function: Any) -> bool:
    """Tell if calling ``function`` gives something to await; instances with an async ``__call__`` and marked ones count."""
    if type(function) is types.FunctionType:
        if function.__code__.co_flags & inspect.CO_COROUTINE:
            return True
        marks = function.__dict__
        return bool(marks) and ("_is_coroutine_mark" in marks or "_is_coroutine" in marks)
    if inspect.iscoroutinefunction(function) or _is_marked_by_asyncio(function):
        return True
    call = getattr(type(function), "__call__", None)  # noqa: B004
    return not isinstance(function, type) and inspect.iscoroutinefunction(call)


def _is_marked_by_asyncio(function: Any) -> bool:
    """Tell if ``function`` has the mark of older versions of asyncio, which nothing can have where that was never imported."""
    mark = getattr(sys.modules.get("asyncio.coroutines"), "_is_coroutine", None)
    return mark is not None and getattr(function, "_is_coroutine", None) is mark


def describe(callback: Any) -> str:
    """Give the dotted name of a view for a message."""
    if isinstance(callback, types.FunctionType):
        return f"The view {callback.__module__}.{callback.__name__}"
    return f"The view {callback.__module__}.{callback.__class__.__name__}.__call__"


def check_response(response: Any, callback: Any, name: str | None = None) -> None:
    """Make sure that a view returned a response.

    :raises ValueError: it returned ``None`` or a coroutine that nobody awaited.
    """
    if response is not None and not isinstance(response, Coroutine):
        return
    name = name or describe(callback)
    if response is None:
        raise ValueError(f"{name} didn't return an HttpResponse object. It returned None instead.")
    response.close()
    raise ValueError(
        f"{name} didn't return an HttpResponse object. It returned an unawaited coroutine instead. Is an 'await' missing?"
    )

"""Warnings about things that go away, and the base of old-style middleware."""

import functools
import inspect
import os
import warnings
from collections.abc import Awaitable, Callable
from importlib import import_module
from pathlib import Path
from typing import Any

from nuages import bridge


class RemovedInNextVersionWarning(DeprecationWarning):
    """The thing warned about is gone in the next feature release."""


class RemovedAfterNextVersionWarning(PendingDeprecationWarning):
    """The thing warned about is gone in the feature release after the next."""


@functools.cache
def framework_file_prefixes() -> tuple[str, ...]:
    """The beginning of the paths of the framework's files, for ``skip_file_prefixes`` of ``warnings.warn`` (Python 3.12)."""
    return (f"{Path(__file__).parents[1]}{os.sep}",)


class RenameMethodsBase(type):
    """Metaclass for classes whose methods were renamed: old and new name answer each other, with a warning.

    ``renamed_methods`` lists ``(old name, new name, warning class)``.
    """

    renamed_methods: tuple[tuple[str, str, type[Warning]], ...] = ()

    def __new__(cls, name: str, bases: tuple[type, ...], attrs: dict[str, Any]) -> Any:
        made = super().__new__(cls, name, bases, attrs)
        for owner in inspect.getmro(made):
            for old, new, category in cls.renamed_methods:
                _join_names(owner, old, new, category)
        return made


def _join_names(owner: type, old: str, new: str, category: type[Warning]) -> None:
    old_method, new_method = owner.__dict__.get(old), owner.__dict__.get(new)
    text = f"`{owner.__name__}.{old}` is now called `{new}`."
    if new_method is None and old_method is not None:
        warnings.warn(text, category, 3)
        setattr(owner, new, old_method)
        setattr(owner, old, _warned(old_method, text, category))
    elif new_method is not None and old_method is None:
        setattr(owner, old, _warned(new_method, text, category))


def _warned(method: Callable[..., Any], text: str, category: type[Warning]) -> Callable[..., Any]:
    def renamed(*args: Any, **kwargs: Any) -> Any:
        warnings.warn(text, category, 2)
        return method(*args, **kwargs)

    return renamed


class MiddlewareMixin:
    """Base of middleware with ``process_request(request)`` and ``process_response(request, response)``.

    An instance is synchronous or asynchronous as its ``get_response`` is. On an event loop the two methods run through the
    bridge: written in blocking style, they may query the database without blocking the loop.
    """

    async_mode: bool
    sync_capable = True
    async_capable = True

    def __init__(self, get_response: Callable[[Any], Any]) -> None:
        if get_response is None:
            raise ValueError("get_response must be provided.")
        self.get_response = get_response
        self.async_mode = inspect.iscoroutinefunction(get_response) or _is_marked(get_response)
        if self.async_mode:
            _mark(self)

    def __repr__(self) -> str:
        inner = getattr(self.get_response, "__qualname__", type(self.get_response).__name__)
        return f"<{type(self).__qualname__} get_response={inner}>"

    def __call__(self, request: Any) -> Any:
        if self.async_mode:
            return self.__acall__(request)
        response = self.process_request(request) if hasattr(self, "process_request") else None
        response = response or self.get_response(request)
        return self.process_response(request, response) if hasattr(self, "process_response") else response

    async def __acall__(self, request: Any) -> Any:
        """The asynchronous side of ``__call__``: only this half can await the next layer."""
        response = await bridge.run(self.process_request, request) if hasattr(self, "process_request") else None
        if not response:
            following: Awaitable[Any] = self.get_response(request)
            response = await following
        if hasattr(self, "process_response"):
            response = await bridge.run(self.process_response, request, response)
        return response


def _is_marked(function: Any) -> bool:
    return any(getattr(function, name, None) is not None for name in ("_is_coroutine_mark", "_is_coroutine"))


def _mark(instance: Any) -> None:
    # What inspect.markcoroutinefunction (3.12) and asyncio's older check look for, so that both know the instance as async.
    marker = getattr(inspect, "markcoroutinefunction", None)
    if marker is not None:
        marker(instance)
    else:
        instance._is_coroutine = import_module("asyncio.coroutines")._is_coroutine
        instance._is_coroutine_mark = True

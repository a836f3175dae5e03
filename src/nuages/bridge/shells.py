"""The async twins of blocking-style functions, made instead of written."""

from __future__ import annotations

import functools
from collections.abc import Callable, Coroutine
from typing import Any, ParamSpec, TypeVar

from nuages.bridge.crossing import run

P = ParamSpec("P")
T = TypeVar("T")


def shell(function: Callable[P, T]) -> Callable[P, Coroutine[Any, Any, T]]:
    """The coroutine function that runs ``function`` through the bridge, with the same parameters.

    In a class body (``aget = shell(get)``) the twin calls the method by its name on the instance, so that a subclass that
    overrides ``get`` changes ``aget`` too.
    """
    if isinstance(function, classmethod):
        return classmethod(shell(function.__func__))  # type: ignore[return-value]
    if isinstance(function, staticmethod):
        return staticmethod(shell(function.__func__))  # type: ignore[return-value]
    name = function.__name__
    if "." in function.__qualname__.rpartition("<locals>.")[2]:

        async def twin(self: Any, *args: Any, **kwargs: Any) -> Any:
            return await run(getattr(self, name), *args, **kwargs)

    else:

        async def twin(*args: Any, **kwargs: Any) -> Any:  # type: ignore[misc]
            return await run(function, *args, **kwargs)

    functools.update_wrapper(twin, function, assigned=("__module__", "__doc__"), updated=())
    twin.__name__ = f"a{name}"
    twin.__qualname__ = f"{function.__qualname__.rpartition('.')[0]}.a{name}".lstrip(".")
    del twin.__wrapped__  # type: ignore[attr-defined]  # inspect must see a coroutine function
    return twin  # type: ignore[return-value]

"""Objects that can say how they were made, so that migrations can write them down (documented as "deconstructible")."""

from __future__ import annotations

import sys
from collections.abc import Callable
from importlib import import_module
from typing import Any, TypeVar, overload

from nuages.conf import names

C = TypeVar("C", bound=type)


@overload
def deconstructible(cls: C) -> C: ...
@overload
def deconstructible(*, path: str | None = None) -> Callable[[C], C]: ...
def deconstructible(cls: Any = None, *, path: str | None = None) -> Any:
    """Class decorator: remember the arguments of each instance, and add ``deconstruct() -> (path, args, kwargs)``.

    ``path`` is the name under which the class is written down, if that is another than where it is defined.
    """

    def decorate(klass: Any) -> Any:
        original = klass.__new__

        def __new__(made: Any, *args: Any, **kwargs: Any) -> Any:
            instance = original(made) if original is object.__new__ else original(made, *args, **kwargs)
            instance._constructor_args = (args, kwargs)
            return instance

        def deconstruct(self: Any) -> tuple[str, Any, Any]:
            """Return the path to import, positional and keyword arguments. Raises ValueError for a class that has no path."""
            args, kwargs = self._constructor_args
            if path and type(self) is klass:
                return names.public(_checked(path, *path.rsplit(".", 1))), args, kwargs
            module, name = type(self).__module__, type(self).__name__
            return names.public(names.native(_checked(f"{module}.{name}", module, name))), args, kwargs

        klass.__new__ = staticmethod(__new__)
        klass.deconstruct = deconstruct
        return klass

    return decorate(cls) if cls is not None else decorate


def _checked(path: str, module_name: str, name: str) -> str:
    module = sys.modules.get(module_name) or import_module(module_name)
    if not hasattr(module, name):
        raise ValueError(
            f"Could not find object {name} in {module_name}.\nInner classes have no path that a migration could import: "
            "move the object to the top level of its module."
        )
    return path

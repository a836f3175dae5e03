"""Arguments that become keyword-only: for a time they may still be given by their place."""

from __future__ import annotations

import inspect
import warnings
from collections.abc import Callable, Sequence
from functools import wraps
from typing import Any, TypeVar

F = TypeVar("F", bound=Callable[..., Any])

_POSITIONAL = (inspect.Parameter.POSITIONAL_ONLY, inspect.Parameter.POSITIONAL_OR_KEYWORD)


def deprecate_posargs(deprecation_warning: type[Warning], remappable_names: Sequence[str]) -> Callable[[F], F]:
    """Decorator: take the keyword-only arguments *remappable_names*, in this order, by place too, with a warning.

    Apply it below ``classmethod`` and ``staticmethod``, and to ``__init__``, not to a class. ``TypeError`` where it cannot be applied,
    and in calls with too many arguments or with one that is given twice.
    """

    def decorate(function: F) -> F:
        plan = _Plan(function, list(remappable_names), deprecation_warning)

        @wraps(function)
        def call(*args: Any, **kwargs: Any) -> Any:
            args, kwargs = plan.remapped(args, kwargs)
            return function(*args, **kwargs)

        @wraps(function)
        async def await_call(*args: Any, **kwargs: Any) -> Any:
            args, kwargs = plan.remapped(args, kwargs)
            return await function(*args, **kwargs)

        return await_call if inspect.iscoroutinefunction(function) else call  # type: ignore[return-value]

    return decorate


class _Plan:
    """What is known of the function before any call."""

    def __init__(self, function: Any, names: list[str], category: type[Warning]) -> None:
        if isinstance(function, (classmethod, staticmethod)):
            raise TypeError(f"@{type(function).__name__} must stand above @deprecate_posargs.")
        if isinstance(function, type):
            raise TypeError("@deprecate_posargs is not for classes: apply it to __init__.")
        parameters = inspect.signature(function).parameters
        kinds = {name: parameter.kind for name, parameter in parameters.items()}
        if inspect.Parameter.VAR_POSITIONAL in kinds.values():
            raise TypeError("@deprecate_posargs has nothing to do for a function that takes *args.")
        wrong = [name for name in names if kinds.get(name) is not inspect.Parameter.KEYWORD_ONLY]
        if wrong:
            raise TypeError(f"@deprecate_posargs is for keyword-only parameters, and these are none: {', '.join(wrong)}.")
        self.names, self.category = names, category
        self.kept = sum(kind in _POSITIONAL for kind in kinds.values())
        self.shown = _shown(function)

    def remapped(self, args: tuple[Any, ...], kwargs: dict[str, Any]) -> tuple[tuple[Any, ...], dict[str, Any]]:
        """The arguments as the function takes them."""
        extra = args[self.kept :]
        if not extra:
            return args, kwargs
        if len(extra) > len(self.names):
            most = self.kept + len(self.names)
            raise TypeError(f"{self.shown}() takes {most} arguments by their place at most, and {len(args)} were given.")
        moved = dict(zip(self.names, extra, strict=False))
        twice = [repr(name) for name in moved if name in kwargs]
        if twice:
            raise TypeError(f"{self.shown}() got {', '.join(twice)} both by place and by keyword.")
        listed = ", ".join(map(repr, moved))
        text = f"Passing {listed} to {self.shown}() by place is deprecated: use keywords."
        warnings.warn(text, self.category, stacklevel=3)
        return args[: self.kept], {**kwargs, **moved}


def _shown(function: Any) -> str:
    """The name by which it is called: a class's, for its constructor."""
    path: str = function.__qualname__
    owner, _, name = path.rpartition(".")
    return owner.rpartition(".")[2] if name == "__init__" and owner and not owner.endswith("<locals>") else name

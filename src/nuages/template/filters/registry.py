"""The library of the built-in filters, and the decorator for filters of strings."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from inspect import unwrap
from typing import Any, TypeVar

from nuages.template.library import Library
from nuages.text.safestring import SafeData, mark_safe

__all__ = ["register", "stringfilter"]

F = TypeVar("F", bound=Callable[..., Any])

register = Library()


def stringfilter(func: F) -> F:
    """Make a filter that gets its value as a string; one that ``is_safe`` keeps a safe string safe."""

    @wraps(func)
    def converted(*args: Any, **kwargs: Any) -> Any:
        value, *rest = args
        text = str(value)
        result = func(text, *rest, **kwargs)
        if isinstance(text, SafeData) and getattr(unwrap(func), "is_safe", False):
            return mark_safe(result)
        return result

    # Generated code calls the inner function at once when the value is a plain str.
    converted.plain = func  # type: ignore[attr-defined]
    return converted  # type: ignore[return-value]

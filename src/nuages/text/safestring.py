"""Strings that are known to be safe for HTML output: they need no further escaping.

Third-party code recognises them by ``__html__()``, the convention that MarkupSafe and others share.
"""

from collections.abc import Callable
from functools import wraps
from typing import Any, overload

from nuages.text.lazy import keep_lazy


class SafeData:
    """The class by which safe text is recognised."""

    __slots__ = ()

    def __html__(self) -> Any:
        """Return the text as HTML: itself."""
        return self


class SafeString(str, SafeData):
    """A ``str`` that needs no escaping for HTML; any change but joining it to another safe string gives a plain ``str``."""

    __slots__ = ()

    def __add__(self, other: str) -> str:
        if not isinstance(other, str):
            return NotImplemented
        joined = str.__add__(self, other)
        return SafeString(joined) if isinstance(other, SafeData) else joined

    def __str__(self) -> str:
        return self


SafeText = SafeString


@keep_lazy(SafeString)
def _marked(text: Any) -> Any:
    return SafeString(text)


@overload
def mark_safe(s: Callable[..., Any]) -> Callable[..., SafeString]: ...
@overload
def mark_safe(s: Any) -> SafeString: ...
def mark_safe(s: Any) -> Any:
    """Mark ``s`` as safe for HTML output; it can be a string, an object that prints as one, or (as a decorator) a function."""
    if type(s) is str:
        return SafeString(s)
    if hasattr(s, "__html__"):
        return s
    if callable(s):

        @wraps(s)
        def safe(*args: Any, **kwargs: Any) -> Any:
            return mark_safe(s(*args, **kwargs))

        return safe
    return _marked(s)

"""Lazy messages whose plural form is decided when values are filled in."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from nuages.text.lazy import Promise, lazy


class _LazyPlural(Promise):
    """A message that becomes text by ``%`` or ``format``, which bring the number."""

    def __init__(self, func: Callable[..., str], texts: tuple[str, ...], number_name: str | None) -> None:
        self._func, self._texts, self._number_name = func, texts, number_name

    def __reduce__(self) -> tuple[Any, ...]:
        return type(self), (self._func, self._texts, self._number_name)

    def _translated(self, number: Any) -> str:
        return self._func(*self._texts, number)

    def _number_in(self, values: Any) -> Any:
        if self._number_name is None or not isinstance(values, dict):
            return values
        try:
            return values[self._number_name]
        except KeyError:
            raise KeyError(
                f"Your dictionary lacks key '{self._number_name}'. It holds the number that decides between singular and plural."
            ) from None

    def __mod__(self, values: Any) -> str:
        text = self._translated(self._number_in(values))
        try:
            return str(text % values)
        except TypeError:
            # A text without a place for the number is fine as it is.
            return text

    def format(self, *args: Any, **kwargs: Any) -> str:
        """Fill in values in the way of ``str.format``."""
        number = self._number_in(kwargs) if kwargs and self._number_name else args[0]
        return self._translated(number).format(*args, **kwargs)

    def __str__(self) -> str:
        return self._texts[-2]

    def __repr__(self) -> str:
        return repr(str(self))

    def __bool__(self) -> bool:
        return any(self._texts)

    def __eq__(self, other: object) -> bool:
        return str(self) == str(other) if isinstance(other, str | Promise) else NotImplemented

    def __hash__(self) -> int:
        return hash(str(self))


def lazy_number(func: Callable[..., str], texts: tuple[str, ...], number: Any) -> Any:
    """Return a lazy message: with a number, ready to be shown; with a name or None, waiting for the values."""
    if isinstance(number, int):
        return lazy(func, str)(*texts, number)
    return _LazyPlural(func, texts, number)

"""Places in a query whose value comes with each execution: what lets one compiled text serve many calls.

A ``Slot`` stands where a lookup has its right-hand side. When such a query is compiled, its list of parameters holds ``Bound``
objects: the slot's number and the function that turns the given value into the database's.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any


class Slot:
    """Parameter number ``index`` of a shape. Its value was prepared when it was given."""

    __slots__ = ("index",)

    def __init__(self, index: int) -> None:
        self.index = index

    def __repr__(self) -> str:
        return f"Slot({self.index})"


class Bound:
    """A slot in a compiled list of parameters; ``convert(value, connection)`` gives what the database takes (None: the value itself)."""

    __slots__ = ("convert", "index")

    def __init__(self, index: int, convert: Callable[[Any, Any], Any] | None = None) -> None:
        self.index = index
        self.convert = convert

    def then(self, further: Callable[[Any], Any]) -> Bound:
        """This slot, with ``further`` applied to what ``convert`` gives."""
        first = self.convert
        if first is None:
            return Bound(self.index, lambda value, connection: further(value))
        return Bound(self.index, lambda value, connection: further(first(value, connection)))

    def checked(self, check: Callable[[Any, Any], Any] | None) -> Bound:
        """This slot, its value going through another conversion at the end (None: through no other)."""
        first = self.convert
        if first is None or check is None:
            return Bound(self.index, check or first)
        return Bound(self.index, lambda value, connection: check(first(value, connection), connection))


class Rebind(Exception):
    """A value does not fit the text that was compiled for its shape: the query must be compiled for this value alone."""


def applied(function: Callable[[Any], Any], param: Any) -> Any:
    """``function(param)``, now or, for a slot, at each execution."""
    return param.then(function) if type(param) is Bound else function(param)

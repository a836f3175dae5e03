"""Registering look-ups where they are written."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

Lookup = TypeVar("Lookup", bound=type)


def lookup_of(*fields: type, name: str | None = None) -> Callable[[Lookup], Lookup]:
    """Class decorator: the look-up belongs to these fields or transforms, under *name* or its own."""

    def decorate(lookup: Lookup) -> Lookup:
        for field in fields:
            field.register_lookup(lookup, name)  # type: ignore[attr-defined]
        return lookup

    return decorate

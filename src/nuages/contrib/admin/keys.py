"""Keys of objects as browsers send them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from nuages.exceptions import ValidationError


def possible_keys(field: Any, values: Iterable[Any]) -> list[Any]:
    """Those of the values that ``field`` can hold at all: what comes from outside may be anything."""
    possible = []
    for value in values:
        try:
            key = field.to_python(value)
        except (ValidationError, ValueError):
            continue
        if not (isinstance(key, str) and "\0" in key):
            possible.append(key)
    return possible

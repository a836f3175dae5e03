"""Hashable forms of values that are not."""

from collections.abc import Hashable, Iterable
from typing import Any


def make_hashable(value: Any) -> Hashable:
    """Return ``value``, or tuples in the place of lists and dicts at any depth. Raises TypeError where that is impossible."""
    if isinstance(value, dict):
        return tuple((key, make_hashable(item)) for key, item in sorted(value.items(), key=lambda pair: str(pair[0])))
    try:
        hash(value)
    except TypeError:
        if not isinstance(value, Iterable):
            raise
    else:
        return value  # type: ignore[no-any-return]
    return tuple(make_hashable(item) for item in value)

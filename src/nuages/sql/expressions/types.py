"""Which field a Python value or an arithmetic operation yields."""

from __future__ import annotations

import datetime
import uuid
from decimal import Decimal
from functools import lru_cache
from typing import Any

from nuages.exceptions import FieldError
from nuages.sql import outputs

_BY_VALUE: tuple[tuple[type, str], ...] = (
    (str, "CharField"),
    (bool, "BooleanField"),
    (int, "IntegerField"),
    (float, "FloatField"),
    (datetime.datetime, "DateTimeField"),
    (datetime.date, "DateField"),
    (datetime.time, "TimeField"),
    (datetime.timedelta, "DurationField"),
    (Decimal, "DecimalField"),
    (bytes, "BinaryField"),
    (uuid.UUID, "UUIDField"),
)


def field_for_value(value: Any) -> Any:
    """A field for a Python value, or None for types that say nothing."""
    for cls, name in _BY_VALUE:
        if isinstance(value, cls):
            return outputs.field(name)
    return None


_NUMBERS = ("IntegerField", "FloatField", "DecimalField")
_TEMPORAL = ("DateField", "DateTimeField", "TimeField")
_ARITHMETIC = ("+", "-", "*", "/", "%%", "^")
_BITWISE = ("&", "|", "<<", ">>", "#")


def _kind(cls: type | None) -> str | None:
    """The name of the documented field class that ``cls`` is or descends from, as arithmetic sees it."""
    if cls is None:
        return "NULL"
    for name in ("DateTimeField", "TimeField", "DateField", "DurationField", *_NUMBERS):
        if outputs.known(name) and issubclass(cls, outputs.cls(name)):
            return name
    return None


@lru_cache(maxsize=512)
def _result(connector: str, left: type | None, right: type | None) -> str | type | None:
    first, second = _kind(left), _kind(right)
    if first == "NULL" or second == "NULL":
        known = left if right is None else right
        allowed = _kind(known) in (*_NUMBERS, *_TEMPORAL, "DurationField")
        if known is None or not (allowed and connector in (*_ARITHMETIC, *_BITWISE)):
            return None
        return known if _kind(known) not in _NUMBERS else _kind(known)
    if left is right and left is not None and left.__name__.startswith("Positive") and connector in ("+", "*", "/", "%%", "^"):
        return left
    if first in _NUMBERS and second in _NUMBERS:
        return _numeric(connector, first, second)
    return _temporal(connector, first, second)


def _numeric(connector: str, first: str | None, second: str | None) -> str | None:
    if connector in _BITWISE:
        return "IntegerField" if first == second == "IntegerField" else None
    if first == second:
        return first
    if "IntegerField" in (first, second):
        return second if first == "IntegerField" else first
    return None


def _temporal(connector: str, first: str | None, second: str | None) -> str | None:
    pair = (first, second)
    if "DurationField" in pair and ((connector == "*" and set(pair) & set(_NUMBERS)) or (connector == "/" and second in _NUMBERS)):
        return "DurationField"
    if connector not in ("+", "-"):
        return None
    if pair == ("DurationField", "DurationField"):
        return "DurationField"
    if connector == "-" and first == second and first in _TEMPORAL:
        return "DurationField"
    if second == "DurationField" or (first == "DurationField" and connector == "+"):
        moment = first if second == "DurationField" else second
        if moment in _TEMPORAL:
            return "TimeField" if moment == "TimeField" else "DateTimeField"
    return None


def combined_field(connector: str, left: Any, right: Any) -> Any:
    """The field that ``left connector right`` yields. Raises FieldError where no rule says it."""
    kinds: list[Any] = [None if side is None else type(side) for side in (left, right)]
    found = _result(connector, *kinds)
    if found is None:
        names = ", ".join("NULL" if item is None else type(item).__name__ for item in (left, right))
        raise FieldError(
            f"Cannot infer type of {connector.replace('%%', '%')!r} expression involving these types: "
            f"{names}. You must set output_field."
        )
    return outputs.field(found) if isinstance(found, str) else found()

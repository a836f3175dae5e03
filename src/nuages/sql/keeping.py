"""Which values go to the database as they are, so that whoever writes many of them need not ask their field each time.

The methods of fields and databases that prepare values carry marks. A method that is overridden has none, and is asked.
"""

from __future__ import annotations

from collections.abc import Callable
from types import NoneType
from typing import Any, Final, TypeVar

Method = TypeVar("Method", bound=Callable[..., Any])

_STEPS: Final = ("get_db_prep_save", "get_db_prep_value", "get_prep_value", "to_python")
_NONE: Final[frozenset[type]] = frozenset()


def keeps(*types: type) -> Callable[[Method], Method]:
    """Mark a method that gives back values of exactly these types, and None, as they are."""
    return _marked("_keeps", frozenset({NoneType, *types}))


def hands_on(*hooks: str) -> Callable[[Method], Method]:
    """Mark a method of a field that does nothing to most values but call the next step, and these functions of the database."""
    return _marked("_hands_on", hooks)


def reads(*unless: str) -> Callable[[Method], Method]:
    """Mark a ``pre_save()`` that only reads the field's attribute, unless one of these options of the field is set."""
    return _marked("_reads_unless", unless)


def keeps_all(method: Method) -> Method:
    """Mark a function of a database that gives back its value."""
    return _marked("_keeps_all", True)(method)


def asks_target(method: Method) -> Method:
    """Mark a method of a relation that lets the field that it points at prepare values."""
    return _marked("_asks_target", True)(method)


def _marked(name: str, value: Any) -> Callable[[Method], Method]:
    def mark(method: Method) -> Method:
        setattr(method, name, value)
        return method

    return mark


def reads_attribute(field: Any) -> bool:
    """Whether ``field.pre_save()`` only reads the field's attribute."""
    unless = getattr(type(field).pre_save, "_reads_unless", None)
    return unless is not None and not any(getattr(field, option) for option in unless)


def hands_on_only(method: Any, connection: Any) -> bool:
    """Whether a method only hands values on, and this database leaves them as they are."""
    hooks = getattr(method, "_hands_on", None)
    ops = type(connection.ops)
    return hooks is not None and all(hasattr(getattr(ops, hook), "_keeps_all") for hook in hooks)


def kept_types(field: Any, connection: Any) -> frozenset[type]:
    """Types of which ``field.get_db_prep_save()`` gives back each value as it is."""
    if hasattr(field, "get_placeholder") or hasattr(field, "get_placeholder_sql"):
        return _NONE
    for step in _STEPS:
        method = getattr(type(field), step)
        types: frozenset[type] | None = getattr(method, "_keeps", None)
        if types is not None:
            return types
        if hasattr(method, "_asks_target"):
            # Some databases take empty text for NULL.
            return kept_types(field.target_field, connection) - {str}
        if not hands_on_only(method, connection):
            break
    return _NONE

"""What makes two expressions equal, where they are imported from, and how numbers come back from drivers."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from nuages.conf.names import native_home, public
from nuages.text.hashable import make_hashable


def comparable(value: Any) -> Any:
    """An argument of an expression in a form that can be compared and hashed."""
    if getattr(value, "get_internal_type", None) is not None and hasattr(value, "contribute_to_class"):
        if getattr(value, "name", None) and getattr(value, "model", None):
            return (value.model._meta.label, value.name)
        return type(value)
    if isinstance(value, (list, tuple)):
        return tuple(comparable(item) for item in value)
    if isinstance(value, dict):
        return tuple((key, comparable(item)) for key, item in sorted(value.items()))
    return make_hashable(value)


def expression_path(cls: type) -> str:
    """The dotted path by which a migration imports an expression class."""
    return public(_native_path(cls))


def _native_path(cls: type) -> str:
    module = native_home(cls).rpartition(".")[0]
    if module.startswith("nuages.sql.functions."):
        module = "nuages.sql.functions"
    return f"{module}.{cls.__qualname__}"


def keep(value: Any, expression: Any, connection: Any) -> Any:
    """The value itself."""
    return value


def to_float(value: Any, expression: Any, connection: Any) -> Any:
    """As a float."""
    return None if value is None else float(value)


def to_int(value: Any, expression: Any, connection: Any) -> Any:
    """As a whole number."""
    return None if value is None else int(value)


def to_decimal(value: Any, expression: Any, connection: Any) -> Any:
    """As a decimal."""
    return None if value is None else Decimal(value)

"""Aggregates that collect values, and those of bits and booleans."""

from __future__ import annotations

import warnings
from typing import Any

from nuages.contrib.postgres.fields.array import ArrayField
from nuages.models import BooleanField, JSONField
from nuages.sql import aggregates
from nuages.sql.aggregates import Aggregate
from nuages.sql.expressions import Value
from nuages.text.deprecation import RemovedInNextVersionWarning
from nuages.text.lazy import cached_property


def _moved(name: str) -> None:
    text = f"The {name} of PostgreSQL alone is deprecated: use the {name} of all databases, from the models."
    warnings.warn(text, RemovedInNextVersionWarning, stacklevel=3)


class ArrayAgg(Aggregate):
    """The values as a list."""

    function = "ARRAY_AGG"
    allow_distinct = True
    allow_order_by = True

    @cached_property
    def output_field(self) -> Any:
        """A list of what the expression gives."""
        return ArrayField(self.source_expressions[0].output_field)


class JSONBAgg(Aggregate):
    """The values as a JSON array."""

    function = "JSONB_AGG"
    allow_distinct = True
    allow_order_by = True
    output_field = JSONField()


class BoolAnd(Aggregate):
    """Whether all values are true."""

    function = "BOOL_AND"
    output_field = BooleanField()


class BoolOr(Aggregate):
    """Whether any value is true."""

    function = "BOOL_OR"
    output_field = BooleanField()


class BitAnd(aggregates.BitAnd):
    """Deprecated: all databases that have it share one."""

    def __init__(self, expression: Any, **extra: Any) -> None:
        _moved("BitAnd")
        super().__init__(expression, **extra)


class BitOr(aggregates.BitOr):
    """Deprecated: all databases that have it share one."""

    def __init__(self, expression: Any, **extra: Any) -> None:
        _moved("BitOr")
        super().__init__(expression, **extra)


class BitXor(aggregates.BitXor):
    """Deprecated: all databases that have it share one."""

    def __init__(self, expression: Any, **extra: Any) -> None:
        _moved("BitXor")
        super().__init__(expression, **extra)


class StringAgg(aggregates.StringAgg):
    """Deprecated: all databases share one. The delimiter of this one may be plain text."""

    def __init__(self, expression: Any, delimiter: Any, **extra: Any) -> None:
        _moved("StringAgg")
        super().__init__(expression, Value(delimiter) if isinstance(delimiter, str) else delimiter, **extra)

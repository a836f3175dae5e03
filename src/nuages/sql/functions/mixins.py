"""What functions share across databases: casts of decimals and durations, types of numeric results."""

from __future__ import annotations

import sys
from typing import Any

from nuages.sql import outputs
from nuages.sql.expressions.expression import SQL
from nuages.sql.expressions.functional import Func


class FixDecimalInputMixin:
    """PostgreSQL has some functions for numeric and not for double precision: floats are cast."""

    def as_postgresql(self: Any, compiler: Any, connection: Any, **extra_context: Any) -> SQL:
        """The function over its arguments cast to numeric."""
        clone = self.copy()
        clone.set_source_expressions(
            [
                AsNumeric(item) if outputs.is_instance(item.output_field, "FloatField") else item
                for item in self.get_source_expressions()
            ]
        )
        return clone.as_sql(compiler, connection, **extra_context)  # type: ignore[no-any-return]


class AsNumeric(Func):
    """``(x)::numeric``."""

    template = "(%(expressions)s)::numeric"
    arity = 1

    def _resolve_output_field(self) -> Any:
        return outputs.field("DecimalField", max_digits=sys.float_info.dig, decimal_places=sys.float_info.dig)


class FixDurationInputMixin:
    """Databases that keep durations as whole microseconds aggregate them as numbers."""

    def as_mysql(self: Any, compiler: Any, connection: Any, **extra_context: Any) -> SQL:
        """Cast back to a whole number."""
        sql, params = super().as_sql(compiler, connection, **extra_context)  # type: ignore[misc]
        if self.output_field.get_internal_type() == "DurationField":
            sql = f"CAST({sql} AS SIGNED)"
        return sql, params


class NumericOutputFieldMixin:
    """Decimals in, decimals out; whole numbers in, floats out; everything else stays."""

    def _resolve_output_field(self: Any) -> Any:
        names = {field.get_internal_type() for field in self.get_source_fields() if field is not None}
        if "DecimalField" in names:
            return outputs.field("DecimalField")
        if any("IntegerField" in name or "AutoField" in name for name in names):
            return outputs.field("FloatField")
        return super()._resolve_output_field() if self.get_source_fields() else None  # type: ignore[misc]

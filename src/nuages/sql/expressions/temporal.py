"""Arithmetic of dates, times and durations."""

from __future__ import annotations

from typing import Any

from nuages.exceptions import FieldError
from nuages.sql import outputs
from nuages.sql.expressions.expression import SQL, Combinable, CombinedExpression


def _internal_type(expression: Any) -> str | None:
    field = getattr(expression, "_output_field_or_none", None)
    return None if field is None else field.get_internal_type()


def specialise(resolved: CombinedExpression) -> CombinedExpression:
    """The resolved expression, in the class for durations or differences of times where it is one of these."""
    try:
        left, right = _internal_type(resolved.lhs), _internal_type(resolved.rhs)
    except (AttributeError, FieldError):
        return resolved
    made: CombinedExpression
    if "DurationField" in (left, right) and left != right:
        made = DurationExpression(resolved.lhs, resolved.connector, resolved.rhs)
        if "output_field" in resolved.__dict__:
            made.output_field = resolved.output_field
        return made
    if resolved.connector == Combinable.SUB and (left == right == "TimeField" or {left, right} <= {"DateField", "DateTimeField"}):
        return TemporalSubtraction(resolved.lhs, resolved.connector, resolved.rhs)
    return resolved


class DurationExpression(CombinedExpression):
    """A date or time with a duration added or taken away."""

    def _operand(self, side: Any, compiler: Any, connection: Any) -> SQL:
        sql, params = compiler.compile(side)
        if _internal_type(side) == "DurationField":
            return connection.ops.format_for_duration_arithmetic(sql), params
        return sql, params

    def as_sql(self, compiler: Any, connection: Any) -> SQL:
        """Native arithmetic where durations have a type of their own, else the database's function for it."""
        if connection.features.has_native_duration_field:
            return super().as_sql(compiler, connection)
        connection.ops.check_expression_support(self)
        left, left_params = self._operand(self.lhs, compiler, connection)
        right, right_params = self._operand(self.rhs, compiler, connection)
        types = (_internal_type(self.lhs), _internal_type(self.rhs))
        sql = connection.ops.combine_duration_expression(self.connector, [left, right], types)
        return f"({sql})", [*left_params, *right_params]


class TemporalSubtraction(CombinedExpression):
    """The duration between two dates, times or moments."""

    def __init__(self, lhs: Any, connector: str = Combinable.SUB, rhs: Any = None, output_field: Any = None) -> None:
        super().__init__(lhs, Combinable.SUB, rhs, output_field=output_field or outputs.field("DurationField"))

    def as_sql(self, compiler: Any, connection: Any) -> SQL:
        """The database's own subtraction, giving a duration."""
        connection.ops.check_expression_support(self)
        left = compiler.compile(self.lhs)
        right = compiler.compile(self.rhs)
        kinds = {_internal_type(self.lhs), _internal_type(self.rhs)}
        # A date counts as its first moment beside a moment.
        kind = kinds.pop() if len(kinds) == 1 else "DateTimeField"
        return connection.ops.subtract_temporals(kind, left, right)  # type: ignore[no-any-return]


CombinedExpression.specialise = staticmethod(specialise)

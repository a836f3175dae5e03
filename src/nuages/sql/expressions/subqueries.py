"""``Subquery`` and ``Exists``."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Self

from nuages.exceptions import EmptyResultSet
from nuages.sql import outputs
from nuages.sql.expressions.expression import SQL, BaseExpression, Combinable, Expression, Value


class Subquery(BaseExpression, Combinable):
    """A queryset as a scalar in another query; ``OuterRef`` in it names fields of the query around it."""

    template: str = "(%(subquery)s)"
    contains_aggregate = False  # type: ignore[assignment]
    subquery = True
    empty_result_set_value: Any = None

    def __init__(self, queryset: Any, output_field: Any = None, **extra: Any) -> None:
        self.query = getattr(queryset, "query", queryset).clone()
        self.query.subquery = True
        self.extra = extra
        super().__init__(output_field)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Subquery) and type(self) is type(other) and (self.query, self.extra) == (other.query, other.extra)

    def __hash__(self) -> int:
        return hash((type(self), self.query))

    @property
    def identity(self) -> tuple[Any, ...]:
        """What equality compares."""
        return (type(self), self.query)

    def get_source_expressions(self) -> list[Any]:
        return [self.query]

    def set_source_expressions(self, exprs: Sequence[Any]) -> None:
        self.query = exprs[0]

    def _resolve_output_field(self) -> Any:
        return self.query.output_field

    def copy(self) -> Self:
        twin = super().copy()
        twin.query = twin.query.clone()
        return twin

    @property
    def external_aliases(self) -> dict[str, bool]:
        """Tables of outer queries that the subquery reads."""
        return self.query.external_aliases  # type: ignore[no-any-return]

    def get_external_cols(self) -> list[Any]:
        """Columns of outer queries that the subquery reads."""
        return self.query.get_external_cols()  # type: ignore[no-any-return]

    def as_sql(self, compiler: Any, connection: Any, template: str | None = None, **extra_context: Any) -> SQL:
        """The subquery in parentheses."""
        connection.ops.check_expression_support(self)
        context = {**self.extra, **extra_context}
        sql, params = self.query.as_sql(compiler, connection)
        context["subquery"] = sql[1:-1] if sql.startswith("(") and sql.endswith(")") else sql
        return (template or context.get("template", self.template)) % context, params

    def get_group_by_cols(self) -> list[Any]:
        return self.query.get_group_by_cols(wrapper=self)  # type: ignore[no-any-return]


class Exists(Subquery):
    """Whether a queryset has any row: a condition."""

    template = "EXISTS(%(subquery)s)"
    empty_result_set_value: Any = False

    def __init__(self, queryset: Any, **kwargs: Any) -> None:
        super().__init__(queryset, output_field=outputs.field("BooleanField"), **kwargs)

    def as_sql(self, compiler: Any, connection: Any, template: str | None = None, **extra_context: Any) -> SQL:
        """``EXISTS(SELECT 1 …)``."""
        twin = self.copy()
        twin.query = self.query.exists()
        try:
            return Subquery.as_sql(twin, compiler, connection, template, **extra_context)
        except EmptyResultSet:
            if not connection.features.supports_boolean_expr_in_select_clause:
                return "1=0", ()
            return compiler.compile(Value(False))  # type: ignore[no-any-return]

    def select_format(self, compiler: Any, sql: str, params: Any) -> SQL:
        if not compiler.connection.features.supports_boolean_expr_in_select_clause:
            sql = f"CASE WHEN {sql} THEN 1 ELSE 0 END"
        return sql, params


__all__ = ["EmptyResultSet", "Exists", "Expression", "Subquery"]

"""``Case`` and ``When``. See the conditional expressions reference."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Self

from nuages.exceptions import EmptyResultSet, FullResultSet
from nuages.sql.expressions.expression import SQL, Expression, Value, as_numeric
from nuages.sql.q import Q


class When(Expression):
    """A condition and the result where it holds, for ``Case``."""

    template: str = "WHEN %(condition)s THEN %(result)s"
    conditional = False

    def __init__(self, condition: Any = None, then: Any = None, **lookups: Any) -> None:
        if lookups:
            if condition is None:
                condition, lookups = Q(**lookups), {}
            elif getattr(condition, "conditional", False):
                condition, lookups = Q(condition, **lookups), {}
        if condition is None or not getattr(condition, "conditional", False) or lookups:
            raise TypeError("When() supports a Q object, a boolean expression, or lookups as a condition.")
        if isinstance(condition, Q) and not condition:
            raise ValueError("An empty Q() says nothing that When() could test.")
        super().__init__(output_field=None)
        self.condition = condition
        self.result = self._parse_expressions(then)[0]

    def __str__(self) -> str:
        return f"WHEN {self.condition!r} THEN {self.result!r}"

    def __repr__(self) -> str:
        return f"<{type(self).__name__}: {self}>"

    def get_source_expressions(self) -> list[Any]:
        return [self.condition, self.result]

    def set_source_expressions(self, exprs: Sequence[Any]) -> None:
        self.condition, self.result = exprs

    def get_source_fields(self) -> list[Any]:
        return [self.result._output_field_or_none]

    def resolve_expression(
        self, query: Any = None, allow_joins: bool = True, reuse: Any = None, summarize: bool = False, for_save: bool = False
    ) -> Any:
        clone = self.copy()
        clone.is_summary = summarize
        if hasattr(clone.condition, "resolve_expression"):
            clone.condition = clone.condition.resolve_expression(query, allow_joins, reuse, summarize, False)
        clone.result = clone.result.resolve_expression(query, allow_joins, reuse, summarize, for_save)
        return clone

    def as_sql(self, compiler: Any, connection: Any, template: str | None = None, **extra_context: Any) -> SQL:
        """``WHEN condition THEN result``."""
        connection.ops.check_expression_support(self)
        condition, condition_params = compiler.compile(self.condition)
        result, result_params = compiler.compile(self.result)
        context = {**extra_context, "condition": condition, "result": result}
        return (template or self.template) % context, (*condition_params, *result_params)

    def get_group_by_cols(self) -> list[Any]:
        return [column for item in self.get_source_expressions() for column in item.get_group_by_cols()]

    @property
    def allowed_default(self) -> bool:  # type: ignore[override]
        """Whether condition and result may stand in a column default."""
        return bool(self.condition.allowed_default and self.result.allowed_default)


class Case(Expression):
    """The result of the first ``When`` whose condition holds, else ``default``."""

    template: str = "CASE %(cases)s ELSE %(default)s END"
    case_joiner: str = " "

    def __init__(self, *cases: Any, default: Any = None, output_field: Any = None, **extra: Any) -> None:
        if not all(isinstance(case, When) for case in cases):
            raise TypeError("Positional arguments must all be When objects.")
        super().__init__(output_field)
        self.cases: list[Any] = list(cases)
        self.default = self._parse_expressions(default)[0]
        self.extra = extra

    def __str__(self) -> str:
        return f"CASE {', '.join(map(str, self.cases))}, ELSE {self.default!r}"

    def __repr__(self) -> str:
        return f"<{type(self).__name__}: {self}>"

    def get_source_expressions(self) -> list[Any]:
        return [*self.cases, self.default]

    def set_source_expressions(self, exprs: Sequence[Any]) -> None:
        *self.cases, self.default = exprs

    def copy(self) -> Self:
        twin = super().copy()
        twin.cases = twin.cases[:]
        return twin

    def _compiled_cases(self, compiler: Any) -> tuple[list[str], list[Any], Any]:
        """SQL and parameters of the cases that can hold, and the expression for all other rows."""
        texts: list[str] = []
        params: list[Any] = []
        for case in self.cases:
            try:
                sql, case_params = compiler.compile(case)
            except EmptyResultSet:
                continue
            except FullResultSet:
                return texts, params, case.result
            texts.append(sql)
            params.extend(case_params)
        return texts, params, self.default

    def as_sql(
        self, compiler: Any, connection: Any, template: str | None = None, case_joiner: str | None = None, **extra_context: Any
    ) -> SQL:
        """``CASE … END``; only the default where no case can hold."""
        connection.ops.check_expression_support(self)
        if not self.cases:
            return compiler.compile(self.default)  # type: ignore[no-any-return]
        texts, params, default = self._compiled_cases(compiler)
        default_sql, default_params = compiler.compile(default)
        if not texts:
            return default_sql, default_params
        context = {**self.extra, **extra_context, "cases": (case_joiner or self.case_joiner).join(texts), "default": default_sql}
        sql = (template or context.get("template", self.template)) % context
        if self._output_field_or_none is not None:
            sql = connection.ops.unification_cast_sql(self.output_field) % sql
        return sql, (*params, *default_params)

    as_sqlite = as_numeric

    def get_group_by_cols(self) -> list[Any]:
        if not self.cases:
            return self.default.get_group_by_cols()  # type: ignore[no-any-return]
        return super().get_group_by_cols()

    @property
    def allowed_default(self) -> bool:  # type: ignore[override]
        """Whether all parts may stand in a column default."""
        return bool(self.default.allowed_default and all(case.allowed_default for case in self.cases))


__all__ = ["Case", "Value", "When"]

"""Functions, raw SQL, wrappers and lists."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar, Self

from nuages.exceptions import EmptyResultSet, FullResultSet
from nuages.sql import outputs
from nuages.sql.expressions.expression import SQL, Expression, F, OrderBy, Value, as_numeric


class Func(Expression):
    """A database function: ``function`` (its name), ``template``, ``arg_joiner`` and ``arity`` may be set on a subclass.

    Keyword arguments other than ``output_field`` go into the template. Raises TypeError for a wrong number of arguments.
    """

    function: str | None = None
    template: str = "%(function)s(%(expressions)s)"
    arg_joiner: str = ", "
    arity: ClassVar[int | None] = None
    allows_composite_expressions = False

    def __init__(self, *expressions: Any, output_field: Any = None, **extra: Any) -> None:
        if self.arity is not None and len(expressions) != self.arity:
            noun = "argument" if self.arity == 1 else "arguments"
            raise TypeError(f"'{type(self).__name__}' takes exactly {self.arity} {noun} ({len(expressions)} given)")
        super().__init__(output_field=output_field)
        self.source_expressions: list[Any] = self._parse_expressions(*expressions)
        self.extra = extra

    def __repr__(self) -> str:
        args = self.arg_joiner.join(str(item) for item in self.source_expressions)
        extra = {**self.extra, **self._get_repr_options()}
        if not extra:
            return f"{type(self).__name__}({args})"
        options = ", ".join(f"{name}={value}" for name, value in sorted(extra.items()))
        return f"{type(self).__name__}({args}, {options})"

    def _get_repr_options(self) -> dict[str, Any]:
        """More arguments for ``repr``."""
        return {}

    def get_source_expressions(self) -> list[Any]:
        return self.source_expressions

    def set_source_expressions(self, exprs: Sequence[Any]) -> None:
        self.source_expressions = list(exprs)

    def copy(self) -> Self:
        twin = super().copy()
        twin.source_expressions = self.source_expressions[:]
        twin.extra = self.extra.copy()
        return twin

    def _compile_arguments(self, compiler: Any, function: str | None) -> tuple[list[str], list[Any]]:
        parts: list[str] = []
        params: list[Any] = []
        for item in self.source_expressions:
            try:
                sql, item_params = compiler.compile(item)
            except EmptyResultSet:
                stand_in = getattr(item, "empty_result_set_value", NotImplemented)
                if stand_in is NotImplemented:
                    raise
                sql, item_params = compiler.compile(Value(stand_in))
            except FullResultSet:
                sql, item_params = compiler.compile(Value(True))
            parts.append(sql)
            params.extend(item_params)
        return parts, params

    def as_sql(
        self,
        compiler: Any,
        connection: Any,
        function: str | None = None,
        template: str | None = None,
        arg_joiner: str | None = None,
        **extra_context: Any,
    ) -> SQL:
        """The template, filled with function name, compiled arguments and the extra context."""
        connection.ops.check_expression_support(self)
        parts, params = self._compile_arguments(compiler, function)
        context = {**self.extra, **extra_context}
        if function is not None:
            context["function"] = function
        else:
            context.setdefault("function", self.function)
        text = template or context.get("template", self.template)
        joiner = arg_joiner or context.get("arg_joiner", self.arg_joiner)
        context["expressions"] = context["field"] = joiner.join(parts)
        return text % context, tuple(params)

    as_sqlite = as_numeric

    @property
    def allowed_default(self) -> bool:  # type: ignore[override]
        """Whether all arguments may stand in a column default."""
        return all(getattr(item, "allowed_default", False) for item in self.source_expressions)


class RawSQL(Expression):
    """SQL text with parameters, as an expression. The text is the caller's: never put users' input into it."""

    allowed_default = True

    def __init__(self, sql: str, params: Sequence[Any], output_field: Any = None) -> None:
        self.sql, self.params = sql, params
        super().__init__(output_field=output_field)

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self.sql}, {self.params})"

    def _resolve_output_field(self) -> Any:
        return _untyped_field()

    def as_sql(self, compiler: Any, connection: Any) -> SQL:
        """The text in parentheses, and the parameters."""
        return f"({self.sql})", self.params

    def get_group_by_cols(self) -> list[Any]:
        return [self]

    def resolve_expression(
        self, query: Any = None, allow_joins: bool = True, reuse: Any = None, summarize: bool = False, for_save: bool = False
    ) -> Any:
        if query is not None and query.model is not None:
            own = {field.column for field in query.model._meta.local_concrete_fields}
            for parent in query.model._meta.all_parents:
                for field in parent._meta.local_fields:
                    if field.column not in own and field.column.lower() in self.sql.lower():
                        query.resolve_ref(field.name, allow_joins, reuse, summarize)
                        break
        return super().resolve_expression(query, allow_joins, reuse, summarize, for_save)


def _untyped_field() -> Any:
    return outputs.field("Field")


class ExpressionList(Func):
    """Expressions separated by commas."""

    template = "%(expressions)s"

    def __str__(self) -> str:
        return self.arg_joiner.join(str(item) for item in self.source_expressions)

    def as_sql(self, *args: Any, **kwargs: Any) -> SQL:
        """The list, or nothing when it is empty."""
        return super().as_sql(*args, **kwargs) if self.source_expressions else ("", [])

    def as_sqlite(self, compiler: Any, connection: Any, **extra_context: Any) -> SQL:
        """SQLite casts no decimals in such a list: they would no longer match the columns."""
        return self.as_sql(compiler, connection, **extra_context)

    def get_group_by_cols(self) -> list[Any]:
        return [column for item in self.source_expressions for column in item.get_group_by_cols()]


class OrderByList(ExpressionList):
    """``ORDER BY`` and its expressions: names (``"-name"``) or expressions."""

    allowed_default = False
    template = "ORDER BY %(expressions)s"

    def __init__(self, *expressions: Any, **extra: Any) -> None:
        super().__init__(*(ordering_expression(item) for item in expressions), **extra)

    @classmethod
    def from_param(cls, context: str, param: Any) -> OrderByList | None:
        """The list for an ``order_by`` argument: a name, an expression, or a sequence of them. Raises ValueError else."""
        if param is None:
            return None
        if isinstance(param, (list, tuple)):
            return cls(*param) if param else None
        if isinstance(param, str) or hasattr(param, "resolve_expression"):
            return cls(param)
        raise ValueError(f"{context} must be either a string reference to a field, an expression, or a list or tuple of them.")


def ordering_expression(item: Any) -> Any:
    """An expression for one entry of an ordering: ``"-name"`` means descending."""
    if isinstance(item, str) and item.startswith("-"):
        return OrderBy(F(item[1:]), descending=True)
    return item


class ExpressionWrapper(Expression):
    """An expression with another output field."""

    def __init__(self, expression: Any, output_field: Any) -> None:
        super().__init__(output_field=output_field)
        self.expression = expression

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self.expression})"

    def set_source_expressions(self, exprs: Sequence[Any]) -> None:
        self.expression = exprs[0]

    def get_source_expressions(self) -> list[Any]:
        return [self.expression]

    def get_group_by_cols(self) -> list[Any]:
        if isinstance(self.expression, Expression):
            clone = self.expression.copy()
            clone.output_field = self.output_field
            return clone.get_group_by_cols()
        return super().get_group_by_cols()

    def as_sql(self, compiler: Any, connection: Any) -> SQL:
        """The wrapped expression's SQL."""
        return compiler.compile(self.expression)  # type: ignore[no-any-return]

    as_sqlite = as_numeric

    @property
    def allowed_default(self) -> bool:  # type: ignore[override]
        """As the wrapped expression."""
        return bool(self.expression.allowed_default)


class DatabaseDefault(Expression):
    """A column's database default, where a value would stand in an INSERT."""

    def __init__(self, expression: Any, output_field: Any = None) -> None:
        super().__init__(output_field=output_field)
        self.expression = expression

    def get_source_expressions(self) -> list[Any]:
        return [self.expression]

    def set_source_expressions(self, exprs: Sequence[Any]) -> None:
        (self.expression,) = exprs

    def resolve_expression(
        self, query: Any = None, allow_joins: bool = True, reuse: Any = None, summarize: bool = False, for_save: bool = False
    ) -> Any:
        resolved = self.expression.resolve_expression(query, allow_joins, reuse, summarize, for_save)
        if not for_save:
            return resolved
        return type(self)(resolved, output_field=self._output_field_or_none)

    def as_sql(self, compiler: Any, connection: Any) -> SQL:
        """``DEFAULT`` where an INSERT may say so, else the expression itself."""
        if connection.features.supports_default_keyword_in_insert:
            return "DEFAULT", []
        return compiler.compile(self.expression)  # type: ignore[no-any-return]

"""Aggregate functions. See the query expressions reference, "Aggregate() expressions"."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar

from nuages.exceptions import FieldError, FullResultSet
from nuages.sql import outputs
from nuages.sql.constants import LOOKUP_SEP
from nuages.sql.errors import NotSupportedError, lacking, unsupported
from nuages.sql.expressions.columns import Ref, Star
from nuages.sql.expressions.conditional import Case, When
from nuages.sql.expressions.expression import SQL, Value
from nuages.sql.expressions.functional import Func, OrderByList
from nuages.sql.functions.comparison import Coalesce
from nuages.sql.functions.mixins import FixDurationInputMixin, NumericOutputFieldMixin

__all__ = ["Aggregate", "AnyValue", "Avg", "BitAnd", "BitOr", "BitXor", "Count", "Max", "Min", "StdDev", "StringAgg", "Sum", "Variance"]


class Aggregate(Func):
    """A function over a group of rows.

    ``distinct``: each value once (where ``allow_distinct``); ``filter``: only rows that match; ``order_by`` (where
    ``allow_order_by``); ``default``: the result without any row. Raises TypeError for options that the aggregate has not.
    """

    source_expressions: list[Any]
    filter: Any
    order_by: Any
    template = "%(function)s(%(distinct)s%(expressions)s%(order_by)s)%(filter)s"
    contains_aggregate = True  # type: ignore[assignment]
    name: str | None = None
    window_compatible = True
    allow_distinct: ClassVar[bool] = False
    allow_order_by: ClassVar[bool] = False
    empty_result_set_value: Any = None

    def __init__(
        self, *expressions: Any, distinct: bool = False, filter: Any = None, default: Any = None, order_by: Any = None, **extra: Any
    ) -> None:
        cls = type(self)
        if distinct and not self.allow_distinct:
            raise TypeError(f"{cls.__name__} does not allow distinct.")
        if order_by and not self.allow_order_by:
            raise TypeError(f"{cls.__name__} does not allow order_by.")
        if default is not None and self.empty_result_set_value is not None:
            raise TypeError(f"{cls.__name__} does not allow default.")
        self.distinct = distinct
        self.filter = filter
        self.default = default
        self.order_by = OrderByList.from_param(f"{cls.__name__}.order_by", order_by)
        super().__init__(*expressions, **extra)

    def get_source_fields(self) -> list[Any]:
        return [item._output_field_or_none for item in self.source_expressions]

    def get_source_expressions(self) -> list[Any]:
        return [*self.source_expressions, self.filter, self.order_by]

    def set_source_expressions(self, exprs: Sequence[Any]) -> None:
        *self.source_expressions, self.filter, self.order_by = exprs

    def resolve_expression(
        self, query: Any = None, allow_joins: bool = True, reuse: Any = None, summarize: bool = False, for_save: bool = False
    ) -> Any:
        names = [getattr(item, "name", None) or repr(item) for item in self.source_expressions]
        clone: Any = self.copy()
        clone.is_summary = summarize
        sources = [_resolve(item, query, allow_joins, reuse, summarize, for_save) for item in self.source_expressions]
        self._refuse_composite(sources)
        condition = _resolve(self.filter, query, allow_joins, reuse, summarize)
        order_by = _resolve(self.order_by, query, allow_joins, reuse, summarize)
        clone.set_source_expressions([*sources, condition, order_by])
        if summarize:
            earlier = getattr(query, "earlier_aggregates", {})
            for item, before in zip(sources, names, strict=True):
                if isinstance(item, Ref) and item.refs in earlier:
                    raise FieldError(f"Cannot compute {self.name or type(self).__name__}('{before}'): '{before}' is an aggregate")
        else:
            self._refuse_aggregates(sources, names)
        default = clone.default
        if default is None:
            return clone
        return self._with_default(clone, default, summarize, query, allow_joins, reuse, for_save)

    def _with_default(self, clone: Any, default: Any, summarize: bool, query: Any, allow_joins: bool, reuse: Any, for_save: bool) -> Any:
        if hasattr(default, "resolve_expression"):
            default = default.resolve_expression(query, allow_joins, reuse, summarize)
            if default._output_field_or_none is None:
                default.output_field = clone._output_field_or_none
        else:
            default = Value(default, clone._output_field_or_none)
        clone.default = None
        made = Coalesce(clone, default, output_field=clone._output_field_or_none)
        made.is_summary = clone.is_summary
        return made

    def _refuse_aggregates(self, sources: list[Any], names: list[str]) -> None:
        own = self.name or type(self).__name__
        for item, before in zip(sources, names, strict=True):
            if item.contains_aggregate:
                raise FieldError(f"Cannot compute {own}('{before}'): '{before}' is an aggregate")
            if item.contains_over_clause:
                raise FieldError(f"Cannot compute {own}('{before}'): '{before}' is a window function")

    @property
    def default_alias(self) -> str:
        """The name without an explicit one: ``field__function``. Raises TypeError for complex expressions."""
        sources = self.source_expressions
        if self.name is not None and len(sources) == 1 and hasattr(sources[0], "name"):
            return f"{sources[0].name}{LOOKUP_SEP}{self.name.lower()}"
        raise TypeError("Complex expressions require an alias")

    def get_group_by_cols(self) -> list[Any]:
        return []

    def as_sql(self, compiler: Any, connection: Any, **extra_context: Any) -> SQL:  # type: ignore[override]
        """The function with DISTINCT, ORDER BY and FILTER as the database has them."""
        if self.distinct and not connection.features.supports_aggregate_distinct_multiple_argument and len(self.source_expressions) > 1:
            raise NotSupportedError(f"{self.name} does not support distinct with multiple expressions on this database backend.")
        context = {"distinct": "DISTINCT " if self.distinct else "", "order_by": "", "filter": "", **extra_context}
        order_params: list[Any] = []
        if self.order_by:
            if not connection.features.supports_aggregate_order_by_clause:
                raise lacking("specifying an order on aggregates")
            order_sql, ordered = compiler.compile(self.order_by)
            context["order_by"] = f" {order_sql}"
            order_params = list(ordered)
        if self.filter is None:
            sql, params = self._call(compiler, connection, context)
            return sql, (*params, *order_params)
        if not connection.features.supports_aggregate_filter_clause:
            return self._filter_as_case(compiler, connection, extra_context)
        try:
            condition, condition_params = self._plain_filter(compiler)
        except FullResultSet:
            sql, params = self._call(compiler, connection, context)
            return sql, (*params, *order_params)
        context["filter"] = f" FILTER (WHERE {condition})"
        sql, params = self._call(compiler, connection, context)
        return sql, (*params, *order_params, *condition_params)

    def _plain_filter(self, compiler: Any) -> SQL:
        return compiler.compile(self.filter)  # type: ignore[no-any-return]

    def _call(self, compiler: Any, connection: Any, context: dict[str, Any]) -> SQL:
        return super().as_sql(compiler, connection, **context)

    def _filter_as_case(self, compiler: Any, connection: Any, extra_context: dict[str, Any]) -> SQL:
        clone: Any = self.copy()
        clone.filter = None
        first, *rest = clone.source_expressions
        if isinstance(first, Star):
            first = Value(1)
        clone.source_expressions = [Case(When(self.filter, then=first), default=None), *rest]
        return clone.as_sql(compiler, connection, **extra_context)  # type: ignore[no-any-return]

    def _get_repr_options(self) -> dict[str, Any]:
        options = super()._get_repr_options()
        given = {name: getattr(self, name) for name in ("distinct", "filter", "order_by")}
        return options | {name: value for name, value in given.items() if value}


def _resolve(item: Any, query: Any, *args: Any) -> Any:
    return item.resolve_expression(query, *args) if item is not None and hasattr(item, "resolve_expression") else item


class AnyValue(Aggregate):
    """Any value of the group that is not NULL."""

    function = "ANY_VALUE"
    name = "AnyValue"
    arity = 1
    window_compatible = False

    def as_sql(self, compiler: Any, connection: Any, **extra_context: Any) -> SQL:  # type: ignore[override]
        """Raises NotSupportedError where the database has no such function."""
        if not connection.features.supports_any_value:
            raise unsupported("ANY_VALUE is")
        return super().as_sql(compiler, connection, **extra_context)


class Avg(FixDurationInputMixin, NumericOutputFieldMixin, Aggregate):
    """The mean."""

    function = "AVG"
    name = "Avg"
    allow_distinct = True
    arity = 1


class Count(Aggregate):
    """How many values are not NULL; ``Count("*")`` counts rows."""

    function = "COUNT"
    name = "Count"
    allow_distinct = True
    empty_result_set_value: Any = 0
    arity = 1
    allows_composite_expressions = True

    def __init__(self, expression: Any, filter: Any = None, **extra: Any) -> None:
        if expression == "*":
            expression = Star()
        if isinstance(expression, Star) and filter is not None:
            message = "Star cannot be used with filter. Please specify a field."
            raise ValueError(message)
        super().__init__(expression, filter=filter, **extra)

    def _resolve_output_field(self) -> Any:
        return outputs.field("IntegerField")

    def resolve_expression(self, *args: Any, **kwargs: Any) -> Any:
        resolved = super().resolve_expression(*args, **kwargs)
        source = resolved.source_expressions[0] if isinstance(resolved, Count) else None
        if source is not None and getattr(source, "is_composite_columns", False):
            if resolved.distinct:
                raise ValueError("COUNT(DISTINCT) does not support composite primary keys.")
            resolved.source_expressions = [source.get_cols()[0]]
        return resolved


class Max(Aggregate):
    """The greatest value."""

    function = "MAX"
    name = "Max"
    arity = 1


class Min(Aggregate):
    """The least value."""

    function = "MIN"
    name = "Min"
    arity = 1


class _Spread(NumericOutputFieldMixin, Aggregate):
    def __init__(self, expression: Any, sample: bool = False, **extra: Any) -> None:
        self.function = f"{self.stem}_{'SAMP' if sample else 'POP'}"
        super().__init__(expression, **extra)

    stem: ClassVar[str]
    arity = 1

    def _get_repr_options(self) -> dict[str, Any]:
        return {**super()._get_repr_options(), "sample": (self.function or "").endswith("SAMP")}


class StdDev(_Spread):
    """The standard deviation, of the population or (``sample=True``) of a sample."""

    name = "StdDev"
    stem = "STDDEV"


class Variance(_Spread):
    """The variance, of the population or (``sample=True``) of a sample."""

    name = "Variance"
    stem = "VAR"


class Sum(FixDurationInputMixin, Aggregate):
    """The sum."""

    function = "SUM"
    name = "Sum"
    allow_distinct = True
    arity = 1


class _Bitwise(Aggregate):
    arity = 1

    def __init__(self, expression: Any, **extra: Any) -> None:
        super().__init__(expression, **extra)

    def as_sql(self, compiler: Any, connection: Any, **extra_context: Any) -> SQL:  # type: ignore[override]
        if not connection.features.supports_bit_aggregations:
            raise unsupported(f"{self.name} is")
        return super().as_sql(compiler, connection, **extra_context)


class BitAnd(_Bitwise):
    """The bitwise AND of all values."""

    function = "BIT_AND"
    name = "BitAnd"


class BitOr(_Bitwise):
    """The bitwise OR of all values."""

    function = "BIT_OR"
    name = "BitOr"


class BitXor(_Bitwise):
    """The bitwise exclusive OR of all values."""

    function = "BIT_XOR"
    name = "BitXor"


class StringAggDelimiter(Func):
    """The text between values, as some databases want it: a literal."""

    arity = 1
    template = "%(expressions)s"

    def __init__(self, value: Any) -> None:
        self.value = value
        super().__init__(value)

    def as_mysql(self, compiler: Any, connection: Any, **extra_context: Any) -> SQL:
        """``SEPARATOR 'text'``: it takes no parameter that is an expression."""
        template = " SEPARATOR %(expressions)s"
        return self.as_sql(compiler, connection, template=template, **extra_context)


class StringAgg(Aggregate):
    """The values as one text, with a delimiter between them."""

    template = "%(function)s(%(distinct)s%(expressions)s%(order_by)s)%(filter)s"
    function = "STRING_AGG"
    name = "StringAgg"
    allow_distinct = True
    allow_order_by = True

    def __init__(self, expression: Any, delimiter: Any, **extra: Any) -> None:
        self.delimiter = StringAggDelimiter(delimiter)
        super().__init__(expression, self.delimiter, **extra)

    def _resolve_output_field(self) -> Any:
        return outputs.field("TextField")

    def as_sqlite(self, compiler: Any, connection: Any, **extra_context: Any) -> SQL:
        """GROUP_CONCAT; with DISTINCT it knows no delimiter but the comma."""
        if self.distinct:
            only: Any = self.copy()
            delimiter = only.source_expressions[1].source_expressions[0]
            if not (isinstance(delimiter, Value) and delimiter.value == ","):
                raise NotSupportedError("SQLite does not support a delimiter other than a comma in a distinct StringAgg.")
            only.source_expressions = only.source_expressions[:1]
            return only._as_group_concat(compiler, connection, **extra_context)  # type: ignore[no-any-return]
        return self._as_group_concat(compiler, connection, **extra_context)

    def _as_group_concat(self, compiler: Any, connection: Any, **extra_context: Any) -> SQL:
        return self.as_sql(compiler, connection, **{**extra_context, "function": "GROUP_CONCAT"})

    def as_postgresql(self, compiler: Any, connection: Any, **extra_context: Any) -> SQL:
        """STRING_AGG of the text of the values."""
        clone: Any = self.copy()
        first, *rest = clone.source_expressions
        field = first._output_field_or_none
        if field is not None and field.get_internal_type() not in ("CharField", "TextField"):
            first = _AsText(first)
        clone.source_expressions = [first, *rest]
        return clone.as_sql(compiler, connection, **extra_context)  # type: ignore[no-any-return]

    def as_mysql(self, compiler: Any, connection: Any, **extra_context: Any) -> SQL:
        """GROUP_CONCAT with its SEPARATOR after the order."""
        if self.filter is not None:
            return self._filter_as_case(compiler, connection, {})
        clone: Any = self.copy()
        value, delimiter = clone.source_expressions
        clone.source_expressions = [value]
        separator, separator_params = compiler.compile(delimiter)
        template = "%(function)s(%(distinct)s%(expressions)s%(order_by)s" + separator.replace("%", "%%") + ")%(filter)s"
        sql, params = clone.as_sql(compiler, connection, function="GROUP_CONCAT", template=template, **extra_context)
        return sql, (*params, *separator_params)


class _AsText(Func):
    template = "(%(expressions)s)::text"
    arity = 1

    def _resolve_output_field(self) -> Any:
        return outputs.field("TextField")

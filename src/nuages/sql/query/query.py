"""``Query``: everything that a SELECT needs, and the terminal questions (count, exists, aggregate)."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any, Self

from nuages.sql.aggregates import Count
from nuages.sql.compiler import COMPILERS
from nuages.sql.constants import INNER, SINGLE
from nuages.sql.expressions.columns import Col, Ref
from nuages.sql.expressions.expression import SQL, Value
from nuages.sql.expressions.functional import ExpressionWrapper
from nuages.sql.joins import BaseTable
from nuages.sql.query.combining import Combining
from nuages.sql.query.state import ExplainInfo

EXPLAIN_OPTION = re.compile(r"[\w\-]+")

_connection_for: Callable[[str], Any] | None = None


def set_connections(getter: Callable[[str], Any]) -> None:
    """Register how a query finds a connection by alias (the model layer does)."""
    global _connection_for
    _connection_for = getter


def connection_for(alias: str) -> Any:
    """The connection called ``alias``."""
    if _connection_for is None:
        raise RuntimeError("No connections are registered: import nuages.models before compiling for an alias.")
    return _connection_for(alias)


class Query(Combining):
    """A SELECT over a model's table: resolved conditions, columns and order, ready to be compiled for any database."""

    def __str__(self) -> str:
        """The SQL with parameters put in plainly: for reading, not for executing."""
        sql, params = self.sql_with_params()
        return sql % tuple(params)

    def sql_with_params(self) -> SQL:
        """SQL and parameters for the default database."""
        return self.get_compiler("default").as_sql()  # type: ignore[no-any-return]

    def get_compiler(self, using: str | None = None, connection: Any = None, elide_empty: bool = True) -> Any:
        """The compiler of this query for a database, given by alias or connection. Raises ValueError without either."""
        if using is None and connection is None:
            raise ValueError("Need either using or connection")
        if using is not None:
            connection = connection_for(using)
        return COMPILERS[self.compiler](self, connection, using, elide_empty)

    def _gen_cols(self, expressions: Any) -> Iterator[Any]:
        """All columns in `expressions`, depth first."""
        for expression in expressions:
            yield from (one for one in expression.flatten() if isinstance(one, Col))

    # -- as an expression ------------------------------------------------------------------------------------------

    def resolve_expression(
        self, query: Any = None, allow_joins: bool = True, reuse: Any = None, summarize: bool = False, for_save: bool = False
    ) -> Any:
        """This query inside another: aliases that do not clash, outer references bound."""
        clone = self.clone()
        clone.subquery = True
        if not clone.keeps_order:
            clone.clear_ordering(force=False, clear_default=True)
        if query is None:
            return clone
        clone.bump_prefix(query)
        args = (query, allow_joins, reuse, summarize, for_save)
        clone.where = _resolved_where(clone.where, args)
        clone.annotations = {
            name: value.resolve_expression(*args) if _has_outer(value) else value for name, value in clone.annotations.items()
        }
        clone._annotation_select_cache = None
        clone.order_by = tuple(item.resolve_expression(*args) if _has_outer(item) else item for item in clone.order_by)
        clone.combined_queries = tuple(part.resolve_expression(query) for part in clone.combined_queries)
        for alias in query.alias_map:
            clone.external_aliases.setdefault(alias, True)
        return clone

    def as_sql(self, compiler: Any, connection: Any) -> SQL:
        """The SELECT, in parentheses when it stands in another query."""
        if self.subquery and not connection.features.ignores_unnecessary_order_by_in_subqueries:
            self.clear_ordering(force=False)
        sql, params = self.get_compiler(connection=connection).as_sql()
        return (f"({sql})" if self.subquery else sql), params

    def get_source_expressions(self) -> list[Any]:
        return []

    @property
    def output_field(self) -> Any:  # type: ignore[override]
        """The field of the only column."""
        if len(self.select) == 1:
            column = self.select[0]
            return getattr(column, "target", None) or column.field
        selected = self.annotation_select
        if len(selected) == 1:
            return next(iter(selected.values())).output_field
        if self.default_cols and self.model is not None:
            return self.model._meta.pk
        return None

    @property
    def _output_field_or_none(self) -> Any:  # type: ignore[override]
        return self.output_field

    @property
    def contains_aggregate(self) -> bool:  # type: ignore[override]
        """A subquery's aggregates are its own."""
        return False

    @property
    def contains_over_clause(self) -> bool:  # type: ignore[override]
        """A subquery's windows are its own."""
        return False

    def get_group_by_cols(self, wrapper: Any = None) -> list[Any]:
        """The outer columns that it reads; itself where one of them may have many values."""
        outer = self.get_external_cols()
        if any(column.possibly_multivalued for column in outer):
            return [wrapper or self]
        return outer

    def replace_expressions(self, replacements: dict[Any, Any]) -> Any:
        if not replacements:
            return self
        clone = self.clone()
        clone.where = clone.where.replace_expressions(replacements)
        return clone

    # -- terminal questions ----------------------------------------------------------------------------------------

    def get_count(self, using: str) -> int:
        """How many rows there are."""
        return self.clone().get_aggregation(using, {"__count": Count("*")})["__count"]  # type: ignore[no-any-return]

    def exists(self, limit: bool = True) -> Self:
        """The same query, asking only whether there is a row."""
        asked = self.clone()
        keeps = asked.combinator in ("intersection", "difference")
        if not (asked.distinct and asked.is_sliced) and not keeps:
            if asked.group_by is True:
                asked.add_fields((field.attname for field in self.model._meta.concrete_fields), False)
                asked.set_group_by(allow_aliases=False)
            asked.clear_select_clause()
            asked.selected = None
        if asked.combined_queries and asked.combinator == "union":
            asked.combined_queries = tuple(part.exists(limit=False) for part in asked.combined_queries)
        asked.clear_ordering(force=True)
        if limit:
            asked.set_limits(high=1)
        if not keeps:
            asked.add_annotation(Value(1), "a")
        return asked

    def has_results(self, using: str) -> bool:
        """Whether there is any row."""
        return bool(self.exists().get_compiler(using=using).has_results())

    def explain(self, using: str, format: str | None = None, **options: Any) -> str:
        """How the database would execute it, in the database's words."""
        for name in options:
            if not EXPLAIN_OPTION.fullmatch(name) or "--" in name:
                raise ValueError(f"Invalid option name: {name!r}.")
        asked = self.clone()
        asked.explain_info = ExplainInfo(format, options)
        return "\n".join(asked.get_compiler(using=using).explain_query())

    def get_aggregation(self, using: str, aggregate_exprs: dict[str, Any]) -> dict[str, Any]:
        """Values of aggregates over the rows, by name."""
        if not aggregate_exprs:
            return {}
        return self.aggregation_query(aggregate_exprs)._execute_aggregates(using)  # type: ignore[no-any-return]

    def count_query(self) -> Any:
        """A query whose only value is the number of rows."""
        query = self.clone().aggregation_query({"__count": Count("*")})
        query._bare_of_order()
        return query

    def aggregation_query(self, aggregate_exprs: dict[str, Any]) -> Any:
        """A query whose only row holds these aggregates: this one changed, or one around it."""
        aggregates: dict[str, Any] = {}
        inline: dict[Any, Any] = {}
        for alias, expression in aggregate_exprs.items():
            self.check_alias(alias)
            self.earlier_aggregates = aggregates
            resolved = expression.resolve_expression(self, allow_joins=True, reuse=None, summarize=True)
            if not resolved.contains_aggregate:
                raise TypeError(f"{alias} is not an aggregate expression")
            aggregates[alias] = resolved.replace_expressions(inline)
            inline[Ref(alias, resolved)] = resolved
        return self._over_subquery(aggregates) if self._needs_subquery(aggregates) else self._in_place(aggregates)

    def _needs_subquery(self, aggregates: dict[str, Any]) -> bool:
        referenced: set[str] = set()
        for expression in aggregates.values():
            referenced |= expression.get_refs()
        used = {name: value for name, value in self.annotations.items() if name in referenced}
        grouping = any(value.contains_aggregate for value in self.annotations.values())
        windowed = any(value.contains_over_clause or getattr(value, "set_returning", False) for value in self.annotations.values())
        subqueries = any(getattr(value, "subquery", False) or value.contains_subquery for value in used.values())
        having = self.where.contains_aggregate or self.where.contains_over_clause
        return bool(
            isinstance(self.group_by, tuple)
            or grouping
            or having
            or windowed
            or subqueries
            or self.is_sliced
            or self.distinct
            or self.combinator
        )

    def _in_place(self, aggregates: dict[str, Any]) -> Query:
        self.select = ()
        self.selected = None
        self.default_cols = False
        self.extra = {}
        if self.annotations:
            replacements = {Ref(name, value): value for name, value in self.annotations.items()}
            aggregates = {name: value.replace_expressions(replacements) for name, value in aggregates.items()}
        self.group_by = None
        self.annotations = aggregates
        self.set_annotation_mask(None)
        return self

    def _over_subquery(self, aggregates: dict[str, Any]) -> AggregateQuery:
        inner = self.clone()
        inner.subquery = True
        inner.select_for_update = False
        inner.select_related = False
        if not (isinstance(inner.group_by, tuple) and (inner.order_by or inner.extra_order_by)):
            inner.clear_ordering(force=False)
        if inner.combinator and not inner.is_sliced:
            inner.combined_queries = tuple(part.clone() for part in inner.combined_queries)
            for part in inner.combined_queries:
                part.clear_ordering(force=False)
        referenced: set[str] = set()
        for expression in aggregates.values():
            referenced |= expression.get_refs()
        if not inner.distinct and not inner.combinator:
            self._narrow(inner, referenced)
        elif inner.distinct and inner.default_cols and not inner.annotations and not inner.is_sliced and not inner.distinct_fields:
            inner.default_cols = True
        exposed: dict[Any, Ref] = {}
        made = {name: _exposing(value, inner, exposed) for name, value in aggregates.items()}
        if not (inner.select or inner.default_cols or inner.annotation_select_mask or inner.annotation_select or inner.extra_select):
            inner.set_select([self.model._meta.pk.get_col(inner.get_initial_alias())])
        outer = AggregateQuery(self.model, inner)
        outer.annotations = made
        outer.selected = None
        return outer

    def _narrow(self, inner: Query, referenced: set[str]) -> None:
        """Select in the subquery only what decides which rows there are, and what the aggregates refer to."""
        grouping = any(value.contains_aggregate for value in inner.annotations.values()) or inner.where.contains_aggregate
        if inner.default_cols and grouping and inner.group_by in (None, True):
            key = self.model._meta.pk.get_col(inner.get_initial_alias())
            inner.group_by = tuple(key.get_cols()) if hasattr(key, "get_cols") else (key,)
        if inner.default_cols:
            inner.default_cols = False
        keep = set(referenced)
        if isinstance(inner.group_by, tuple):
            for expression in inner.group_by:
                keep |= expression.get_refs()
        grouped = inner.group_by is not None
        for name, value in inner.annotation_select.items():
            if getattr(value, "set_returning", False) or (grouped and value.get_group_by_cols()):
                keep.add(name)
        inner.selected = None
        inner.set_annotation_mask([name for name in inner.annotations if name in keep])

    def _bare_of_order(self) -> None:
        """Without what only matters to rows."""
        self.clear_ordering(force=True)
        self.clear_limits()
        self.select_for_update = False
        self.select_related = False

    def aggregate_compiler(self, using: str | None = None, connection: Any = None) -> Any:
        """The compiler of a query for aggregates, made bare of what only matters to rows."""
        elide = not any(expression.empty_result_set_value is NotImplemented for expression in self.annotation_select.values())
        self._bare_of_order()
        return self.get_compiler(using, connection, elide_empty=elide)

    def _execute_aggregates(self, using: str) -> dict[str, Any]:
        compiler = self.aggregate_compiler(using)
        row = compiler.execute_sql(SINGLE)
        if row is None:
            row = [expression.empty_result_set_value for expression in self.annotation_select.values()]
        else:
            converters = compiler.get_converters(self.annotation_select.values())
            row = compiler.convert_row(list(row), converters)
        return dict(zip(self.annotation_select, row, strict=False))


class AggregateQuery(Query):
    """Aggregates over the rows of an inner query."""

    compiler = "SQLAggregateCompiler"

    def __init__(self, model: Any, inner_query: Any) -> None:
        self.inner_query = inner_query
        super().__init__(model)


def _exposing(expression: Any, inner: Query, exposed: dict[Any, Ref]) -> Any:
    """The aggregate with columns of the inner query's tables replaced by names that the inner query selects."""
    if isinstance(expression, Ref):
        if expression.refs not in inner.annotations:
            return expression
        if expression.refs not in inner.annotation_select:
            inner.append_annotation_mask([expression.refs])
        return _bare(expression.refs, expression.source)
    if isinstance(expression, Col) or _is_inner_source(expression):
        found = exposed.get(expression)
        if found is None:
            name = f"__col{len(exposed) + 1}"
            inner.annotations[name] = expression
            if inner.annotation_select_mask is not None:
                inner.append_annotation_mask([name])
            if inner.selected is not None:
                inner.selected[name] = name
            inner._annotation_select_cache = None
            found = exposed[expression] = _bare(name, expression)
        return found
    if not hasattr(expression, "get_source_expressions") or not expression.get_source_expressions():
        return expression
    return expression._mapped(lambda item: _exposing(item, inner, exposed))


def _is_inner_source(expression: Any) -> bool:
    return bool(getattr(expression, "subquery", False)) and not getattr(expression, "is_query", False)


def _bare(name: str, source: Any) -> Ref:
    return Ref(name, ExpressionWrapper(Value(None), output_field=source.output_field))


def _has_outer(value: Any) -> bool:
    return hasattr(value, "resolve_expression")


def _resolved_where(where: Any, args: tuple[Any, ...]) -> Any:
    return where.resolve_expression(*args) if where.children else where


__all__ = ["AggregateQuery", "BaseTable", "INNER", "Query", "connection_for", "set_connections"]

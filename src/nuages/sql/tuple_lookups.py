"""Comparisons of several columns at once: composite primary keys and relations over several columns."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar

from nuages.exceptions import EmptyResultSet
from nuages.sql import lookups, outputs
from nuages.sql.constants import AND, OR
from nuages.sql.expressions.columns import Col, ColPairs
from nuages.sql.expressions.expression import SQL, F
from nuages.sql.expressions.functional import Func
from nuages.sql.lookups import Exact, GreaterThan, GreaterThanOrEqual, In, IsNull, LessThan, LessThanOrEqual, Lookup
from nuages.sql.where import WhereNode


class Tuple(Func):
    """``(a, b, …)``."""

    allows_composite_expressions = True
    function = ""
    output_field: Any = None

    def __len__(self) -> int:
        return len(self.source_expressions)

    def __iter__(self) -> Any:
        return iter(self.source_expressions)

    def as_sqlite(self, compiler: Any, connection: Any, **extra_context: Any) -> SQL:
        """SQLite takes row values in parentheses as they are."""
        return self.as_sql(compiler, connection)


def _columns(lhs: Any) -> list[Any]:
    return lhs.get_cols() if isinstance(lhs, ColPairs) else list(lhs)


class TupleLookup(Lookup):
    """A comparison of ``lhs`` (several columns) with a tuple or a subquery of as many."""

    allows_composite_expressions = True
    operator: ClassVar[str]

    def get_prep_lookup(self) -> Any:
        """The values, checked for number and prepared by their columns' fields. Raises ValueError else."""
        if isinstance(self.lhs, F):
            return self.rhs
        if getattr(self.rhs, "is_query", False):
            self.check_rhs_select_length_equals_lhs_length(self.rhs)
            return self.rhs
        if isinstance(self.rhs, Col):
            raise ValueError(f"{self.lookup_name!r} lookup of {self._lhs_name()} compares several columns, not one: {self.rhs!r}")
        if hasattr(self.rhs, "resolve_expression"):
            return self.rhs
        return self._prepared(self.rhs)

    def _prepared(self, values: Any) -> tuple[Any, ...]:
        columns = _columns(self.lhs)
        if not isinstance(values, (tuple, list)) or len(values) != len(columns):
            raise ValueError(f"{self.lookup_name!r} lookup of {self._lhs_name()} must have {len(columns)} elements")
        return tuple(
            value if hasattr(value, "resolve_expression") else column.output_field.get_prep_value(_key(value))
            for column, value in zip(columns, values, strict=True)
        )

    def _lhs_name(self) -> str:
        field = getattr(self.lhs, "output_field", None)
        return repr(getattr(field, "name", None) or "pk")

    def check_rhs_select_length_equals_lhs_length(self, query: Any) -> None:
        """Raises ValueError if the subquery selects another number of columns."""
        if not query.has_select_fields:
            query.clear_select_clause()
            query.add_fields([column.output_field.name for column in _columns(self.lhs)])
        found = sum(len(item) if isinstance(item, ColPairs) else 1 for item in query.selected_expressions())
        wanted = len(_columns(self.lhs))
        if found != wanted:
            raise ValueError(f"The QuerySet value for the {self.lookup_name!r} lookup must have {wanted} selected fields (received {found})")

    def rhs_is_direct_value(self) -> bool:
        return not hasattr(self.rhs, "as_sql")

    def _pairs(self) -> list[tuple[Any, Any]]:
        values = self.rhs.get_cols() if isinstance(self.rhs, ColPairs) else self.rhs
        return list(zip(_columns(self.lhs), values, strict=True))

    def as_sql(self, compiler: Any, connection: Any) -> SQL:
        """A row comparison with a subquery, else the same from plain comparisons."""
        if not self.rhs_is_direct_value() and not isinstance(self.rhs, (ColPairs, Tuple)):
            left = [compiler.compile(column)[0] for column in _columns(self.lhs)]
            sql, params = compiler.compile(self.rhs)
            if not sql.startswith("("):
                sql = f"({sql})"
            return f"({', '.join(left)}) {self.operator} {sql}", params
        return compiler.compile(self.fallback())  # type: ignore[no-any-return]

    def fallback(self) -> WhereNode:
        """The comparison as a tree of comparisons of single columns."""
        raise NotImplementedError("Subclasses must implement fallback()")


def _key(value: Any) -> Any:
    return value.pk if not isinstance(value, type) and hasattr(type(value), "_meta") else value


def _lookup(name: str, column: Any, value: Any) -> Any:
    return column.output_field.get_lookup(name)(column, value)


def all_equal(pairs: Sequence[tuple[Any, Any]]) -> WhereNode:
    """Every column equals its value."""
    return WhereNode([_lookup("exact", column, value) for column, value in pairs], connector=AND)


@outputs.class_lookup("CompositePrimaryKey")
class TupleExact(TupleLookup, Exact):
    """All columns equal."""

    operator = "="

    def get_prep_lookup(self) -> Any:
        if getattr(self.rhs, "is_query", False) and not self.rhs.has_limit_one():
            raise lookups.unfit_query("the exact", "limited to one result using slicing")
        return super().get_prep_lookup()

    def fallback(self) -> WhereNode:
        return all_equal(self._pairs())


@outputs.class_lookup("CompositePrimaryKey")
class TupleIsNull(TupleLookup, IsNull):
    """Any column is NULL (or, for False, none is)."""

    def get_prep_lookup(self) -> Any:
        if isinstance(self.rhs, bool):
            return self.rhs
        raise lookups.unfit_query("an isnull", "True or False")

    def as_sql(self, compiler: Any, connection: Any) -> SQL:
        parts: list[Any] = [IsNull(column, self.rhs) for column in _columns(self.lhs)]
        return compiler.compile(WhereNode(parts, connector=OR if self.rhs else AND))  # type: ignore[no-any-return]


class _Ordered(TupleLookup):
    strict: ClassVar[str]
    last: ClassVar[str]

    def fallback(self) -> WhereNode:
        root = WhereNode(connector=OR)
        pairs = self._pairs()
        for index, (column, value) in enumerate(pairs):
            name = self.last if index == len(pairs) - 1 else self.strict
            root.children.append(WhereNode([*all_equal(pairs[:index]).children, _lookup(name, column, value)], connector=AND))
        return root


@outputs.class_lookup("CompositePrimaryKey")
class TupleGreaterThan(_Ordered, GreaterThan):
    """Greater, compared from the first column on."""

    operator, strict, last = ">", "gt", "gt"


@outputs.class_lookup("CompositePrimaryKey")
class TupleGreaterThanOrEqual(_Ordered, GreaterThanOrEqual):
    """Greater or equal, compared from the first column on."""

    operator, strict, last = ">=", "gt", "gte"


@outputs.class_lookup("CompositePrimaryKey")
class TupleLessThan(_Ordered, LessThan):
    """Less, compared from the first column on."""

    operator, strict, last = "<", "lt", "lt"


@outputs.class_lookup("CompositePrimaryKey")
class TupleLessThanOrEqual(_Ordered, LessThanOrEqual):
    """Less or equal, compared from the first column on."""

    operator, strict, last = "<=", "lt", "lte"


@outputs.class_lookup("CompositePrimaryKey")
class TupleIn(TupleLookup, In):
    """One of these tuples, or a row of the subquery."""

    operator = "IN"

    def get_prep_lookup(self) -> Any:
        if isinstance(self.lhs, F):
            return self.rhs
        if getattr(self.rhs, "is_query", False):
            self.rhs.clear_ordering(clear_default=True)
            self.check_rhs_select_length_equals_lhs_length(self.rhs)
            return self.rhs
        if hasattr(self.rhs, "resolve_expression"):
            return self.rhs
        if not isinstance(self.rhs, (list, tuple, set, frozenset)):
            raise ValueError(f"{self.lookup_name!r} lookup of {self._lhs_name()} must be a collection of tuples or lists")
        return [self._prepared(item) for item in self.rhs]

    def fallback(self) -> WhereNode:
        columns = _columns(self.lhs)
        rows = list(dict.fromkeys(tuple(row) for row in self.rhs if not any(value is None for value in row)))
        if not rows:
            raise EmptyResultSet
        return WhereNode([all_equal(list(zip(columns, row, strict=True))) for row in rows], connector=OR)


__all__ = [
    "Tuple",
    "TupleExact",
    "TupleGreaterThan",
    "TupleGreaterThanOrEqual",
    "TupleIn",
    "TupleIsNull",
    "TupleLessThan",
    "TupleLessThanOrEqual",
    "TupleLookup",
]

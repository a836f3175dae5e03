"""References after resolution: columns, annotations, rows of an outer query."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from typing import Any, ClassVar, Self

from nuages.sql.constants import LOOKUP_SEP
from nuages.sql.expressions.expression import SQL, Expression, F


class Col(Expression):
    """A column of one of the query's tables, with the field whose values it yields."""

    contains_column_references = True  # type: ignore[assignment]
    possibly_multivalued = False

    def __init__(self, alias: str | None, target: Any, output_field: Any = None) -> None:
        super().__init__(output_field=target if output_field is None else output_field)
        self.alias = alias
        self.target = target

    @cached_property
    def identity(self) -> tuple[Any, ...]:
        return (type(self), self.alias, _field_key(self.target), _field_key(self.output_field))

    def __repr__(self) -> str:
        parts = [str(part) for part in (self.alias, self.target) if part]
        return f"{type(self).__name__}({', '.join(parts)})"

    def as_sql(self, compiler: Any, connection: Any) -> SQL:
        """``alias.column``."""
        column = connection.ops.quote_name(self.target.column)
        return (f"{compiler.quote_name_unless_alias(self.alias)}.{column}" if self.alias else column), []

    def relabeled_clone(self, change_map: dict[str, str]) -> Col:
        if self.alias is None:
            return self
        return type(self)(change_map.get(self.alias, self.alias), self.target, self.output_field)

    def get_group_by_cols(self) -> list[Any]:
        return [self]

    def get_db_converters(self, connection: Any) -> list[Any]:
        converters = self.output_field.get_db_converters(connection)
        if self.target == self.output_field:
            return list(converters)
        return [*converters, *self.target.get_db_converters(connection)]


def _field_key(field: Any) -> Any:
    model = getattr(field, "model", None)
    if model is None or getattr(field, "name", None) is None:
        return id(field)
    return (model._meta.label_lower, field.name, type(field))


class Ref(Expression):
    """A reference to a selected expression by its alias."""

    contains_column_references = False  # type: ignore[assignment]

    def __init__(self, refs: str, source: Any) -> None:
        super().__init__()
        self.refs = refs
        self.source = source

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self.refs}, {self.source})"

    def get_source_expressions(self) -> list[Any]:
        return [self.source]

    def set_source_expressions(self, exprs: Sequence[Any]) -> None:
        (self.source,) = exprs

    def resolve_expression(
        self, query: Any = None, allow_joins: bool = True, reuse: Any = None, summarize: bool = False, for_save: bool = False
    ) -> Any:
        return self

    def get_refs(self) -> set[str]:
        return {self.refs}

    def relabeled_clone(self, change_map: dict[str, str]) -> Any:
        clone = self.copy()
        clone.source = self.source.relabeled_clone(change_map)
        return clone

    def as_sql(self, compiler: Any, connection: Any) -> SQL:
        """The quoted alias."""
        return connection.ops.quote_name(self.refs), []

    def get_group_by_cols(self) -> list[Any]:
        return [self]


class Star(Expression):
    """``*``, as in ``COUNT(*)``."""

    def __repr__(self) -> str:
        return "'*'"

    def as_sql(self, compiler: Any, connection: Any) -> SQL:
        """``*``."""
        return "*", []

    def _resolve_output_field(self) -> Any:
        return None


class ColPairs(Expression):
    """The columns of a composite key as one expression: compared and selected together."""

    is_composite_columns: ClassVar[bool] = True
    contains_column_references = True  # type: ignore[assignment]
    allows_composite_expressions = True

    def __init__(self, alias: str, targets: Sequence[Any], sources: Sequence[Any], output_field: Any) -> None:
        super().__init__(output_field=output_field)
        self.alias = alias
        self.targets = tuple(targets)
        self.sources = tuple(sources)

    @cached_property
    def identity(self) -> tuple[Any, ...]:
        return (type(self), self.alias, tuple(map(_field_key, self.targets)), tuple(map(_field_key, self.sources)))

    def __len__(self) -> int:
        return len(self.targets)

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self.alias!r}, {self.targets!r}, {self.sources!r}, {self.output_field!r})"

    def get_cols(self) -> list[Col]:
        """One column expression for each part."""
        return [Col(self.alias, target, source) for target, source in zip(self.targets, self.sources, strict=True)]

    def get_source_expressions(self) -> list[Any]:
        return self.get_cols()

    def set_source_expressions(self, exprs: Sequence[Any]) -> None:
        self.targets = tuple(column.target for column in exprs)
        self.sources = tuple(column.output_field for column in exprs)

    def as_sql(self, compiler: Any, connection: Any) -> SQL:
        """The columns, separated by commas."""
        return ", ".join(compiler.compile(column)[0] for column in self.get_cols()), []

    def relabeled_clone(self, change_map: dict[str, str]) -> ColPairs:
        return type(self)(change_map.get(self.alias, self.alias), self.targets, self.sources, self.output_field)

    def resolve_expression(
        self, query: Any = None, allow_joins: bool = True, reuse: Any = None, summarize: bool = False, for_save: bool = False
    ) -> Any:
        return self

    def get_group_by_cols(self) -> list[Any]:
        return list(self.get_cols())

    def select_format(self, compiler: Any, sql: str, params: Any) -> SQL:
        return sql, params


class ResolvedOuterRef(F):
    """An ``OuterRef`` whose own subquery is resolved: it waits for the query around it."""

    contains_aggregate = False
    contains_over_clause = False
    contains_subquery = False

    def as_sql(self, *args: Any, **kwargs: Any) -> SQL:
        """Raises ValueError: only a query around the subquery can give the column."""
        raise ValueError("This queryset contains a reference to an outer query and may only be used in a subquery.")

    def resolve_expression(
        self, query: Any = None, allow_joins: bool = True, reuse: Any = None, summarize: bool = False, for_save: bool = False
    ) -> Any:
        column = super().resolve_expression(query, allow_joins, reuse, summarize, for_save)
        if outputs_multi_valued(column, self.name):
            column.possibly_multivalued = LOOKUP_SEP in self.name
        return column

    def relabeled_clone(self, change_map: dict[str, str]) -> Any:
        """Itself: it has no alias yet."""
        return self

    def get_group_by_cols(self) -> list[Any]:
        """Nothing: it is a constant inside its subquery."""
        return []

    def get_source_expressions(self) -> list[Any]:
        """None."""
        return []

    _output_field_or_none = None


def outputs_multi_valued(column: Any, name: str) -> bool:
    """Whether a resolved column can take part in a multi-valued reference: it is a plain column reached over relations."""
    return isinstance(column, Col) and LOOKUP_SEP in name


class OuterRef(F):
    """A field of the query around this subquery. See "Subquery() expressions"."""

    contains_aggregate = False
    contains_over_clause = False

    def resolve_expression(
        self, query: Any = None, allow_joins: bool = True, reuse: Any = None, summarize: bool = False, for_save: bool = False
    ) -> Any:
        if isinstance(self.name, F):
            return self.name
        return ResolvedOuterRef(self.name)

    def relabeled_clone(self, change_map: dict[str, str]) -> Self:
        """Itself: it has no alias yet."""
        return self

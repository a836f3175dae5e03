"""Statements about all rows of a shape, UPDATE, DELETE and aggregates: compiled once per names and database, then only executed."""

from __future__ import annotations

from typing import Any

from nuages.db.transaction import mark_broken
from nuages.models.shapes import PLAIN_VALUES, Shape, binder, is_ours
from nuages.sql.aggregates import Avg, Count, Max, Min, StdDev, Sum, Variance
from nuages.sql.expressions import F
from nuages.sql.expressions.columns import Star
from nuages.sql.query import DeleteQuery, UpdateQuery
from nuages.sql.slots import Rebind, Slot

MAX_STATEMENTS = 100
"""How many statements a shape keeps; then it begins anew."""

_UNFIT: Any = object()
_AGGREGATES = frozenset({Avg, Count, Max, Min, StdDev, Sum, Variance})


class _Statement:
    """A statement for one database, and how values go in."""

    __slots__ = ("bind", "settings", "sql")

    def __init__(self, compiler: Any) -> None:
        self.sql, params = compiler.as_sql()
        self.bind = binder(params)
        self.settings = compiler.connection.settings_dict


class _Aggregation(_Statement):
    """The same, and how the only row is read."""

    __slots__ = ("compiler", "converters", "names")

    def __init__(self, compiler: Any) -> None:
        super().__init__(compiler)
        wanted = compiler.query.annotation_select
        self.compiler = compiler
        self.names = list(wanted)
        self.converters = compiler.get_converters(wanted.values())


def update_rows(shape: Shape, given: tuple[Any, ...], assigned: dict[str, Any], connection: Any) -> int | None:
    """Set plain values on all rows; how many matched, None where it must go the plain way.

    Raises Rebind if a value needs SQL of its own, EmptyResultSet if no row can match, FieldError for wrong names.
    """
    values = tuple(assigned.values())
    if not PLAIN_VALUES.issuperset(map(type, values)):
        return None
    names = tuple(assigned) if None not in values else tuple((name, value is None) for name, value in assigned.items())
    statement = _kept(shape, ("update", names), connection)
    if statement is None:
        compiler = _update_compiler(shape, assigned, connection)
        statement = _keep(shape, ("update", names), connection, _UNFIT if compiler is None else _Statement(compiler))
    return None if statement is _UNFIT else _run(statement, (*given, *values), connection)


def _update_compiler(shape: Shape, assigned: dict[str, Any], connection: Any) -> Any:
    """The compiler of an UPDATE with slots; None for one that takes more than one statement or fields of users."""
    if shape.sliced or shape.query.distinct_fields:
        return None
    query = shape.query.chain(UpdateQuery)
    query.add_update_values(
        {name: None if value is None else Slot(shape.count + index) for index, (name, value) in enumerate(assigned.items())}
    )
    if query.related_updates or not query.values or not all(is_ours(field) for field, _, _ in query.values):
        return None
    query.get_initial_alias()
    return query.get_compiler(connection=connection) if query.count_active_tables() == 1 else None


def delete_rows(shape: Shape, given: tuple[Any, ...], connection: Any) -> int | None:
    """Delete all rows and nothing else; how many there were, None where it must go the plain way.

    Raises Rebind if a value needs SQL of its own, EmptyResultSet if no row can match.
    """
    statement = _kept(shape, "delete", connection)
    if statement is None:
        query = shape.query.clone()
        query.__class__ = DeleteQuery
        statement = _keep(shape, "delete", connection, _Statement(query.get_compiler(connection=connection)))
    return _run(statement, given, connection)


def aggregate_rows(shape: Shape, given: tuple[Any, ...], wanted: dict[str, Any], connection: Any) -> dict[str, Any] | None:
    """The values of plain aggregates by name; None where it must go the plain way.

    Raises Rebind if a value needs SQL of its own, EmptyResultSet if no row can match, FieldError for wrong names.
    """
    parts = [_described(expression) for expression in wanted.values()]
    if not wanted or None in parts:
        return None
    key = ("aggregate", tuple(wanted), tuple(parts))
    statement = _kept(shape, key, connection)
    if statement is None:
        compiler = shape.query.clone().aggregation_query(wanted).aggregate_compiler(connection=connection)
        statement = _keep(shape, key, connection, _Aggregation(compiler))
    rows = connection.rows(statement.sql, statement.bind(given, connection))
    row = statement.compiler.convert_row(list(rows[0]), statement.converters, connection)
    return dict(zip(statement.names, row, strict=False))


def _described(expression: Any) -> Any:
    """What an aggregate of ours over one name is: its class, the name, whether each value counts once. None for others."""
    kind = expression.__class__
    if kind not in _AGGREGATES or len(expression.source_expressions) != 1 or expression.extra:
        return None
    if expression.filter is not None or expression.default is not None or expression.order_by is not None:
        return None
    source = expression.source_expressions[0]
    if "output_field" in expression.__dict__ or (source.__class__ is not F and source.__class__ is not Star):
        return None
    return kind, source.name if source.__class__ is F else None, expression.distinct


def _kept(shape: Shape, key: Any, connection: Any) -> Any:
    found = shape.compiled.get((connection.alias, key))
    return found if found is _UNFIT or found is None or found.settings is connection.settings_dict else None


def _keep(shape: Shape, key: Any, connection: Any, statement: Any) -> Any:
    if len(shape.compiled) >= MAX_STATEMENTS:
        shape.compiled.clear()
    shape.compiled[connection.alias, key] = statement
    return statement


def _run(statement: _Statement, values: tuple[Any, ...], connection: Any) -> int:
    try:
        cursor = connection.execute(statement.sql, statement.bind(values, connection))
    except Rebind:
        raise
    except Exception as error:
        mark_broken(connection, error)
        raise
    count = cursor.rowcount
    cursor.close()
    return max(count, 0)  # type: ignore[no-any-return]

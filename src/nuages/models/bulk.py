"""UPDATE and DELETE of all rows of a shape: compiled once per shape, names and database, then only executed."""

from __future__ import annotations

from typing import Any

from nuages.db.transaction import mark_broken
from nuages.models.shapes import PLAIN_VALUES, Shape, binder, is_ours
from nuages.sql.query import DeleteQuery, UpdateQuery
from nuages.sql.slots import Rebind, Slot

MAX_STATEMENTS = 100
"""How many statements that write a shape keeps; then it begins anew."""

_UNFIT: Any = object()


class _Statement:
    """A statement for one database, and how values go in."""

    __slots__ = ("bind", "settings", "sql")

    def __init__(self, compiler: Any) -> None:
        self.sql, params = compiler.as_sql()
        self.bind = binder(params)
        self.settings = compiler.connection.settings_dict


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
        statement = _keep(shape, ("update", names), connection, _update_compiler(shape, assigned, connection))
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
        statement = _keep(shape, "delete", connection, query.get_compiler(connection=connection))
    return _run(statement, given, connection)


def _kept(shape: Shape, key: Any, connection: Any) -> Any:
    found = shape.compiled.get((connection.alias, key))
    return found if found is _UNFIT or found is None or found.settings is connection.settings_dict else None


def _keep(shape: Shape, key: Any, connection: Any, compiler: Any) -> Any:
    if len(shape.compiled) >= MAX_STATEMENTS:
        shape.compiled.clear()
    statement = shape.compiled[connection.alias, key] = _UNFIT if compiler is None else _Statement(compiler)
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

"""The short way to write one row: SQL kept per model and set of columns, values converted and sent."""

from __future__ import annotations

from typing import Any

from nuages.sql.expressions import DatabaseDefault
from nuages.sql.keeping import kept_types


def is_expression(value: Any) -> bool:
    """Whether SQL must be made of `value`."""
    return hasattr(value, "resolve_expression")


class Parts:
    """Which columns of a model are written when."""

    __slots__ = ("attnames", "generated", "updated")

    def __init__(self, meta: Any) -> None:
        keys = set(meta.pk_fields)
        #: What an instance has that was loaded as a whole.
        self.attnames = frozenset(field.attname for field in meta.concrete_fields if not field.generated)
        self.generated = [field for field in meta.local_concrete_fields if field.generated]
        self.updated = [
            field for field in meta.local_concrete_fields if not (field.primary_key or field.generated or field in keys)
        ]


def parts_of(meta: Any) -> Parts:
    """The parts of a model, sorted out once."""
    found = meta._plans.get("parts")
    if found is None:
        found = meta._plans["parts"] = Parts(meta)
    return found  # type: ignore[no-any-return]


class WritePlan:
    """One statement: its text and the functions that convert the row that it returns."""

    __slots__ = ("converters", "sql")

    def __init__(self, sql: str, returning: list[Any], connection: Any) -> None:
        self.sql = sql
        self.converters = [converters_of(field, connection) for field in returning]

    def convert(self, row: Any, connection: Any) -> list[Any]:
        """The returned row as Python values."""
        found = []
        for value, converters in zip(row, self.converters, strict=True):
            for convert, column in converters:
                value = convert(value, column, connection)
            found.append(value)
        return found


def converters_of(field: Any, connection: Any) -> list[tuple[Any, Any]]:
    """The converters of a column, those of the database first, each with its expression."""
    column = field.cached_col
    return [(one, column) for one in (*connection.ops.get_db_converters(column), *field.get_db_converters(connection))]


def returning_clause(returning: list[Any], connection: Any) -> str:
    """The end of a statement that hands back columns."""
    if not returning:
        return ""
    quote = connection.ops.quote_name
    return " RETURNING " + ", ".join(quote(field.column) for field in returning)


def types_kept(cls: Any, connection: Any) -> dict[str, frozenset[type]]:
    """For each column, the types of values that are written as they are."""
    key = ("kept", connection.alias)
    found = cls._meta._plans.get(key)
    if found is None:
        found = cls._meta._plans[key] = {field.attname: kept_types(field, connection) for field in cls._meta.concrete_fields}
    return found  # type: ignore[no-any-return]


def insert_plan(cls: Any, connection: Any, fields: list[Any], returning: list[Any]) -> WritePlan:
    """The INSERT for these columns."""
    key = ("insert", connection.alias, *map(id, fields), "", *map(id, returning))
    plans = cls._meta._plans
    plan = plans.get(key)
    if plan is None:
        quote = connection.ops.quote_name
        columns = ", ".join(quote(field.column) for field in fields)
        marks = ", ".join(["%s"] * len(fields))
        if not fields:
            columns, marks = quote(cls._meta.pk.column), connection.ops.pk_default_value()
        sql = f"INSERT INTO {quote(cls._meta.db_table)} ({columns}) VALUES ({marks})"
        plan = plans[key] = WritePlan(sql + returning_clause(returning, connection), returning, connection)
    found: WritePlan = plan
    return found


def insert_row(instance: Any, cls: Any, connection: Any, fields: list[Any], returning: list[Any], raw: bool) -> list[Any] | None:
    """Insert `instance` into the table of `cls`.

    Gives the returned row in a list (empty if the database returns none), or None when a value needs the SQL engine.
    """
    kept, params = [], []
    types = types_kept(cls, connection)
    for field in fields:
        value = getattr(instance, field.attname) if raw else field.pre_save(instance, True)
        if value.__class__ in types[field.attname]:
            kept.append(field)
            params.append(value)
            continue
        if hasattr(value, "resolve_expression"):
            if isinstance(value, DatabaseDefault):
                continue  # a column that is not named gets its default
            return None
        if hasattr(field, "get_placeholder") or hasattr(field, "get_placeholder_sql"):
            return None
        kept.append(field)
        value = field.get_db_prep_save(value, connection)
        if hasattr(value, "as_sql"):
            return None
        params.append(value)
    can_return = connection.features.can_return_columns_from_insert
    plan = insert_plan(cls, connection, kept, returning if can_return else [])
    cursor = connection.execute(plan.sql, params)
    if not returning:
        return []
    if can_return:
        return [plan.convert(cursor.fetchone(), connection)]
    auto = cls._meta.auto_field
    if auto is not None and auto not in kept:
        key = connection.ops.last_insert_id(cursor, cls._meta.db_table, cls._meta.pk.column)
        instance.__dict__[auto.attname] = key
    return []


def update_plan(cls: Any, connection: Any, fields: list[Any], returning: list[Any]) -> WritePlan:
    """The UPDATE of these columns by primary key."""
    key = ("update", connection.alias, *map(id, fields), "", *map(id, returning))
    plans = cls._meta._plans
    plan = plans.get(key)
    if plan is None:
        quote = connection.ops.quote_name
        assigned = ", ".join(f"{quote(field.column)} = %s" for field in fields)
        table = quote(cls._meta.db_table)
        condition = " AND ".join(f"{table}.{quote(field.column)} = %s" for field in cls._meta.pk_fields)
        sql = f"UPDATE {table} SET {assigned} WHERE {condition}"
        plan = plans[key] = WritePlan(sql + returning_clause(returning, connection), returning, connection)
    found: WritePlan = plan
    return found


def update_row(cls: Any, connection: Any, values: list[Any], pk_val: Any, returning: list[Any]) -> tuple[bool, Any]:
    """Update one row; whether there was one, and the row returned if the database returns it."""
    can_return = bool(returning) and connection.features.can_return_rows_from_update
    fields = [field for field, _model, _value in values]
    types = types_kept(cls, connection)
    params = [
        value if value.__class__ in types[field.attname] else field.get_db_prep_save(value, connection)
        for field, _model, value in values
    ]
    keys = pk_val if cls._meta.is_composite_pk else (pk_val,)
    params += [
        field.get_db_prep_value(field.get_prep_value(key), connection, prepared=True)
        for field, key in zip(cls._meta.pk_fields, keys, strict=True)
    ]
    plan = update_plan(cls, connection, fields, returning if can_return else [])
    cursor = connection.execute(plan.sql, params)
    if not can_return:
        return cursor.rowcount > 0, None
    row = cursor.fetchone()
    return (False, None) if row is None else (True, plan.convert(row, connection))


def delete_rows(model: Any, connection: Any, keys: list[Any]) -> int:
    """Delete the rows of `model` with these primary keys, in lots that the database takes; gives their number."""
    options = model._meta
    quote = connection.ops.quote_name
    fields = options.pk_fields
    prepared = [
        tuple(
            field.get_db_prep_value(field.get_prep_value(part), connection, prepared=True)
            for field, part in zip(fields, key if options.is_composite_pk else (key,), strict=True)
        )
        for key in keys
    ]
    table = quote(options.db_table)
    size = (connection.features.max_query_params or 2000) // len(fields)
    done = 0
    for start in range(0, len(prepared), size):
        lot = prepared[start:start + size]
        if len(fields) > 1:
            each = " AND ".join(f"{table}.{quote(field.column)} = %s" for field in fields)
            condition = " OR ".join([f"({each})"] * len(lot))
        elif len(lot) == 1:
            condition = f"{table}.{quote(fields[0].column)} = %s"
        else:
            condition = f"{table}.{quote(fields[0].column)} IN ({', '.join(['%s'] * len(lot))})"
        params = [part for key in lot for part in key]
        done += connection.execute(f"DELETE FROM {table} WHERE {condition}", params).rowcount
    return done

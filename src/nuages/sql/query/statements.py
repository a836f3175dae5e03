"""Queries that write: INSERT, UPDATE, DELETE."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from nuages.exceptions import FieldError
from nuages.sql.constants import GET_ITERATOR_CHUNK_SIZE, NO_RESULTS, ROW_COUNT
from nuages.sql.query.query import Query


class InsertQuery(Query):
    """INSERT of rows of one model."""

    compiler = "SQLInsertCompiler"

    def __init__(
        self,
        model: Any,
        on_conflict: Any = None,
        update_fields: Sequence[Any] = (),
        unique_fields: Sequence[Any] = (),
        **kwargs: Any,
    ) -> None:
        super().__init__(model, **kwargs)
        self.fields: list[Any] = []
        self.objs: list[Any] = []
        self.on_conflict = on_conflict
        self.update_fields = update_fields or ()
        self.unique_fields = unique_fields or ()
        self.raw = False

    def insert_values(self, fields: Sequence[Any], objs: Sequence[Any], raw: bool = False) -> None:
        """Insert these objects' values of these fields; ``raw`` takes values as they are, without ``pre_save``."""
        self.fields = list(fields)
        self.objs = list(objs)
        self.raw = raw


class DeleteQuery(Query):
    """DELETE of the rows that match."""

    compiler = "SQLDeleteCompiler"

    def do_query(self, table: str, where: Any, using: str) -> int:
        """Delete the rows of ``table`` that match ``where``; returns their number."""
        self.alias_map = {table: self.alias_map[table]}
        self.alias_refcount.setdefault(table, 1)
        self.where = where
        return self.get_compiler(using).execute_sql(ROW_COUNT)  # type: ignore[no-any-return]

    def delete_batch(self, pk_list: Sequence[Any], using: str) -> int:
        """Delete the rows with these primary keys, in batches; returns their number."""
        deleted = 0
        key = self.get_meta().pk
        for start in range(0, len(pk_list), GET_ITERATOR_CHUNK_SIZE):
            batch = DeleteQuery(self.model)
            batch.add_filter(f"{key.attname if not hasattr(key, 'fields') else 'pk'}__in", list(pk_list[start : start + GET_ITERATOR_CHUNK_SIZE]))
            deleted += batch.get_compiler(using).execute_sql(ROW_COUNT) or 0
        return deleted


class UpdateQuery(Query):
    """UPDATE of the rows that match; fields of parent models go into updates of their own."""

    compiler = "SQLUpdateCompiler"
    values: list[tuple[Any, Any, Any]]
    related_updates: dict[Any, list[tuple[Any, Any, Any]]]
    related_ids: Any
    related_ids_index: list[tuple[Any, int]]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.setup_query()

    def setup_query(self) -> None:
        """Set what an UPDATE has and a SELECT has not."""
        if "values" not in self.__dict__:
            self.values = []
        self.related_ids = self.__dict__.get("related_ids")
        self.related_updates = self.__dict__.get("related_updates", {})

    def clone(self) -> Any:
        twin = super().clone()
        if "related_updates" in self.__dict__:
            twin.related_updates = {model: list(values) for model, values in self.related_updates.items()}
            twin.values = list(self.values)
        return twin

    def update_batch(self, pk_list: Sequence[Any], values: dict[str, Any], using: str) -> None:
        """Set values on the rows with these primary keys, in batches."""
        self.add_update_values(values)
        for start in range(0, len(pk_list), GET_ITERATOR_CHUNK_SIZE):
            batch = self.clone()
            batch.add_filter("pk__in", list(pk_list[start : start + GET_ITERATOR_CHUNK_SIZE]))
            batch.get_compiler(using).execute_sql(NO_RESULTS)

    def add_update_values(self, values: dict[str, Any]) -> None:
        """SET by names. Raises FieldError for what has no column."""
        resolved: list[tuple[Any, Any, Any]] = []
        opts = self.get_meta()
        for name, value in values.items():
            field = opts.get_field(name)
            direct = not (field.auto_created and not field.concrete) or not field.concrete
            model = field.model._meta.concrete_model
            if field.name == "pk" and opts.is_composite_pk:
                message = "Composite primary key fields must be updated individually."
                raise FieldError(message)
            if not direct or not field.concrete or (field.is_relation and field.many_to_many):
                raise FieldError(f"Cannot update model field {field!r} (only concrete fields are permitted).")
            if model is not opts.concrete_model:
                self.add_related_update(model, field, value)
                continue
            resolved.append((field, model, value))
        self.add_update_fields(resolved)

    def add_update_fields(self, values_seq: Iterable[tuple[Any, Any, Any]]) -> None:
        """SET by ``(field, model, value)``."""
        for field, model, value in values_seq:
            if getattr(field, "generated", False):
                continue
            if hasattr(value, "resolve_expression"):
                value = value.resolve_expression(self, allow_joins=False, for_save=True)
            self.values.append((field, model, value))

    def add_related_update(self, model: Any, field: Any, value: Any) -> None:
        """Note a value that goes into a parent's table."""
        self.related_updates.setdefault(model, []).append((field, None, value))

    def get_related_updates(self) -> list[UpdateQuery]:
        """The updates of parents' tables."""
        queries: list[UpdateQuery] = []
        for model, values in self.related_updates.items():
            query = UpdateQuery(model)
            query.values = values
            if self.related_ids is not None:
                query.add_filter("pk__in", self.related_ids[model])
            queries.append(query)
        return queries


def insert(
    meta: Any,
    fields: Sequence[Any],
    objs: Sequence[Any],
    connection: Any,
    returning: Sequence[Any] = (),
    raw: bool = False,
    on_conflict: Any = None,
    update_fields: Sequence[Any] = (),
    unique_fields: Sequence[Any] = (),
) -> list[Any]:
    """INSERT the objects' values of ``fields``; one tuple of values for ``returning`` per object, where the database gives them."""
    query = InsertQuery(meta.model, on_conflict=on_conflict, update_fields=update_fields, unique_fields=unique_fields)
    query.insert_values(fields, objs, raw=raw)
    return query.get_compiler(connection=connection).execute_sql(list(returning))  # type: ignore[no-any-return]


def update(meta: Any, values: Sequence[tuple[Any, Any]], conditions: dict[str, Any], connection: Any, returning: Sequence[Any] = ()) -> Any:
    """UPDATE with ``(field, value)`` pairs where lookups hold; the number of rows matched, or rows for ``returning``."""
    query = UpdateQuery(meta.model)
    query.add_update_fields((field, None, value) for field, value in values)
    for lookup, value in conditions.items():
        query.add_filter(lookup, value)
    compiler = query.get_compiler(connection=connection)
    if returning:
        return compiler.execute_returning_sql(list(returning))
    return compiler.execute_sql(ROW_COUNT)


def delete(meta: Any, conditions: dict[str, Any], connection: Any) -> int:
    """DELETE where lookups hold; the number of rows deleted."""
    query = DeleteQuery(meta.model)
    for lookup, value in conditions.items():
        query.add_filter(lookup, value)
    return query.get_compiler(connection=connection).execute_sql(ROW_COUNT)  # type: ignore[no-any-return]


__all__ = ["DeleteQuery", "InsertQuery", "UpdateQuery", "delete", "insert", "update"]

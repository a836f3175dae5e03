"""What exists in a database: tables, columns, keys, constraints. Back ends fill in the queries."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, NamedTuple

from nuages.apps import apps
from nuages.db.routers import router

_on_delete: dict[str, Any] = {}


def register_on_delete(rule: str, handler: Any) -> None:
    """Say what stands for a rule of a foreign key (``CASCADE``); the data floor does, which knows the handlers."""
    _on_delete[rule] = handler


def on_delete(rule: str | None) -> Any:
    """What stands for a rule of a foreign key."""
    name = rule or "NO ACTION"
    return _on_delete.get(name, name)


class TableInfo(NamedTuple):
    """A table: its name and ``t`` (table), ``v`` (view), ``p`` (partition) or ``m`` (materialized view)."""

    name: str
    type: str
    comment: str | None = None


class FieldInfo(NamedTuple):
    """A column, as in PEP 249's ``description`` and beyond."""

    name: str
    type_code: Any
    display_size: int | None
    internal_size: int | None
    precision: int | None
    scale: int | None
    null_ok: bool
    default: Any
    collation: str | None
    is_autofield: bool = False
    is_unsigned: bool = False
    has_json_constraint: bool = False
    comment: str | None = None
    pk: int = 0
    data_type: str | None = None


class Introspection:
    """Questions about the database of one connection."""

    data_types_reverse: Any = {}

    def __init__(self, connection: Any) -> None:
        self.connection = connection

    def get_field_type(self, data_type: Any, description: Any) -> Any:
        """The field class that fits a column's type; with a tuple, its arguments as well."""
        return self.data_types_reverse[data_type]

    def identifier_converter(self, name: str) -> str:
        """A name as the database's catalogue writes it."""
        return name

    def get_table_list(self, cursor: Any) -> list[Any]:
        """All tables and views, unsorted."""
        raise NotImplementedError(f"{type(self).__name__} must list its tables.")

    def get_table_description(self, cursor: Any, table_name: str) -> list[Any]:
        """The columns of a table."""
        raise NotImplementedError(f"{type(self).__name__} must describe its tables.")

    def get_sequences(self, cursor: Any, table_name: str, table_fields: Any = ()) -> list[dict[str, Any]]:
        """The sequences behind a table's automatic columns."""
        raise NotImplementedError(f"{type(self).__name__} must list its sequences.")

    def get_relations(self, cursor: Any, table_name: str) -> dict[str, Any]:
        """Foreign keys of a table: ``{column: (column there, table there, action on delete)}``."""
        raise NotImplementedError(f"{type(self).__name__} must list its foreign keys.")

    def get_constraints(self, cursor: Any, table_name: str) -> dict[str, dict[str, Any]]:
        """Constraints and indexes by name, each a dictionary of ``columns``, ``primary_key``, ``unique``, ``foreign_key``,
        ``check``, ``index``, ``orders``, ``type``, ``definition`` and ``options``, as the database has them."""
        raise NotImplementedError(f"{type(self).__name__} must list its constraints.")

    # --- on top of these ---------------------------------------------------------------------------------------------------

    def table_names(self, cursor: Any = None, include_views: bool = False) -> list[str]:
        """The names of all tables, sorted; of views too if so asked."""
        if cursor is None:
            with self.connection.cursor() as opened:
                return self.table_names(opened, include_views)
        return sorted(info.name for info in self.get_table_list(cursor) if include_views or info.type in ("t", "p"))

    def get_migratable_models(self) -> list[Any]:
        """All models whose tables belong in this database."""
        return [
            model
            for app_config in apps.get_app_configs()
            for model in router.get_migratable_models(app_config, self.connection.alias)
            if model._meta.can_migrate(self.connection)
        ]

    def django_table_names(self, only_existing: bool = False, include_views: bool = True) -> list[str]:
        """The tables of all models, those of many-to-many fields included; only those that exist if so asked."""
        tables: set[str] = set()
        for model in self.get_migratable_models():
            if not model._meta.managed:
                continue
            tables.add(model._meta.db_table)
            tables.update(
                field.m2m_db_table()
                for field in model._meta.local_many_to_many
                if field.remote_field.through._meta.managed
            )
        if not only_existing:
            return list(tables)
        existing = set(self.table_names(include_views=include_views))
        return [table for table in tables if self.identifier_converter(table) in existing]

    def installed_models(self, tables: Iterable[str]) -> set[Any]:
        """The models whose tables are among ``tables``."""
        names = {self.identifier_converter(table) for table in tables}
        return {
            model
            for model in self.get_migratable_models()
            if self.identifier_converter(model._meta.db_table) in names
        }

    def sequence_list(self) -> list[dict[str, Any]]:
        """The sequences of all models."""
        found: list[dict[str, Any]] = []
        with self.connection.cursor() as cursor:
            for model in self.get_migratable_models():
                if not model._meta.managed or model._meta.swapped:
                    continue
                found.extend(self.get_sequences(cursor, model._meta.db_table, model._meta.local_fields))
                for field in model._meta.local_many_to_many:
                    # Only a table of its own has a sequence of its own.
                    if field.remote_field.through._meta.auto_created:
                        found.extend(self.get_sequences(cursor, field.m2m_db_table()))
        return found

    def get_primary_key_column(self, cursor: Any, table_name: str) -> str | None:
        """The first column of a table's primary key."""
        columns = self.get_primary_key_columns(cursor, table_name)
        return columns[0] if columns else None

    def get_primary_key_columns(self, cursor: Any, table_name: str) -> list[str] | None:
        """The columns of a table's primary key, ``None`` where it has none."""
        for constraint in self.get_constraints(cursor, table_name).values():
            if constraint["primary_key"]:
                return list(constraint["columns"])
        return None

"""Changing SQLite tables: what ALTER TABLE cannot do is done by making the table anew and copying its rows."""

from __future__ import annotations

import copy
import datetime
import decimal
from collections.abc import Iterable
from types import TracebackType
from typing import Any, Self

from nuages.apps.registry import Apps
from nuages.db.errors import NotSupportedError
from nuages.db.schema.altering import related_objects
from nuages.db.schema.editor import SchemaEditor
from nuages.db.schema.naming import strip_quotes
from nuages.db.schema.references import Statement


class SQLiteSchemaEditor(SchemaEditor):
    """The schema editor of SQLite."""

    sql_delete_table = "DROP TABLE %(table)s"
    sql_create_fk = None
    sql_create_inline_fk = "REFERENCES %(to_table)s (%(to_column)s)%(on_delete_db)s DEFERRABLE INITIALLY DEFERRED"
    sql_create_column_inline_fk = sql_create_inline_fk
    sql_create_unique = "CREATE UNIQUE INDEX %(name)s ON %(table)s (%(columns)s)"
    sql_delete_unique = "DROP INDEX %(name)s"
    sql_alter_table_comment = None
    sql_alter_column_comment = None
    constraints_inline = True

    def __enter__(self) -> Self:
        # Tables that others refer to are dropped and come back: with checks on, that would delete or refuse rows.
        if not self.connection.disable_constraint_checking():
            raise NotSupportedError(
                "The SQLite schema editor needs foreign key checks off, and SQLite cannot switch them off inside a "
                "transaction. Open the editor outside of transaction.atomic()."
            )
        return super().__enter__()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        try:
            if kind is None and not self.collect_sql:
                self.connection.check_constraints()
            super().__exit__(kind, error, trace)
        finally:
            self.connection.enable_constraint_checking()

    def quote_value(self, value: Any) -> str:
        """A value as a literal of a statement that takes no parameters."""
        if value is None:
            return "NULL"
        if isinstance(value, bool):
            return str(int(value))
        if isinstance(value, (int, float)):
            return str(value)
        if isinstance(value, (str, decimal.Decimal)):
            return "'{}'".format(str(value).replace("'", "''"))
        if isinstance(value, (bytes, bytearray, memoryview)):
            return f"X'{bytes(value).hex()}'"
        if isinstance(value, (datetime.datetime, datetime.date, datetime.time)):
            return f"'{value}'"
        raise ValueError(f"Cannot quote parameter value {value!r} of type {type(value)}")

    def prepare_default(self, value: Any) -> str:
        """A default as a literal."""
        return self.quote_value(value)

    # --- tables --------------------------------------------------------------------------------------------------------------

    def delete_model(self, model: Any, handle_autom2m: bool = True) -> None:
        """Drop a model's table; without ``handle_autom2m`` those of its many-to-many fields stay."""
        if handle_autom2m:
            super().delete_model(model)
            return
        table = model._meta.db_table
        self.execute(self.sql_delete_table % {"table": self.quote_name(table)})
        self._forget_deferred(lambda statement: statement.references_table(table))

    def alter_unique_together(self, model: Any, old_unique_together: Any, new_unique_together: Any) -> None:
        """Make the unique constraints over several fields those of the new set."""
        gone = {tuple(names) for names in old_unique_together} - {tuple(names) for names in new_unique_together}
        if all(self._has_unique_index(model, names) for names in gone):
            super().alter_unique_together(model, old_unique_together, new_unique_together)
        else:
            # Tables of long ago have such constraints in their definition.
            self._remake_table(model, unique_together=new_unique_together)

    def _has_unique_index(self, model: Any, names: tuple[str, ...]) -> bool:
        columns = [model._meta.get_field(name).column for name in names]
        return bool(self._constraint_names(model, columns, unique=True, index=True))

    # --- columns -------------------------------------------------------------------------------------------------------------

    def add_field(self, model: Any, field: Any) -> None:
        """Add a column; in place where it may be NULL and nothing has to be filled in."""
        if field.many_to_many or not self._must_remake_to_add(field):
            super().add_field(model, field)
        elif field.db_parameters(connection=self.connection)["type"] is not None:
            self._remake_table(model, create_field=field)

    def _must_remake_to_add(self, field: Any) -> bool:
        if field.generated:
            return bool(field.db_persist)
        if field.primary_key or field.unique or not field.null:
            return True
        if field.has_db_default():
            return not _is_literal(field._db_default_expression)
        return self.effective_default(field) is not None

    def remove_field(self, model: Any, field: Any) -> None:
        """Drop a column; in place where nothing else knows it."""
        if field.many_to_many:
            if field.remote_field.through._meta.auto_created:
                self.delete_model(field.remote_field.through)
            return
        if field.db_parameters(connection=self.connection)["type"] is None:
            return
        if field.primary_key or field.unique or field.db_index or (field.remote_field and field.db_constraint):
            self._remake_table(model, delete_field=field)
        else:
            super().remove_field(model, field)

    def _alter_field(
        self,
        model: Any,
        old_field: Any,
        new_field: Any,
        old_type: str,
        new_type: str,
        old_db_params: Any,
        new_db_params: Any,
        strict: bool = False,
    ) -> None:
        renamed_only = (
            old_field.column != new_field.column
            and self.column_sql(model, old_field) == self.column_sql(model, new_field)
            and not (
                (old_field.remote_field and old_field.db_constraint) or (new_field.remote_field and new_field.db_constraint)
            )
        )
        if renamed_only:
            self.execute(self._rename_field_sql(model._meta.db_table, old_field, new_field, new_type))
            for statement in self.deferred_sql:
                if isinstance(statement, Statement):
                    statement.rename_column_references(model._meta.db_table, old_field.column, new_field.column)
            return
        self._remake_table(model, alter_fields=[(old_field, new_field)])
        collations = old_db_params.get("collation") != new_db_params.get("collation")
        if new_field.unique and (old_type != new_type or collations):
            self._remake_referring(model, old_field, new_field)

    def _remake_referring(self, model: Any, old_field: Any, new_field: Any) -> None:
        """The columns of other tables that refer to a column follow its type."""
        referring = {
            new_relation.related_model._meta.db_table: new_relation.related_model
            for _old_relation, new_relation in related_objects(old_field, new_field)
        }
        referring.pop(model._meta.db_table, None)
        for related_model in referring.values():
            self._remake_table(related_model)

    def _alter_many_to_many(self, model: Any, old_field: Any, new_field: Any, strict: bool) -> None:
        old_through, new_through = old_field.remote_field.through, new_field.remote_field.through
        pairs = [
            (
                old_through._meta.get_field(getattr(old_field, name_of)()),
                new_through._meta.get_field(getattr(new_field, name_of)()),
            )
            for name_of in ("m2m_reverse_field_name", "m2m_field_name")
        ]
        if old_through._meta.db_table == new_through._meta.db_table:
            self._remake_table(old_through, alter_fields=pairs)
            return
        # The names of the new table's indexes differ: it is made by itself, and gets the rows.
        self.create_model(new_through)
        kept = [field for field in old_through._meta.local_concrete_fields if field.primary_key]
        columns = [(field.column, field.column) for field in kept]
        columns += [(new.column, old.column) for old, new in pairs]
        self._copy_rows(
            old_through._meta.db_table,
            new_through._meta.db_table,
            [(new, self.quote_name(old)) for new, old in columns],
        )
        self.delete_model(old_through)

    # --- constraints -----------------------------------------------------------------------------------------------------------

    def add_constraint(self, model: Any, constraint: Any) -> None:
        """Create a constraint: as an index where it can be one, else with the table."""
        if _is_index(constraint):
            super().add_constraint(model, constraint)
        else:
            self._remake_table(model)

    def remove_constraint(self, model: Any, constraint: Any) -> None:
        """Drop a constraint."""
        if _is_index(constraint):
            super().remove_constraint(model, constraint)
        else:
            self._remake_table(model, without=constraint)

    def _collate_sql(self, collation: str | None, old_collation: str | None = None, table_name: str | None = None) -> str:
        return f"COLLATE {collation}" if collation else ""

    # --- making a table anew -------------------------------------------------------------------------------------------------

    def _remake_table(
        self,
        model: Any,
        create_field: Any = None,
        delete_field: Any = None,
        alter_fields: Iterable[tuple[Any, Any]] | None = None,
        unique_together: Any = None,
        without: Any = None,
    ) -> None:
        """Create the table as it shall be under another name, copy the rows, and put it in the old one's place."""
        remake = _Remake(self, model)
        if create_field is not None:
            remake.create(create_field)
        remake.alter(list(alter_fields or ()))
        if delete_field is not None:
            remake.delete(delete_field)
        if unique_together is not None:
            remake.unique_together = [tuple(names) for names in unique_together]
        if without is not None:
            remake.constraints = [each for each in remake.constraints if each.name != without.name]
        successor = remake.build()
        table = model._meta.db_table
        temporary = f"new__{strip_quotes(table)}"
        waiting, self.deferred_sql = self.deferred_sql, []
        sql, params = self._table_sql_as(successor, temporary)
        self.execute(sql, params or None)
        made, self.deferred_sql = self.deferred_sql, waiting
        self._copy_rows(table, temporary, remake.copied())
        # Statements that wait for this table still hold: it is only replaced.
        self.execute(self.sql_delete_table % {"table": self.quote_name(table)})
        self._forget_deferred(
            lambda statement: delete_field is not None and statement.references_column(table, delete_field.column)
        )
        self.execute(
            self.sql_rename_table % {"old_table": self.quote_name(temporary), "new_table": self.quote_name(table)}
        )
        waiting_texts = {str(statement) for statement in self.deferred_sql}
        for statement in [*made, *self._model_indexes_sql(successor)]:
            if str(statement) not in waiting_texts:
                self.execute(statement, None)

    def _table_sql_as(self, model: Any, name: str) -> tuple[str, list[Any]]:
        """The statement that creates a model's table under another name; names of constraints stay the model's."""
        templates = self.sql_create_table
        self.sql_create_table = templates.replace("%(table)s", self.quote_name(name).replace("%", "%%"))
        try:
            return self.table_sql(model)
        finally:
            del self.sql_create_table

    def _copy_rows(self, old_table: str, new_table: str, columns: list[tuple[str, str]]) -> None:
        self.execute(
            f"INSERT INTO {self.quote_name(new_table)} ({self._quoted(column for column, _ in columns)}) "
            f"SELECT {', '.join(source for _, source in columns)} FROM {self.quote_name(old_table)}",
            None,
        )


def _is_literal(expression: Any) -> bool:
    return type(expression).__name__ == "Value"


def _is_index(constraint: Any) -> bool:
    """Whether a constraint is a unique index of its own, apart from the table's definition."""
    return any(
        getattr(constraint, name, None)
        for name in ("condition", "contains_expressions", "include", "deferrable")
    ) and hasattr(constraint, "nulls_distinct")


class _Remake:
    """The table as it shall be: fields by name, the source of each column, and what the Meta options become."""

    def __init__(self, editor: SQLiteSchemaEditor, model: Any) -> None:
        self.editor, self.model = editor, model
        meta = model._meta
        self.fields: dict[str, Any] = {field.name: field for field in meta.local_concrete_fields}
        self.sources: dict[str, str] = {
            field.column: editor.quote_name(field.column)
            for field in meta.local_concrete_fields
            if not field.generated and field.column is not None
        }
        self.unique_together = [tuple(names) for names in meta.unique_together]
        self.indexes = list(meta.indexes)
        self.constraints = list(meta.constraints)
        self.renamed: dict[str, str] = {}

    def create(self, field: Any) -> None:
        """Add a field; existing rows get its default."""
        if field.primary_key:
            self._take_primary_key(except_for=field.name)
        self.fields[field.name] = field
        if not field.generated and not field.has_db_default():
            self.sources[field.column] = self._default(field)

    def _default(self, field: Any) -> str:
        return self.editor.prepare_default(self.editor.effective_default(field))

    def _take_primary_key(self, except_for: str) -> None:
        """Another field becomes the key: an automatic one goes, a user's own becomes an ordinary column."""
        for name, field in list(self.fields.items()):
            if not field.primary_key or name == except_for:
                continue
            if field.auto_created:
                del self.fields[name]
                self.sources.pop(field.column, None)
            else:
                plain = copy.deepcopy(field)
                plain.primary_key = False
                self.fields[name] = plain

    def alter(self, pairs: list[tuple[Any, Any]]) -> None:
        """Put new fields in the places of old ones."""
        for old, new in pairs:
            if new.primary_key and not old.primary_key:
                self._take_primary_key(except_for=old.name)
            # As in tables that exist: an altered column stands last. The class may not know all columns that the editor is told of.
            self.fields.pop(old.name, None)
            self.fields[new.name] = new
            self.renamed[old.name] = new.name
            source = self.sources.pop(old.column, None) or self.editor.quote_name(old.column)
            if new.generated or old.generated:
                continue
            if old.null and not new.null:
                if new.has_db_default():
                    sql, params = self.editor.db_default_sql(new)
                    default = sql % tuple(map(self.editor.quote_value, params)) if params else sql
                else:
                    default = self._default(new)
                source = f"coalesce({source}, {default})"
            self.sources[new.column] = source

    def delete(self, field: Any) -> None:
        """Leave a field out."""
        self.fields.pop(field.name, None)
        self.sources.pop(field.column, None)
        self.unique_together = [names for names in self.unique_together if field.name not in names]
        # A field that is removed takes along the indexes over it.
        self.indexes = [index for index in self.indexes if field.name not in index.fields]

    def copied(self) -> list[tuple[str, str]]:
        """The columns to fill, in the order of the table, and where they come from."""
        order = [field.column for field in self.fields.values()]
        return [(column, self.sources[column]) for column in order if column in self.sources]

    def _name(self, name: str) -> str:
        return self.renamed.get(name, name)

    def _renamed_index(self, index: Any) -> Any:
        if not any(self._name(name) != name for name in index.fields):
            return index
        successor = copy.deepcopy(index)
        successor.fields = [self._name(name) for name in index.fields]
        successor.fields_orders = [(self._name(name), order) for name, order in index.fields_orders]
        return successor

    def _renamed_constraint(self, constraint: Any) -> Any:
        fields = getattr(constraint, "fields", ())
        if not any(self._name(name) != name for name in fields):
            return constraint
        successor = copy.deepcopy(constraint)
        successor.fields = tuple(self._name(name) for name in fields)
        return successor

    def build(self) -> Any:
        """A model with these fields and options, in a registry of its own."""
        meta = self.model._meta
        root = next(base for base in self.model.__mro__ if isinstance(base, type(self.model)) and not hasattr(base, "_meta"))
        options = {
            "app_label": meta.app_label,
            "db_table": meta.db_table,
            "unique_together": [tuple(map(self._name, names)) for names in self.unique_together],
            "indexes": [self._renamed_index(index) for index in self.indexes],
            "constraints": [self._renamed_constraint(constraint) for constraint in self.constraints],
            "apps": Apps(),
        }
        body = {name: copy.deepcopy(field) for name, field in self.fields.items()}
        for position, field in enumerate(body.values()):
            if not field.auto_created:  # an automatic key stands first
                field.creation_counter = position
        if len(getattr(meta, "pk_fields", ())) > 1:
            body[meta.pk.name] = copy.deepcopy(meta.pk)
        return type(self.model)(
            f"New{meta.object_name}",
            (root,),
            {**body, "Meta": type("Meta", (), options), "__module__": self.model.__module__},
        )

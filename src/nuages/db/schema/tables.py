"""Whole tables: creating, removing, renaming, comments, tablespaces, ``unique_together``."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from nuages.db.schema.constraints import Constraints
from nuages.db.schema.references import Statement

FK_SUFFIX = "_fk_%(to_table)s_%(to_column)s"


class Tables(Constraints):
    """What an editor does with tables."""

    constraints_inline = False
    """Whether the constraints of ``Meta`` stand in CREATE TABLE: where no statement could add them later."""

    def table_sql(self, model: Any) -> tuple[str, list[Any]]:
        """The CREATE TABLE statement of a model and its parameters; what must come later is deferred."""
        meta = model._meta
        for names in meta.unique_together:
            fields = [meta.get_field(name) for name in names]
            self.deferred_sql.append(self._create_unique_sql(model, fields))
        columns: list[str] = []
        params: list[Any] = []
        for field in meta.local_fields:
            definition, extra = self.column_sql(model, field)
            if definition is None:
                continue
            columns.append(f"{self.quote_name(field.column)} {self._completed(model, field, definition)}")
            params.extend(extra or ())
        constraints: list[Any] = []
        if self.constraints_inline:
            constraints += [constraint.constraint_sql(model, self) for constraint in meta.constraints]
        else:
            added = [constraint.create_sql(model, self) for constraint in meta.constraints]
            self.deferred_sql.extend(statement for statement in added if statement is not None)
        if (composed := getattr(meta, "pk_fields", ())) and len(composed) > 1:
            constraints.append(self._pk_constraint_sql(field.column for field in composed))
        parts = [*columns, *(str(part) for part in constraints if part)]
        sql = self.sql_create_table % {"table": self.quote_name(meta.db_table), "definition": ", ".join(parts)}
        if meta.db_tablespace:
            tablespace = self.connection.ops.tablespace_sql(meta.db_tablespace)
            sql = f"{sql} {tablespace}" if tablespace else sql
        return sql, params

    def _completed(self, model: Any, field: Any, definition: str) -> str:
        """A column's definition with its check, suffix and key."""
        check = self._field_db_check(field, field.db_parameters(connection=self.connection))
        if check:
            definition += f" {check}"
        suffix = field.db_type_suffix(connection=self.connection)
        if suffix:
            definition += f" {suffix}"
        if field.remote_field and field.db_constraint:
            if self.sql_create_inline_fk:
                to_table, to_column = self._target_names(field)
                definition += " " + self.sql_create_inline_fk % {
                    "to_table": self.quote_name(to_table),
                    "to_column": self.quote_name(to_column),
                    "on_delete_db": self._create_on_delete_sql(model, field),
                }
            elif self.connection.features.supports_foreign_keys:
                self.deferred_sql.append(self._create_fk_sql(model, field, FK_SUFFIX))
        return definition

    def _target_names(self, field: Any) -> tuple[str, str]:
        """The table and column that a key refers to."""
        remote = field.remote_field
        meta = remote.model._meta
        return meta.db_table, meta.get_field(remote.field_name).column

    def create_model(self, model: Any) -> None:
        """Create a model's table with its indexes and constraints, and the tables of its many-to-many fields."""
        sql, params = self.table_sql(model)
        self.execute(sql, params or None)
        self._comment_new_table(model)
        self.deferred_sql.extend(self._model_indexes_sql(model))
        for field in model._meta.local_many_to_many:
            if field.remote_field.through._meta.auto_created:
                self.create_model(field.remote_field.through)

    def _comment_new_table(self, model: Any) -> None:
        features = self.connection.features
        if not features.supports_comments:
            return
        if model._meta.db_table_comment:
            self.alter_db_table_comment(model, None, model._meta.db_table_comment)
        if features.supports_comments_inline:
            return
        for field in model._meta.local_fields:
            if field.db_comment:
                column_type = field.db_parameters(connection=self.connection)["type"]
                self.execute(*self._alter_column_comment_sql(model, field, column_type, field.db_comment))

    def delete_model(self, model: Any) -> None:
        """Drop a model's table, and the tables of its many-to-many fields."""
        for field in model._meta.local_many_to_many:
            if field.remote_field.through._meta.auto_created:
                self.delete_model(field.remote_field.through)
        table = model._meta.db_table
        self.execute(self.sql_delete_table % {"table": self.quote_name(table)})
        self._forget_deferred(lambda statement: statement.references_table(table))

    def _forget_deferred(self, concerns: Any) -> None:
        """Drop deferred statements that speak of what no longer exists."""
        self.deferred_sql[:] = [
            statement
            for statement in self.deferred_sql
            if not (isinstance(statement, Statement) and concerns(statement))
        ]

    def alter_unique_together(self, model: Any, old_unique_together: Any, new_unique_together: Any) -> None:
        """Make the unique constraints over several fields those of the new set."""
        olds, news = _sets(old_unique_together), _sets(new_unique_together)
        for names in olds - news:
            self._delete_composed_index(
                model, names, {"unique": True, "primary_key": False}, self.sql_delete_unique
            )
        for names in sorted(news - olds):
            fields = [model._meta.get_field(name) for name in names]
            self.execute(self._create_unique_sql(model, fields))

    def alter_index_together(self, model: Any, old_index_together: Any, new_index_together: Any) -> None:
        """Make the indexes over several fields those of the new set; old migrations ask for this."""
        olds, news = _sets(old_index_together), _sets(new_index_together)
        for names in olds - news:
            self._delete_composed_index(model, names, {"index": True, "unique": False}, self.sql_delete_index)
        for names in sorted(news - olds):
            fields = [model._meta.get_field(name) for name in names]
            self.execute(self._create_index_sql(model, fields=fields, suffix="_idx"))

    def alter_db_table(self, model: Any, old_db_table: str, new_db_table: str) -> None:
        """Rename a table."""
        same = old_db_table == new_db_table or (
            self.connection.features.ignores_table_name_case and old_db_table.lower() == new_db_table.lower()
        )
        if same:
            return
        self.execute(
            self.sql_rename_table
            % {"old_table": self.quote_name(old_db_table), "new_table": self.quote_name(new_db_table)}
        )
        for statement in self.deferred_sql:
            if isinstance(statement, Statement):
                statement.rename_table_references(old_db_table, new_db_table)

    def alter_db_table_comment(self, model: Any, old_db_table_comment: Any, new_db_table_comment: Any) -> None:
        """Change a table's comment."""
        if self.sql_alter_table_comment and self.connection.features.supports_comments:
            self.execute(
                self.sql_alter_table_comment
                % {
                    "table": self.quote_name(model._meta.db_table),
                    "comment": self.quote_value(new_db_table_comment or ""),
                }
            )

    def alter_db_tablespace(self, model: Any, old_db_tablespace: str, new_db_tablespace: str) -> None:
        """Move a table to another tablespace."""
        self.execute(
            self.sql_retablespace_table
            % {
                "table": self.quote_name(model._meta.db_table),
                "old_tablespace": self.quote_name(old_db_tablespace),
                "new_tablespace": self.quote_name(new_db_tablespace),
            }
        )

    def _alter_column_comment_sql(
        self, model: Any, new_field: Any, new_type: str, new_db_comment: str | None
    ) -> tuple[str, list[Any]]:
        assert self.sql_alter_column_comment is not None
        sql = self.sql_alter_column_comment % {
            "table": self.quote_name(model._meta.db_table),
            "column": self.quote_name(new_field.column),
            "comment": self._comment_sql(new_db_comment),
        }
        return sql, []


def _sets(together: Iterable[Sequence[str]] | None) -> set[tuple[str, ...]]:
    return {tuple(names) for names in together or ()}

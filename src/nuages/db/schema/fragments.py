"""Fragments of ALTER TABLE: what one statement says of a column's type, null and defaults."""

from __future__ import annotations

from typing import Any

from nuages.db.schema.tables import Tables

Action = tuple[str, list[Any]]
"""A statement, or a part of one, and its parameters."""


class Fragments(Tables):
    """How changes of a column are written."""

    def _alter_column_null_sql(self, model: Any, old_field: Any, new_field: Any) -> Action | None:
        if self.connection.features.interprets_empty_strings_as_nulls and new_field.empty_strings_allowed:
            return None
        params = new_field.db_parameters(connection=self.connection)
        template = self.sql_alter_column_null if new_field.null else self.sql_alter_column_not_null
        return template % {"column": self.quote_name(new_field.column), "type": params["type"]}, []

    def _alter_column_default_sql(
        self, model: Any, old_field: Any, new_field: Any, drop: bool = False
    ) -> Action:
        default = self.effective_default(new_field)
        sql = self._column_default_sql(new_field)
        params: list[Any] = [default]
        if drop:
            params = []
        elif self.connection.features.requires_literal_defaults:
            sql, params = self.prepare_default(default), []
        db_params = new_field.db_parameters(connection=self.connection)
        if not drop:
            template = self.sql_alter_column_default
        elif new_field.null:
            template = self.sql_alter_column_no_default_null
        else:
            template = self.sql_alter_column_no_default
        values = {"column": self.quote_name(new_field.column), "type": db_params["type"], "default": sql}
        return template % values, params

    def _alter_column_database_default_sql(
        self, model: Any, old_field: Any, new_field: Any, drop: bool = False
    ) -> Action:
        sql = ""
        params: list[Any] = []
        if drop:
            template = self.sql_alter_column_no_default
        else:
            template = self.sql_alter_column_default
            sql, params = self.db_default_sql(new_field)
        db_params = new_field.db_parameters(connection=self.connection)
        values = {"column": self.quote_name(new_field.column), "type": db_params["type"], "default": sql}
        return template % values, params

    def _alter_column_type_sql(
        self,
        model: Any,
        old_field: Any,
        new_field: Any,
        new_type: str,
        old_collation: str | None,
        new_collation: str | None,
    ) -> tuple[Action, list[Action]]:
        """The fragment that changes a column's type, and what must be run afterwards."""
        others: list[Action] = []
        features = self.connection.features
        comment = ""
        if features.supports_comments and new_field.db_comment != old_field.db_comment:
            if not features.supports_comments_inline:
                others.append(self._alter_column_comment_sql(model, new_field, new_type, new_field.db_comment))
        if features.supports_comments_inline and new_field.db_comment:
            comment = f" COMMENT {self._comment_sql(new_field.db_comment)}"
        collation = self._collate_sql(new_collation, old_collation, model._meta.db_table)
        sql = self.sql_alter_column_type % {
            "column": self.quote_name(new_field.column),
            "type": new_type,
            "collation": f" {collation}" if collation else "",
            "comment": comment,
        }
        return (sql, []), others

"""Changing MariaDB and MySQL tables."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pymysql.converters

from nuages.db.schema.editor import SchemaEditor
from nuages.db.schema.fragments import Action


class MySQLSchemaEditor(SchemaEditor):
    """The schema editor of MariaDB and MySQL."""

    sql_rename_table = "RENAME TABLE %(old_table)s TO %(new_table)s"

    sql_alter_column_null = "MODIFY %(column)s %(type)s NULL"
    sql_alter_column_not_null = "MODIFY %(column)s %(type)s NOT NULL"
    sql_alter_column_type = "MODIFY %(column)s %(type)s%(collation)s%(comment)s"
    sql_alter_column_no_default_null = "ALTER COLUMN %(column)s SET DEFAULT NULL"
    sql_alter_column_comment = None
    sql_alter_table_comment = "ALTER TABLE %(table)s COMMENT = %(comment)s"

    sql_delete_unique = "ALTER TABLE %(table)s DROP INDEX %(name)s"
    sql_create_column_inline_fk = (
        ", ADD CONSTRAINT %(name)s FOREIGN KEY (%(column)s) REFERENCES %(to_table)s(%(to_column)s)%(on_delete_db)s"
    )
    sql_delete_fk = "ALTER TABLE %(table)s DROP FOREIGN KEY %(name)s"
    sql_delete_pk = "ALTER TABLE %(table)s DROP PRIMARY KEY"
    sql_create_index = "CREATE INDEX %(name)s ON %(table)s (%(columns)s)%(extra)s"
    sql_delete_index = "DROP INDEX %(name)s ON %(table)s"
    sql_rename_index = "ALTER TABLE %(table)s RENAME INDEX %(old_name)s TO %(new_name)s"

    @property
    def sql_delete_check(self) -> str:  # type: ignore[override]
        """MariaDB forgets the checks of a column that is modified, so that one to drop may be gone already."""
        if self.connection.mysql_is_mariadb:
            return "ALTER TABLE %(table)s DROP CONSTRAINT IF EXISTS %(name)s"
        return "ALTER TABLE %(table)s DROP CHECK %(name)s"

    def quote_value(self, value: Any) -> str:
        """A value as a literal."""
        self.connection.ensure_connection()
        quoted = self.connection.connection.escape(value, pymysql.converters.encoders)
        return quoted.decode() if isinstance(quoted, bytes) else str(quoted)

    def prepare_default(self, value: Any) -> str:
        """A default as a literal."""
        return self.quote_value(value)

    # --- types that can have neither index nor default ---------------------------------------------------------------------

    def _is_limited_data_type(self, field: Any) -> bool:
        db_type = field.db_type(self.connection)
        return db_type is not None and db_type.lower() in self.connection._limited_data_types

    def _is_text_or_blob(self, field: Any) -> bool:
        db_type = field.db_type(self.connection)
        return bool(db_type and db_type.lower().endswith(("blob", "text")))

    def skip_default(self, field: Any) -> bool:
        """MySQL takes no plain default for long types; MariaDB does."""
        return self._is_limited_data_type(field) and not self.connection.mysql_is_mariadb

    def skip_default_on_alter(self, field: Any) -> bool:
        """The same, when a column is altered."""
        return self.skip_default(field)

    def _column_default_sql(self, field: Any) -> str:
        if not self.connection.mysql_is_mariadb and self._is_limited_data_type(field):
            return "(%s)"
        return super()._column_default_sql(field)

    def _field_should_be_indexed(self, model: Any, field: Any) -> bool:
        if not super()._field_should_be_indexed(model, field) or self._is_limited_data_type(field):
            return False
        # InnoDB makes an index for a foreign key by itself.
        return not (field.get_internal_type() == "ForeignKey" and field.db_constraint and self._is_innodb(model))

    def _is_innodb(self, model: Any) -> bool:
        with self.connection.cursor() as cursor:
            engine = self.connection.introspection.get_storage_engine(cursor, model._meta.db_table)
        return str(engine) == "InnoDB"

    # --- what the server forgets or forbids ----------------------------------------------------------------------------------

    def add_field(self, model: Any, field: Any) -> None:
        """Add a column; long types get their default by an UPDATE."""
        super().add_field(model, field)
        default = self.effective_default(field) if self.skip_default(field) else None
        if default is not None:
            self.execute(
                f"UPDATE {self.quote_name(model._meta.db_table)} SET {self.quote_name(field.column)} = %s", [default]
            )

    def remove_constraint(self, model: Any, constraint: Any) -> None:
        """Drop a constraint; a foreign key that used its index gets one of its own first."""
        fields = getattr(constraint, "fields", ())
        if fields and constraint.create_sql(model, self) is not None:
            self._create_missing_fk_index(model, fields=fields, expressions=getattr(constraint, "expressions", ()))
        super().remove_constraint(model, constraint)

    def remove_index(self, model: Any, index: Any) -> None:
        """Drop an index; a foreign key that used it gets one of its own first."""
        fields = [name for name, _ in index.fields_orders]
        self._create_missing_fk_index(model, fields=fields, expressions=index.expressions)
        super().remove_index(model, index)

    def _delete_composed_index(self, model: Any, fields: Sequence[str], constraint_kwargs: Any, sql: str) -> None:
        self._create_missing_fk_index(model, fields=fields)
        super()._delete_composed_index(model, fields, constraint_kwargs, sql)

    def _create_missing_fk_index(self, model: Any, *, fields: Sequence[str], expressions: Any = None) -> None:
        """The server refuses to drop the only index that a foreign key's column leads."""
        first = fields[0] if fields else None
        if not first:
            return
        field = model._meta.get_field(first)
        if field.get_internal_type() != "ForeignKey":
            return
        column = self.connection.introspection.identifier_converter(field.column)
        with self.connection.cursor() as cursor:
            existing = self.connection.introspection.get_constraints(cursor, model._meta.db_table)
        leading = [each for each in existing.values() if each["index"] and each["columns"][:1] == [column]]
        if len(leading) == 1 or expressions:
            self.execute(self._create_index_sql(model, fields=[field], suffix=""))

    # --- MODIFY must repeat what shall stay ----------------------------------------------------------------------------------

    def _set_field_new_type(self, field: Any, new_type: str) -> str:
        """The type with what MODIFY would otherwise take away: default and NOT NULL."""
        if field.has_db_default():
            default, params = self.db_default_sql(field)
            new_type += f" DEFAULT {default % tuple(map(self.quote_value, params))}"
        return f"{new_type} {'NULL' if field.null else 'NOT NULL'}"

    def _alter_column_type_sql(
        self,
        model: Any,
        old_field: Any,
        new_field: Any,
        new_type: str,
        old_collation: str | None,
        new_collation: str | None,
    ) -> tuple[Action, list[Action]]:
        new_type = self._set_field_new_type(old_field, new_type)
        return super()._alter_column_type_sql(model, old_field, new_field, new_type, old_collation, new_collation)

    def _alter_column_null_sql(self, model: Any, old_field: Any, new_field: Any) -> Action | None:
        if new_field.has_db_default():
            params = new_field.db_parameters(connection=self.connection)
            new_type = self._set_field_new_type(new_field, params["type"])
            return f"MODIFY {self.quote_name(new_field.column)} {new_type}", []
        return super()._alter_column_null_sql(model, old_field, new_field)

    def _rename_field_sql(self, table: str, old_field: Any, new_field: Any, new_type: str) -> str:
        new_type = self._set_field_new_type(old_field, new_type)
        return super()._rename_field_sql(table, old_field, new_field, new_type)

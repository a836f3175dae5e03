"""The statements of a schema editor, as data that back ends change."""

from __future__ import annotations


class Templates:
    """Statements as most databases write them. ``None`` means that the database has no such statement."""

    sql_create_table: str = "CREATE TABLE %(table)s (%(definition)s)"
    sql_rename_table: str = "ALTER TABLE %(old_table)s RENAME TO %(new_table)s"
    sql_retablespace_table: str = "ALTER TABLE %(table)s SET TABLESPACE %(new_tablespace)s"
    sql_delete_table: str = "DROP TABLE %(table)s CASCADE"

    sql_create_column: str = "ALTER TABLE %(table)s ADD COLUMN %(column)s %(definition)s"
    sql_alter_column: str = "ALTER TABLE %(table)s %(changes)s"
    sql_alter_column_type: str = "ALTER COLUMN %(column)s TYPE %(type)s%(collation)s"
    sql_alter_column_null: str = "ALTER COLUMN %(column)s DROP NOT NULL"
    sql_alter_column_not_null: str = "ALTER COLUMN %(column)s SET NOT NULL"
    sql_alter_column_default: str = "ALTER COLUMN %(column)s SET DEFAULT %(default)s"
    sql_alter_column_no_default: str = "ALTER COLUMN %(column)s DROP DEFAULT"
    sql_alter_column_no_default_null: str = sql_alter_column_no_default
    sql_delete_column: str = "ALTER TABLE %(table)s DROP COLUMN %(column)s"
    sql_rename_column: str = "ALTER TABLE %(table)s RENAME COLUMN %(old_column)s TO %(new_column)s"
    sql_update_with_default: str = "UPDATE %(table)s SET %(column)s = %(default)s WHERE %(column)s IS NULL"

    sql_unique_constraint: str = "UNIQUE (%(columns)s)%(deferrable)s"
    sql_check_constraint: str = "CHECK (%(check)s)"
    sql_pk_constraint: str = "PRIMARY KEY (%(columns)s)"
    sql_constraint: str = "CONSTRAINT %(name)s %(constraint)s"
    sql_delete_constraint: str = "ALTER TABLE %(table)s DROP CONSTRAINT %(name)s"

    sql_create_check: str = "ALTER TABLE %(table)s ADD CONSTRAINT %(name)s CHECK (%(check)s)"
    sql_delete_check: str = sql_delete_constraint
    sql_create_unique: str = (
        "ALTER TABLE %(table)s ADD CONSTRAINT %(name)s UNIQUE%(nulls_distinct)s (%(columns)s)%(deferrable)s"
    )
    sql_delete_unique: str = sql_delete_constraint
    sql_create_fk: str | None = (
        "ALTER TABLE %(table)s ADD CONSTRAINT %(name)s FOREIGN KEY (%(column)s) REFERENCES %(to_table)s (%(to_column)s)"
        "%(on_delete_db)s%(deferrable)s"
    )
    sql_create_inline_fk: str | None = None
    sql_create_column_inline_fk: str | None = None
    sql_delete_fk: str = sql_delete_constraint
    sql_create_pk: str = "ALTER TABLE %(table)s ADD CONSTRAINT %(name)s PRIMARY KEY (%(columns)s)"
    sql_delete_pk: str = sql_delete_constraint

    sql_create_index: str = (
        "CREATE INDEX %(name)s ON %(table)s (%(columns)s)%(include)s%(extra)s%(condition)s"
    )
    sql_create_unique_index: str = (
        "CREATE UNIQUE INDEX %(name)s ON %(table)s (%(columns)s)%(include)s%(nulls_distinct)s%(condition)s"
    )
    sql_rename_index: str = "ALTER INDEX %(old_name)s RENAME TO %(new_name)s"
    sql_delete_index: str = "DROP INDEX %(name)s"

    sql_alter_table_comment: str | None = "COMMENT ON TABLE %(table)s IS %(comment)s"
    sql_alter_column_comment: str | None = "COMMENT ON COLUMN %(table)s.%(column)s IS %(comment)s"

    sql_delete_procedure: str = "DROP PROCEDURE %(procedure)s"

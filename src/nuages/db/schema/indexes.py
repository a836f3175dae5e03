"""Indexes: of fields, of ``Meta.indexes``, and the statements that make and remove them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from nuages.db.schema.columns import Columns as ColumnDefinitions
from nuages.db.schema.compiling import expression_compiler
from nuages.db.schema.naming import index_name
from nuages.db.schema.references import Columns, Expressions, IndexName, Statement, Table


class Indexes(ColumnDefinitions):
    """What an editor does with indexes."""

    deferred_sql: list[Any]

    def execute(self, sql: Any, params: Any = ()) -> None:
        """Run or collect a statement; see ``SchemaEditor``."""
        raise NotImplementedError

    def add_index(self, model: Any, index: Any) -> None:
        """Create an index of ``Meta.indexes``."""
        if index.contains_expressions and not self.connection.features.supports_expression_indexes:
            return
        # The index writes its own parameters into the statement.
        self.execute(index.create_sql(model, self), params=None)

    def remove_index(self, model: Any, index: Any) -> None:
        """Drop an index of ``Meta.indexes``."""
        if index.contains_expressions and not self.connection.features.supports_expression_indexes:
            return
        self.execute(index.remove_sql(model, self))

    def rename_index(self, model: Any, old_index: Any, new_index: Any) -> None:
        """Rename an index; databases that cannot drop it and create it."""
        if self.connection.features.can_rename_index:
            self.execute(self._rename_index_sql(model, old_index.name, new_index.name), params=None)
        else:
            self.remove_index(model, old_index)
            self.add_index(model, new_index)

    # --- names -----------------------------------------------------------------------------------------------------------

    def _create_index_name(self, table_name: str, column_names: Sequence[str], suffix: str = "") -> str:
        return index_name(table_name, column_names, suffix, self.connection.ops.max_name_length() or 200)

    # --- statements --------------------------------------------------------------------------------------------------------

    def _get_index_tablespace_sql(self, model: Any, fields: Sequence[Any], db_tablespace: str | None = None) -> str:
        tablespace = db_tablespace
        if tablespace is None:
            if len(fields) == 1 and fields[0].db_tablespace:
                tablespace = fields[0].db_tablespace
            else:
                tablespace = model._meta.db_tablespace
        return f" {self.connection.ops.tablespace_sql(tablespace)}" if tablespace else ""

    def _index_condition_sql(self, condition: str | None) -> str:
        return f" WHERE {condition}" if condition else ""

    def _index_include_sql(self, model: Any, columns: Sequence[str] | None) -> Any:
        if not columns or not self.connection.features.supports_covering_indexes:
            return ""
        return Statement(" INCLUDE (%(columns)s)", columns=Columns(model._meta.db_table, columns, self.quote_name))

    def _index_columns(
        self, table: str, columns: Sequence[str], col_suffixes: Sequence[str], opclasses: Sequence[str]
    ) -> Any:
        return Columns(table, columns, self.quote_name, col_suffixes=col_suffixes)

    def _create_index_sql(
        self,
        model: Any,
        *,
        fields: Sequence[Any] | None = None,
        name: str | None = None,
        suffix: str = "",
        using: str = "",
        db_tablespace: str | None = None,
        col_suffixes: Sequence[str] = (),
        sql: str | None = None,
        opclasses: Sequence[str] = (),
        condition: str | None = None,
        include: Sequence[str] | None = None,
        expressions: Any = None,
    ) -> Statement:
        """The statement that creates an index on fields or on expressions, named by the rules if no name is given."""
        fields, expressions = fields or [], expressions or []
        table = model._meta.db_table
        columns = [field.column for field in fields]
        named: Any
        if name is None:
            named = IndexName(table, columns, suffix, lambda *args: self.quote_name(self._create_index_name(*args)))
        else:
            named = self.quote_name(name)
        if columns:
            listed = self._index_columns(table, columns, col_suffixes, opclasses)
        else:
            compiler = expression_compiler(self.connection, model, alias_cols=False)
            listed = Expressions(table, expressions, compiler, self.quote_value)
        return Statement(
            sql or self.sql_create_index,
            table=Table(table, self.quote_name),
            name=named,
            using=using,
            columns=listed,
            extra=self._get_index_tablespace_sql(model, fields, db_tablespace=db_tablespace),
            condition=self._index_condition_sql(condition),
            include=self._index_include_sql(model, include),
        )

    def _delete_index_sql(self, model: Any, name: str, sql: str | None = None) -> Statement:
        return Statement(
            sql or self.sql_delete_index,
            table=Table(model._meta.db_table, self.quote_name),
            name=self.quote_name(name),
        )

    def _rename_index_sql(self, model: Any, old_name: str, new_name: str) -> Statement:
        return Statement(
            self.sql_rename_index,
            table=Table(model._meta.db_table, self.quote_name),
            old_name=self.quote_name(old_name),
            new_name=self.quote_name(new_name),
        )

    # --- which indexes a model has ---------------------------------------------------------------------------------------

    def _model_indexes_sql(self, model: Any) -> list[Any]:
        """The statements for all indexes of a model: of its fields, then of ``Meta.indexes``."""
        meta = model._meta
        if not meta.managed or meta.proxy or meta.swapped:
            return []
        output: list[Any] = []
        for field in meta.local_fields:
            output.extend(self._field_indexes_sql(model, field))
        expressions = self.connection.features.supports_expression_indexes
        for index in meta.indexes:
            if expressions or not index.contains_expressions:
                output.append(index.create_sql(model, self))
        return [statement for statement in output if statement is not None]

    def _field_indexes_sql(self, model: Any, field: Any) -> list[Any]:
        if self._field_should_be_indexed(model, field):
            return [self._create_index_sql(model, fields=[field])]
        return []

    def _field_should_be_indexed(self, model: Any, field: Any) -> bool:
        return bool(field.db_index and not field.unique)

    def _quoted(self, names: Iterable[str]) -> str:
        return ", ".join(self.quote_name(name) for name in names)

"""INSERT, UPDATE and DELETE."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from operator import attrgetter
from typing import Any, NamedTuple

from nuages.exceptions import EmptyResultSet, FieldError, FullResultSet
from nuages.sql.compiler.executing import SQLCompiler
from nuages.sql.constants import MULTI, ROW_COUNT
from nuages.sql.expressions.expression import SQL
from nuages.sql.expressions.functional import DatabaseDefault
from nuages.sql.keeping import kept_types, reads_attribute
from nuages.sql.slots import Bound, Slot


def placeholder_of(field: Any, value: Any, compiler: Any, connection: Any) -> str:
    """The place-holder for a field's value: ``%s``, or what the field puts around it."""
    if hasattr(field, "get_placeholder"):
        return field.get_placeholder(value, compiler, connection)  # type: ignore[no-any-return]
    return "%s"


class _Piece(NamedTuple):
    """SQL in the place of a value, with its parameters."""

    sql: str
    params: Sequence[Any]


class SQLInsertCompiler(SQLCompiler):
    """INSERT of one or many rows."""

    returning_fields: Sequence[Any] | None = None
    returning_params: tuple[Any, ...] = ()

    def field_as_sql(self, field: Any, value: Any) -> SQL:
        """SQL and parameters of one value."""
        if field is None:
            return value, []
        if hasattr(value, "as_sql"):
            return self.compile(value)
        if hasattr(field, "get_placeholder_sql"):
            return field.get_placeholder_sql(value, self, self.connection)  # type: ignore[no-any-return]
        return placeholder_of(field, value, self, self.connection), [value]

    def prepare_value(self, field: Any, value: Any) -> Any:
        """A value as it is written; expressions resolved. Raises FieldError for those that cannot stand in an INSERT."""
        if hasattr(value, "resolve_expression"):
            value = value.resolve_expression(self.query, allow_joins=False, for_save=True)
            if value.contains_column_references:
                raise FieldError(f'Failed to insert expression "{value}" on {field}. A row that is inserted has no columns yet that F() could name.')
            if value.contains_aggregate:
                raise FieldError(f"Aggregate functions are not allowed in this query ({field.name}={value!r}).")
            if value.contains_over_clause:
                raise FieldError(f"Window expressions are not allowed in this query ({field.name}={value!r}).")
        return field.get_db_prep_save(value, connection=self.connection)

    def pre_save_val(self, field: Any, obj: Any) -> Any:
        """What the object has for the field."""
        if self.query.raw:
            return getattr(obj, field.attname)
        return field.pre_save(obj, add=True)

    def _reader(self, field: Any) -> Callable[[Any], Any]:
        """The function that gives an object's value for a field."""
        if self.query.raw or reads_attribute(field):
            return attrgetter(field.attname)
        return lambda obj: self.pre_save_val(field, obj)

    def _rows(self, fields: list[Any]) -> tuple[list[str], list[list[Any]]]:
        """Place-holders and parameters of each row."""
        connection = self.connection
        readers = [self._reader(field) for field in fields]
        columns = [
            (field, kept_types(field, connection), not hasattr(field, "get_placeholder") and not hasattr(field, "get_placeholder_sql"))
            for field in fields
        ]
        texts: list[str] = []
        params: list[list[Any]] = []
        plain_text = f"({', '.join(['%s'] * len(fields))})"
        for obj in self.query.objs:
            row: list[Any] = []
            whole = True
            for (field, kept, plain), read in zip(columns, readers, strict=True):
                value = read(obj)
                if value.__class__ in kept:
                    row.append(value)
                elif plain and not hasattr(value, "resolve_expression"):
                    row.append(field.get_db_prep_save(value, connection=connection))
                else:
                    row.append(_Piece(*self.field_as_sql(field, self.prepare_value(field, value))))
                    whole = False
            texts.append(plain_text if whole else f"({', '.join([item.sql if type(item) is _Piece else '%s' for item in row])})")
            params.append(row if whole else [one for item in row for one in (item.params if type(item) is _Piece else (item,))])
        return texts, params

    def _written_fields(self) -> list[Any]:
        """The fields to name: those that get their database default in all rows are left out."""
        query = self.query
        if query.raw or not any(field.has_db_default() for field in query.fields):
            return list(query.fields)
        kept = [
            field
            for field in query.fields
            if not field.has_db_default() or not all(isinstance(getattr(obj, field.attname), DatabaseDefault) for obj in query.objs)
        ]
        return kept or list(query.fields)

    def as_statements(self) -> list[SQL]:
        """The statements: one for all rows where the database can, else one for each."""
        query, ops, features = self.query, self.connection.ops, self.connection.features
        opts = query.get_meta()
        quote = ops.quote_name
        start = f"{ops.insert_statement(on_conflict=query.on_conflict)} {quote(opts.db_table)}"
        suffix = ops.on_conflict_suffix_sql(
            query.fields,
            query.on_conflict,
            [quote(field.column) for field in query.update_fields],
            [quote(field.column) for field in query.unique_fields],
        )
        returning, self.returning_params = ("", ())
        if self.returning_fields and features.can_return_columns_from_insert:
            returning, self.returning_params = ops.returning_columns(self.returning_fields)
        tail = " ".join(part for part in (suffix, returning) if part)
        tail = f" {tail}" if tail else ""
        fields = self._written_fields()
        if not fields:
            column = quote(opts.pk.column)
            text = f"{start} ({column}) VALUES ({ops.pk_default_value()}){tail}"
            return [(text, tuple(self.returning_params)) for _ in query.objs]
        columns = ", ".join(quote(field.column) for field in fields)
        rows, params = self._rows(fields)
        together = features.has_bulk_insert and (not self.returning_fields or features.can_return_rows_from_bulk_insert or len(rows) == 1)
        if together:
            values = ", ".join(rows)
            flat = tuple(value for row in params for value in row)
            return [(f"{start} ({columns}) VALUES {values}{tail}", (*flat, *self.returning_params))]
        return [
            (f"{start} ({columns}) VALUES {row}{tail}", (*values, *self.returning_params))
            for row, values in zip(rows, params, strict=True)
        ]

    def as_sql(self, with_limits: bool = True, with_col_aliases: bool = False) -> Any:
        """The statements."""
        return self.as_statements()

    def execute_sql(self, returning_fields: Any = None, *args: Any, **kwargs: Any) -> Any:  # type: ignore[override]
        """Run it; a tuple of returned values per row (the primary key alone where the database returns no columns)."""
        self.returning_fields = returning_fields
        opts = self.query.get_meta()
        rows: list[Any] = []
        for sql, params in self.as_statements():
            cursor = self.connection.execute(sql, params)
            try:
                rows.extend(self._returned(cursor, opts))
            finally:
                cursor.close()
        if not returning_fields or not rows:
            return []
        columns = [field.get_col(opts.db_table) for field in returning_fields]
        converters = self.get_converters(columns)
        return [tuple(row) for row in self.apply_converters(rows, converters)] if converters else rows

    def _returned(self, cursor: Any, opts: Any) -> list[Any]:
        if not self.returning_fields:
            return []
        if self.connection.features.can_return_columns_from_insert:
            return list(cursor.fetchall())
        if self.query.on_conflict is not None:
            return []
        key = self.connection.ops.last_insert_id(cursor, opts.db_table, opts.pk.column)
        return [(key,)]


class SQLDeleteCompiler(SQLCompiler):
    """DELETE."""

    @property
    def single_alias(self) -> bool:
        """Whether only one table is concerned."""
        self.query.get_initial_alias()
        return bool(sum(self.query.alias_refcount[alias] > 0 for alias in self.query.alias_map) == 1)

    def contains_self_reference_subquery(self) -> bool:
        """Whether a subquery of the condition reads the table that is deleted from."""
        table: Any = self.query.base_table
        return any(
            bool(table in getattr(part, "alias_map", ()) or self.query.get_meta().db_table in getattr(part, "table_map", ()))
            for leaf in self.query.where.leaves()
            for source in (leaf.get_source_expressions() if hasattr(leaf, "get_source_expressions") else ())
            for part in (source, getattr(source, "query", None))
            if part is not None
        )

    def _as_sql(self, query: Any) -> SQL:
        base = self.quote_name_unless_alias(query.base_table)
        try:
            where, params = self.compile(query.where)
        except FullResultSet:
            return f"DELETE FROM {base}", ()
        return f"DELETE FROM {base} WHERE {where}", tuple(params)

    def as_sql(self, with_limits: bool = True, with_col_aliases: bool = False) -> Any:
        """``DELETE FROM … WHERE …``; with joins, by primary keys from a subquery."""
        features = self.connection.features
        if self.single_alias and (features.delete_can_self_reference_subquery or not self.contains_self_reference_subquery()):
            return self._as_sql(self.query)
        inner = self.query.clone()
        inner.__class__ = _select_class(self.query)
        inner.clear_select_clause()
        inner.clear_ordering(force=True)
        key = self.query.model._meta.pk
        column = key.get_col(self.query.get_initial_alias())
        columns = column.get_cols() if hasattr(column, "get_cols") else [column]
        inner.select = tuple(columns)
        sql, params = inner.get_compiler(self.using, self.connection).as_sql()
        names = ", ".join(self.connection.ops.quote_name(one.target.column) for one in columns)
        if not features.update_can_self_select or not features.delete_can_self_reference_subquery:
            sql = f"SELECT * FROM ({sql}) {self.connection.ops.quote_name('subquery')}"
        left = f"({names})" if len(columns) > 1 else f"{self.quote_name_unless_alias(self.query.base_table)}.{names}"
        return f"DELETE FROM {self.quote_name_unless_alias(self.query.base_table)} WHERE {left} IN ({sql})", params

    def execute_sql(self, result_type: str | None = ROW_COUNT, chunked_fetch: bool = False, chunk_size: int = 100) -> Any:
        """Run it; the number of rows deleted."""
        return super().execute_sql(result_type, chunked_fetch, chunk_size) or 0


def _select_class(query: Any) -> Any:
    """The plain query class above a writing one."""
    return next(cls for cls in type(query).__mro__ if cls.__dict__.get("compiler", "SQLCompiler") == "SQLCompiler")


class SQLUpdateCompiler(SQLCompiler):
    """UPDATE, with updates of parent tables where fields live there."""

    returning_fields: Sequence[Any] | None = None

    def _assignment(self, field: Any, value: Any) -> SQL:
        quote = self.connection.ops.quote_name
        if type(value) is Slot:
            return f"{quote(field.column)} = %s", [Bound(value.index, field.get_db_prep_save)]
        if hasattr(value, "resolve_expression"):
            value = value.resolve_expression(self.query, allow_joins=False, for_save=True)
            if value.contains_aggregate:
                raise FieldError(f"Aggregate functions are not allowed in this query ({field.name}={value!r}).")
            if value.contains_over_clause:
                raise FieldError(f"Window expressions are not allowed in this query ({field.name}={value!r}).")
            if isinstance(getattr(value, "is_composite_columns", None), bool):
                raise FieldError("Composite primary keys expressions are not allowed in this query (only single columns are).")
        elif hasattr(value, "prepare_database_save"):
            if not field.remote_field:
                raise TypeError(f"Tried to update field {field} with a model instance, {value!r}. Use a value compatible with {type(field).__name__}.")
            value = value.prepare_database_save(field)
        value = field.get_db_prep_save(value, connection=self.connection)
        if hasattr(value, "as_sql"):
            sql, params = self.compile(value)
            return f"{quote(field.column)} = {self._around(field, value, sql)}", params
        if hasattr(field, "get_placeholder_sql"):
            sql, params = field.get_placeholder_sql(value, self, self.connection)
            return f"{quote(field.column)} = {sql}", params
        if value is None:
            return f"{quote(field.column)} = NULL", []
        return f"{quote(field.column)} = {placeholder_of(field, value, self, self.connection)}", [value]

    def _around(self, field: Any, value: Any, sql: str) -> str:
        if hasattr(field, "get_placeholder"):
            return field.get_placeholder(value, self, self.connection) % sql  # type: ignore[no-any-return]
        return sql

    def as_sql(self, with_limits: bool = True, with_col_aliases: bool = False) -> Any:
        """``UPDATE … SET … WHERE …``; empty if there is nothing to set."""
        self.pre_sql_setup()
        query = self.query
        if not query.values:
            return "", ()
        texts: list[str] = []
        params: list[Any] = []
        for field, _, value in query.values:
            sql, values = self._assignment(field, value)
            texts.append(sql)
            params.extend(values)
        parts = [f"UPDATE {self.quote_name_unless_alias(query.base_table)} SET {', '.join(texts)}"]
        try:
            where, where_params = self.compile(query.where)
        except FullResultSet:
            pass
        else:
            parts.append(f"WHERE {where}")
            params.extend(where_params)
        if self.connection.vendor == "mysql" and query.order_by and query.count_active_tables() == 1:
            self._add_order(parts, params, self.get_order_by())
        if self.returning_fields:
            returning, returning_params = self.connection.ops.returning_columns(self.returning_fields)
            parts.append(returning)
            params.extend(returning_params)
        return " ".join(parts), tuple(params)

    def execute_sql(self, result_type: str | None = ROW_COUNT, chunked_fetch: bool = False, chunk_size: int = 100) -> Any:
        """Run it and the updates of parents; the number of rows that matched."""
        count = super().execute_sql(ROW_COUNT)
        is_empty = not self.query.values
        count = 0 if count is None or count < 0 else count
        for query in self.query.get_related_updates():
            extra = query.get_compiler(self.using, self.connection).execute_sql(ROW_COUNT)
            if is_empty and extra:
                count, is_empty = extra, False
        return count

    def execute_returning_sql(self, returning_fields: Sequence[Any]) -> list[Any]:
        """Run it; the values of these fields for each row that matched, where the database returns them."""
        self.returning_fields = returning_fields if self.connection.features.can_return_rows_from_update else None
        try:
            sql, params = self.as_sql()
        except EmptyResultSet:
            return []
        cursor = self.connection.execute(sql, params)
        rows = list(cursor.fetchall()) if self.returning_fields else []
        cursor.close()
        columns = [field.get_col(self.query.get_meta().db_table) for field in returning_fields]
        return [tuple(row) for row in self.apply_converters(rows, self.get_converters(columns))]

    def pre_sql_setup(self, with_col_aliases: bool = False) -> Any:
        """With joins (or parents to update), restrict by primary keys instead."""
        query = self.query
        counts = query.alias_refcount.copy()
        query.get_initial_alias()
        count = query.count_active_tables()
        if not query.related_updates and count == 1:
            return None
        inner = query.chain(klass=_select_class(query))
        inner.related_updates = {}
        inner.clear_ordering(force=True)
        inner.extra = {}
        inner.select = ()
        inner.clear_select_clause()
        inner.selected = None
        inner.add_fields([query.get_meta().pk.name])
        must_list = count > 1 and not self.connection.features.update_can_self_select
        query.where = type(query.where)()
        if query.related_updates or must_list:
            self._list_ids(inner)
        else:
            query.add_filter("pk__in", inner)
        query.reset_refcounts(counts)
        query.alias_refcount[query.base_table] = max(1, query.alias_refcount.get(query.base_table, 0))
        for alias in query.alias_refcount:
            if alias != query.base_table:
                query.alias_refcount[alias] = 0
        return None

    def _list_ids(self, inner: Any) -> None:
        """Read the primary keys first: of the rows, and of their parents' rows."""
        query = self.query
        links: list[Any] = []
        for model in query.related_updates:
            link = query.get_meta().get_ancestor_link(model)
            links.append(model)
            inner.add_fields([link.attname if link is not None else "pk"])
        ids: list[Any] = []
        related: dict[Any, list[Any]] = {model: [] for model in links}
        for rows in inner.get_compiler(self.using, self.connection).execute_sql(MULTI):
            for row in rows:
                ids.append(row[0])
                for index, model in enumerate(links, 1):
                    related[model].append(row[index])
        query.add_filter("pk__in", ids)
        query.related_ids = related

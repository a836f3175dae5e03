"""Running a SELECT and reading its rows."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from itertools import chain
from typing import Any

from nuages.exceptions import EmptyResultSet
from nuages.sql.compiler.select import SelectText
from nuages.sql.constants import CURSOR, MULTI, NO_RESULTS, ROW_COUNT, SINGLE
from nuages.sql.expressions.columns import ColPairs

Converters = dict[int, tuple[list[Any], Any]]


class SQLCompiler(SelectText):
    """Compiles a query for one connection, executes it there and converts what comes back."""

    def execute_sql(self, result_type: str | None = MULTI, chunked_fetch: bool = False, chunk_size: int = 100) -> Any:
        """Run it. ``result_type``: SINGLE gives a row or None, MULTI chunks of rows, ROW_COUNT a number, CURSOR the cursor."""
        kind = result_type or NO_RESULTS
        try:
            sql, params = self.as_sql()
            if not sql:
                raise EmptyResultSet
        except EmptyResultSet:
            return iter([]) if kind == MULTI else (0 if kind == ROW_COUNT else None)
        connection = self.connection
        if kind == MULTI:
            if chunked_fetch:
                return self._trimmed(connection.chunks(sql, params, chunk_size))
            return self._trimmed([connection.rows(sql, params)])
        cursor = connection.execute(sql, params)
        if kind == CURSOR:
            return cursor
        try:
            if kind == ROW_COUNT:
                return cursor.rowcount
            if kind == SINGLE:
                row = cursor.fetchone()
                return row[: self.col_count] if row else row
            return None
        finally:
            cursor.close()

    def _trimmed(self, chunks: Iterable[list[Any]]) -> Iterable[list[Any]]:
        """Without the columns that only the order needed."""
        if not self.has_extra_select:
            return chunks
        width = self.col_count
        return ([row[:width] for row in rows] for rows in chunks)

    def has_results(self) -> bool:
        """Whether there is a row."""
        return bool(self.execute_sql(SINGLE))

    def get_converters(self, expressions: Iterable[Any]) -> Converters:
        """Position → converters and expression, for the columns that have any."""
        found: Converters = {}
        position = 0
        for expression in expressions:
            columns = expression.get_cols() if isinstance(expression, ColPairs) else [expression]
            for column in columns:
                if column is not None:
                    converters = [*self.connection.ops.get_db_converters(column), *column.get_db_converters(self.connection)]
                    if converters:
                        found[position] = (converters, column)
                position += 1
        return found

    def convert_row(self, row: list[Any], converters: Converters, connection: Any = None) -> list[Any]:
        """The row with its values converted, in place; for another connection to the same database, if given."""
        connection = connection or self.connection
        for position, (functions, expression) in converters.items():
            value = row[position]
            for function in functions:
                value = function(value, expression, connection)
            row[position] = value
        return row

    def apply_converters(self, rows: Iterable[Any], converters: Converters) -> Iterator[list[Any]]:
        """All rows converted, as lists."""
        for row in rows:
            yield self.convert_row(list(row), converters)

    def results_iter(
        self, results: Any = None, tuple_expected: bool = False, chunked_fetch: bool = False, chunk_size: int = 100
    ) -> Iterable[Any]:
        """The rows, converted. ``tuple_expected``: as tuples even where nothing was converted."""
        if results is None:
            results = self.execute_sql(MULTI, chunked_fetch=chunked_fetch, chunk_size=chunk_size)
        expressions = [expression for expression, _, _ in self.select[: self.col_count]]
        converters = self.get_converters(expressions)
        rows: Iterable[Any] = chain.from_iterable(results)
        if converters:
            rows = self.apply_converters(rows, converters)
        composite = [index for index, expression in enumerate(expressions) if isinstance(expression, ColPairs)]
        if composite:
            rows = map(_packer(expressions), rows)
        if tuple_expected:
            rows = map(tuple, rows)
        return rows

    def column_names(self) -> list[str]:
        """The names of the selected values, in order, as ``values()`` shows them."""
        query = self.query
        if query.selected is not None:
            return list(query.selected)
        return [*query.extra_select, *query.values_select, *query.annotation_select]

    def explain_query(self) -> Iterator[str]:
        """The lines of the database's explanation."""
        sql, params = self.as_sql()
        info = self.query.explain_info
        for row in self.connection.rows(sql, params):
            yield " ".join(_explained(value, info.format) for value in row)


def _explained(value: Any, format: str | None) -> str:
    if isinstance(value, str):
        return value
    return json.dumps(value) if format and format.lower() == "json" else str(value)


def _packer(expressions: list[Any]) -> Any:
    """A function that makes one tuple of the columns of each composite expression."""
    widths = [len(expression) if isinstance(expression, ColPairs) else 0 for expression in expressions]

    def pack(row: Any) -> list[Any]:
        packed: list[Any] = []
        position = 0
        for width in widths:
            if width:
                packed.append(tuple(row[position : position + width]))
                position += width
            else:
                packed.append(row[position])
                position += 1
        return packed

    return pack


class SQLAggregateCompiler(SQLCompiler):
    """Aggregates over a subquery."""

    def as_sql(self, with_limits: bool = True, with_col_aliases: bool = False) -> Any:
        """``SELECT aggregates FROM (inner) subquery``."""
        texts: list[str] = []
        params: list[Any] = []
        for annotation in self.query.annotation_select.values():
            sql, values = self.compile(annotation)
            sql, values = annotation.select_format(self, sql, values)
            texts.append(sql)
            params.extend(values)
        self.col_count = len(self.query.annotation_select)
        inner = self.query.inner_query
        inner_sql, inner_params = inner.get_compiler(self.using, self.connection, elide_empty=self.elide_empty).as_sql(with_col_aliases=True)
        quote = self.connection.ops.quote_name
        return f"SELECT {', '.join(texts)} FROM ({inner_sql}) {quote('subquery')}", (*params, *inner_params)

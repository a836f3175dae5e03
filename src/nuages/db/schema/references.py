"""Parts of deferred statements that know which tables and columns they mean, so that renames can reach them."""

from __future__ import annotations

import copy
from collections.abc import Callable, Sequence
from typing import Any

QuoteName = Callable[[str], str]


class Reference:
    """Something in a statement that may mean a table, a column or an index."""

    def references_table(self, table: str) -> bool:
        """Whether it means ``table``."""
        return False

    def references_column(self, table: str, column: str) -> bool:
        """Whether it means ``column`` of ``table``."""
        return False

    def references_index(self, table: str, index: str) -> bool:
        """Whether it means ``index`` of ``table``."""
        return False

    def rename_table_references(self, old_table: str, new_table: str) -> None:
        """Follow the renaming of a table."""

    def rename_column_references(self, table: str, old_column: str, new_column: str) -> None:
        """Follow the renaming of a column."""

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {str(self)!r}>"


class Table(Reference):
    """A table's name."""

    def __init__(self, table: str, quote_name: QuoteName) -> None:
        self.table, self.quote_name = table, quote_name

    def references_table(self, table: str) -> bool:
        return self.table == table

    def references_index(self, table: str, index: str) -> bool:
        return self.references_table(table) and str(self) == self.quote_name(index)

    def rename_table_references(self, old_table: str, new_table: str) -> None:
        if self.table == old_table:
            self.table = new_table

    def __str__(self) -> str:
        return self.quote_name(self.table)


class TableColumns(Table):
    """Some columns of a table."""

    def __init__(self, table: str, columns: Sequence[str]) -> None:
        self.table, self.columns = table, list(columns)

    def references_column(self, table: str, column: str) -> bool:
        return self.table == table and column in self.columns

    def rename_column_references(self, table: str, old_column: str, new_column: str) -> None:
        if self.table == table:
            self.columns = [new_column if column == old_column else column for column in self.columns]


class Columns(TableColumns):
    """A list of columns, each with an optional suffix such as ``DESC``."""

    def __init__(
        self, table: str, columns: Sequence[str], quote_name: QuoteName, col_suffixes: Sequence[str] = ()
    ) -> None:
        super().__init__(table, columns)
        self.quote_name, self.col_suffixes = quote_name, col_suffixes

    def _suffix(self, position: int) -> str:
        return self.col_suffixes[position] if position < len(self.col_suffixes) else ""

    def _column(self, position: int, column: str) -> str:
        return f"{self.quote_name(column)} {self._suffix(position)}".rstrip()

    def __str__(self) -> str:
        return ", ".join(self._column(position, column) for position, column in enumerate(self.columns))


class IndexColumns(Columns):
    """The columns of an index with an operator class each."""

    def __init__(
        self,
        table: str,
        columns: Sequence[str],
        quote_name: QuoteName,
        col_suffixes: Sequence[str] = (),
        opclasses: Sequence[str] = (),
    ) -> None:
        super().__init__(table, columns, quote_name, col_suffixes)
        self.opclasses = opclasses

    def _column(self, position: int, column: str) -> str:
        return f"{self.quote_name(column)} {self.opclasses[position]} {self._suffix(position)}".rstrip()


class IndexName(TableColumns):
    """The name of an index, made when the statement is run: after renames."""

    def __init__(
        self, table: str, columns: Sequence[str], suffix: str, create_index_name: Callable[..., str]
    ) -> None:
        super().__init__(table, columns)
        self.suffix, self.create_index_name = suffix, create_index_name

    def __str__(self) -> str:
        return self.create_index_name(self.table, self.columns, self.suffix)


class ForeignKeyName(TableColumns):
    """The name of a foreign key constraint; it tells where the key leads."""

    def __init__(
        self,
        from_table: str,
        from_columns: Sequence[str],
        to_table: str,
        to_columns: Sequence[str],
        suffix_template: str,
        create_fk_name: Callable[..., str],
    ) -> None:
        super().__init__(from_table, from_columns)
        self.to_reference = TableColumns(to_table, to_columns)
        self.suffix_template, self.create_fk_name = suffix_template, create_fk_name

    def references_table(self, table: str) -> bool:
        return super().references_table(table) or self.to_reference.references_table(table)

    def references_column(self, table: str, column: str) -> bool:
        return super().references_column(table, column) or self.to_reference.references_column(table, column)

    def rename_table_references(self, old_table: str, new_table: str) -> None:
        super().rename_table_references(old_table, new_table)
        self.to_reference.rename_table_references(old_table, new_table)

    def rename_column_references(self, table: str, old_column: str, new_column: str) -> None:
        super().rename_column_references(table, old_column, new_column)
        self.to_reference.rename_column_references(table, old_column, new_column)

    def __str__(self) -> str:
        suffix = self.suffix_template % {
            "to_table": self.to_reference.table,
            "to_column": self.to_reference.columns[0],
        }
        return self.create_fk_name(self.table, self.columns, suffix)


def _columns_in(expressions: Any) -> list[Any]:
    """The references to columns in resolved expressions."""
    return [each for each in expressions.flatten() if hasattr(each, "target") and hasattr(each, "alias")]


class Expressions(TableColumns):
    """Expressions over the columns of a table."""

    def __init__(self, table: str, expressions: Any, compiler: Any, quote_value: Callable[[Any], str]) -> None:
        self.compiler, self.expressions, self.quote_value = compiler, expressions, quote_value
        super().__init__(table, [column.target.column for column in _columns_in(expressions)])

    def rename_table_references(self, old_table: str, new_table: str) -> None:
        if self.table == old_table:
            self.expressions = self.expressions.relabeled_clone({old_table: new_table})
            super().rename_table_references(old_table, new_table)

    def rename_column_references(self, table: str, old_column: str, new_column: str) -> None:
        if self.table != table:
            return
        expressions = copy.deepcopy(self.expressions)
        self.columns = []
        for column in _columns_in(expressions):
            if column.target.column == old_column:
                # The field is the model's; only this statement shall see the new name.
                column.target = copy.copy(column.target)
                column.target.column = new_column
            self.columns.append(column.target.column)
        self.expressions = expressions

    def __str__(self) -> str:
        sql, params = self.compiler.compile(self.expressions)
        return str(sql % tuple(map(self.quote_value, params)))


class Statement(Reference):
    """A template and its parts, put together when it is run."""

    def __init__(self, template: str, **parts: Any) -> None:
        self.template, self.parts = template, parts

    def _any(self, method: str, *names: str) -> bool:
        return any(
            getattr(part, method)(*names) for part in self.parts.values() if hasattr(part, method)
        )

    def _each(self, method: str, *names: str) -> None:
        for part in self.parts.values():
            if hasattr(part, method):
                getattr(part, method)(*names)

    def references_table(self, table: str) -> bool:
        return self._any("references_table", table)

    def references_column(self, table: str, column: str) -> bool:
        return self._any("references_column", table, column)

    def references_index(self, table: str, index: str) -> bool:
        return self._any("references_index", table, index)

    def rename_table_references(self, old_table: str, new_table: str) -> None:
        self._each("rename_table_references", old_table, new_table)

    def rename_column_references(self, table: str, old_column: str, new_column: str) -> None:
        self._each("rename_column_references", table, old_column, new_column)

    def __str__(self) -> str:
        return self.template % self.parts

"""A column of a table that the query has joined already, named by the table."""

from __future__ import annotations

from typing import Any

from nuages.sql.expressions import Col, Expression


class JoinedColumn(Expression):
    """The column of `field` in the first use of `table` in the query; resolves to a Col on that table's alias.

    Raises LookupError if the query does not join the table.
    """

    def __init__(self, table: str, field: Any) -> None:
        super().__init__(output_field=field)
        self.table, self.source = table, field

    def resolve_expression(
        self, query: Any = None, allow_joins: bool = True, reuse: Any = None, summarize: bool = False, for_save: bool = False
    ) -> Any:
        """The column on the alias under which the query knows the table."""
        aliases = query.table_map.get(self.table)
        if not aliases:
            raise LookupError(f"The query has not joined the table {self.table!r}, so none of its columns can be selected.")
        return Col(aliases[0], self.source)

"""A compiler for the expressions of defaults, indexes and constraints."""

from __future__ import annotations

from typing import Any

from nuages.sql.query import Query


def expression_compiler(connection: Any, model: Any, alias_cols: bool = False) -> Any:
    """A compiler that writes columns of ``model`` without their table's name."""
    return Query(model, alias_cols=alias_cols).get_compiler(connection=connection)

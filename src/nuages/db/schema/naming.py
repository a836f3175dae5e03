"""Names of indexes and constraints. Existing databases depend on every character of these rules."""

from __future__ import annotations

from collections.abc import Sequence

from nuages.sql.naming import names_digest, split_identifier


def index_name(table: str, columns: Sequence[str], suffix: str, limit: int) -> str:
    """``table_columns_digest`` + ``suffix``; table and columns are cut where that is longer than ``limit``."""
    _, table = split_identifier(table)
    tail = f"{names_digest(table, *columns, length=8)}{suffix}"
    joined = "_".join(columns)
    name = f"{table}_{joined}_{tail}"
    if len(name) <= limit:
        return name
    # A long suffix (the name of the table that a key refers to) may take a third.
    if len(tail) > limit / 3:
        tail = tail[: limit // 3]
    part = (limit - len(tail)) // 2 - 1
    name = f"{table[:part]}_{joined[:part]}_{tail}"
    return f"D{name[:-1]}" if name[0] == "_" or name[0].isdigit() else name


def strip_quotes(name: str) -> str:
    """A name without the double quotes that protect its case."""
    return name[1:-1] if len(name) > 1 and name[0] == name[-1] == '"' else name

"""Names of indexes and constraints. Existing databases depend on every character of these rules."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence


def names_digest(*args: str, length: int) -> str:
    """The first ``length`` hexadecimal digits of the names' MD5; short, and the same everywhere."""
    digest = hashlib.md5(usedforsecurity=False)
    for name in args:
        digest.update(name.encode())
    return digest.hexdigest()[:length]


def split_identifier(identifier: str) -> tuple[str, str]:
    """Split ``"schema"."table"`` into its unquoted parts; the first is empty where there is none."""
    namespace, dot, name = identifier.partition('"."')
    if not dot:
        namespace, name = "", identifier
    return namespace.strip('"'), name.strip('"')


def truncate_name(identifier: str, length: int | None = None, hash_len: int = 4) -> str:
    """Shorten a name to ``length`` characters, ending with a digest of it; a namespace does not count."""
    namespace, name = split_identifier(identifier)
    if length is None or len(name) <= length:
        return identifier
    short = f"{name[: length - hash_len]}{names_digest(name, length=hash_len)}"
    return f'{namespace}"."{short}"' if namespace else short


def index_name(table: str, columns: Sequence[str], suffix: str, limit: int) -> str:
    """``table_columns_digest`` + ``suffix``; table and columns are cut where that is longer than ``limit``."""
    _, table = split_identifier(table)
    tail = f"{names_digest(table, *columns, length=8)}{suffix}"
    joined = "_".join(columns)
    name = f"{table}_{joined}_{tail}"
    if len(name) > limit:
        # A long suffix (the name of the table that a key refers to) may take a third.
        if len(tail) > limit / 3:
            tail = tail[: limit // 3]
        part = (limit - len(tail)) // 2 - 1
        name = f"{table[:part]}_{joined[:part]}_{tail}"
    if name[0] == "_" or name[0].isdigit():
        name = f"D{name[:-1]}"
    return name


def strip_quotes(name: str) -> str:
    """A name without the double quotes that protect its case."""
    return name[1:-1] if len(name) > 1 and name[0] == name[-1] == '"' else name

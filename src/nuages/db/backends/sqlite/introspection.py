"""What exists in a SQLite database."""

from __future__ import annotations

import re
from typing import Any

from nuages.db.backends.sqlite.definition import as_dictionary, parse, tokenize
from nuages.db.backends.sqlite.types import FIELD_TYPES
from nuages.db.errors import DatabaseError
from nuages.db.introspection import FieldInfo, Introspection, TableInfo, on_delete

_LENGTH = re.compile(r"^\s*(?:var)?char\s*\(\s*(\d+)\s*\)\s*$", re.IGNORECASE)
_HIDDEN = (0, 2, 3)
"""``hidden`` of the columns that users see: ordinary, generated virtual, generated stored."""


def field_size(name: str) -> int | None:
    """The length of ``varchar(30)``."""
    found = _LENGTH.match(name)
    return int(found[1]) if found else None


class _ByDeclaredType(dict[str, Any]):
    """Field types by declared type, in any case and with or without a length."""

    def __missing__(self, key: str) -> Any:
        return FIELD_TYPES[key.lower().split("(", 1)[0].strip()]


class SQLiteIntrospection(Introspection):
    """Questions to ``sqlite_master`` and the pragmas."""

    data_types_reverse = _ByDeclaredType()

    def get_field_type(self, data_type: Any, description: Any) -> Any:
        """The field class for a declared type."""
        kind = super().get_field_type(data_type, description)
        if description.pk and kind in ("BigIntegerField", "IntegerField", "SmallIntegerField"):
            # Whatever integer the key was declared as, SQLite counts it up by itself.
            return "AutoField"
        return "JSONField" if description.has_json_constraint else kind

    def get_table_list(self, cursor: Any) -> list[Any]:
        """Tables and views, but the internal ones."""
        cursor.execute(
            "SELECT name, type FROM sqlite_master WHERE type IN ('table', 'view') AND NOT name = 'sqlite_sequence' "
            "ORDER BY name"
        )
        return [TableInfo(name, kind[0]) for name, kind in cursor.fetchall()]

    def _definition(self, cursor: Any, table_name: str) -> Any:
        cursor.execute("SELECT sql, type FROM sqlite_master WHERE type IN ('table', 'view') AND name = %s", [table_name])
        return cursor.fetchone()

    def get_table_description(self, cursor: Any, table_name: str) -> list[Any]:
        """The columns of a table; ``DatabaseError`` where there is no such table."""
        cursor.execute(f"PRAGMA table_xinfo({self.connection.ops.quote_name(table_name)})")
        columns = [row for row in cursor.fetchall() if row[6] in _HIDDEN]
        if not columns:
            raise DatabaseError(f"Table {table_name} does not exist (empty pragma).")
        found = self._definition(cursor, table_name)
        table = parse(found[0], {row[1] for row in columns}) if found and found[1] == "table" else None
        json_columns = _json_columns(found[0]) if found and found[1] == "table" else set()
        return [
            FieldInfo(
                name,
                kind,
                display_size=field_size(kind),
                internal_size=None,
                precision=None,
                scale=None,
                null_ok=not not_null,
                default=default,
                collation=table.collations.get(name) if table else None,
                pk=bool(key),
                has_json_constraint=name in json_columns,
            )
            for _, name, kind, not_null, default, key, _ in columns
        ]

    def get_sequences(self, cursor: Any, table_name: str, table_fields: Any = ()) -> list[dict[str, Any]]:
        """The key counts itself up."""
        return [{"table": table_name, "column": self.get_primary_key_column(cursor, table_name)}]

    def _foreign_keys(self, cursor: Any, table_name: str) -> list[tuple[int, str, str, str, str]]:
        cursor.execute(f"PRAGMA foreign_key_list({self.connection.ops.quote_name(table_name)})")
        found = []
        for number, _, table, column, target, _, action, _ in cursor.fetchall():
            found.append((number, column, table, target or self.get_primary_key_column(cursor, table) or "", action))
        return found

    def get_relations(self, cursor: Any, table_name: str) -> dict[str, Any]:
        """Foreign keys by column."""
        return {
            column: (target, table, on_delete(action))
            for _, column, table, target, action in self._foreign_keys(cursor, table_name)
        }

    def get_primary_key_columns(self, cursor: Any, table_name: str) -> list[str] | None:
        """The columns of the key, in its order."""
        cursor.execute(f"PRAGMA table_info({self.connection.ops.quote_name(table_name)})")
        keys = sorted((row[5], row[1]) for row in cursor.fetchall() if row[5])
        return [name for _, name in keys]

    def get_constraints(self, cursor: Any, table_name: str) -> dict[str, dict[str, Any]]:
        """Constraints of the definition, then indexes, the key and foreign keys; those without a name get one."""
        constraints = self._from_definition(cursor, table_name)
        constraints.update(self._indexes(cursor, table_name))
        key = self.get_primary_key_columns(cursor, table_name)
        if key:
            constraints["__primary__"] = _entry(key, primary_key=True)
        grouped: dict[int, list[Any]] = {}
        for number, column, table, target, _ in self._foreign_keys(cursor, table_name):
            grouped.setdefault(number, []).append((column, table, target))
        for number, parts in grouped.items():
            constraints[f"fk_{number}"] = _entry([part[0] for part in parts], foreign_key=parts[0][1:])
        return constraints

    def _from_definition(self, cursor: Any, table_name: str) -> dict[str, dict[str, Any]]:
        found = self._definition(cursor, table_name)
        if not found or found[1] != "table":
            return {}
        cursor.execute(f"PRAGMA table_xinfo({self.connection.ops.quote_name(table_name)})")
        table = parse(found[0], {row[1] for row in cursor.fetchall()})
        unnamed = 0
        constraints = {}
        for constraint in table.constraints:
            name = constraint.name
            if name is None:
                unnamed += 1
                name = f"__unnamed_constraint_{unnamed}__"
            constraints[name] = as_dictionary(constraint)
        return constraints

    def _indexes(self, cursor: Any, table_name: str) -> dict[str, dict[str, Any]]:
        cursor.execute(f"PRAGMA index_list({self.connection.ops.quote_name(table_name)})")
        indexes = {}
        for _, name, unique, origin, *_ in cursor.fetchall():
            if origin != "c":
                continue
            cursor.execute(f"PRAGMA index_xinfo({self.connection.ops.quote_name(name)})")
            columns = [row for row in cursor.fetchall() if row[5]]
            orders = ["DESC" if row[3] else "ASC" for row in columns]
            named = [row[2] for row in columns]
            indexes[name] = _entry(named, unique=bool(unique), index=True, type="idx", orders=orders)
        return indexes


def _entry(columns: list[Any], **given: Any) -> dict[str, Any]:
    entry = {
        "columns": columns,
        "primary_key": False,
        "unique": False,
        "foreign_key": None,
        "check": False,
        "index": False,
    }
    return entry | given


def _json_columns(sql: str) -> set[str]:
    """The columns that a ``JSON_VALID`` check guards."""
    found: set[str] = set()
    previous: list[Any] = []
    for token in tokenize(sql):
        if len(previous) >= 2 and previous[-1].text == "(" and previous[-2].upper == "JSON_VALID":
            found.add(token.name)
        previous = [*previous[-1:], token]
    return found

"""What exists in a MariaDB or MySQL database, from ``information_schema``."""

from __future__ import annotations

from typing import Any, NamedTuple

from nuages.db.backends.mysql.types import AUTO_FIELDS, FIELD_TYPES, UNSIGNED_FIELDS
from nuages.db.backends.sqlite.definition import tokenize
from nuages.db.introspection import Introspection, TableInfo, on_delete

_COLUMNS = """
SELECT column_name, data_type, character_maximum_length, numeric_precision, numeric_scale, extra, column_default,
       CASE WHEN collation_name = %s THEN NULL ELSE collation_name END,
       CASE WHEN column_type LIKE '%% unsigned' THEN 1 ELSE 0 END, column_comment
  FROM information_schema.columns
 WHERE table_name = %s AND table_schema = DATABASE()
"""

_KEYS = """
SELECT kc.constraint_name, kc.column_name, kc.referenced_table_name, kc.referenced_column_name, c.constraint_type
  FROM information_schema.key_column_usage AS kc
  JOIN information_schema.table_constraints AS c
    ON kc.table_schema = c.table_schema AND kc.table_name = c.table_name AND kc.constraint_name = c.constraint_name
 WHERE kc.table_schema = DATABASE() AND kc.table_name = %s
   AND (kc.referenced_table_schema = DATABASE() OR c.constraint_type IN ('PRIMARY KEY', 'UNIQUE'))
 ORDER BY kc.ordinal_position
"""

_RELATIONS = """
SELECT kc.column_name, kc.referenced_column_name, kc.referenced_table_name, rc.delete_rule
  FROM information_schema.key_column_usage AS kc
  JOIN information_schema.referential_constraints AS rc
    ON rc.constraint_schema = kc.constraint_schema AND rc.constraint_name = kc.constraint_name
   AND rc.table_name = kc.table_name
 WHERE kc.table_name = %s AND kc.table_schema = DATABASE() AND kc.referenced_table_schema = DATABASE()
   AND kc.referenced_column_name IS NOT NULL
"""

_INDEXES = """
SELECT index_name, column_name, non_unique, collation, index_type
  FROM information_schema.statistics
 WHERE table_schema = DATABASE() AND table_name = %s
 ORDER BY index_name, seq_in_index
"""

_MARIADB_CHECKS = """
SELECT constraint_name, check_clause FROM information_schema.check_constraints
 WHERE constraint_schema = DATABASE() AND table_name = %s
"""

_MYSQL_CHECKS = """
SELECT cc.constraint_name, cc.check_clause
  FROM information_schema.check_constraints AS cc
  JOIN information_schema.table_constraints AS tc
    ON cc.constraint_schema = tc.constraint_schema AND cc.constraint_name = tc.constraint_name
 WHERE cc.constraint_schema = DATABASE() AND tc.table_name = %s
"""


class FieldInfo(NamedTuple):
    """A column."""

    name: str
    type_code: Any
    display_size: int | None
    internal_size: int | None
    precision: int | None
    scale: int | None
    null_ok: bool
    default: Any
    collation: str | None
    extra: str
    is_unsigned: int
    has_json_constraint: bool
    comment: str | None
    data_type: str


class MySQLIntrospection(Introspection):
    """Questions to ``information_schema``."""

    data_types_reverse: dict[int, str] = FIELD_TYPES

    def get_field_type(self, data_type: Any, description: Any) -> Any:
        """The field class for a type number."""
        kind = super().get_field_type(data_type, description)
        if "auto_increment" in description.extra:
            return AUTO_FIELDS.get(kind, kind)
        if description.is_unsigned:
            return UNSIGNED_FIELDS.get(kind, kind)
        if description.data_type.upper() == "UUID":
            return "UUIDField"
        # MariaDB's json is a longtext with a check.
        return "JSONField" if description.has_json_constraint and kind == "TextField" else kind

    def get_table_list(self, cursor: Any) -> list[Any]:
        """Tables and views."""
        cursor.execute(
            "SELECT table_name, table_type, table_comment FROM information_schema.tables WHERE table_schema = DATABASE()"
        )
        kinds = {"BASE TABLE": "t", "SEQUENCE": "t", "SYSTEM VERSIONED": "t", "VIEW": "v"}
        return [TableInfo(name, kinds.get(kind, "t"), comment) for name, kind, comment in cursor.fetchall()]

    def _json_columns(self, cursor: Any, table_name: str) -> set[str]:
        if not self.connection.mysql_is_mariadb:
            return set()
        cursor.execute(_MARIADB_CHECKS, [table_name])
        found = set()
        for _, clause in cursor.fetchall():
            tokens = list(tokenize(clause))
            if [token.text.lower() for token in tokens[:2]] == ["json_valid", "("]:
                found.add(tokens[2].name)
        return found

    def get_table_description(self, cursor: Any, table_name: str) -> list[Any]:
        """The columns of a table."""
        json_columns = self._json_columns(cursor, table_name)
        cursor.execute(
            "SELECT table_collation FROM information_schema.tables WHERE table_schema = DATABASE() AND table_name = %s",
            [table_name],
        )
        row = cursor.fetchone()
        cursor.execute(_COLUMNS, [row[0] if row else "", table_name])
        known = {row[0]: row[1:] for row in cursor.fetchall()}
        cursor.execute(f"SELECT * FROM {self.connection.ops.quote_name(table_name)} LIMIT 1")
        found = []
        for name, code, _, internal, precision, scale, null_ok in cursor.description:
            data_type, length, digits, places, extra, default, collation, unsigned, comment = known[name]
            found.append(
                FieldInfo(
                    name,
                    code,
                    length,
                    internal,
                    digits or precision,
                    scale if places is None else places,
                    bool(null_ok),
                    default,
                    collation,
                    extra,
                    unsigned,
                    name in json_columns,
                    comment,
                    data_type,
                )
            )
        return found

    def get_sequences(self, cursor: Any, table_name: str, table_fields: Any = ()) -> list[dict[str, Any]]:
        """The column that counts itself up."""
        for info in self.get_table_description(cursor, table_name):
            if "auto_increment" in info.extra:
                return [{"table": table_name, "column": info.name}]
        return []

    def get_relations(self, cursor: Any, table_name: str) -> dict[str, Any]:
        """Foreign keys by column."""
        cursor.execute(_RELATIONS, [table_name])
        # MariaDB says RESTRICT both where that was asked for and where nothing was.
        silent = "RESTRICT" if self.connection.mysql_is_mariadb else None
        return {
            column: (target, table, None if rule == silent else on_delete(rule))
            for column, target, table, rule in cursor.fetchall()
        }

    def get_storage_engine(self, cursor: Any, table_name: str) -> str:
        """The engine of a table."""
        cursor.execute(
            "SELECT engine FROM information_schema.tables WHERE table_name = %s AND table_schema = DATABASE()",
            [table_name],
        )
        row = cursor.fetchone()
        return str(row[0]) if row else str(self.connection.storage_engine)

    def get_constraints(self, cursor: Any, table_name: str) -> dict[str, dict[str, Any]]:
        """Keys, checks, then all indexes."""
        constraints: dict[str, dict[str, Any]] = {}
        cursor.execute(_KEYS, [table_name])
        for name, column, other, other_column, kind in cursor.fetchall():
            entry = constraints.setdefault(
                name,
                _entry(
                    primary_key=kind == "PRIMARY KEY",
                    unique=kind in ("PRIMARY KEY", "UNIQUE"),
                    foreign_key=(other, other_column) if other_column else None,
                    orders=[],
                ),
            )
            if column not in entry["columns"]:
                entry["columns"].append(column)
        self._add_checks(cursor, table_name, constraints)
        self._add_indexes(cursor, table_name, constraints)
        return constraints

    def _add_checks(self, cursor: Any, table_name: str, constraints: dict[str, dict[str, Any]]) -> None:
        cursor.execute(_COLUMNS, ["", table_name])
        columns = {row[0] for row in cursor.fetchall()}
        cursor.execute(_MARIADB_CHECKS if self.connection.mysql_is_mariadb else _MYSQL_CHECKS, [table_name])
        unnamed = 0
        for name, clause in cursor.fetchall():
            names = dict.fromkeys(token.name for token in tokenize(clause) if token.name in columns)
            # MariaDB calls a column's own check by the column.
            if name is None or names.keys() == {name}:
                unnamed += 1
                name = f"__unnamed_constraint_{unnamed}__"
            constraints[name] = _entry(columns=list(names), check=True)

    def _add_indexes(self, cursor: Any, table_name: str, constraints: dict[str, dict[str, Any]]) -> None:
        cursor.execute(_INDEXES, [table_name])
        seen: set[str] = set()
        for name, column, non_unique, collation, kind in cursor.fetchall():
            entry = constraints.setdefault(name, _entry(unique=not non_unique))
            entry["index"] = True
            entry["type"] = "idx" if kind == "BTREE" else kind.lower()
            if name not in seen:
                seen.add(name)
                entry["orders"] = []
                if not entry["foreign_key"]:
                    entry["columns"] = []
            if column is not None and column not in entry["columns"]:
                entry["columns"].append(column)
            entry["orders"].append("DESC" if collation == "D" else "ASC")


def _entry(**given: Any) -> dict[str, Any]:
    entry = {
        "columns": [],
        "primary_key": False,
        "unique": False,
        "index": False,
        "check": False,
        "foreign_key": None,
    }
    return entry | given

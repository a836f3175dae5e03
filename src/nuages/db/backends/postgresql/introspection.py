"""What exists in a PostgreSQL database, from ``pg_catalog``."""

from __future__ import annotations

from typing import Any

from nuages.db.backends.postgresql.types import FIELD_TYPES, SERIAL_FIELDS
from nuages.db.introspection import FieldInfo, Introspection, TableInfo, on_delete

_TABLES = """
SELECT c.relname,
       CASE WHEN c.relispartition THEN 'p' WHEN c.relkind IN ('m', 'v') THEN 'v' ELSE 't' END,
       obj_description(c.oid, 'pg_class')
  FROM pg_catalog.pg_class c
  JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
 WHERE c.relkind IN ('f', 'm', 'p', 'r', 'v')
   AND n.nspname NOT IN ('pg_catalog', 'pg_toast')
   AND pg_catalog.pg_table_is_visible(c.oid)
"""

_COLUMNS = """
SELECT a.attname,
       NOT (a.attnotnull OR (t.typtype = 'd' AND t.typnotnull)),
       pg_get_expr(d.adbin, d.adrelid),
       CASE WHEN o.collname = 'default' THEN NULL ELSE o.collname END,
       a.attidentity != '' OR COALESCE(pg_get_expr(d.adbin, d.adrelid), '') LIKE 'nextval(%%',
       col_description(a.attrelid, a.attnum)
  FROM pg_catalog.pg_attribute a
  LEFT JOIN pg_catalog.pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
  LEFT JOIN pg_catalog.pg_collation o ON o.oid = a.attcollation
  JOIN pg_catalog.pg_type t ON t.oid = a.atttypid
  JOIN pg_catalog.pg_class c ON c.oid = a.attrelid
  JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
 WHERE c.relkind IN ('f', 'm', 'p', 'r', 'v')
   AND c.relname = %s
   AND n.nspname NOT IN ('pg_catalog', 'pg_toast')
   AND pg_catalog.pg_table_is_visible(c.oid)
   AND a.attnum > 0 AND NOT a.attisdropped
"""

_SEQUENCES = """
SELECT s.relname, a.attname
  FROM pg_catalog.pg_class s
  JOIN pg_catalog.pg_depend d ON d.classid = 'pg_class'::regclass AND d.objid = s.oid
   AND d.refclassid = 'pg_class'::regclass AND d.deptype IN ('a', 'i')
  JOIN pg_catalog.pg_class t ON t.oid = d.refobjid
  JOIN pg_catalog.pg_attribute a ON a.attrelid = t.oid AND a.attnum = d.refobjsubid
 WHERE s.relkind = 'S' AND t.relname = %s AND pg_catalog.pg_table_is_visible(t.oid)
"""

_RELATIONS = """
SELECT mine.attname, theirs.attname, target.relname, f.confdeltype
  FROM pg_catalog.pg_constraint f
  JOIN pg_catalog.pg_class source ON source.oid = f.conrelid
  JOIN pg_catalog.pg_class target ON target.oid = f.confrelid
  JOIN pg_catalog.pg_attribute mine ON mine.attrelid = f.conrelid AND mine.attnum = f.conkey[1]
  JOIN pg_catalog.pg_attribute theirs ON theirs.attrelid = f.confrelid AND theirs.attnum = f.confkey[1]
 WHERE source.relname = %s AND f.contype = 'f' AND pg_catalog.pg_table_is_visible(source.oid)
"""

_CONSTRAINTS = """
SELECT f.conname,
       ARRAY(SELECT a.attname
               FROM unnest(f.conkey) WITH ORDINALITY k (number, place)
               JOIN pg_catalog.pg_attribute a ON a.attrelid = f.conrelid AND a.attnum = k.number
              ORDER BY k.place),
       f.contype,
       (SELECT target.relname || '.' || a.attname
          FROM pg_catalog.pg_attribute a JOIN pg_catalog.pg_class target ON target.oid = a.attrelid
         WHERE a.attrelid = f.confrelid AND a.attnum = f.confkey[1]),
       c.reloptions
  FROM pg_catalog.pg_constraint f
  JOIN pg_catalog.pg_class c ON c.oid = f.conrelid
 WHERE c.relname = %s AND pg_catalog.pg_table_is_visible(c.oid)
 ORDER BY f.oid
"""

_INDEXES = """
SELECT c.relname,
       array_agg(a.attname ORDER BY k.place),
       i.indisunique,
       i.indisprimary,
       array_agg((i.indoption[k.place - 1] & 1) ORDER BY k.place) FILTER (WHERE k.place <= i.indnkeyatts),
       m.amname,
       CASE WHEN i.indexprs IS NULL THEN NULL ELSE pg_get_indexdef(i.indexrelid) END,
       c.reloptions
  FROM pg_catalog.pg_index i
  CROSS JOIN LATERAL unnest(i.indkey::int2[]) WITH ORDINALITY k (number, place)
  JOIN pg_catalog.pg_class t ON t.oid = i.indrelid
  JOIN pg_catalog.pg_class c ON c.oid = i.indexrelid
  JOIN pg_catalog.pg_am m ON m.oid = c.relam
  LEFT JOIN pg_catalog.pg_attribute a ON a.attrelid = t.oid AND a.attnum = k.number AND k.number > 0
 WHERE t.relname = %s AND pg_catalog.pg_table_is_visible(t.oid)
 GROUP BY c.relname, i.indexrelid, i.indisunique, i.indisprimary, m.amname, i.indexprs, c.reloptions
 ORDER BY c.relname
"""

_RULES = {"a": "NO ACTION", "r": "RESTRICT", "c": "CASCADE", "n": "SET NULL", "d": "SET DEFAULT"}


class PostgreSQLIntrospection(Introspection):
    """Questions to the catalogue. Tables are those that the search path shows."""

    data_types_reverse: dict[int, str] = dict(FIELD_TYPES)
    index_default_access_method = "btree"
    ignored_tables: list[str] = []

    def get_field_type(self, data_type: Any, description: Any) -> Any:
        """The field class for a type's object identifier."""
        kind = super().get_field_type(data_type, description)
        return SERIAL_FIELDS.get(kind, kind) if description.is_autofield else kind

    def get_table_list(self, cursor: Any) -> list[Any]:
        """Tables, partitions, views and materialized views."""
        cursor.execute(_TABLES)
        return [TableInfo(*row) for row in cursor.fetchall() if row[0] not in self.ignored_tables]

    def get_table_description(self, cursor: Any, table_name: str) -> list[Any]:
        """The columns of a table."""
        cursor.execute(_COLUMNS, [table_name])
        known = {row[0]: row[1:] for row in cursor.fetchall()}
        cursor.execute(f"SELECT * FROM {self.connection.ops.quote_name(table_name)} LIMIT 1")
        found = []
        for line in cursor.description:
            null_ok, default, collation, counts, comment = known[line.name]
            display = line.internal_size if line.display_size is None else line.display_size
            found.append(
                FieldInfo(
                    line.name,
                    line.type_code,
                    display,
                    line.internal_size,
                    # psycopg tells a length or a precision, whichever the type has.
                    line.precision,
                    line.scale,
                    null_ok,
                    None if counts else default,
                    collation,
                    is_autofield=counts,
                    comment=comment,
                )
            )
        return found

    def get_sequences(self, cursor: Any, table_name: str, table_fields: Any = ()) -> list[dict[str, Any]]:
        """Sequences of identity and serial columns."""
        cursor.execute(_SEQUENCES, [table_name])
        return [{"name": name, "table": table_name, "column": column} for name, column in cursor.fetchall()]

    def get_relations(self, cursor: Any, table_name: str) -> dict[str, Any]:
        """Foreign keys by column."""
        cursor.execute(_RELATIONS, [table_name])
        return {mine: (theirs, target, on_delete(_RULES[rule])) for mine, theirs, target, rule in cursor.fetchall()}

    def get_constraints(self, cursor: Any, table_name: str) -> dict[str, dict[str, Any]]:
        """Constraints, then the indexes that are none."""
        constraints: dict[str, dict[str, Any]] = {}
        cursor.execute(_CONSTRAINTS, [table_name])
        for name, columns, kind, target, options in cursor.fetchall():
            constraints[name] = {
                "columns": columns,
                "primary_key": kind == "p",
                "unique": kind in ("p", "u"),
                "foreign_key": tuple(target.split(".", 1)) if kind == "f" else None,
                "check": kind == "c",
                "index": False,
                "definition": None,
                "options": options,
            }
        cursor.execute(_INDEXES, [table_name])
        for name, columns, unique, primary, descending, method, definition, options in cursor.fetchall():
            if name not in constraints:
                ordered = method == self.index_default_access_method
                constraints[name] = {
                    "columns": columns,
                    "orders": ["DESC" if each else "ASC" for each in descending or ()] if ordered else [],
                    "primary_key": primary,
                    "unique": unique,
                    "foreign_key": None,
                    "check": False,
                    "index": True,
                    "type": "idx" if ordered else method,
                    "definition": definition,
                    "options": options,
                }
        return constraints

"""What a database says of its own schema, read with the bare drivers: one comparable dictionary per database."""

import re
import sqlite3
from contextlib import closing
from typing import Any

import psycopg
import pymysql

Catalog = dict[str, Any]

_POSTGRESQL = {
    "columns": """
        SELECT c.relname, a.attname, format_type(a.atttypid, a.atttypmod), a.attnotnull, a.attidentity, a.attgenerated,
               pg_get_expr(d.adbin, d.adrelid), co.collname, col_description(c.oid, a.attnum)
        FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid JOIN pg_namespace n ON n.oid = c.relnamespace
        LEFT JOIN pg_attrdef d ON d.adrelid = c.oid AND d.adnum = a.attnum LEFT JOIN pg_collation co ON co.oid = a.attcollation
        WHERE n.nspname = 'public' AND c.relkind = 'r' AND a.attnum > 0 AND NOT a.attisdropped ORDER BY c.relname, a.attnum""",
    "indexes": "SELECT tablename, indexname, indexdef FROM pg_indexes WHERE schemaname = 'public' ORDER BY 1, 2",
    "constraints": """
        SELECT conrelid::regclass::text, conname, pg_get_constraintdef(c.oid) FROM pg_constraint c
        JOIN pg_namespace n ON n.oid = c.connamespace WHERE n.nspname = 'public' AND contype <> 'n' ORDER BY 1, 2""",
    "sequences": "SELECT sequencename, data_type::text FROM pg_sequences WHERE schemaname = 'public' ORDER BY 1",
    "comments": """
        SELECT c.relname, obj_description(c.oid) FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
        WHERE n.nspname = 'public' AND c.relkind = 'r' AND obj_description(c.oid) IS NOT NULL ORDER BY 1""",
}


def connect(database: str, host: str) -> Any:
    """A connection of the bare driver to ``sqlite:PATH``, ``postgresql:NAME`` or ``mysql:NAME``."""
    vendor, _, name = database.partition(":")
    if vendor == "sqlite":
        return sqlite3.connect(name)
    if vendor == "postgresql":
        return psycopg.connect(host=host, user="postgres", dbname=name, autocommit=True)
    return pymysql.connect(host=host, user="root", database=name, autocommit=True)


def _all(connection: Any, sql: str) -> list[tuple[Any, ...]]:
    cursor = connection.cursor()
    cursor.execute(sql)
    rows = [tuple(row) for row in cursor.fetchall()]
    cursor.close()
    return rows


def schema(database: str, host: str) -> Catalog:
    """Section → sorted rows: the statements (SQLite, MariaDB) or the system catalogs (PostgreSQL)."""
    with closing(connect(database, host)) as connection:
        return _schema(connection, database.partition(":")[0])


def _schema(connection: Any, vendor: str) -> Catalog:
    if vendor == "sqlite":
        return {
            f"{kind} {name}": sql
            for kind, name, sql in _all(connection, "SELECT type, name, sql FROM sqlite_master WHERE name NOT LIKE 'sqlite_%'")
        }
    if vendor == "postgresql":
        return {
            f"{section} {row[0]} {row[1]}": row
            for section, sql in _POSTGRESQL.items()
            for row in _all(connection, sql)
        }
    names = [row[0] for row in _all(connection, "SHOW TABLES")]
    return {
        f"{name}: {line.strip().rstrip(',').split(' AUTO_INCREMENT=')[0]}": ""
        for name in names
        for line in _all(connection, f"SHOW CREATE TABLE `{name}`")[0][1].splitlines()
    }


def unordered(catalog: Catalog) -> Catalog:
    """The same without the order of the columns in SQLite's statements."""
    return {key: sorted(re.split(r", |\((?=\")", value[:-1])) if isinstance(value, str) else value for key, value in catalog.items()}


def tables(connection: Any, vendor: str) -> list[str]:
    """The names of all tables."""
    sql = {
        "sqlite": "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'",
        "postgresql": "SELECT tablename FROM pg_tables WHERE schemaname = 'public'",
        "mysql": "SHOW TABLES",
    }[vendor]
    return sorted(row[0] for row in _all(connection, sql))


def rows(database: str, host: str, *without: str) -> Catalog:
    """Table → all its rows in order of their text, but for the tables named."""
    vendor = database.partition(":")[0]
    quote = "`" if vendor == "mysql" else '"'
    with closing(connect(database, host)) as connection:
        return {
            name: sorted(_all(connection, f"SELECT * FROM {quote}{name}{quote}"), key=repr)
            for name in tables(connection, vendor)
            if name not in without
        }


def differences(ours: Catalog, theirs: Catalog) -> list[str]:
    """One line for each entry that is missing, surplus or different."""
    lines = []
    for key in sorted(ours.keys() | theirs.keys()):
        if key not in ours:
            lines.append(f"missing   {key}: {theirs[key]}")
        elif key not in theirs:
            lines.append(f"surplus   {key}: {ours[key]}")
        elif ours[key] != theirs[key]:
            lines.append(f"different {key}:\n   ours   {ours[key]}\n   theirs {theirs[key]}")
    return lines

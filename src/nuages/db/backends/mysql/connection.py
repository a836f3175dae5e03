"""Connections to MariaDB and MySQL: PyMySQL, one class on and off the event loop."""

from __future__ import annotations

import re
import select
from collections.abc import Mapping
from functools import cached_property
from typing import Any

import pymysql
from pymysql.constants import CLIENT, FIELD_TYPE
from pymysql.converters import conversions

from nuages.db.backends.mysql import types
from nuages.db.backends.mysql.client import MySQLClient
from nuages.db.backends.mysql.creation import MySQLCreation
from nuages.db.backends.mysql.driver import connect
from nuages.db.backends.mysql.introspection import MySQLIntrospection
from nuages.db.backends.mysql.schema import MySQLSchemaEditor
from nuages.db.backends.mysql.validation import MySQLValidation
from nuages.db.connection import DatabaseConnection, check_blocking
from nuages.db.errors import DatabaseError, IntegrityError
from nuages.exceptions import ImproperlyConfigured
from nuages.sql.dialects.features import MySQLFeatures
from nuages.sql.dialects.mysql import MySQLOperations
from nuages.text.dateparse import parse_time

_VERSION = re.compile(r"(\d{1,2})\.(\d{1,2})\.(\d{1,2})")

ISOLATION_LEVELS = ("read uncommitted", "read committed", "repeatable read", "serializable")

_CONVERSIONS = {**conversions, FIELD_TYPE.TIME: lambda value: parse_time(value) if value else None}

_FACTS = """
SELECT VERSION(), @@sql_mode, @@default_storage_engine, @@sql_auto_is_null, @@lower_case_table_names,
       CONVERT_TZ('2001-01-01 01:00:00', 'UTC', 'UTC') IS NOT NULL
"""
_facts: dict[tuple[Any, ...], tuple[Any, ...]] = {}

# Errors that other drivers and servers count as breaches of a constraint.
_INTEGRITY_CODES = frozenset({1048, 1690, 3819, 4025})


class CursorAdapter:
    """The driver's cursor, with the errors of the server sorted as users expect them."""

    def __init__(self, cursor: Any) -> None:
        self.cursor = cursor

    def execute(self, query: str, args: Any = None) -> Any:
        """Run a statement."""
        try:
            return self.cursor.execute(query, args)
        except pymysql.OperationalError as error:
            raise _sorted(error) from error

    def executemany(self, query: str, args: Any) -> Any:
        """Run a statement per set of parameters."""
        try:
            return self.cursor.executemany(query, args)
        except pymysql.OperationalError as error:
            raise _sorted(error) from error

    def __getattr__(self, name: str) -> Any:
        return getattr(self.cursor, name)

    def __iter__(self) -> Any:
        return iter(self.cursor)


def _sorted(error: Exception) -> Exception:
    if error.args and error.args[0] in _INTEGRITY_CODES:
        return IntegrityError(*error.args)
    return error


class MySQLConnection(DatabaseConnection):
    """One database of a MariaDB or MySQL server."""

    vendor = "mysql"
    Database = pymysql
    pools = True

    data_type_check_constraints = types.data_type_check_constraints
    operators = MySQLOperations.operators
    pattern_esc = MySQLOperations.pattern_esc
    pattern_ops = MySQLOperations.pattern_ops
    _limited_data_types = types.LIMITED_DATA_TYPES
    isolation_levels = frozenset(ISOLATION_LEVELS)

    SchemaEditorClass = MySQLSchemaEditor
    client_class = MySQLClient
    creation_class = MySQLCreation
    features_class = MySQLFeatures
    introspection_class = MySQLIntrospection
    ops_class = MySQLOperations
    validation_class = MySQLValidation

    isolation_level: str | None = None

    # --- facts about the server ------------------------------------------------------------------------------------------

    @property
    def _server(self) -> tuple[Any, ...]:
        given = self.settings_dict
        options = given["OPTIONS"]
        key = (given["HOST"], given["PORT"], given["NAME"], options.get("init_command"), options.get("read_default_file"))
        if key not in _facts:
            with self.temporary_connection() as cursor:
                cursor.execute(_FACTS)
                _facts[key] = cursor.fetchone()
        return _facts[key]

    @property
    def mysql_server_info(self) -> str:
        """What the server calls itself."""
        return str(self._server[0])

    @property
    def mysql_is_mariadb(self) -> bool:
        """Whether the server is MariaDB."""
        return "mariadb" in self.mysql_server_info.lower()

    @cached_property
    def mysql_version(self) -> tuple[int, ...]:
        """The server's version."""
        found = _VERSION.match(self.mysql_server_info)
        if not found:
            raise DatabaseError(f"Unable to determine MySQL version from version string {self.mysql_server_info!r}")
        return tuple(int(number) for number in found.groups())

    def get_database_version(self) -> tuple[int, ...]:
        """The server's version."""
        return self.mysql_version

    @property
    def sql_mode(self) -> set[str]:
        """The modes that the server keeps to."""
        return set(str(self._server[1]).split(","))

    @property
    def storage_engine(self) -> str:
        """The engine of new tables."""
        return str(self._server[2])

    @property
    def sql_auto_is_null(self) -> bool:
        """Whether ``IS NULL`` may find the row inserted last."""
        return bool(self._server[3])

    @property
    def lower_case_table_names(self) -> bool:
        """Whether the names of tables know no case."""
        return bool(self._server[4])

    @property
    def has_time_zones(self) -> bool:
        """Whether the server knows time zones."""
        return bool(self._server[5])

    @property
    def display_name(self) -> str:  # type: ignore[override]
        """``MariaDB`` or ``MySQL``."""
        return "MariaDB" if self.mysql_is_mariadb else "MySQL"

    @cached_property
    def data_types(self) -> dict[str, Any]:  # type: ignore[override]
        """Column types; MariaDB has one for UUIDs."""
        if self.features.has_native_uuid_field:
            return {**types.data_types, "UUIDField": "uuid"}
        return types.data_types

    # --- connecting --------------------------------------------------------------------------------------------------------

    def get_connection_params(self) -> dict[str, Any]:
        """Arguments for the driver; ours are taken out of ``OPTIONS``."""
        given = self.settings_dict
        params: dict[str, Any] = {"conv": _CONVERSIONS, "charset": "utf8mb4"}
        if given["USER"]:
            params["user"] = given["USER"]
        if given["NAME"]:
            params["database"] = given["NAME"]
        if given["PASSWORD"]:
            params["password"] = given["PASSWORD"]
        host = str(given["HOST"] or "")
        if host.startswith("/"):
            params["unix_socket"] = host
        elif host:
            params["host"] = host
        if given["PORT"]:
            params["port"] = int(given["PORT"])
        # An UPDATE counts the rows that it found, as other databases do, not those that it changed.
        params["client_flag"] = CLIENT.FOUND_ROWS
        options = {key: value for key, value in given["OPTIONS"].items() if key != "pool"}
        self.isolation_level = self._level(options.pop("isolation_level", "read committed"))
        for old, new in (("db", "database"), ("passwd", "password")):
            if old in options:
                options[new] = options.pop(old)
        options.pop("use_unicode", None)
        return params | options

    def _level(self, level: Any) -> str | None:
        if not level:
            return None
        if str(level).lower() not in ISOLATION_LEVELS:
            raise ImproperlyConfigured(
                f"Invalid transaction isolation level '{level}' specified.\nUse one of "
                f"{', '.join(repr(each) for each in sorted(ISOLATION_LEVELS))}, or None."
            )
        return str(level).lower()

    def get_new_connection(self, conn_params: dict[str, Any]) -> Any:
        """Open a connection in autocommit, with the isolation level of ``OPTIONS``."""
        raw = connect(autocommit=True, **conn_params)
        statements = []
        if self.isolation_level:
            statements.append(f"SET SESSION TRANSACTION ISOLATION LEVEL {self.isolation_level.upper()}")
        statements.append("SET SQL_AUTO_IS_NULL = 0")
        with raw.cursor() as cursor:
            for statement in statements:
                cursor.execute(statement)
        return raw

    @classmethod
    def _raw_usable(cls, raw: Any) -> bool:
        """An idle connection whose socket has something to say was closed by the server."""
        if not raw.open:
            return False
        glance = select.poll()
        glance.register(raw._sock, select.POLLIN)
        return not glance.poll(0)

    def _is_clean(self) -> bool:
        return super()._is_clean() and bool(self.connection.open) and not self.connection.in_transaction

    def create_cursor(self, name: str | None = None) -> Any:
        """A cursor of the driver."""
        return CursorAdapter(self.connection.cursor())

    def _rollback(self) -> None:
        try:
            super()._rollback()
        except DatabaseError:
            # MyISAM tables cannot roll back; the server says so, and that is all.
            if self.features.supports_transactions:
                raise

    def _set_autocommit(self, autocommit: bool) -> None:
        with self.wrap_database_errors:
            self.connection.autocommit(autocommit)

    def is_usable(self) -> bool:
        """Whether the connection still answers."""
        try:
            self.connection.ping(reconnect=False)
        except pymysql.Error:
            return False
        return True

    # --- the fast calls ------------------------------------------------------------------------------------------------------

    def _run(self, sql: str, params: Any) -> Any:
        if self.connection is None:
            self.ensure_connection()
        check_blocking("A database query")
        cursor = self.connection.cursor()
        try:
            cursor.execute(sql, params if isinstance(params, Mapping) else tuple(params))
        except pymysql.Error as error:
            ours: Any = _sorted(error)
            if ours is error:
                ours = self.wrap_database_errors.translate(error)
            raise ours.with_traceback(error.__traceback__) from error
        return cursor

    def rows(self, sql: str, params: Any = ()) -> list[Any]:
        """All rows of a SELECT."""
        if not self._is_plain():
            return super().rows(sql, params)
        return list(self._run(sql, params).fetchall())

    def execute(self, sql: str, params: Any = ()) -> Any:
        """Run a statement; the cursor has ``rowcount``, ``lastrowid`` and what came back."""
        return self._run(sql, params) if self._is_plain() else super().execute(sql, params)

    # --- constraints -----------------------------------------------------------------------------------------------------------

    def disable_constraint_checking(self) -> bool:
        """Switch foreign keys off."""
        with self.cursor() as cursor:
            cursor.execute("SET foreign_key_checks = 0")
        return True

    def enable_constraint_checking(self) -> None:
        """Switch foreign keys on, in a broken transaction too."""
        self.needs_rollback, needs_rollback = False, self.needs_rollback
        try:
            with self.cursor() as cursor:
                cursor.execute("SET foreign_key_checks = 1")
        finally:
            self.needs_rollback = needs_rollback

    def check_constraints(self, table_names: Any = None) -> None:
        """Look for rows whose foreign key leads nowhere; ``IntegrityError`` names the first."""
        with self.cursor() as cursor:
            for table in self.introspection.table_names(cursor) if table_names is None else table_names:
                primary = self.introspection.get_primary_key_column(cursor, table)
                if primary:
                    for column, (target, other, *_) in self.introspection.get_relations(cursor, table).items():
                        self._check_key(cursor, table, primary, column, other, target)

    def _check_key(self, cursor: Any, table: str, primary: str, column: str, other: str, target: str) -> None:
        quote = self.ops.quote_name
        cursor.execute(
            f"SELECT a.{quote(primary)}, a.{quote(column)} FROM {quote(table)} AS a "
            f"LEFT JOIN {quote(other)} AS b ON (a.{quote(column)} = b.{quote(target)}) "
            f"WHERE a.{quote(column)} IS NOT NULL AND b.{quote(target)} IS NULL LIMIT 1"
        )
        row = cursor.fetchone()
        if row is not None:
            raise IntegrityError(
                f"The row in table '{table}' with primary key '{row[0]}' has an invalid foreign key: {table}.{column} "
                f"contains a value '{row[1]}' that does not have a corresponding value in {other}.{target}."
            )


Connection = MySQLConnection

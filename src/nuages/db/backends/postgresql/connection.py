"""Connections to PostgreSQL: psycopg 3, one class on and off the event loop."""

from __future__ import annotations

import datetime
import select
import threading
import warnings
from collections.abc import Generator
from contextlib import ExitStack, contextmanager
from functools import cached_property, lru_cache
from typing import Any

import psycopg
import psycopg.sql
from psycopg import IsolationLevel, adapt, pq
from psycopg.types.datetime import TimestamptzLoader
from psycopg.types.range import Range, RangeDumper
from psycopg.types.string import TextLoader

from nuages import bridge
from nuages.conf import settings
from nuages.db import errors
from nuages.db.backends.postgresql import types
from nuages.db.backends.postgresql.client import PostgreSQLClient
from nuages.db.backends.postgresql.creation import PostgreSQLCreation
from nuages.db.backends.postgresql.driver import (
    ChunkCursor,
    ClientCursor,
    ServerBindingCursor,
    connect,
)
from nuages.db.backends.postgresql.introspection import PostgreSQLIntrospection
from nuages.db.backends.postgresql.prepared import plain_values, preparable
from nuages.db.backends.postgresql.schema import PostgreSQLSchemaEditor
from nuages.db.connection import DatabaseConnection, check_blocking
from nuages.db.cursors import CursorDebugWrapper
from nuages.db.validation import FieldValidation
from nuages.exceptions import ImproperlyConfigured
from nuages.sql.dialects.features import PostgreSQLFeatures
from nuages.sql.dialects.postgresql import PostgreSQLOperations

_IDLE = int(pq.TransactionStatus.IDLE)

MAX_NAME = 63
"""The longest name of a database, in bytes; the server cuts longer ones."""

_NO_POSTGRES_DATABASE = (
    "The database 'postgres' cannot be connected to, so the project's own database serves to create or drop others. "
    "Name a server where the user may connect to 'postgres' to avoid this."
)
_OURS = frozenset({"pool", "isolation_level", "assume_role", "server_side_binding", "prepare_threshold"})


@lru_cache
def adapters() -> adapt.AdaptersMap:
    """How values travel: documents and addresses as text."""
    made = adapt.AdaptersMap(psycopg.adapters)
    # Fields decode documents themselves, with the decoder that the project chose.
    made.register_loader("jsonb", TextLoader)
    made.register_loader("inet", TextLoader)
    made.register_loader("cidr", TextLoader)
    # A range's bounds say more than its type; the server finds the type by the column.
    made.register_dumper(Range, _RangeDumper)
    return made


class _RangeDumper(RangeDumper):
    """Ranges of date-times must say their time zone, so that the type is the one with zones."""

    def upgrade(self, obj: Any, format: Any) -> Any:
        dumper = super().upgrade(obj, format)
        if dumper is not self and dumper.oid == psycopg.adapters.types["tsrange"].oid:
            dumper.oid = psycopg.adapters.types["tstzrange"].oid
        return dumper


class _NaiveLoader(TimestamptzLoader):
    """Date-times of the connection's zone, without saying so: what ``USE_TZ = False`` asks for."""

    def load(self, data: Any) -> datetime.datetime:
        return super().load(data).replace(tzinfo=None)


@lru_cache
def _loader_for(use_tz: bool, zone: datetime.tzinfo | None) -> type[TimestamptzLoader]:
    if not use_tz:
        return _NaiveLoader

    class ZonedLoader(TimestamptzLoader):
        """Date-times in the zone of the connection."""

        timezone = zone or datetime.UTC

        def __init__(self, oid: int, context: Any = None) -> None:
            super().__init__(oid, context)
            self._timezone = self.timezone

    return ZonedLoader


class PostgreSQLDebugCursor(CursorDebugWrapper):
    """Records COPY statements too."""

    def copy(self, statement: Any) -> Any:
        """Start a COPY."""
        with self.debug_sql(statement):
            return self.cursor.copy(statement)


class PostgreSQLConnection(DatabaseConnection):
    """One PostgreSQL database."""

    vendor = "postgresql"
    display_name = "PostgreSQL"
    Database = psycopg
    pools = True

    data_types = types.data_types
    data_types_suffix = types.data_types_suffix
    data_type_check_constraints = types.data_type_check_constraints
    operators = PostgreSQLOperations.operators
    pattern_esc = PostgreSQLOperations.pattern_esc
    pattern_ops = PostgreSQLOperations.pattern_ops

    SchemaEditorClass = PostgreSQLSchemaEditor
    client_class = PostgreSQLClient
    creation_class = PostgreSQLCreation
    features_class = PostgreSQLFeatures
    introspection_class = PostgreSQLIntrospection
    validation_class = FieldValidation
    ops_class = PostgreSQLOperations

    _named = 0

    # --- connecting ------------------------------------------------------------------------------------------------------

    @property
    def pool(self) -> Any:
        """The pool that this connection is leased from, ``None`` without one."""
        return self._pool

    def close_pool(self) -> None:
        """Close the connections that wait in the pool."""
        if self._pool is not None:
            self._pool.close()

    @cached_property
    def server_side_binding(self) -> bool:
        """Whether all parameters travel apart from their statements (``OPTIONS["server_side_binding"]``)."""
        return bool(self.settings_dict["OPTIONS"].get("server_side_binding"))

    @cached_property
    def isolation_level(self) -> IsolationLevel | None:
        """The isolation level of ``OPTIONS``; ``ImproperlyConfigured`` for a wrong one."""
        level = self.settings_dict["OPTIONS"].get("isolation_level")
        if level is None:
            return None
        try:
            return IsolationLevel(level)
        except ValueError:
            raise ImproperlyConfigured(
                f"Invalid transaction isolation level {level} specified. Use one of the psycopg.IsolationLevel values."
            ) from None

    def get_connection_params(self) -> dict[str, Any]:
        """Arguments for the driver; ours are taken out of ``OPTIONS``."""
        given = self.settings_dict
        options = given["OPTIONS"]
        if given["NAME"] == "" and not options.get("service"):
            raise ImproperlyConfigured(
                "settings.DATABASES is improperly configured. Please supply the NAME or OPTIONS['service'] value."
            )
        if len(given["NAME"] or "") > self._max_name_length():
            raise ImproperlyConfigured(
                f"The database name '{given['NAME']}' ({len(given['NAME'])} characters) is longer than PostgreSQL's limit of "
                f"{self._max_name_length()} characters. Supply a shorter NAME in settings.DATABASES."
            )
        if options.get("pool") and given["CONN_MAX_AGE"] != 0:
            raise ImproperlyConfigured("Pooling doesn't support persistent connections.")
        params: dict[str, Any] = {"dbname": given["NAME"]} if given["NAME"] else {}
        params |= {key: value for key, value in options.items() if key not in _OURS}
        if given["NAME"] is None:
            params.pop("service", None)
            params["dbname"] = "postgres"
        for name, key in (("USER", "user"), ("PASSWORD", "password"), ("HOST", "host"), ("PORT", "port")):
            if given[name]:
                params[key] = given[name]
        params["client_encoding"] = "UTF8"
        params.setdefault("cursor_factory", ServerBindingCursor if self.server_side_binding else ClientCursor)
        params["context"] = adapters()
        params["prepare_threshold"] = options.get("prepare_threshold", 5)
        return params

    def _max_name_length(self) -> int:
        return MAX_NAME

    def get_new_connection(self, conn_params: dict[str, Any]) -> Any:
        """Open a connection in autocommit, set its zone and role."""
        level = self.isolation_level
        raw = connect(autocommit=True, **conn_params)
        if level is not None:
            raw.isolation_level = level
        self._configure(raw)
        return raw

    def _configure(self, raw: Any) -> None:
        self._set_timezone(raw)
        role = self.settings_dict["OPTIONS"].get("assume_role")
        if role:
            raw.execute(psycopg.sql.SQL("SET ROLE {}").format(psycopg.sql.Identifier(role)))

    def _set_timezone(self, raw: Any) -> bool:
        loader = _loader_for(settings.USE_TZ, self.timezone)
        if raw.moments is not loader:
            raw.moments = loader
            raw.adapters.register_loader("timestamptz", loader)
            raw.statements.forget()
        name = self.timezone_name
        if not name or raw.pgconn.parameter_status(b"TimeZone") == name.encode():
            return False
        raw.execute(psycopg.sql.SQL("SELECT set_config('TimeZone', {}, false)").format(psycopg.sql.Literal(name)))
        raw.statements.forget()
        return True

    def ensure_timezone(self) -> bool:
        """Set the connection's zone where it has drifted; whether it had to be set."""
        if self.connection is None:
            return False
        return self._set_timezone(self.connection)

    def _obtain(self) -> bool:
        new = super()._obtain()
        if not new:
            self._set_timezone(self.connection)
        return new

    @classmethod
    def _raw_usable(cls, raw: Any) -> bool:
        """An idle connection whose socket has something to say was closed by the server (or got a notice)."""
        if raw.pgconn.transaction_status != _IDLE:
            return False
        glance = select.poll()
        glance.register(raw.pgconn.socket, select.POLLIN)
        return not glance.poll(0)

    def _is_clean(self) -> bool:
        # The status of a connection that is broken or closed is unknown.
        return super()._is_clean() and self.connection.pgconn.transaction_status == _IDLE

    def _set_autocommit(self, autocommit: bool) -> None:
        with self.wrap_database_errors:
            self.connection.autocommit = autocommit

    def is_usable(self) -> bool:
        """Whether the connection still answers."""
        if self.connection is None:
            return False
        try:
            self.connection.execute("SELECT 1")
        except psycopg.Error:
            return False
        return True

    def get_database_version(self) -> tuple[int, ...]:
        """The server's version, ``(15, 4)`` for 15.4."""
        return divmod(self.pg_version, 10000)

    @cached_property
    def pg_version(self) -> int:
        """The server's version as a number, 150004 for 15.4."""
        with self.temporary_connection():
            return int(self.connection.info.server_version)

    # --- cursors ---------------------------------------------------------------------------------------------------------------

    def make_debug_cursor(self, cursor: Any) -> Any:
        """A cursor that records, COPY too."""
        return PostgreSQLDebugCursor(cursor, self)

    def create_cursor(self, name: str | None = None) -> Any:
        """A cursor of the driver; with a name, one on the server."""
        if not name:
            return self.connection.cursor()
        held = self.connection.autocommit
        if self.server_side_binding:
            return self.connection.cursor(name, scrollable=False, withhold=held)
        return ChunkCursor(self.connection, name, scrollable=False, withhold=held)

    def chunked_cursor(self) -> Any:
        """A cursor on the server, unless ``DISABLE_SERVER_SIDE_CURSORS`` says otherwise."""
        if self.settings_dict.get("DISABLE_SERVER_SIDE_CURSORS"):
            return self.cursor()
        PostgreSQLConnection._named += 1
        return self._cursor(name=f"nuages_cursor_{threading.get_ident()}_{PostgreSQLConnection._named}")

    # --- the fast calls --------------------------------------------------------------------------------------------------------

    def _run(self, sql: str, params: Any) -> Any:
        raw = self.connection
        try:
            if not self.server_side_binding and preparable(sql) and plain_values(params or ()):
                return ServerBindingCursor(raw).execute(sql, params)
            return raw.cursor().execute(sql, params)
        except psycopg.Error as error:
            raise self._translated(error) from error

    def _translated(self, error: psycopg.Error) -> Exception:
        ours: Exception = self.wrap_database_errors.translate(error)
        return ours.with_traceback(error.__traceback__)

    def rows(self, sql: str, params: Any = ()) -> list[Any]:
        """All rows of a SELECT."""
        if not self._is_plain():
            return super().rows(sql, params)
        if self.connection is None:
            self.ensure_connection()
        elif bridge.would_block():
            check_blocking("A database query")
        try:
            found: list[Any] | None = self.connection.statements.rows(sql, params)
            return self._run(sql, params).fetchall() if found is None else found  # type: ignore[no-any-return]
        except psycopg.Error as error:
            raise self._translated(error) from error

    def execute(self, sql: str, params: Any = ()) -> Any:
        """Run a statement; the cursor has ``rowcount`` and what came back."""
        if not self._is_plain():
            return super().execute(sql, params)
        if self.connection is None:
            self.ensure_connection()
        elif bridge.would_block():
            check_blocking("A database query")
        try:
            found = self.connection.statements.execute(sql, params)
        except psycopg.Error as error:
            raise self._translated(error) from error
        return self._run(sql, params) if found is None else found

    # --- constraints -------------------------------------------------------------------------------------------------------------

    def check_constraints(self, table_names: Any = None) -> None:
        """Check now what is deferred, then defer again."""
        with self.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            cursor.execute("SET CONSTRAINTS ALL DEFERRED")

    @contextmanager
    def _nodb_cursor(self) -> Generator[Any, None, None]:
        """A cursor on the ``postgres`` database; where that is closed to the user, on another configured one."""
        with ExitStack() as stack:
            try:
                cursor = stack.enter_context(super()._nodb_cursor())
            except (errors.DatabaseError, errors.TransactionManagementError):
                warnings.warn(_NO_POSTGRES_DATABASE, RuntimeWarning, stacklevel=2)
                cursor = stack.enter_context(self.copy().temporary_connection())
            yield cursor


Connection = PostgreSQLConnection

"""Connections to SQLite: statements run in place; a locked database is waited for without blocking the loop."""

from __future__ import annotations

import datetime
import decimal
import math
import random
import re
import sqlite3
import time
import uuid
from collections.abc import Callable, Iterable
from itertools import chain
from typing import Any, TypeVar

from nuages import bridge
from nuages.db.backends.sqlite import types
from nuages.db.backends.sqlite.client import SQLiteClient
from nuages.db.backends.sqlite.creation import SQLiteCreation
from nuages.db.backends.sqlite.introspection import SQLiteIntrospection
from nuages.db.backends.sqlite.schema import SQLiteSchemaEditor
from nuages.db.connection import DatabaseConnection, check_blocking
from nuages.db.cursors import Fetched, recorded
from nuages.db.errors import IntegrityError
from nuages.db.validation import FieldValidation
from nuages.exceptions import ImproperlyConfigured
from nuages.sql.dialects.features import SQLiteFeatures
from nuages.sql.dialects.sqlite import SQLiteOperations
from nuages.sql.dialects.sqlite_functions import AGGREGATES, FUNCTIONS, VOLATILE
from nuages.text.dateparse import parse_date, parse_datetime, parse_time

T = TypeVar("T")

TRANSACTION_MODES = ("DEFERRED", "EXCLUSIVE", "IMMEDIATE")
DEFAULT_TIMEOUT = 5.0

_BUSY, _LOCKED = 5, 6
_VOLATILE: tuple[tuple[str, Callable[[], Any]], ...] = (("RAND", random.random), ("UUIDV4", lambda: uuid.uuid4().hex))
_MAX_CACHED = 4096


def _decoder(parse: Callable[[str], Any]) -> Callable[[bytes], Any]:
    return lambda value: parse(value.decode())


sqlite3.register_converter("bool", b"1".__eq__)
sqlite3.register_converter("date", _decoder(parse_date))
sqlite3.register_converter("time", _decoder(parse_time))
sqlite3.register_converter("datetime", _decoder(parse_datetime))
sqlite3.register_converter("timestamp", _decoder(parse_datetime))
sqlite3.register_adapter(decimal.Decimal, str)
sqlite3.register_adapter(datetime.date, datetime.date.isoformat)
sqlite3.register_adapter(datetime.datetime, lambda value: value.isoformat(" "))

_PLACE_HOLDER = re.compile(r"%(?:%|s|\((\w+)\)s)")
_converted: dict[str, str] = {}


def _put(found: re.Match[str]) -> str:
    if found[0] == "%%":
        return "%"
    return "?" if found[1] is None else f":{found[1]}"


def convert(sql: str) -> str:
    """``%s`` → ``?``, ``%(name)s`` → ``:name``, ``%%`` → ``%``; once per text."""
    try:
        return _converted[sql]
    except KeyError:
        pass
    if len(_converted) >= _MAX_CACHED:
        _converted.clear()
    _converted[sql] = converted = _PLACE_HOLDER.sub(_put, sql)
    return converted


def widened(sql: str, params: Any, error: OverflowError) -> list[Any]:
    """Numbers of more than 64 bits as floating point, which is how SQLite reads them in a statement's text.

    What compares with them then finds the right rows. Raises the driver's ``error`` where numbers might be stored, or cannot be
    the reason.
    """
    stored = not sql.lstrip(" (").startswith(("SELECT", "DELETE", "WITH"))
    if stored or not isinstance(params, (list, tuple)) or not any(map(_is_wide, params)):
        raise error
    return [_as_float(value) if _is_wide(value) else value for value in params]


def _is_wide(value: Any) -> bool:
    return isinstance(value, int) and not -(2**63) <= value < 2**63


def _as_float(value: int) -> float:
    try:
        return float(value)
    except OverflowError:
        return math.inf if value > 0 else -math.inf


class SQLiteCursor(sqlite3.Cursor):
    """The driver's cursor, with the place-holders that all databases share."""

    def execute(self, query: str, params: Any = None) -> Any:
        """Run a statement; on the loop, wait for a locked database without blocking it."""
        if params is None:
            return patiently(self.connection, super().execute, query)
        try:
            return patiently(self.connection, super().execute, convert(query), params)
        except OverflowError as error:
            return patiently(self.connection, super().execute, convert(query), widened(query, params, error))

    def executemany(self, query: str, param_list: Iterable[Any]) -> Any:
        """Run a statement per set of parameters."""
        given = iter(param_list)
        first = next(given, None)
        if first is None:
            return self
        rows = list(chain((first,), given))
        return patiently(self.connection, super().executemany, convert(query), rows)


def patiently(raw: Any, call: Callable[..., T], *args: Any) -> T:
    """Run ``call``; where the database is locked and this is a task, try again until the connection's timeout."""
    if not bridge.active():
        return call(*args)
    deadline, pause = 0.0, 0.001
    while True:
        try:
            return call(*args)
        except sqlite3.OperationalError as error:
            if getattr(error, "sqlite_errorcode", 0) & 0xFF not in (_BUSY, _LOCKED):
                raise
            now = time.monotonic()
            deadline = deadline or now + getattr(raw, "patience", DEFAULT_TIMEOUT)
            if now >= deadline:
                raise
        bridge.sleep(pause)
        pause = min(pause * 2, 0.05)


class _Raw(sqlite3.Connection):
    """The driver's connection, which knows how long it may wait for a lock."""

    patience = DEFAULT_TIMEOUT
    waits_in_library = True


def _register(raw: Any) -> None:
    for name, arguments, function in FUNCTIONS:
        raw.create_function(name, arguments, function, deterministic=name not in VOLATILE)
    for name, arguments, kind in AGGREGATES:
        raw.create_aggregate(name, arguments, kind)
    for name, made in _VOLATILE:
        raw.create_function(name, 0, made)


class SQLiteConnection(DatabaseConnection):
    """One SQLite database file, or one in memory."""

    vendor = "sqlite"
    display_name = "SQLite"
    Database = sqlite3
    pools = True

    data_types = types.data_types
    data_types_suffix = types.data_types_suffix
    data_type_check_constraints = types.data_type_check_constraints
    operators = SQLiteOperations.operators
    pattern_esc = SQLiteOperations.pattern_esc
    pattern_ops = SQLiteOperations.pattern_ops
    transaction_modes = frozenset(TRANSACTION_MODES)

    SchemaEditorClass = SQLiteSchemaEditor
    client_class = SQLiteClient
    creation_class = SQLiteCreation
    features_class = SQLiteFeatures
    introspection_class = SQLiteIntrospection
    ops_class = SQLiteOperations
    validation_class = FieldValidation

    transaction_mode: str | None = None

    @classmethod
    def shared_in_thread(cls, settings_dict: dict[str, Any]) -> bool:
        """A database in memory exists in one connection only, which all tasks of the thread share."""
        return is_in_memory(settings_dict["NAME"])

    @classmethod
    def make_pool(cls, settings_dict: dict[str, Any], alias: str) -> Any:
        """The pool of a file's connections; they are cheap, so that their number only has to be finite."""
        if is_in_memory(settings_dict["NAME"]):
            return None
        pool = super().make_pool(settings_dict, alias)
        if pool is not None and not isinstance(settings_dict["OPTIONS"].get("pool"), dict):
            pool.max_size = 128
        return pool

    def get_connection_params(self) -> dict[str, Any]:
        """Arguments for ``sqlite3.connect``; ours are taken out of ``OPTIONS``."""
        name = self.settings_dict["NAME"]
        if not name:
            raise ImproperlyConfigured(
                "settings.DATABASES is improperly configured. Please supply the NAME value: the path of the SQLite file."
            )
        options = {key: value for key, value in self.settings_dict["OPTIONS"].items() if key != "pool"}
        if "check_same_thread" in options:
            options.pop("check_same_thread")
        self.transaction_mode = self._mode(options.pop("transaction_mode", None))
        return {
            "database": name,
            "detect_types": sqlite3.PARSE_DECLTYPES | sqlite3.PARSE_COLNAMES,
            **options,
            "check_same_thread": False,
            "uri": True,
        }

    def _mode(self, mode: Any) -> str | None:
        if mode is None:
            return None
        if not isinstance(mode, str) or mode.upper() not in TRANSACTION_MODES:
            raise ImproperlyConfigured(
                f"settings.DATABASES[{self.alias!r}]['OPTIONS']['transaction_mode'] is improperly configured to "
                f"'{mode}'. Use one of {', '.join(repr(each) for each in TRANSACTION_MODES)}, or None."
            )
        return mode.upper()

    def get_new_connection(self, conn_params: dict[str, Any]) -> Any:
        """Open the file, register functions, switch foreign keys on, run ``init_command``."""
        params = dict(conn_params)
        init_command = params.pop("init_command", "")
        raw = sqlite3.connect(factory=_Raw, **{"isolation_level": None, **params})
        raw.patience = float(params.get("timeout", DEFAULT_TIMEOUT))
        _register(raw)
        raw.execute("PRAGMA foreign_keys = ON")
        # A rename must carry over to the tables that refer to the renamed one.
        raw.execute("PRAGMA legacy_alter_table = OFF")
        for statement in init_command.split(";"):
            if statement.strip():
                raw.execute(statement)
        return raw

    def _obtain(self) -> bool:
        new = super()._obtain()
        if self._lease is not None:
            if self.transaction_mode is None and "transaction_mode" in self.settings_dict["OPTIONS"]:
                self.transaction_mode = self._mode(self.settings_dict["OPTIONS"]["transaction_mode"])
            if bridge.active() and self.connection.waits_in_library:
                self.connection.execute("PRAGMA busy_timeout = 0")
                self.connection.waits_in_library = False
            elif not bridge.active() and not self.connection.waits_in_library:
                self.connection.execute(f"PRAGMA busy_timeout = {int(self.connection.patience * 1000)}")
                self.connection.waits_in_library = True
        return new

    def create_cursor(self, name: str | None = None) -> Any:
        """A cursor of the driver."""
        return self.connection.cursor(factory=SQLiteCursor)

    def close(self) -> None:
        """Close; a database in memory lives on, or its data would be lost."""
        self.validate_thread_sharing()
        if not is_in_memory(self.settings_dict["NAME"]):
            super().close()

    def is_usable(self) -> bool:
        """A file is always there."""
        return True

    def get_database_version(self) -> tuple[int, ...]:
        """The version of the library."""
        return sqlite3.sqlite_version_info

    def variable_limit(self) -> int:
        """The most place-holders in one statement."""
        self.ensure_connection()
        return int(self.connection.getlimit(sqlite3.SQLITE_LIMIT_VARIABLE_NUMBER))

    def is_in_memory_db(self) -> bool:
        """Whether the database has no file."""
        return is_in_memory(self.settings_dict["NAME"])

    # --- transactions: the driver's autocommit stays on, and statements of ours begin and end them ----------------------

    def _savepoint_allowed(self) -> bool:
        return self.in_atomic_block

    def _set_autocommit(self, autocommit: bool) -> None:
        with self.wrap_database_errors:
            self.connection.isolation_level = None if autocommit else ""

    def _start_transaction_under_autocommit(self) -> None:
        begin = "BEGIN" if self.transaction_mode is None else f"BEGIN {self.transaction_mode}"
        self.cursor().execute(begin)

    def _commit(self) -> None:
        if self.connection is not None:
            self._end("COMMIT", self.connection.commit)

    def _rollback(self) -> None:
        if self.connection is not None:
            self._end("ROLLBACK", self.connection.rollback)

    def _end(self, sql: str, call: Callable[[], None]) -> None:
        with recorded(self, sql), self.wrap_database_errors:
            patiently(self.connection, call)

    # --- the fast calls ------------------------------------------------------------------------------------------------------

    def _run(self, sql: str, params: Any) -> Any:
        """A cursor that has run the statement, with no wrapper in between."""
        raw = self.connection
        if raw is None:
            check_blocking("A database query")
            self.ensure_connection()
            raw = self.connection
        try:
            if bridge.active():
                return patiently(raw, raw.execute, convert(sql), params)
            check_blocking("A database query")
            return raw.execute(convert(sql), params)
        except OverflowError as error:
            return self._run(sql, widened(sql, params, error))
        except sqlite3.Error as error:
            ours = self.wrap_database_errors.translate(error)
            raise ours.with_traceback(error.__traceback__) from error

    def rows(self, sql: str, params: Any = ()) -> list[Any]:
        """All rows of a SELECT."""
        if not self._is_plain():
            return super().rows(sql, params)
        try:
            return self._run(sql, params).fetchall()  # type: ignore[no-any-return]
        except sqlite3.Error as error:
            raise self.wrap_database_errors.translate(error) from error

    def execute(self, sql: str, params: Any = ()) -> Any:
        """Run a statement; the cursor has ``rowcount``, ``lastrowid`` and what came back.

        Rows are read at once: only then does SQLite finish the statement, and check deferred keys in autocommit.
        """
        if not self._is_plain():
            return super().execute(sql, params)
        cursor = self._run(sql, params)
        if cursor.description is None:
            return cursor
        try:
            return Fetched(cursor.fetchall(), cursor.rowcount, cursor.lastrowid, cursor.description)
        except sqlite3.Error as error:
            raise self.wrap_database_errors.translate(error) from error

    # --- constraints ---------------------------------------------------------------------------------------------------------

    def disable_constraint_checking(self) -> bool:
        """Switch foreign keys off; has no effect inside a transaction, which is what the answer tells."""
        with self.cursor() as cursor:
            cursor.execute("PRAGMA foreign_keys = OFF")
            return not cursor.execute("PRAGMA foreign_keys").fetchone()[0]

    def enable_constraint_checking(self) -> None:
        """Switch foreign keys on."""
        with self.cursor() as cursor:
            cursor.execute("PRAGMA foreign_keys = ON")

    def check_constraints(self, table_names: Any = None) -> None:
        """Raise ``IntegrityError`` that names the first row which breaks a foreign key."""
        with self.cursor() as cursor:
            broken: list[Any] = []
            for table in [None] if table_names is None else table_names:
                scope = "" if table is None else f"({self.ops.quote_name(table)})"
                broken.extend(cursor.execute(f"PRAGMA foreign_key_check{scope}").fetchall())
            if broken:
                raise IntegrityError(self._describe(cursor, *broken[0]))

    def _describe(self, cursor: Any, table: str, rowid: Any, referenced: str, index: int) -> str:
        quote = self.ops.quote_name
        keys = cursor.execute(f"PRAGMA foreign_key_list({quote(table)})").fetchall()
        column, target = next((key[3], key[4]) for key in keys if key[0] == index)
        primary = self.introspection.get_primary_key_column(cursor, table)
        key, value = cursor.execute(
            f"SELECT {quote(primary) if primary else 'rowid'}, {quote(column)} FROM {quote(table)} WHERE rowid = %s", (rowid,)
        ).fetchone()
        return (
            f"The row in table '{table}' with primary key '{key}' has an invalid foreign key: {table}.{column} "
            f"contains a value '{value}' that does not have a corresponding value in {referenced}.{target}."
        )


def is_in_memory(name: Any) -> bool:
    """Whether a NAME means a database without a file."""
    text = str(name)
    return text == ":memory:" or "mode=memory" in text


Connection = SQLiteConnection

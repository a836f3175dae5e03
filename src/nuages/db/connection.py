"""``DatabaseConnection``: what ``connections[alias]`` is, for all databases (documentation: topics/db, ref/databases)."""

from __future__ import annotations

import copy
import datetime
import os
import threading
import time
import warnings
import zoneinfo
from collections import deque
from collections.abc import Callable, Generator, Iterator
from contextlib import contextmanager
from functools import cached_property
from typing import Any, ClassVar

from nuages import bridge
from nuages.apps import apps
from nuages.conf import settings
from nuages.db import cursors
from nuages.db.cursors import CursorWrapper
from nuages.db.errors import ErrorTranslator, NotSupportedError
from nuages.db.locks import BridgeLock
from nuages.db.pool import Pool
from nuages.db.sharing import ThreadSharing
from nuages.db.signals import connection_created
from nuages.db.transactions import Transactions
from nuages.exceptions import ImproperlyConfigured
from nuages.sql import errors

NO_DB_ALIAS = "__no_db__"
RAN_DB_VERSION_CHECK: set[str] = set()

_ALLOW_UNSAFE = ("NUAGES_ALLOW_ASYNC_UNSAFE", "DJANGO_ALLOW_ASYNC_UNSAFE")


def check_blocking(action: str) -> None:
    """Refuse to block an event loop, unless the environment variable of topics/async allows it."""
    if bridge.would_block() and not any(os.environ.get(name) for name in _ALLOW_UNSAFE):
        bridge.check_blocking(action)


class DatabaseConnection(Transactions, ThreadSharing):
    """One database as one thread or one task sees it.

    The driver's own connection (``connection``) is opened at the first query. On the event loop it is leased from the
    database's pool then, and given back at the end of the request, of the transaction or of the task.
    """

    vendor = "unknown"
    display_name = "unknown"
    Database: Any = None
    queries_limit = 9000

    data_types: ClassVar[dict[str, Any]] = {}
    data_types_suffix: ClassVar[dict[str, str]] = {}
    data_type_check_constraints: ClassVar[dict[str, str]] = {}

    SchemaEditorClass: Any = None
    client_class: Any = None
    creation_class: Any = None
    features_class: Any = None
    introspection_class: Any = None
    ops_class: Any = None
    validation_class: Any = None

    pools: ClassVar[bool] = False
    """Whether connections to this database are leased from a pool on the event loop."""

    # How each object begins. Every task that queries makes one, so that only what differs is set on it.
    connection: Any = None
    force_debug_cursor = False
    close_at: float | None = None
    errors_occurred = False
    health_check_enabled = False
    health_check_done = False
    _lease: Pool | None = None
    _open_chunks = 0

    def __init__(self, settings_dict: dict[str, Any], alias: str = "default", *, pool: Pool | None = None) -> None:
        self.settings_dict = settings_dict
        self.alias = alias
        self.queries_log: deque[dict[str, str]] = deque(maxlen=self.queries_limit)
        self.execute_wrappers: list[Callable[..., Any]] = []
        self._reset_transaction()
        self._pool = pool
        self._connecting = BridgeLock()
        self._thread_ident = threading.get_ident()

    def __repr__(self) -> str:
        return f"<{type(self).__qualname__} vendor={self.vendor!r} alias={self.alias!r}>"

    @property
    def wrap_database_errors(self) -> Any:
        """Around calls of the driver: its errors become those of ``nuages.db``."""
        return ErrorTranslator(self)  # not kept: the two would hold each other until the garbage collector comes

    # The rooms of a connection are built when first looked at: a task's connection costs little.

    @cached_property
    def features(self) -> Any:
        """What the database can do."""
        return self.features_class(self)

    @cached_property
    def ops(self) -> Any:
        """How the database writes things."""
        return self.ops_class(self)

    @cached_property
    def introspection(self) -> Any:
        """What exists in the database."""
        return self.introspection_class(self)

    @cached_property
    def creation(self) -> Any:
        """Test databases."""
        return self.creation_class(self)

    @cached_property
    def client(self) -> Any:
        """The database's command-line client."""
        return self.client_class(self)

    @cached_property
    def validation(self) -> Any:
        """System checks of fields that depend on the database."""
        return self.validation_class(self)

    # --- facts about the server --------------------------------------------------------------------------------------

    @cached_property
    def timezone(self) -> datetime.tzinfo | None:
        """The zone of date-times in the database: ``None`` where it keeps zones itself or ``USE_TZ`` is off."""
        if not settings.USE_TZ:
            return None
        name = self.settings_dict["TIME_ZONE"]
        return datetime.UTC if name is None else zoneinfo.ZoneInfo(name)

    @cached_property
    def timezone_name(self) -> str | None:
        """The name of the zone that the connection is set to; ``None`` leaves it to the server."""
        if not settings.USE_TZ:
            return settings.TIME_ZONE
        name: str | None = self.settings_dict["TIME_ZONE"]
        return "UTC" if name is None else name

    def ensure_timezone(self) -> bool:
        """Set the connection's zone where it has drifted; whether it had to be set."""
        return False

    def get_database_version(self) -> tuple[int, ...]:
        """The server's version."""
        raise NotImplementedError(f"{type(self).__name__} must say how to get the version of its server.")

    @property
    def server_version(self) -> tuple[int, ...]:
        """The server's version, asked once per database and process."""
        return self.get_database_version()

    def check_database_version_supported(self) -> None:
        """Raise ``NotSupportedError`` where the server is too old."""
        minimum = self.features.minimum_database_version
        if minimum is None:
            return
        version = self.get_database_version()
        if version < minimum:
            wanted, found = (".".join(map(str, numbers)) for numbers in (minimum, version))
            raise NotSupportedError(f"{self.display_name} {wanted} or later is required (found {found}).")

    # --- connecting ----------------------------------------------------------------------------------------------------

    def get_connection_params(self) -> dict[str, Any]:
        """What ``get_new_connection`` is called with, from the settings."""
        raise NotImplementedError(f"{type(self).__name__} must make connection parameters from its settings.")

    def get_new_connection(self, conn_params: dict[str, Any]) -> Any:
        """Open a connection with the driver."""
        raise NotImplementedError(f"{type(self).__name__} must open connections.")

    def init_connection_state(self) -> None:
        """Prepare a connection that was just opened. The server's version is checked once per process and database."""
        if self.alias not in RAN_DB_VERSION_CHECK:
            self.check_database_version_supported()
            RAN_DB_VERSION_CHECK.add(self.alias)

    def create_cursor(self, name: str | None = None) -> Any:
        """A cursor of the driver; with a name, one that stays on the server where the database has those."""
        raise NotImplementedError(f"{type(self).__name__} must make cursors.")

    def connect(self) -> None:
        """Connect now. State that belonged to an earlier connection is forgotten."""
        if bridge.would_block():
            check_blocking("A database query")
        self.check_settings()
        self._reset_transaction()
        max_age = self.settings_dict["CONN_MAX_AGE"]
        self.close_at = None if max_age is None else time.monotonic() + max_age
        self.errors_occurred = False
        self.health_check_done = True
        try:
            new = self._obtain()
            # What is leased from a pool was looked at there.
            self.health_check_enabled = self._lease is None and bool(self.settings_dict["CONN_HEALTH_CHECKS"])
        except Exception:
            with self.wrap_database_errors:
                raise
        if new:
            self._set_up()
        else:
            self.autocommit = True
            if not self.settings_dict["AUTOCOMMIT"]:
                self.set_autocommit(False)

    def _obtain(self) -> bool:
        """Get a driver connection, leased or opened; whether it is new."""
        pool = self._pool
        if pool is None or not (bridge.active() or self.settings_dict["OPTIONS"].get("pool")):
            self.connection = self.get_new_connection(self.get_connection_params())
            return True
        self.connection, new = pool.lease()
        self._lease = pool
        return new

    def _set_up(self) -> None:
        try:
            self.set_autocommit(self.settings_dict["AUTOCOMMIT"])
            self.init_connection_state()
        except BaseException:
            self._abandon()
            raise
        connection_created.send(sender=self.__class__, connection=self)
        self.run_on_commit = []

    def check_settings(self) -> None:
        """Raise ``ImproperlyConfigured`` for settings that contradict each other."""
        if self.settings_dict["TIME_ZONE"] is not None and not settings.USE_TZ:
            raise ImproperlyConfigured(
                f"Connection '{self.alias}' cannot set TIME_ZONE because USE_TZ is False."
            )

    def ensure_connection(self) -> None:
        """Connect where there is no connection yet."""
        if self.connection is None:
            if self.in_atomic_block and self.closed_in_transaction:
                message = "Cannot open a new connection in an atomic block."
                raise errors.ProgrammingError(message)
            # Tasks that were handed the same object must not open a connection each.
            with self._connecting:
                if self.connection is None:
                    self.connect()

    def _close(self) -> None:
        if self._lease is not None and self._is_clean():
            self._lease.give(self.connection)
        elif self.connection is not None:
            with self.wrap_database_errors:
                if self._lease is None:
                    self.connection.close()
                else:
                    self._lease.drop(self.connection)

    def _is_clean(self) -> bool:
        """Whether the next user of a leased connection may have it."""
        return not self.in_atomic_block and not self.errors_occurred and self.autocommit

    def close(self) -> None:
        """Close the connection, or give the lease back. Inside ``atomic`` the block can only roll back then."""
        if self._thread_ident != threading.get_ident():
            self.validate_thread_sharing()
        self.run_on_commit = []
        if self.closed_in_transaction or self.connection is None:
            return
        if bridge.would_block():
            check_blocking("Closing a database connection")
        try:
            self._close()
        finally:
            self.connection, self._lease = None, None
            if self.in_atomic_block:
                self.closed_in_transaction = True
                self.needs_rollback = True

    def give_back(self) -> None:
        """Give the lease back where nothing holds it: no transaction, no open server-side cursor."""
        if self._lease is not None and not self.in_atomic_block and not self._open_chunks and self.autocommit:
            self.close()

    def _abandon(self) -> None:
        """Close without a word to the server: the task ended in the middle, or the set-up failed."""
        raw, lease = self.connection, self._lease
        if raw is None:
            return
        clean = self._is_clean() and not self._open_chunks
        self.connection, self._lease = None, None
        if lease is None:
            self._discard(raw)
        elif clean:
            lease.give(raw)
        else:
            lease.drop(raw)
        self._reset_transaction()

    @classmethod
    def _discard(cls, raw: Any) -> None:
        """Close a driver connection; errors mean that it was broken already."""
        try:
            raw.close()
        except Exception:
            pass

    @classmethod
    def _raw_usable(cls, raw: Any) -> bool:
        """Whether a driver connection that was idle in the pool may be used."""
        return True

    @classmethod
    def make_pool(cls, settings_dict: dict[str, Any], alias: str) -> Pool | None:
        """The pool for a database, or ``None`` where it has none."""
        options = settings_dict["OPTIONS"].get("pool")
        if not cls.pools or options is False:
            return None
        given = dict(options) if isinstance(options, dict) else {}
        known = {key: given[key] for key in ("min_size", "max_size", "timeout", "max_idle", "max_lifetime") if key in given}
        template = cls(settings_dict, alias)

        def open_connection() -> Any:
            return template.get_new_connection(template.get_connection_params())

        return Pool(open_connection, cls._raw_usable, cls._discard, name=alias, **known)

    @classmethod
    def shared_in_thread(cls, settings_dict: dict[str, Any]) -> bool:
        """Whether the tasks of a thread must share its connection, because the database lives in that connection."""
        return False

    # --- health ----------------------------------------------------------------------------------------------------------

    def is_usable(self) -> bool:
        """Whether the open connection still answers."""
        raise NotImplementedError(f"{type(self).__name__} must be able to test its connection.")

    def close_if_health_check_failed(self) -> None:
        """With ``CONN_HEALTH_CHECKS``: test the connection once per request, and close it where it is dead."""
        if self.connection is None or not self.health_check_enabled or self.health_check_done:
            return
        if not self.is_usable():
            self.close()
        self.health_check_done = True

    def close_if_unusable_or_obsolete(self) -> None:
        """Close a connection that broke or is older than ``CONN_MAX_AGE``; give a lease back. Not inside ``atomic``."""
        if self.connection is None:
            return
        self.health_check_done = False
        if self.in_atomic_block:
            return
        if self._lease is not None or self.get_autocommit() != self.settings_dict["AUTOCOMMIT"]:
            self.close()
            return
        if self.errors_occurred:
            if not self.is_usable():
                self.close()
                return
            self.errors_occurred = False
            self.health_check_done = True
        if self.close_at is not None and time.monotonic() >= self.close_at:
            self.close()

    # --- cursors and queries ---------------------------------------------------------------------------------------------

    @property
    def queries_logged(self) -> bool:
        """Whether statements are kept in ``queries``: with ``DEBUG`` on, or when forced."""
        return bool(self.force_debug_cursor or settings.DEBUG)

    @property
    def queries(self) -> list[dict[str, str]]:
        """The statements since the request began, each ``{"sql": …, "time": …}``; the last of them where there are too many."""
        if len(self.queries_log) == self.queries_log.maxlen:
            warnings.warn(
                f"Limit for query logging exceeded, only the last {self.queries_log.maxlen} queries will be returned.", stacklevel=2
            )
        return list(self.queries_log)

    def ready_to_query(self) -> bool:
        """Whether the start-up is over, after which queries are welcome."""
        return bool(apps.ready)

    def make_cursor(self, cursor: Any) -> CursorWrapper:
        """A cursor as users get it."""
        return cursors.CursorWrapper(cursor, self)

    def make_debug_cursor(self, cursor: Any) -> CursorWrapper:
        """A cursor as users get it, that records."""
        return cursors.CursorDebugWrapper(cursor, self)  # looked up here, as development tools put their own in its place

    def _prepare_cursor(self, cursor: Any) -> CursorWrapper:
        self.validate_thread_sharing()
        return self.make_debug_cursor(cursor) if self.queries_logged else self.make_cursor(cursor)

    def _cursor(self, name: str | None = None) -> CursorWrapper:
        check_blocking("A database query")
        self.close_if_health_check_failed()
        self.ensure_connection()
        with self.wrap_database_errors:
            return self._prepare_cursor(self.create_cursor(name))

    def cursor(self) -> CursorWrapper:
        """A cursor, connecting first where needed (documentation: topics/db/sql)."""
        return self._cursor()

    def chunked_cursor(self) -> CursorWrapper:
        """A cursor that does not fetch all rows at once, where the database has such."""
        return self.cursor()

    def _is_plain(self) -> bool:
        """Whether statements may go straight to the driver: nobody watches, nothing forbids."""
        return not (
            self.execute_wrappers
            or self.needs_rollback
            or self.health_check_enabled
            or "cursor" in self.__dict__
            or self._thread_ident != threading.get_ident()
            or self.force_debug_cursor
            or settings.DEBUG
            or not apps.ready
        )

    def rows(self, sql: str, params: Any = ()) -> list[Any]:
        """All rows of a SELECT."""
        with self.cursor() as cursor:
            cursor.execute(sql, params)
            return list(cursor.fetchall())

    def execute(self, sql: str, params: Any = ()) -> Any:
        """Run a statement; the cursor that is returned has ``rowcount``, ``lastrowid`` and the rows that came back."""
        cursor = self.cursor()
        cursor.execute(sql, params)
        return cursor

    def chunks(self, sql: str, params: Any = (), size: int = 2000) -> Iterator[list[Any]]:
        """The rows of a SELECT, ``size`` at a time, from a server-side cursor where the database has those."""
        cursor = self.chunked_cursor()
        self._open_chunks += 1
        try:
            cursor.execute(sql, params)
            while rows := cursor.fetchmany(size):
                yield list(rows)
        finally:
            self._open_chunks -= 1
            cursor.close()

    # --- constraints -------------------------------------------------------------------------------------------------------

    @contextmanager
    def constraint_checks_disabled(self) -> Generator[None, None, None]:
        """Load rows in any order: foreign keys are not checked inside."""
        disabled = self.disable_constraint_checking()
        try:
            yield
        finally:
            if disabled:
                self.enable_constraint_checking()

    def disable_constraint_checking(self) -> bool:
        """Stop checking foreign keys; whether they were checked."""
        return False

    def enable_constraint_checking(self) -> None:
        """Check foreign keys again."""

    def check_constraints(self, table_names: Any = None) -> None:
        """Raise ``IntegrityError`` for rows that break a foreign key."""

    def atomic(self) -> Any:
        """A block whose statements count all or not at all; ``nuages.db.transaction`` puts it here."""
        raise NotImplementedError("Import nuages.db before using a connection's atomic().")

    # --- schema and copies -----------------------------------------------------------------------------------------------

    @contextmanager
    def temporary_connection(self) -> Generator[CursorWrapper, None, None]:
        """A cursor on a connection that is closed afterwards where it was not open before."""
        open_before = self.connection is not None
        try:
            with self.cursor() as cursor:
                yield cursor
        finally:
            if not open_before:
                self.close()

    @contextmanager
    def _nodb_cursor(self) -> Generator[CursorWrapper, None, None]:
        """A cursor on a connection to the server but no database, to create or drop databases."""
        connection = self.__class__({**self.settings_dict, "NAME": None}, alias=NO_DB_ALIAS)
        try:
            with connection.cursor() as cursor:
                yield cursor
        finally:
            connection.close()

    def schema_editor(self, *args: Any, **kwargs: Any) -> Any:
        """An editor of tables, to be used as a context manager (documentation: ref/schema-editor)."""
        if self.SchemaEditorClass is None:
            raise NotImplementedError("The SchemaEditorClass attribute of this database wrapper is still None")
        return self.SchemaEditorClass(self, *args, **kwargs)

    def prepare_database(self) -> None:
        """Do what must happen once before the first migration."""

    def copy(self, alias: str | None = None) -> DatabaseConnection:
        """Another connection object with the same settings."""
        return type(self)(copy.deepcopy(self.settings_dict), self.alias if alias is None else alias)

    @property
    def errors(self) -> Any:
        """The module of the errors that connections raise, for those that are handed a connection only."""
        return errors

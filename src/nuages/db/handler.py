"""Whose connection? One per task on the event loop, one per thread off it, or the one that a test pins for all."""

from __future__ import annotations

import importlib
import threading
import weakref
from collections.abc import Iterator, Mapping, Sequence
from contextvars import ContextVar
from functools import cache, cached_property
from typing import TYPE_CHECKING, Any

from nuages.bridge import loops
from nuages.conf import settings
from nuages.conf.connections import ConnectionProxy
from nuages.conf.names import native
from nuages.db.connection import DatabaseConnection
from nuages.db.errors import ConnectionDoesNotExist
from nuages.db.pool import Pool
from nuages.exceptions import ImproperlyConfigured
from nuages.ondemand import Later
from nuages.signals import idle_when

if TYPE_CHECKING:
    import asyncio
else:
    asyncio = Later("asyncio")  # commands and WSGI servers need none

DEFAULT_DB_ALIAS = "default"

# The names by which settings written for the documented API call the built-in back ends.
ENGINES = {
    "django.db.backends.sqlite3": "nuages.db.backends.sqlite",
    "django.db.backends.postgresql": "nuages.db.backends.postgresql",
    "django.db.backends.mysql": "nuages.db.backends.mysql",
    "django.db.backends.dummy": "nuages.db.backends.dummy",
    "nuages.db.backends.sqlite3": "nuages.db.backends.sqlite",
}

_TEST_DEFAULTS: dict[str, Any] = {
    "CHARSET": None,
    "COLLATION": None,
    "MIGRATE": True,
    "MIRROR": None,
    "NAME": None,
}


def load_backend(engine: str) -> Any:
    """The module that holds a back end's connection class; ``ImproperlyConfigured`` where it cannot be imported.

    ``engine`` names a package: a built-in one has a module ``connection``, one written elsewhere a module ``base``.
    """
    package = ENGINES.get(engine) or native(engine)
    for module in ("connection", "base"):
        try:
            return importlib.import_module(f"{package}.{module}")
        except ModuleNotFoundError as error:
            if error.name not in (package, f"{package}.{module}") and not package.startswith(f"{error.name}."):
                raise
            cause = error
    raise ImproperlyConfigured(
        f"{engine!r} isn't an available database backend or couldn't be imported. Set ENGINE to one of "
        f"{', '.join(repr(name) for name in dict.fromkeys(ENGINES.values()))}, or to the path of an installed back end."
    ) from cause


@cache
def connection_class(engine: str) -> type[DatabaseConnection]:
    """The connection class of a back end."""
    module = load_backend(engine)
    found = getattr(module, "Connection", None) or getattr(module, "DatabaseWrapper", None)
    if found is None:
        raise ImproperlyConfigured(f"The module {module.__name__} of ENGINE {engine!r} has no class DatabaseWrapper.")
    return found  # type: ignore[no-any-return]


class _Holder:
    """The connections of one task."""

    __slots__ = ("__weakref__", "connections", "task", "watched")

    def __init__(self, task: asyncio.Task[Any]) -> None:
        self.task = weakref.ref(task)
        self.connections: dict[str, DatabaseConnection] = {}
        self.watched = False

    def release(self, task: object) -> None:
        """The task is done: whatever it still holds goes back."""
        for connection in self.connections.values():
            connection._abandon()
        self.connections.clear()


class ConnectionHandler:
    """``connections``: the databases of ``DATABASES`` by alias.

    ``connections[alias]`` is the connection of the running task, of this thread where no task runs, or the one that
    ``pin`` gave to all of them.
    """

    thread_critical = True
    settings_name = "DATABASES"
    exception_class = ConnectionDoesNotExist

    def __init__(self, databases: dict[str, dict[str, Any]] | None = None) -> None:
        self._settings = databases
        self._threads = threading.local()
        self._task: ContextVar[_Holder | None] = ContextVar("connections", default=None)
        self._pinned: dict[str, Any] = {}
        self._pools: dict[str, Pool | None] = {}
        self._pools_lock = threading.Lock()

    # --- settings ----------------------------------------------------------------------------------------------------------

    @cached_property
    def settings(self) -> dict[str, dict[str, Any]]:
        """``DATABASES`` with all defaults filled in."""
        self._settings = self.configure_settings(self._settings)
        return self._settings

    @property
    def databases(self) -> dict[str, dict[str, Any]]:
        """The same as ``settings``."""
        return self.settings

    def configure_settings(self, databases: dict[str, dict[str, Any]] | None) -> dict[str, dict[str, Any]]:
        """Fill in the defaults of each database (documentation: ref/settings, ``DATABASES``)."""
        databases = getattr(settings, self.settings_name) if databases is None else databases
        if databases == {}:
            databases[DEFAULT_DB_ALIAS] = {"ENGINE": "nuages.db.backends.dummy"}
        elif DEFAULT_DB_ALIAS not in databases:
            message = f"You must define a '{DEFAULT_DB_ALIAS}' database."
            raise ImproperlyConfigured(message)
        elif databases[DEFAULT_DB_ALIAS] == {}:
            databases[DEFAULT_DB_ALIAS]["ENGINE"] = "nuages.db.backends.dummy"
        for database in databases.values():
            _fill(database)
        return databases

    # --- looking up ----------------------------------------------------------------------------------------------------------

    def _held(self) -> dict[str, Any]:
        """The connections of the running task, or of this thread."""
        if loops.running_loop() is not None:
            task = asyncio.current_task()
            if task is not None:
                holder = self._task.get()
                if holder is None or holder.task() is not task:
                    holder = _Holder(task)
                    self._task.set(holder)
                return holder.connections
        try:
            return self._threads.connections  # type: ignore[no-any-return]
        except AttributeError:
            self._threads.connections = {}
            return self._threads.connections  # type: ignore[no-any-return]

    def __getitem__(self, alias: str) -> Any:
        if self._pinned and (pinned := self._pinned.get(alias)) is not None:
            return pinned
        held = self._held()
        found = held.get(alias)
        return self._made(alias, held) if found is None else found

    def _made(self, alias: str, held: dict[str, Any]) -> Any:
        database = self.settings.get(alias)
        if database is None:
            raise self.exception_class(
                f"The connection '{alias}' doesn't exist. DATABASES has: {', '.join(map(repr, self.settings))}."
            )
        holder = self._task.get()
        if holder is not None and holder.connections is held:
            if connection_class(database["ENGINE"]).shared_in_thread(database):
                return self._of_thread(alias)
            if not holder.watched:
                holder.watched = True
                task = holder.task()
                assert task is not None
                task.add_done_callback(holder.release)
        held[alias] = connection = self.create_connection(alias)
        return connection

    def _of_thread(self, alias: str) -> Any:
        """This thread's connection, for a database that exists only in one connection."""
        self._threads.connections = held = getattr(self._threads, "connections", {})
        if alias not in held:
            held[alias] = self.create_connection(alias)
        return held[alias]

    def create_connection(self, alias: str) -> Any:
        """A new connection object for an alias, held by nobody."""
        database = self.settings[alias]
        kind = connection_class(database["ENGINE"])
        connection = kind(database, alias)
        if kind.pools:
            connection._pool = self.pool(alias)
        return connection

    def pool(self, alias: str) -> Pool | None:
        """The pool of a database, ``None`` where it has none."""
        try:
            return self._pools[alias]
        except KeyError:
            pass
        database = self.settings[alias]
        with self._pools_lock:
            if alias not in self._pools:
                self._pools[alias] = connection_class(database["ENGINE"]).make_pool(database, alias)
            return self._pools[alias]

    def __setitem__(self, alias: str, value: Any) -> None:
        if alias in self._pinned:
            self._pinned[alias] = value
        else:
            self._held()[alias] = value

    def __delitem__(self, alias: str) -> None:
        del self._held()[alias]

    def __iter__(self) -> Iterator[str]:
        return iter(self.settings)

    def all(self, initialized_only: bool = False) -> list[Any]:
        """The connections of this task or thread; only those that were used already, if so asked."""
        return list(self.used()) if initialized_only else [self[alias] for alias in self]

    def unused(self) -> bool:
        """Whether this task or thread has not used any connection: asked at both ends of each request, most of which use none."""
        if self._pinned:
            return False
        if loops.running_loop() is None:
            return not getattr(self._threads, "connections", None)
        holder = self._task.get()
        return holder is None or not holder.connections

    def used(self) -> Sequence[Any]:
        """The connections that this task or thread has used."""
        held = getattr(self._threads, "connections", None)
        if loops.running_loop() is not None and (task := asyncio.current_task()) is not None:
            holder = self._task.get()
            held = holder.connections if holder is not None and holder.task() is task else None
        if self._pinned:
            held = {**(held or {}), **self._pinned}
        return [held[alias] for alias in self.settings if alias in held] if held else ()

    def close_all(self) -> None:
        """Close the connections of this task or thread, and what is idle in the pools."""
        for connection in self.all(initialized_only=True):
            connection.close()
        self.close_pools()

    def close_pools(self) -> None:
        """Close what is idle in the pools, and forget the pools."""
        with self._pools_lock:
            pools, self._pools = self._pools, {}
        for pool in pools.values():
            if pool is not None:
                pool.closed = True
                pool.close()

    # --- tests -----------------------------------------------------------------------------------------------------------------

    def pin(self, alias: str, connection: Any = None) -> Any:
        """Give all tasks and threads the same connection, by default this thread's, until ``unpin``.

        A test case pins the connection of its transaction, so that an asynchronous client and synchronous test code see the
        same rows.
        """
        connection = self[alias] if connection is None else connection
        connection.inc_thread_sharing()
        self._pinned[alias] = connection
        return connection

    def unpin(self, alias: str) -> None:
        """End ``pin``; nothing happens where nothing is pinned."""
        connection = self._pinned.pop(alias, None)
        if connection is not None:
            connection.dec_thread_sharing()


def _fill(database: dict[str, Any]) -> None:
    database.setdefault("ATOMIC_REQUESTS", False)
    database.setdefault("AUTOCOMMIT", True)
    database.setdefault("ENGINE", "nuages.db.backends.dummy")
    if database["ENGINE"] == "django.db.backends." or not database["ENGINE"]:
        database["ENGINE"] = "nuages.db.backends.dummy"
    database.setdefault("CONN_MAX_AGE", 0)
    database.setdefault("CONN_HEALTH_CHECKS", False)
    database.setdefault("OPTIONS", {})
    database.setdefault("TIME_ZONE", None)
    for name in ("NAME", "USER", "PASSWORD", "HOST", "PORT"):
        database.setdefault(name, "")
    test: Mapping[str, Any] = database.setdefault("TEST", {})
    for name, value in _TEST_DEFAULTS.items():
        test.setdefault(name, value)  # type: ignore[attr-defined]


connections = ConnectionHandler()
connection: Any = ConnectionProxy(connections, DEFAULT_DB_ALIAS)


@idle_when(connections.unused)
def reset_queries(**kwargs: Any) -> None:
    """Forget the logged statements; called when a request begins."""
    for held in connections.used():
        held.queries_log.clear()


@idle_when(connections.unused)
def close_old_connections(**kwargs: Any) -> None:
    """Close what is broken or too old, and give leases back; called when a request begins and when it ends."""
    for held in connections.used():
        held.close_if_unusable_or_obsolete()

"""Cursors as users see them: translated errors, wrappers around execution, and a log of queries."""

from __future__ import annotations

import datetime
import functools
import time
import warnings
from collections.abc import Callable, Generator, Iterator
from contextlib import contextmanager
from typing import Any

from nuages.loggers import get_logger
from nuages.sql.errors import NotSupportedError

logger = get_logger("db.backends")

_FETCHING = frozenset({"fetchone", "fetchmany", "fetchall", "nextset"})

_DURING_STARTUP = (
    "Accessing the database during app initialization is discouraged. Move the query out of AppConfig.ready() "
    "and out of module level, for example into a view or a post_migrate receiver."
)


class CursorWrapper:
    """A driver's cursor with our errors and the connection's ``execute_wrappers`` around each execution."""

    def __init__(self, cursor: Any, db: Any) -> None:
        self.cursor = cursor
        self.db = db

    def __getattr__(self, name: str) -> Any:
        found = getattr(self.cursor, name)
        return self.db.wrap_database_errors(found) if name in _FETCHING else found

    def __iter__(self) -> Iterator[Any]:
        with self.db.wrap_database_errors:
            yield from self.cursor

    def __enter__(self) -> CursorWrapper:
        return self

    def __exit__(self, *details: object) -> None:
        # A driver may complain when it closes what is broken already; the first error is the one to see.
        try:
            self.close()
        except self.db.Database.Error:
            pass

    def callproc(self, procname: str, params: Any = None, kparams: Any = None) -> Any:
        """Call a stored procedure. Keyword parameters raise ``NotSupportedError`` where the driver takes none."""
        if kparams is not None and not self.db.features.supports_callproc_kwargs:
            raise NotSupportedError("callproc() takes no keyword parameters on this database: give them in order.")
        self.db.validate_no_broken_transaction()
        with self.db.wrap_database_errors:
            arguments = [given for given in (params, kparams) if given is not None]
            if kparams is not None and params is None:
                arguments.insert(0, ())
            return self.cursor.callproc(procname, *arguments)

    def execute(self, sql: Any, params: Any = None) -> Any:
        """Run a statement with ``%s`` place-holders (or ``%(name)s`` and a mapping)."""
        return self._through_wrappers(sql, params, False, self._execute)

    def executemany(self, sql: Any, param_list: Any) -> Any:
        """Run a statement once per set of parameters."""
        return self._through_wrappers(sql, param_list, True, self._executemany)

    def _through_wrappers(self, sql: Any, params: Any, many: bool, executor: Callable[..., Any]) -> Any:
        context = {"connection": self.db, "cursor": self}
        for wrapper in reversed(self.db.execute_wrappers):
            executor = functools.partial(wrapper, executor)
        return executor(sql, params, many, context)

    def _check(self) -> None:
        if not self.db.ready_to_query():
            warnings.warn(_DURING_STARTUP, category=RuntimeWarning, stacklevel=5)
        self.db.validate_no_broken_transaction()

    def _execute(self, sql: Any, params: Any, many: bool, context: dict[str, Any]) -> Any:
        self._check()
        with self.db.wrap_database_errors:
            return self.cursor.execute(sql) if params is None else self.cursor.execute(sql, params)

    def _executemany(self, sql: Any, param_list: Any, many: bool, context: dict[str, Any]) -> Any:
        self._check()
        with self.db.wrap_database_errors:
            return self.cursor.executemany(sql, param_list)


class CursorDebugWrapper(CursorWrapper):
    """The same, and each statement goes to ``connection.queries`` and to the log."""

    def execute(self, sql: Any, params: Any = None) -> Any:
        """Run and record a statement."""
        with self.debug_sql(sql, params, use_last_executed_query=True):
            return super().execute(sql, params)

    def executemany(self, sql: Any, param_list: Any) -> Any:
        """Run and record a statement for many sets of parameters."""
        with self.debug_sql(sql, param_list, many=True):
            return super().executemany(sql, param_list)

    @contextmanager
    def debug_sql(
        self, sql: Any = None, params: Any = None, use_last_executed_query: bool = False, many: bool = False
    ) -> Generator[None, None, None]:
        """Measure and record what runs inside."""
        start = time.monotonic()
        try:
            yield
        finally:
            duration = time.monotonic() - start
            if use_last_executed_query:
                sql = self.db.ops.last_executed_query(self.cursor, sql, params)
            record(self.db, f"{_length(params)} times: {sql}" if many else sql, sql, params, duration)


class Fetched:
    """What a statement gave, read at once: a cursor without a connection."""

    __slots__ = ("_next", "_rows", "description", "lastrowid", "rowcount")

    def __init__(self, rows: list[Any], rowcount: Any, lastrowid: Any = None, description: Any = None) -> None:
        self._rows = rows
        self.rowcount, self.lastrowid, self.description = rowcount, lastrowid, description
        self._next = 0

    def fetchone(self) -> Any:
        """The next row, ``None`` after the last."""
        rows = self.fetchmany(1)
        return rows[0] if rows else None

    def fetchmany(self, size: int = 1) -> list[Any]:
        """The next rows."""
        rows = self._rows[self._next : self._next + size]
        self._next += len(rows)
        return rows

    def fetchall(self) -> list[Any]:
        """All rows that are left."""
        rows = self._rows[self._next :]
        self._next = len(self._rows)
        return rows

    def __iter__(self) -> Iterator[Any]:
        return iter(self.fetchall())

    def close(self) -> None:
        """Nothing is open."""

    def __enter__(self) -> Fetched:
        return self

    def __exit__(self, *details: object) -> None:
        return None


def _length(params: Any) -> Any:
    try:
        return len(params)
    except TypeError:
        return "?"


def record(connection: Any, shown: Any, sql: Any, params: Any, duration: float) -> None:
    """Put one statement into ``connection.queries`` and the log (documentation: ref/logging)."""
    connection.queries_log.append({"sql": shown, "time": f"{duration:.3f}"})
    logger.debug(
        "(%.3f) %s; args=%s; alias=%s",
        duration,
        sql,
        params,
        connection.alias,
        extra={"duration": duration, "sql": sql, "params": params, "alias": connection.alias},
    )


@contextmanager
def recorded(connection: Any, sql: str) -> Generator[None, None, None]:
    """Record a statement that no cursor runs (``BEGIN``, ``COMMIT``, …) where queries are logged."""
    start = time.monotonic()
    try:
        yield
    finally:
        if connection.queries_logged:
            record(connection, sql, sql, None, time.monotonic() - start)


def split_tzname_delta(tzname: str) -> tuple[str, str | None, str | None]:
    """``"UTC+05:30"`` → ``("UTC", "+", "05:30")``; a name without an offset → ``(name, None, None)``."""
    for sign in ("+", "-"):
        name, found, offset = tzname.rpartition(sign)
        if found:
            try:
                datetime.datetime.strptime(offset, "%H:%M")
            except ValueError:
                continue
            return name, sign, offset
    return tzname, None, None

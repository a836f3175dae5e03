"""The short way for a SELECT that comes often: prepared once, then sent through libpq without a cursor.

psycopg's cursors do the same with more around it (some 40 microseconds each time); its own dumpers, loaders, protocol
generators and errors do the work here, too.
"""

from __future__ import annotations

from typing import Any

import psycopg
from psycopg import generators, pq
from psycopg.adapt import PyFormat, Transformer

_IDLE, _INTRANS = pq.TransactionStatus.IDLE, pq.TransactionStatus.INTRANS
_TUPLES, _COMMAND = pq.ExecStatus.TUPLES_OK, pq.ExecStatus.COMMAND_OK
# The plan no longer fits the tables, or the statement is gone (DISCARD ALL, another server behind a proxy).
_OUTDATED = (psycopg.errors.FeatureNotSupported, psycopg.errors.InvalidSqlStatementName)

MAX_STATEMENTS = 200
"""How many statements a connection keeps prepared; the oldest makes room."""

_Key = tuple[str, Any]


class Statements:
    """What one connection has prepared. A statement is one text with one list of parameter types."""

    def __init__(self, raw: Any) -> None:
        self.raw = raw
        self._names: dict[_Key, bytes] = {}
        self._uses: dict[_Key, int] = {}
        self._transformer: Any = None
        self._count = 0

    def forget(self) -> None:
        """Prepare everything anew: tables or the time zone have changed."""
        self._names.clear()
        self._transformer = None

    def rows(self, sql: str, params: Any) -> list[Any] | None:
        """The rows of a SELECT; None where it must go the usual way (it came too seldom, or a transaction must be begun).

        Raises the driver's errors.
        """
        raw = self.raw
        pgconn = raw.pgconn
        status = pgconn.transaction_status
        if status != _INTRANS and (status != _IDLE or not raw.autocommit):
            return None
        transformer = self._transformer
        if transformer is None:
            transformer = self._transformer = Transformer(raw)
        values = transformer.dump_sequence(params, [PyFormat.AUTO] * len(params)) if params else None
        formats = transformer.formats if params else None
        key = (sql, transformer.types if params else None)
        name = self._names.get(key)
        if name is None and not self._is_due(key):
            return None
        with raw.lock:
            if name is None:
                name = self._prepare(key)
            pgconn.send_query_prepared(name, values, param_formats=formats)
            result = raw.wait(generators.execute(pgconn))[-1]
        if result.status != _TUPLES:
            self._failed(key, result, status)
            return None
        transformer.set_pgresult(result)
        return transformer.load_rows(0, result.ntuples, tuple)  # type: ignore[no-any-return]

    def _is_due(self, key: _Key) -> bool:
        """Whether a statement has come often enough. Only a text that begins with SELECT is counted."""
        threshold = self.raw.prepare_threshold
        if threshold is None or not key[0].startswith("SELECT "):
            return False
        uses = self._uses.get(key, 0)
        if uses >= threshold:
            return True
        if len(self._uses) > 5 * MAX_STATEMENTS:
            self._uses.clear()
        self._uses[key] = uses + 1
        return False

    def _prepare(self, key: _Key) -> bytes:
        if len(self._names) >= MAX_STATEMENTS:
            oldest = self._names.pop(next(iter(self._names)))
            self._command(self.raw.pgconn.send_query, b'DEALLOCATE "' + oldest + b'"')
        sql, types = key
        pieces = sql.split("%s")
        text = pieces[0] + "".join([f"${number}{piece}" for number, piece in enumerate(pieces[1:], 1)])
        self._count += 1
        name = b"nuages_%d" % self._count
        self._command(self.raw.pgconn.send_prepare, name, text.encode(), types)
        self._names[key] = name
        return name

    def _command(self, send: Any, *arguments: Any) -> None:
        send(*arguments)
        result = self.raw.wait(generators.execute(self.raw.pgconn))[-1]
        if result.status != _COMMAND:
            raise psycopg.errors.error_from_result(result)

    def _failed(self, key: _Key, result: Any, status: Any) -> None:
        error = psycopg.errors.error_from_result(result)
        if not isinstance(error, _OUTDATED):
            raise error
        self._names.pop(key, None)
        if status != _IDLE:
            raise error  # the transaction is broken

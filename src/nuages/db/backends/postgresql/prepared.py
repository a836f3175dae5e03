"""The short way for a statement that comes often: prepared once, then sent through libpq without a cursor.

psycopg's cursors do the same with more around it (some 40 microseconds each time); its own dumpers, loaders, protocol
and errors do the work here, too.
"""

from __future__ import annotations

import datetime
import decimal
import re
import uuid
from functools import lru_cache
from typing import Any

import psycopg
from psycopg import pq
from psycopg.adapt import AdaptersMap, PyFormat, Transformer
from psycopg.types.numeric import Int8BinaryDumper

from nuages.db.cursors import Fetched

_IDLE, _INTRANS = int(pq.TransactionStatus.IDLE), int(pq.TransactionStatus.INTRANS)
_TUPLES, _COMMAND = int(pq.ExecStatus.TUPLES_OK), int(pq.ExecStatus.COMMAND_OK)
# The plan no longer fits the tables, or the statement is gone (DISCARD ALL, another server behind a proxy).
_OUTDATED = (psycopg.errors.FeatureNotSupported, psycopg.errors.InvalidSqlStatementName)

MAX_STATEMENTS = 200
"""How many statements a connection keeps prepared; the oldest makes room."""

MAX_INSERT = 4000
"""Insertions with a longer text (of many rows, that is) are not prepared."""

MAX_PARAMETERS = 65535
"""How many parameters the protocol can send apart from a statement."""

# Where every parameter stands right behind a comparison with a column, or fills a column, the server infers its type as it
# would a literal's; elsewhere (function arguments, results, groupings) it may infer another, or none.
_TYPED = re.compile(r'"(?: = | <> | >= | <= | > | < )%s(?= |\)|,|$)|LIMIT \d+')
_INSERT = re.compile(r'INSERT INTO "[^"]+" \([^()%]+\) VALUES \((?:%s|, |\), \()+\)(?: RETURNING [^%]+)?')
_PREPARABLE_TYPES = frozenset(
    {int, str, bool, type(None), decimal.Decimal, uuid.UUID, datetime.datetime, datetime.date, datetime.time}
)
_MAX_CACHED = 4096
_preparable: dict[str, bool] = {}


def preparable(sql: str) -> bool:
    """Whether the statement means the same when the server binds its parameters, and is worth being kept."""
    try:
        return _preparable[sql]
    except KeyError:
        pass
    if _is_bulky(sql):
        return False
    if len(_preparable) >= _MAX_CACHED:
        _preparable.clear()
    _preparable[sql] = answer = _is_preparable(sql)
    return answer


def _is_preparable(sql: str) -> bool:
    if _INSERT.fullmatch(sql):
        return True
    if not sql.startswith(("SELECT ", "UPDATE ", "DELETE ")) or "GROUP BY" in sql or "%%" in sql:
        return False
    return "%" not in _TYPED.sub("", sql)


def _is_bulky(sql: str) -> bool:
    return len(sql) > MAX_INSERT and sql.startswith("INSERT ")


def _numbered(sql: str) -> bytes:
    """The statement with the server's place-holders."""
    pieces = sql.split("%s")
    return (pieces[0] + "".join([f"${number}{piece}" for number, piece in enumerate(pieces[1:], 1)])).encode()


@lru_cache(maxsize=8)
def _long_text(sql: str) -> bytes | None:
    """An insertion as it can be sent with its parameters apart; None where it means something else then."""
    return _numbered(sql) if _is_preparable(sql) else None


def plain_values(params: Any) -> bool:
    """Whether all values are of types that the server takes for what a literal would be, and not too many."""
    return _PREPARABLE_TYPES.issuperset(map(type, params)) and len(params) <= MAX_PARAMETERS


class _Statement:
    """One text: how its values are dumped and its rows loaded, and the names under which it is prepared, by types of parameters."""

    __slots__ = ("formats", "knows_rows", "names", "transformer")

    def __init__(self, sql: str, context: Any) -> None:
        self.transformer = Transformer(context)
        self.formats = [PyFormat.AUTO] * sql.count("%s")
        self.names: dict[Any, bytes] = {}
        self.knows_rows = False

    def load(self, result: Any) -> list[Any]:
        """The rows of a result, whose columns are the same each time."""
        transformer = self.transformer
        if self.knows_rows:
            transformer.set_pgresult(result, set_loaders=False)
        else:
            transformer.set_pgresult(result)
            self.knows_rows = True
        return transformer.load_rows(0, result.ntuples, tuple)  # type: ignore[no-any-return]


class Statements:
    """What one connection has prepared. It is psycopg's context of adaptation for them: whole numbers are all of one type."""

    def __init__(self, raw: Any) -> None:
        self.connection = raw
        self._known: dict[str, _Statement] = {}
        self._uses: dict[Any, int] = {}
        self._prepared: dict[bytes, tuple[_Statement, Any]] = {}
        self._count = 0
        self._adapters: AdaptersMap | None = None

    @property
    def adapters(self) -> AdaptersMap:
        """The connection's adapters. psycopg would give whole numbers one of three types by their size, each with a statement of its own."""
        found = self._adapters
        if found is None:
            found = self._adapters = AdaptersMap(self.connection.adapters)
            found.register_dumper(int, Int8BinaryDumper)
        return found

    def forget(self) -> None:
        """Prepare everything anew: tables or the time zone have changed."""
        self._known.clear()
        self._prepared.clear()
        self._adapters = None

    def rows(self, sql: str, params: Any) -> list[Any] | None:
        """The rows of a SELECT; None where it must go the usual way (it came too seldom, or a transaction must be begun).

        Raises the driver's errors.
        """
        done = self._run(sql, params)
        return None if done is None else done[0].load(done[1])

    def execute(self, sql: str, params: Any) -> Fetched | None:
        """What a statement gave, whether it returns rows or not; None where it must go the usual way. Raises the driver's errors."""
        done = self._run(sql, params)
        if done is None:
            return None
        statement, result = done
        return Fetched(statement.load(result) if result.status == _TUPLES else [], result.command_tuples)

    def _run(self, sql: str, params: Any) -> tuple[_Statement, Any] | None:
        raw = self.connection
        pgconn = raw.pgconn
        status = pgconn.transaction_status
        if status != _INTRANS and (status != _IDLE or not raw.autocommit):
            return None
        statement = self._known.get(sql)
        if statement is None:
            if _is_bulky(sql):
                return self._once(sql, params)
            if not preparable(sql) or (statement := self._due(sql)) is None:
                return None
        values = formats = types = None
        if params:
            if not _PREPARABLE_TYPES.issuperset(map(type, params)):
                return None
            transformer = statement.transformer
            try:
                values = transformer.dump_sequence(params, statement.formats)
            except OverflowError:  # a number that no column of whole numbers can hold
                return None
            formats, types = transformer.formats, transformer.types
        with raw.lock:
            name = statement.names.get(types)
            if name is None:
                if statement.names and not self._is_due((sql, types)):
                    return None
                name = self._prepare(statement, sql, types)
            pgconn.send_query_prepared(name, values, param_formats=formats)
            result = raw.result()
        if result.status == _TUPLES or result.status == _COMMAND:
            return statement, result
        self._failed(name, result, status)
        return None

    def _once(self, sql: str, params: Any) -> tuple[_Statement, Any] | None:
        """Send an insertion of many rows unprepared, its parameters apart."""
        text = _long_text(sql) if params and plain_values(params) else None
        if text is None:
            return None
        statement = _Statement(sql, self)
        transformer = statement.transformer
        try:
            values = transformer.dump_sequence(params, statement.formats)
        except OverflowError:
            return None
        raw = self.connection
        with raw.lock:
            raw.pgconn.send_query_params(text, values, param_types=transformer.types, param_formats=transformer.formats)
            result = raw.result()
        if result.status == _TUPLES or result.status == _COMMAND:
            return statement, result
        raise psycopg.errors.error_from_result(result)

    def _due(self, sql: str) -> _Statement | None:
        """The statement for a text that has come often enough."""
        if not self._is_due(sql):
            return None
        if len(self._known) >= 2 * MAX_STATEMENTS:
            self._known = {text: statement for text, statement in self._known.items() if statement.names}
        statement = self._known[sql] = _Statement(sql, self)
        return statement

    def _is_due(self, key: Any) -> bool:
        """Whether a text, or a text with such types, has come often enough to be prepared."""
        threshold = self.connection.prepare_threshold
        if threshold is None:
            return False
        uses = self._uses.get(key, 0)
        if uses >= threshold:
            return True
        if len(self._uses) > 5 * MAX_STATEMENTS:
            self._uses.clear()
        self._uses[key] = uses + 1
        return False

    def _prepare(self, statement: _Statement, sql: str, types: Any) -> bytes:
        if len(self._prepared) >= MAX_STATEMENTS:
            oldest = next(iter(self._prepared))
            self._drop(oldest)
            self._command(self.connection.pgconn.send_query, b'DEALLOCATE "' + oldest + b'"')
        self._count += 1
        name = b"nuages_%d" % self._count
        self._command(self.connection.pgconn.send_prepare, name, _numbered(sql), types)
        statement.names[types] = name
        self._prepared[name] = (statement, types)
        return name

    def _drop(self, name: bytes) -> None:
        statement, types = self._prepared.pop(name, (None, None))
        if statement is not None:
            statement.names.pop(types, None)
            statement.knows_rows = False

    def _command(self, send: Any, *arguments: Any) -> None:
        send(*arguments)
        result = self.connection.result()
        if result.status != _COMMAND:
            raise psycopg.errors.error_from_result(result)

    def _failed(self, name: bytes, result: Any, status: Any) -> None:
        error = psycopg.errors.error_from_result(result)
        if not isinstance(error, _OUTDATED):
            raise error
        self._drop(name)
        if status != _IDLE:
            raise error  # the transaction is broken

"""psycopg's blocking connection, whose waits suspend the task on an event loop and block a thread off it."""

from __future__ import annotations

import asyncio
from collections.abc import Generator
from typing import Any

import psycopg
import psycopg.sql
from psycopg import generators, pq
from psycopg.client_cursor import ClientCursorMixin
from psycopg.waiting import Ready, Wait

from nuages import bridge
from nuages.db.backends.postgresql.prepared import Statements
from nuages.db.locks import BridgeLock

_READ = Wait.R
_READY_READ, _READY_WRITE = Ready.R, Ready.W
_FATAL = int(pq.ExecStatus.FATAL_ERROR)
_ACTIVE = int(pq.TransactionStatus.ACTIVE)


class LoopConnection(psycopg.Connection[Any]):
    """One class for both colours: psycopg drives its protocol by generators that ``wait`` feeds with readiness.

    On a loop the socket stays registered for reading while the connection is leased, so that a query costs no change of the
    selector; a socket that becomes readable while nobody waits is taken off again.
    """

    def __init__(self, pgconn: Any, *args: Any, **kwargs: Any) -> None:
        super().__init__(pgconn, *args, **kwargs)
        self.lock: Any = BridgeLock()
        self.statements = Statements(self)
        self.moments: type | None = None
        """The class that loads date-times: it knows the time zone."""
        self._loop: asyncio.AbstractEventLoop | None = None
        self._descriptor = -1
        self._waiting: asyncio.Future[Any] | None = None

    # --- the loop's side -------------------------------------------------------------------------------------------------

    def _register(self, loop: asyncio.AbstractEventLoop) -> None:
        self.leave_loop()
        self._descriptor = self.pgconn.socket
        loop.add_reader(self._descriptor, self._readable)
        self._loop = loop

    def _readable(self) -> None:
        waiting = self._waiting
        if waiting is None:
            self.leave_loop()
            return
        # Taken from the socket at once, which the loop would else report again before the task gets its turn.
        try:
            self.pgconn.consume_input()
            if self.pgconn.is_busy():
                return  # there is more to come
        except psycopg.Error:
            pass  # who waits meets it, too
        self._waiting = None
        if not waiting.done():
            waiting.set_result(_READY_READ)

    def leave_loop(self) -> None:
        """Take the socket off its loop: before it is closed, or used on another loop or off all of them."""
        loop, self._loop = self._loop, None
        if loop is not None and not loop.is_closed():
            loop.remove_reader(self._descriptor)

    def _until_writable(self, loop: asyncio.AbstractEventLoop, state: Any) -> Any:
        """Wait for writing (rare: the kernel's buffer was full), and for reading as well where asked."""
        ready: asyncio.Future[Any] = loop.create_future()
        if state & _READ:
            self._waiting = ready
        descriptor = self.pgconn.socket
        loop.add_writer(descriptor, _settle, ready, _READY_WRITE)
        try:
            return bridge.wait(ready)
        finally:
            loop.remove_writer(descriptor)
            self._waiting = None

    def _drive(self, gen: Generator[Any, Any, Any], ready: Any = None) -> Any:
        try:
            state = gen.send(ready)
            loop = asyncio.get_running_loop()
            if self._loop is not loop:
                self._register(loop)
            while True:
                if state == _READ:
                    self._waiting = readable = loop.create_future()
                    if self._loop is None:
                        self._register(loop)
                    state = gen.send(bridge.wait(readable))
                else:
                    state = gen.send(self._until_writable(loop, state))
        except StopIteration as end:
            return end.value

    def wait(self, gen: Any, *args: Any, **kwargs: Any) -> Any:
        """Run one of psycopg's protocol generators to its end."""
        if not bridge.active():
            if self._loop is not None:
                self.leave_loop()
            return super().wait(gen, *args, **kwargs)
        try:
            return self._drive(gen)
        except asyncio.CancelledError:
            self._give_up(gen, _READY_READ)
            raise

    def result(self) -> Any:
        """The result of the one statement that was just handed to libpq: what psycopg's generators do, with less in between."""
        pgconn = self.pgconn
        if not bridge.active() or pgconn.flush():
            return self.wait(generators.execute(pgconn))[-1]
        loop = asyncio.get_running_loop()
        if self._loop is not loop:
            self._register(loop)
        self._waiting = answered = loop.create_future()
        try:
            bridge.wait(answered)
        except asyncio.CancelledError:
            self._give_up(generators.fetch_many(pgconn))
            raise
        while (notice := pgconn.notifies()) is not None:
            if pgconn.notify_handler is not None:
                pgconn.notify_handler(notice)
        result = pgconn.get_result()
        if result is None or pgconn.is_busy() or pgconn.get_result() is not None:
            # Something is wrong, or the end of the answer is still on its way.
            try:
                self.wait(generators.fetch_many(pgconn))
            except psycopg.Error:
                if result is None or result.status != _FATAL:
                    raise  # else the result is the server's last word
        return result

    def _give_up(self, gen: Any, ready: Any = None) -> None:
        """The task is cancelled: if the server is at work, stop it."""
        self._waiting = None
        if not self.closed and self.pgconn.transaction_status == _ACTIVE:
            self._stop(gen, ready)

    def _stop(self, gen: Any, ready: Any) -> None:
        """The task is cancelled while the server works: cancel there too, and read the rest of the answer."""
        try:
            bridge.wait(bridge.in_thread(self.cancel_safe, timeout=5.0))
            # The answer may have been taken from the socket already, which then says nothing more.
            self._drive(gen, ready)
        except psycopg.errors.QueryCanceled:
            pass
        except (psycopg.Error, OSError):
            self.close()

    def _deallocate(self, name: bytes | None) -> Any:
        if name is None:  # psycopg drops everything that is prepared, ours with it: after ROLLBACK or DDL
            self.statements.forget()
        return super()._deallocate(name)

    def close(self) -> None:
        """Close, off the loop first."""
        self.leave_loop()
        super().close()


def _settle(future: asyncio.Future[Any], result: Any) -> None:
    if not future.done():
        future.set_result(result)


def connect(**params: Any) -> LoopConnection:
    """Open a connection. On a loop a thread does it: that is rare, and name look-ups and TLS may block."""
    if bridge.active():
        return bridge.wait(bridge.in_thread(LoopConnection.connect, **params))
    return LoopConnection.connect(**params)


def psycopg_version() -> tuple[int, ...]:
    """The driver's version."""
    return tuple(int(part) for part in psycopg.__version__.split(".")[:3] if part.isdigit())


class ClientCursor(psycopg.ClientCursor[Any]):
    """Parameters are put into the statement here, by libpq's rules: they mean what literals mean."""

    def callproc(self, name: Any, args: Any = None) -> Any:
        """Call a function of the database."""
        return _callproc(self, name, args)


class ServerBindingCursor(psycopg.Cursor[Any]):
    """Parameters travel apart from the statement, which the server prepares when it comes often."""

    def callproc(self, name: Any, args: Any = None) -> Any:
        """Call a function of the database."""
        return _callproc(self, name, args)


class ChunkCursor(ClientCursorMixin[Any], psycopg.ServerCursor[Any]):
    """A cursor that stays on the server and hands out its rows piece by piece."""


def _callproc(cursor: Any, name: Any, args: Any) -> Any:
    identifier = name if isinstance(name, psycopg.sql.Identifier) else psycopg.sql.Identifier(name)
    places = psycopg.sql.SQL(", ").join([psycopg.sql.Placeholder()] * len(args or ()))
    cursor.execute(psycopg.sql.SQL("SELECT * FROM {}({})").format(identifier, places), args)
    return args

"""PyMySQL's connection, whose socket suspends the task on an event loop and blocks a thread off it."""

from __future__ import annotations

import asyncio
import socket
import ssl
from typing import Any

import pymysql
from pymysql.constants import CR, SERVER_STATUS

from nuages import bridge
from nuages.db.locks import BridgeLock


class _Stream:
    """Reads a socket for PyMySQL: waits by the bridge inside a task, by the socket's timeout outside."""

    def __init__(self, sock: socket.socket, limit: int = 65536) -> None:
        self.sock, self.limit = sock, limit
        self._buffer = bytearray()
        self._start = 0

    def read(self, size: int) -> bytes:
        """``size`` bytes, fewer only at the end of the stream."""
        buffer = self._buffer
        while len(buffer) - self._start < size:
            if self._start:
                del buffer[: self._start]
                self._start = 0
            data = self._receive(max(self.limit, size - len(buffer)))
            if not data:
                break
            buffer += data
        end = min(self._start + size, len(buffer))
        found = bytes(buffer[self._start : end])
        self._start = end
        return found

    def _receive(self, size: int) -> bytes:
        if not bridge.active():
            return self.sock.recv(size)
        timeout = self.sock.gettimeout()
        self.sock.setblocking(False)
        try:
            while True:
                try:
                    return self.sock.recv(size)
                except (BlockingIOError, ssl.SSLWantReadError):
                    wait_for(self.sock, writing=False)
                except ssl.SSLWantWriteError:
                    wait_for(self.sock, writing=True)
        finally:
            self.sock.settimeout(timeout)

    def close(self) -> None:
        """Forget what was read ahead."""
        self._buffer.clear()
        self._start = 0


def _settle(future: asyncio.Future[None]) -> None:
    if not future.done():
        future.set_result(None)


def wait_for(sock: socket.socket, writing: bool) -> None:
    """Suspend the task until the socket can be read or written."""
    loop = asyncio.get_running_loop()
    ready: asyncio.Future[None] = loop.create_future()
    add, remove = (
        (loop.add_writer, loop.remove_writer) if writing else (loop.add_reader, loop.remove_reader)
    )
    descriptor = sock.fileno()
    add(descriptor, _settle, ready)
    try:
        bridge.wait(ready)
    finally:
        remove(descriptor)


def send_all(sock: socket.socket, data: bytes) -> None:
    """Send everything, suspending the task where the kernel's buffer is full."""
    timeout = sock.gettimeout()
    sock.setblocking(False)
    view = memoryview(data)
    try:
        while view:
            try:
                view = view[sock.send(view) :]
            except (BlockingIOError, ssl.SSLWantWriteError):
                wait_for(sock, writing=True)
            except ssl.SSLWantReadError:
                wait_for(sock, writing=False)
    finally:
        sock.settimeout(timeout)


_Base: Any = pymysql.connections.Connection


class LoopConnection(_Base):  # type: ignore[misc]  # the stubs know nothing of what is overridden
    """One class for both colours: only reading and writing the socket differ."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        self.guard = BridgeLock()
        self.stream: _Stream | None = None
        super().__init__(*args, **kwargs)

    def connect(self, sock: Any = None) -> None:
        """Connect and log in, blocking; the stream takes over afterwards."""
        self.stream = None
        super().connect(sock)
        if self._sock is not None:
            # Between two commands nothing is left in the driver's own buffer.
            self.stream = _Stream(self._sock)

    def _read_bytes(self, num_bytes: int) -> bytes:
        if self.stream is None:
            return super()._read_bytes(num_bytes)  # type: ignore[no-any-return]
        try:
            data = self.stream.read(num_bytes)
        except OSError as error:
            self._lose()
            raise pymysql.err.OperationalError(
                CR.CR_SERVER_LOST, f"Lost connection to MySQL server during query ({error})"
            ) from error
        except BaseException:
            # An interrupted answer cannot be told from the next one.
            self._lose()
            raise
        if len(data) < num_bytes:
            self._lose()
            raise pymysql.err.OperationalError(CR.CR_SERVER_LOST, "Lost connection to MySQL server during query")
        return data

    def _write_bytes(self, data: bytes) -> None:
        if self.stream is None or not bridge.active():
            super()._write_bytes(data)
            return
        try:
            send_all(self._sock, data)
        except OSError as error:
            self._lose()
            raise pymysql.err.OperationalError(
                CR.CR_SERVER_GONE_ERROR, f"MySQL server has gone away ({error!r})"
            ) from error
        except BaseException:
            self._lose()
            raise

    def _lose(self) -> None:
        self.stream = None
        self._force_close()

    def query(self, sql: Any, unbuffered: bool = False) -> int:
        """Run a statement and read its whole answer, one task at a time."""
        with self.guard:
            return super().query(sql, unbuffered)  # type: ignore[no-any-return]

    @property
    def in_transaction(self) -> bool:
        """Whether the server said that a transaction is open."""
        return bool(self.server_status & SERVER_STATUS.SERVER_STATUS_IN_TRANS)


def connect(**params: Any) -> LoopConnection:
    """Open a connection. On a loop a thread does it: that is rare, and name look-ups and TLS may block."""
    if bridge.active():
        return bridge.wait(bridge.in_thread(LoopConnection, **params))
    return LoopConnection(**params)

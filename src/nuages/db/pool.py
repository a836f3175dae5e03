"""A pool of driver connections, one per database, for all loops and threads of the process."""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from nuages import bridge
from nuages.ondemand import Later
from nuages.sql.errors import OperationalError

if TYPE_CHECKING:
    import asyncio
else:
    asyncio = Later("asyncio")  # commands and WSGI servers need none


class _Waiter:
    """Someone who waits for a connection: a task of a loop, or a thread."""

    def __init__(self) -> None:
        self.loop: asyncio.AbstractEventLoop | None = None
        self.future: asyncio.Future[None] | None = None
        self.event: threading.Event | None = None
        self.woken = False
        if bridge.active():
            self.loop = asyncio.get_running_loop()
            self.future = self.loop.create_future()
        else:
            self.event = threading.Event()

    def wait(self, seconds: float) -> None:
        if self.future is None:
            assert self.event is not None
            self.event.wait(seconds)
            return
        try:
            bridge.wait(_within(seconds, self.future))
        except TimeoutError:
            pass

    def wake(self) -> None:
        self.woken = True
        if self.event is not None:
            self.event.set()
            return
        assert self.loop is not None
        try:
            self.loop.call_soon_threadsafe(self._resolve)
        except RuntimeError:  # its loop is closed: nobody waits any more
            pass

    def _resolve(self) -> None:
        if self.future is not None and not self.future.done():
            self.future.set_result(None)


async def _within(seconds: float, future: asyncio.Future[None]) -> None:
    # asyncio.wait_for() of Python 3.11 loses a cancellation that comes together with the result.
    async with asyncio.timeout(seconds):
        await future


class Pool:
    """Connections that wait for their next user, last used first.

    ``open`` makes a new one, ``usable`` says whether an idle one may be used again, ``discard`` closes one. At most
    ``max_size`` exist at a time; who comes when all are taken waits up to ``timeout`` seconds, then gets an
    ``OperationalError``. Connections beyond ``min_size`` that were idle for ``max_idle`` seconds are closed when the pool is
    next used, as are those older than ``max_lifetime``.
    """

    def __init__(
        self,
        open: Callable[[], Any],
        usable: Callable[[Any], bool],
        discard: Callable[[Any], None],
        *,
        name: str = "",
        min_size: int = 0,
        max_size: int | None = 20,
        timeout: float = 30.0,
        max_idle: float = 600.0,
        max_lifetime: float = 3600.0,
    ) -> None:
        self.open, self.usable, self.discard, self.name = open, usable, discard, name
        self.min_size = min_size
        self.max_size = max(min_size, 4) if max_size is None else max_size
        self.timeout, self.max_idle, self.max_lifetime = timeout, max_idle, max_lifetime
        self.size = 0
        self.closed = False
        self._lock = threading.Lock()
        self._idle: deque[tuple[Any, float]] = deque()
        self._born: dict[int, float] = {}
        self._waiters: deque[_Waiter] = deque()

    def lease(self) -> tuple[Any, bool]:
        """A connection, and whether it is new. Raises ``OperationalError`` when none comes free in time."""
        deadline: float | None = None
        while True:
            waiter: _Waiter | None = None
            with self._lock:
                found = self._take_idle()
                if found is None:
                    if self.size < self.max_size:
                        self.size += 1
                    else:
                        waiter = _Waiter()
                        self._waiters.append(waiter)
            if found is not None:
                return found, False
            if waiter is None:
                return self._opened(), True
            deadline = self._wait(waiter, deadline)

    def _take_idle(self) -> Any:
        while self._idle:
            connection, since = self._idle.pop()
            now = time.monotonic()
            young = now - self._born.get(id(connection), now) < self.max_lifetime
            # A glance at the socket costs a system call: only what has been idle for a while is looked at.
            if young and (now - since < 1.0 or self.usable(connection)):
                if self._idle and now - self._idle[0][1] > self.max_idle:
                    self._drop_stale(now)
                return connection
            self._forget(connection)
        return None

    def _drop_stale(self, now: float) -> None:
        while len(self._idle) >= max(self.min_size, 1) and now - self._idle[0][1] > self.max_idle:
            self._forget(self._idle.popleft()[0])

    def _forget(self, connection: Any) -> None:
        self._born.pop(id(connection), None)
        self.size -= 1
        self.discard(connection)

    def _opened(self) -> Any:
        try:
            connection = self.open()
        except BaseException:
            with self._lock:
                self.size -= 1
                self._wake_one()
            raise
        self._born[id(connection)] = time.monotonic()
        return connection

    def _wait(self, waiter: _Waiter, deadline: float | None) -> float:
        now = time.monotonic()
        deadline = now + self.timeout if deadline is None else deadline
        stays = False
        try:
            waiter.wait(deadline - now)
            stays = True
        finally:
            with self._lock:
                if waiter in self._waiters:
                    self._waiters.remove(waiter)
                elif not stays:  # cancelled just after it was woken: what came free is for the next one
                    self._wake_one()
        if not waiter.woken and time.monotonic() >= deadline:
            raise OperationalError(
                f"No connection to {self.name or 'the database'} came free within {self.timeout:g} seconds: all "
                f'{self.max_size} are in use. Raise OPTIONS["pool"]["max_size"], or hold transactions for a shorter time.'
            )
        return deadline

    def _wake_one(self) -> None:
        if self._waiters:
            self._waiters.popleft().wake()

    def give(self, connection: Any) -> None:
        """Take a healthy connection back."""
        with self._lock:
            if self.closed or id(connection) not in self._born:
                self._forget(connection) if id(connection) in self._born else self.discard(connection)
                return
            self._idle.append((connection, time.monotonic()))
            if self._waiters:
                self._wake_one()

    def drop(self, connection: Any) -> None:
        """Close a connection that must not be used again."""
        with self._lock:
            if id(connection) in self._born:
                self._forget(connection)
            else:
                self.discard(connection)
            self._wake_one()

    def close(self) -> None:
        """Close all idle connections; those in use are closed when they come back."""
        with self._lock:
            while self._idle:
                self._forget(self._idle.popleft()[0])

    def idle_count(self) -> int:
        """How many connections wait for a user."""
        return len(self._idle)

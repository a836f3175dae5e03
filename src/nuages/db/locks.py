"""A lock that suspends a task instead of blocking the event loop."""

from __future__ import annotations

import threading
from types import TracebackType
from typing import Any

from nuages import bridge


class BridgeLock:
    """Guards a driver connection that several tasks or threads share (a test's, say).

    A thread blocks; a task that finds the lock taken gives way to the others and tries again. Not re-entrant.
    """

    __slots__ = ("_lock",)

    def __init__(self) -> None:
        self._lock = threading.Lock()

    def acquire(self, blocking: bool = True, timeout: float = -1) -> bool:
        """Take the lock; whether it was got."""
        if self._lock.acquire(False):
            return True
        if not blocking:
            return False
        if not bridge.active():
            return self._lock.acquire(True, timeout)
        pause = 0.0
        while not self._lock.acquire(False):
            bridge.sleep(pause)
            pause = min(pause + 0.0005, 0.01)
        return True

    def release(self) -> None:
        """Give the lock back."""
        self._lock.release()

    def locked(self) -> bool:
        """Whether somebody has it."""
        return self._lock.locked()

    def __enter__(self) -> BridgeLock:
        if not self._lock.acquire(False):
            self.acquire()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> Any:
        self._lock.release()

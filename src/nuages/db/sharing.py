"""Which threads may use a connection: the one that made it, and others while that is permitted (topics/db/multi-db, tests)."""

from __future__ import annotations

import threading

from nuages.db.errors import DatabaseError


class ThreadSharing:
    """What ``DatabaseConnection`` knows of threads."""

    alias: str

    _thread_sharing_lock = threading.Lock()
    _thread_sharing_count = 0
    _thread_ident: int

    @property
    def allow_thread_sharing(self) -> bool:
        """Whether other threads may use this connection."""
        with self._thread_sharing_lock:
            return self._thread_sharing_count > 0

    def inc_thread_sharing(self) -> None:
        """Let other threads use this connection."""
        with self._thread_sharing_lock:
            self._thread_sharing_count += 1

    def dec_thread_sharing(self) -> None:
        """Take one permission back; ``RuntimeError`` where there is none."""
        with self._thread_sharing_lock:
            if self._thread_sharing_count <= 0:
                message = "Cannot decrement the thread sharing count below zero."
                raise RuntimeError(message)
            self._thread_sharing_count -= 1

    def validate_thread_sharing(self) -> None:
        """Raise ``DatabaseError`` in a thread that must not use this connection."""
        here = threading.get_ident()
        if self._thread_ident != here and not self.allow_thread_sharing:
            raise DatabaseError(
                f"A connection belongs to the thread that opened it: the one with the alias '{self.alias}' is of thread "
                f"{self._thread_ident}, and this is thread {here}. Share it by inc_thread_sharing() if that is meant."
            )

"""Advisory locks on open files: ``flock`` where the system has it, else none."""

from __future__ import annotations

import os
from typing import Any

try:
    import fcntl
except ImportError:
    fcntl = None  # type: ignore[assignment]

LOCK_SH, LOCK_EX, LOCK_NB, LOCK_UN = (
    (fcntl.LOCK_SH, fcntl.LOCK_EX, fcntl.LOCK_NB, fcntl.LOCK_UN) if fcntl is not None else (0, 0, 0, 0)
)


def _descriptor(f: Any) -> int:
    return int(f.fileno() if hasattr(f, "fileno") else f)


def lock(f: Any, flags: int) -> bool:
    """Lock a file (object or descriptor); tell whether that was done."""
    if fcntl is None:
        return False
    try:
        fcntl.flock(_descriptor(f), flags)
    except BlockingIOError:
        return False
    return True


def unlock(f: Any) -> bool:
    """Unlock a file; tell whether that was done."""
    if fcntl is None or os.name == "nt":
        return False
    fcntl.flock(_descriptor(f), LOCK_UN)
    return True

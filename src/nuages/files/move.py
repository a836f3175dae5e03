"""Moving a file, also across file systems."""

from __future__ import annotations

import os
from shutil import copymode, copystat
from typing import Any

from nuages.files import locks


def file_move_safe(old_file_name: Any, new_file_name: Any, chunk_size: int = 64 * 2**10, allow_overwrite: bool = False) -> None:
    """Move a file: by renaming where that is possible, else by copying in chunks under a lock.

    Raises FileExistsError if the target exists and may not be overwritten.
    """
    if os.path.abspath(old_file_name) == os.path.abspath(new_file_name):
        return
    if not allow_overwrite and os.access(new_file_name, os.F_OK):
        raise FileExistsError(f"{new_file_name} exists already, and allow_overwrite is not set.")
    try:
        os.rename(old_file_name, new_file_name)
    except OSError:
        _copy(old_file_name, new_file_name, chunk_size, allow_overwrite)
        os.remove(old_file_name)


def _copy(source: Any, target: Any, chunk_size: int, allow_overwrite: bool) -> None:
    exclusive = os.O_TRUNC if allow_overwrite else os.O_EXCL
    with open(source, "rb") as reader:
        descriptor = os.open(target, os.O_WRONLY | os.O_CREAT | getattr(os, "O_BINARY", 0) | exclusive)
        try:
            locks.lock(descriptor, locks.LOCK_EX)
            while chunk := reader.read(chunk_size):
                os.write(descriptor, chunk)
        finally:
            locks.unlock(descriptor)
            os.close(descriptor)
    try:
        copystat(source, target)
    except PermissionError:
        # Some file systems keep no times; the mode at least should be the same.
        try:
            copymode(source, target)
        except PermissionError:
            pass

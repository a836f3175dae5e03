"""Paths that stay where they must."""

import os
import tempfile
from pathlib import Path
from typing import Any

from nuages.exceptions import SuspiciousFileOperation


def safe_join(base: Any, *paths: Any) -> str:
    """Join ``paths`` to ``base`` and return the absolute path. Raises SuspiciousFileOperation if it leaves ``base``."""
    root = os.path.abspath(base)
    final: str = os.path.abspath(os.path.join(base, *paths))
    compared, root_compared = os.path.normcase(final), os.path.normcase(root)
    inside = compared == root_compared or compared.startswith(os.path.join(root_compared, ""))
    if not inside:
        raise SuspiciousFileOperation(f"The joined path ({final}) is located outside of the base path component ({root})")
    return final


def to_path(value: Any) -> Path:
    """Return ``value`` (text or path) as a Path. Raises TypeError for anything else."""
    return value if isinstance(value, Path) else Path(value)


def safe_makedirs(name: Any, mode: int = 0o777, exist_ok: bool = False) -> None:
    """Make a directory and its missing parents, all with ``mode`` whatever the umask; those that exist keep theirs.

    Raises FileExistsError if the last one exists and ``exist_ok`` is false.
    """
    path = os.path.abspath(name)
    missing = []
    parent = path
    while not os.path.lexists(parent):
        missing.append(parent)
        parent = os.path.dirname(parent)
    if not missing and not (exist_ok and os.path.isdir(path)):
        raise FileExistsError(f"[Errno 17] File exists: {path!r}")
    for directory in reversed(missing):
        try:
            os.mkdir(directory, mode)
        except FileExistsError:
            # Another process was quicker: fine for a parent, and for the last one if the caller says so.
            if (directory == path and not exist_ok) or not os.path.isdir(directory):
                raise
        else:
            os.chmod(directory, mode)


def symlinks_supported() -> tuple[bool, str]:
    """Return whether symbolic links can be made here, and a word about why not."""
    with tempfile.TemporaryDirectory() as directory:
        original = os.path.join(directory, "original")
        os.makedirs(original)
        try:
            os.symlink(original, os.path.join(directory, "link"))
        except (OSError, NotImplementedError):
            return False, "the platform does not allow symbolic links"
    return True, ""

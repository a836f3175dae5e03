"""Names of uploaded files: made harmless before anyone sees them."""

from __future__ import annotations

import os
import pathlib

from nuages.exceptions import SuspiciousFileOperation

NAME_LENGTH = 255


def validate_file_name(name: str, allow_relative_path: bool = False) -> str:
    """Give ``name`` back if it is usable as the name of a file.

    :raises SuspiciousFileOperation: it is empty, a dot, or would lead out of its folder.
    """
    if os.path.basename(name) in {"", ".", ".."}:
        raise SuspiciousFileOperation(f"Could not derive file name from '{name}'")
    if allow_relative_path:
        path = pathlib.PurePosixPath(str(name).replace("\\", "/"))
        if path.is_absolute() or ".." in path.parts:
            raise SuspiciousFileOperation(f"Detected path traversal attempt in '{name}'")
    elif name != os.path.basename(name):
        raise SuspiciousFileOperation(f"File name '{name}' includes path elements")
    return name


def truncate_name(name: str) -> str:
    """Cut a name to 255 characters and keep as much of the extension as fits."""
    if len(name) <= NAME_LENGTH:
        return name
    stem, extension = os.path.splitext(name)
    extension = extension[:NAME_LENGTH]
    return stem[: NAME_LENGTH - len(extension)] + extension

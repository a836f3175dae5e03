"""What every storage offers."""

from __future__ import annotations

import datetime
import os
import pathlib
from typing import Any

from nuages.exceptions import SuspiciousFileOperation
from nuages.http.filenames import validate_file_name
from nuages.http.fileobjects import File
from nuages.text.crypto import get_random_string
from nuages.text.formatting import get_valid_filename


class Storage:
    """Base of storages. A subclass writes ``_open``, ``_save``, ``delete``, ``exists``, ``listdir``, ``size``, ``url`` and the times."""

    def open(self, name: str, mode: str = "rb") -> File:
        """Return the file called ``name``."""
        file: File = self._open(name, mode)
        return file

    def _open(self, name: str, mode: str = "rb") -> Any:
        raise NotImplementedError(f"{type(self).__name__} must define _open().")

    def _save(self, name: str, content: Any) -> str:
        raise NotImplementedError(f"{type(self).__name__} must define _save().")

    def save(self, name: str | None, content: Any, max_length: int | None = None) -> str:
        """Store ``content`` under ``name`` or, if that is taken, a name like it; return the name."""
        if name is None:
            name = content.name
        if not hasattr(content, "chunks"):
            content = File(content, name)
        wanted = validate_file_name(str(name), allow_relative_path=True)
        checked = validate_file_name(self.get_available_name(wanted, max_length=max_length), allow_relative_path=True)
        return str(validate_file_name(self._save(checked, content), allow_relative_path=True))

    def is_name_available(self, name: str, max_length: int | None = None) -> bool:
        """Tell whether ``name`` is free, and not too long."""
        return not (max_length and len(name) > max_length) and not self.exists(name)

    def get_valid_name(self, name: str) -> str:
        """Return ``name`` without characters that file names should not have."""
        return get_valid_filename(name)

    def get_alternative_name(self, file_root: str, file_ext: str) -> str:
        """Return the name with an underscore and seven random characters before its extension."""
        return f"{file_root}_{get_random_string(7)}{file_ext}"

    def get_available_name(self, name: Any, max_length: int | None = None) -> str:
        """Return ``name``, or an alternative of it that is free and, if ``max_length`` is given, no longer than that.

        Raises SuspiciousFileOperation for a path that leads elsewhere, or if nothing of the name would be left.
        """
        path = str(name).replace("\\", "/")
        folder, file_name = os.path.split(path)
        if ".." in pathlib.PurePath(folder).parts:
            raise SuspiciousFileOperation(f"Detected path traversal attempt in '{folder}'")
        validate_file_name(file_name)
        extension = "".join(pathlib.PurePath(file_name).suffixes)
        root = file_name.removesuffix(extension) if extension else file_name
        while not self.is_name_available(path, max_length=max_length):
            path = os.path.join(folder, self.get_alternative_name(root, extension))
            excess = len(path) - max_length if max_length is not None else 0
            if excess > 0:
                root = root[:-excess]
                if not root:
                    raise SuspiciousFileOperation(
                        f'Storage can not find an available filename for "{path}". Give the field or the call a greater max_length.'
                    )
                path = os.path.join(folder, self.get_alternative_name(root, extension))
        return path

    def generate_filename(self, filename: Any) -> str:
        """Return ``filename``, whose last part is made valid. Raises SuspiciousFileOperation for a path that leads elsewhere."""
        folder, name = os.path.split(str(filename).replace("\\", "/"))
        if ".." in pathlib.PurePath(folder).parts:
            raise SuspiciousFileOperation(f"Detected path traversal attempt in '{folder}'")
        return os.path.normpath(os.path.join(folder, self.get_valid_name(name)))

    def path(self, name: str) -> str:
        """Return the path in the local file system. Raises NotImplementedError for storages without one."""
        raise NotImplementedError("This backend doesn't support absolute paths.")

    def delete(self, name: str) -> None:
        """Delete the file."""
        raise self._missing("delete")

    def exists(self, name: str) -> bool:
        """Tell whether the name is taken."""
        raise self._missing("exists")

    def listdir(self, path: str) -> tuple[list[str], list[str]]:
        """Return the names of the folders and of the files in ``path``."""
        raise self._missing("listdir")

    def size(self, name: str) -> int:
        """Return the size in bytes."""
        raise self._missing("size")

    def url(self, name: str | None) -> str:
        """Return the URL at which the file is served."""
        raise self._missing("url")

    def get_accessed_time(self, name: str) -> datetime.datetime:
        """Return when the file was last read (aware if USE_TZ)."""
        raise self._missing("get_accessed_time")

    def get_created_time(self, name: str) -> datetime.datetime:
        """Return when the file was created (aware if USE_TZ)."""
        raise self._missing("get_created_time")

    def get_modified_time(self, name: str) -> datetime.datetime:
        """Return when the file was last changed (aware if USE_TZ)."""
        raise self._missing("get_modified_time")

    def _missing(self, method: str) -> NotImplementedError:
        return NotImplementedError(f"subclasses of Storage must provide a {method}() method")

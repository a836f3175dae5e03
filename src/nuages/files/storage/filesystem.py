"""Files in a folder of the local file system."""

from __future__ import annotations

import datetime as dt
import os
from collections.abc import Callable
from typing import Any

from nuages.conf import settings
from nuages.conf.deconstruct import deconstructible
from nuages.files import locks
from nuages.files.move import file_move_safe
from nuages.files.storage.configuration import StorageSettingsMixin
from nuages.files.storage.protocol import Storage
from nuages.http.fileobjects import File
from nuages.text.lazy import cached_property
from nuages.text.paths import safe_join, safe_makedirs


@deconstructible(path="nuages.files.storage.FileSystemStorage")
class FileSystemStorage(StorageSettingsMixin, Storage):
    """Stores files below ``location`` (MEDIA_ROOT), served below ``base_url`` (MEDIA_URL).

    ``allow_overwrite`` replaces a file of the same name instead of choosing another name.
    """

    def __init__(
        self,
        location: Any = None,
        base_url: str | None = None,
        file_permissions_mode: int | None = None,
        directory_permissions_mode: int | None = None,
        allow_overwrite: bool = False,
    ) -> None:
        self._location, self._base_url = location, base_url
        self._file_permissions_mode, self._directory_permissions_mode = file_permissions_mode, directory_permissions_mode
        self._allow_overwrite = allow_overwrite
        self._follow_settings()

    @cached_property
    def base_location(self) -> Any:
        """The folder as it was given."""
        return self._value_or_setting(self._location, settings.MEDIA_ROOT)

    @cached_property
    def location(self) -> str:
        """The folder's absolute path."""
        return str(os.path.abspath(self.base_location))

    def _open(self, name: str, mode: str = "rb") -> File:
        return File(open(self.path(name), mode))

    def _save(self, name: str, content: Any) -> str:
        while True:
            full_path = self.path(name)
            self._make_folder(os.path.dirname(full_path))
            try:
                self._write(full_path, content)
                break
            except FileExistsError:
                # Somebody else took the name in the meantime.
                name = self.get_available_name(name)
        if self.file_permissions_mode is not None:
            os.chmod(full_path, self.file_permissions_mode)
        return os.path.relpath(full_path, self.location).replace("\\", "/")

    def _make_folder(self, folder: str) -> None:
        mode = self.directory_permissions_mode
        try:
            if mode is None:
                os.makedirs(folder, exist_ok=True)
            else:
                safe_makedirs(folder, mode, exist_ok=True)
        except FileExistsError:
            raise FileExistsError(f"{folder} exists and is not a directory.") from None

    def _write(self, full_path: str, content: Any) -> None:
        if hasattr(content, "temporary_file_path"):
            file_move_safe(content.temporary_file_path(), full_path, allow_overwrite=self._allow_overwrite)
            return
        flags = os.O_WRONLY | os.O_CREAT | getattr(os, "O_BINARY", 0)
        descriptor = os.open(full_path, flags | (os.O_TRUNC if self._allow_overwrite else os.O_EXCL), 0o666)
        file: Any = None
        try:
            locks.lock(descriptor, locks.LOCK_EX)
            for chunk in content.chunks():
                if file is None:
                    file = os.fdopen(descriptor, "wb" if isinstance(chunk, bytes) else "wt")
                file.write(chunk)
        finally:
            locks.unlock(descriptor)
            if file is not None:
                file.close()
            else:
                os.close(descriptor)

    def delete(self, name: str) -> None:
        """Delete a file or an empty folder; one that is not there is no error. Raises ValueError for an empty name."""
        if not name:
            raise ValueError("The name must be given to delete().")
        path = self.path(name)
        try:
            if os.path.isdir(path):
                os.rmdir(path)
            else:
                os.remove(path)
        except FileNotFoundError:
            pass

    def is_name_available(self, name: str, max_length: int | None = None) -> bool:
        """Tell whether ``name`` can be used: always, if files may be overwritten."""
        if self._allow_overwrite:
            return not (max_length and len(name) > max_length)
        return super().is_name_available(name, max_length=max_length)

    def get_alternative_name(self, file_root: str, file_ext: str) -> str:
        """Return another name for a file whose name is taken; where files may be overwritten, none ever is."""
        return f"{file_root}{file_ext}" if self._allow_overwrite else super().get_alternative_name(file_root, file_ext)

    def exists(self, name: str) -> bool:
        """Tell whether the file, folder or link is there."""
        return os.path.lexists(self.path(name))

    def listdir(self, path: str) -> tuple[list[str], list[str]]:
        """Return the names of folders and of files."""
        sides: tuple[list[str], list[str]] = ([], [])
        with os.scandir(self.path(path)) as entries:
            for entry in entries:
                sides[not entry.is_dir()].append(entry.name)
        return sides

    def path(self, name: Any) -> str:
        """Return the absolute path. Raises SuspiciousFileOperation if it leaves the folder."""
        return safe_join(self.location, name)

    def size(self, name: str) -> int:
        """Return the size in bytes."""
        return os.path.getsize(self.path(name))

    def _moment(self, read: Callable[[str], float], name: str) -> dt.datetime:
        moment = dt.datetime.fromtimestamp(read(self.path(name)), tz=dt.UTC)
        return moment if settings.USE_TZ else moment.astimezone().replace(tzinfo=None)

    def get_accessed_time(self, name: str) -> dt.datetime:
        """Return when the file was last read."""
        return self._moment(os.path.getatime, name)

    def get_created_time(self, name: str) -> dt.datetime:
        """Return when the file was created or its metadata changed."""
        return self._moment(os.path.getctime, name)

    def get_modified_time(self, name: str) -> dt.datetime:
        """Return when the file was last changed."""
        return self._moment(os.path.getmtime, name)

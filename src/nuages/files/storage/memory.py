"""Files in memory, gone with the process: for tests."""

from __future__ import annotations

import datetime as dt
import errno
import io
import os
from collections.abc import Callable, Iterator
from contextlib import suppress
from typing import Any

from nuages.conf import settings
from nuages.conf.deconstruct import deconstructible
from nuages.files.storage.configuration import StorageSettingsMixin
from nuages.files.storage.protocol import Storage
from nuages.http.fileobjects import ContentFile
from nuages.i18n.timezone import now
from nuages.text.lazy import cached_property
from nuages.text.paths import safe_join


class _Timed:
    """An entry with its times."""

    def __init__(self) -> None:
        self.created_time = self.accessed_time = self.modified_time = now()


class InMemoryFileNode(_Timed, ContentFile):
    """A file; it becomes one of text or of bytes when it is first written or opened."""

    def __init__(self, name: str = "") -> None:
        _Timed.__init__(self)
        ContentFile.__init__(self, b"", name=name)
        self.file: Any = None

    def open(self, mode: str | None = None, *args: Any, **kwargs: Any) -> InMemoryFileNode:
        """Go to the start; text and bytes are turned into each other as the mode asks."""
        wanted: type[Any] = io.BytesIO if "b" in (mode or "rb") else io.StringIO
        if self.file is None:
            self.file = wanted()
        elif not isinstance(self.file, wanted):
            self.file = wanted(self._as(wanted, self.file.getvalue()))
        self.mode: str = mode or "rb"
        self.file.seek(0)
        if "w" in self.mode:
            self.file.truncate()
        self.accessed_time = now()
        return self

    @staticmethod
    def _as(kind: type[Any], content: Any) -> Any:
        if kind is io.BytesIO:
            return content.encode() if isinstance(content, str) else content
        return content.decode() if isinstance(content, bytes) else content

    @property
    def size(self) -> int:  # type: ignore[override]
        """The size of the content."""
        return len(self.file.getvalue()) if self.file is not None else 0

    @size.setter
    def size(self, value: int) -> None:
        pass

    def write(self, data: Any) -> int:
        """Write text or bytes."""
        if self.file is None:
            self.file = io.StringIO() if isinstance(data, str) else io.BytesIO()
        self.modified_time = now()
        kind = io.StringIO if isinstance(self.file, io.StringIO) else io.BytesIO
        return int(self.file.write(self._as(kind, data)))


class InMemoryDirNode(_Timed):
    """A folder."""

    def __init__(self) -> None:
        super().__init__()
        self.children: dict[str, InMemoryFileNode | InMemoryDirNode] = {}

    def add(self, name: str, make: Callable[[], InMemoryFileNode | InMemoryDirNode]) -> InMemoryFileNode | InMemoryDirNode:
        """The entry of that name, made if it is not there."""
        if name not in self.children:
            self.children[name] = make()
            self._changed()
        return self.children[name]

    def remove(self, name: str) -> None:
        """Take an entry away, if it is there."""
        if self.children.pop(name, None) is not None:
            self._changed()

    def _changed(self) -> None:
        self.accessed_time = self.modified_time = now()


@deconstructible(path="nuages.files.storage.InMemoryStorage")
class InMemoryStorage(StorageSettingsMixin, Storage):
    """Stores files in memory; the options are those of FileSystemStorage."""

    def __init__(
        self,
        location: Any = None,
        base_url: str | None = None,
        file_permissions_mode: int | None = None,
        directory_permissions_mode: int | None = None,
    ) -> None:
        self._location, self._base_url = location, base_url
        self._file_permissions_mode, self._directory_permissions_mode = file_permissions_mode, directory_permissions_mode
        self._root = InMemoryDirNode()
        self._follow_settings()

    @cached_property
    def base_location(self) -> Any:
        """The folder that paths are relative to, as it was given."""
        return self._value_or_setting(self._location, settings.MEDIA_ROOT)

    @cached_property
    def location(self) -> str:
        """The folder that paths are relative to."""
        return str(os.path.abspath(self.base_location))

    def _parts(self, name: Any) -> list[str]:
        path = os.path.relpath(safe_join(self.location, name), self.location)
        return [part for part in path.split(os.sep) if part != "."]

    def _find(self, name: Any) -> InMemoryFileNode | InMemoryDirNode | None:
        node: Any = self._root
        for part in self._parts(name):
            if not isinstance(node, InMemoryDirNode) or part not in node.children:
                return None
            node = node.children[part]
        return node  # type: ignore[no-any-return]

    def _get(self, name: Any) -> InMemoryFileNode | InMemoryDirNode:
        node = self._find(name)
        if node is None:
            self._refuse_below_file(name)
            raise FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT), str(name))
        return node

    def _refuse_below_file(self, name: Any) -> None:
        *folders, _last = self._parts(name)
        for depth in range(1, len(folders) + 1):
            if isinstance(self._find("/".join(folders[:depth])), InMemoryFileNode):
                raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST), "/".join(folders[:depth]))

    def _make(self, name: str) -> InMemoryFileNode:
        self._refuse_below_file(name)
        *folders, last = self._parts(name)
        node = self._root
        for folder in folders:
            child = node.add(folder, InMemoryDirNode)
            assert isinstance(child, InMemoryDirNode)
            node = child
        made = node.add(last, lambda: InMemoryFileNode(last))
        if not isinstance(made, InMemoryFileNode):
            raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR), name)
        return made

    def _open(self, name: str, mode: str = "rb") -> InMemoryFileNode:
        node = self._find(name)
        if isinstance(node, InMemoryDirNode):
            raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR), name)
        if node is None:
            if "w" not in mode and "a" not in mode:
                self._get(name)
            node = self._make(name)
        return node.open(mode)

    def _save(self, name: str, content: Any) -> str:
        node = self._make(name)
        mode = None
        for chunk in content.chunks():
            if mode is None:
                mode = "wb" if isinstance(chunk, bytes) else "wt"
                node.open(mode)
            node.write(chunk)
        node.modified_time = now()
        if hasattr(content, "temporary_file_path"):  # as if it had been moved here
            with suppress(FileNotFoundError):
                os.remove(content.temporary_file_path())
        return "/".join(self._parts(name))

    def path(self, name: str) -> str:
        """Memory has no paths: raises NotImplementedError."""
        return super().path(name)

    def delete(self, name: str) -> None:
        """Delete a file or folder; one that is not there is no error."""
        *folders, last = self._parts(name)
        parent = self._find("/".join(folders)) if folders else self._root
        if isinstance(parent, InMemoryDirNode):
            parent.remove(last)

    def exists(self, name: str) -> bool:
        """Tell whether the name is taken."""
        return self._find(name) is not None

    def listdir(self, path: str) -> tuple[list[str], list[str]]:
        """Return the names of folders and of files."""
        node = self._get(path)
        if not isinstance(node, InMemoryDirNode):
            raise NotADirectoryError(errno.ENOTDIR, os.strerror(errno.ENOTDIR), path)
        return list(_named(node, InMemoryDirNode)), list(_named(node, InMemoryFileNode))

    def size(self, name: str) -> int:
        """Return the size of the content."""
        return len(self._open(name, "rb").file.getvalue())

    def _moment(self, moment: dt.datetime) -> dt.datetime:
        if settings.USE_TZ:
            return moment if moment.tzinfo else moment.astimezone(dt.UTC)
        return moment.astimezone().replace(tzinfo=None) if moment.tzinfo else moment

    def get_accessed_time(self, name: str) -> dt.datetime:
        """Return when the entry was last opened."""
        return self._moment(self._get(name).accessed_time)

    def get_created_time(self, name: str) -> dt.datetime:
        """Return when the entry was made."""
        return self._moment(self._get(name).created_time)

    def get_modified_time(self, name: str) -> dt.datetime:
        """Return when the entry was last written."""
        return self._moment(self._get(name).modified_time)


def _named(node: InMemoryDirNode, kind: type[Any]) -> Iterator[str]:
    return (name for name, child in node.children.items() if isinstance(child, kind))

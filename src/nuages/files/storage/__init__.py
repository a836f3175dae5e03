"""Storages: where files live, behind one interface (documented in "File storage API")."""

from typing import Any

from nuages.files.storage.filesystem import FileSystemStorage
from nuages.files.storage.handler import InvalidStorageError, StorageHandler, storages
from nuages.files.storage.memory import InMemoryStorage
from nuages.files.storage.protocol import Storage
from nuages.text.lazy import LazyObject

__all__ = (
    "DefaultStorage", "FileSystemStorage", "InMemoryStorage", "InvalidStorageError", "Storage", "StorageHandler",
    "default_storage", "storages",
)


class DefaultStorage(LazyObject):
    """The storage under the alias ``default``."""

    def _setup(self) -> None:
        self._wrapped = storages["default"]


default_storage: Any = DefaultStorage()

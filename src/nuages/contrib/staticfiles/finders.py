"""Where static files are found before they are collected."""

from __future__ import annotations

import functools
import os
from collections.abc import Iterable, Iterator
from typing import Any

from nuages.apps import apps
from nuages.checks import CheckMessage, Error, Warning
from nuages.conf import settings
from nuages.conf.names import import_string
from nuages.contrib.staticfiles import sources
from nuages.exceptions import ImproperlyConfigured
from nuages.files.storage import FileSystemStorage, Storage, default_storage
from nuages.signals import setting_changed
from nuages.text.lazy import LazyObject, empty
from nuages.text.paths import safe_join

searched_locations: list[str] = []
"""Where the last ``find`` looked."""


class BaseFinder:
    """What a finder defines: ``find``, ``list`` and, if it can be configured wrongly, ``check``."""

    def check(self, **kwargs: Any) -> list[CheckMessage]:
        """What is wrong with the finder's settings."""
        raise NotImplementedError(f"{type(self).__name__} has no settings of its own to check.")

    def find(self, path: str, find_all: bool = False) -> Any:
        """The first absolute path for a relative one, or all; an empty list for none."""
        raise NotImplementedError("subclasses of BaseFinder must provide a find() method")

    def list(self, ignore_patterns: Iterable[str] | None) -> Iterable[tuple[str, Any]]:
        """(relative path, storage) of all files."""
        raise NotImplementedError("subclasses of BaseFinder must provide a list() method")


class FileSystemFinder(BaseFinder):
    """Looks in ``STATICFILES_DIRS``: folders, or pairs of a prefix and a folder."""

    def __init__(self, app_names: Any = None, *args: Any, **kwargs: Any) -> None:
        self.locations: list[tuple[str, str]] = []
        self.storages: dict[str, FileSystemStorage] = {}
        for entry in settings.STATICFILES_DIRS:
            prefix, root = entry if isinstance(entry, (list, tuple)) else ("", entry)
            if (prefix, root) not in self.locations:
                self.locations.append((prefix, root))
        for prefix, root in self.locations:
            storage = FileSystemStorage(location=root)
            storage.prefix = prefix  # type: ignore[attr-defined]
            self.storages[root] = storage
        super().__init__(*args, **kwargs)

    def check(self, **kwargs: Any) -> list[CheckMessage]:
        """``staticfiles.E001`` to ``E003``, ``W004``."""
        if not isinstance(settings.STATICFILES_DIRS, (list, tuple)):
            return [
                Error(
                    "The STATICFILES_DIRS setting is not a tuple or list.",
                    hint="Perhaps you forgot a trailing comma?",
                    id="staticfiles.E001",
                )
            ]
        return [message for entry in settings.STATICFILES_DIRS for message in _check_entry(entry)]

    def find(self, path: str, find_all: bool = False) -> Any:
        """Look in each folder, in order."""
        matches = []
        for prefix, root in self.locations:
            if root not in searched_locations:
                searched_locations.append(root)
            found = self.find_location(root, path, prefix)
            if found:
                if not find_all:
                    return found
                matches.append(found)
        return matches

    def find_location(self, root: str, path: str, prefix: str | None = None) -> str | None:
        """The file's absolute path in one folder."""
        if prefix:
            inside = f"{prefix}{os.sep}"
            if not path.startswith(inside):
                return None
            path = path.removeprefix(inside)
        found = str(safe_join(root, path))
        return found if os.path.exists(found) else None

    def list(self, ignore_patterns: Iterable[str] | None) -> Iterator[tuple[str, Any]]:
        """All files of all folders that exist."""
        for _prefix, root in self.locations:
            if os.path.isdir(root):
                storage = self.storages[root]
                for path in sources.get_files(storage, ignore_patterns):
                    yield path, storage


def _check_entry(entry: Any) -> list[CheckMessage]:
    root = entry
    if isinstance(entry, (list, tuple)):
        prefix, root = entry
        if prefix.endswith("/"):
            return [
                Error(
                    f"The prefix {prefix!r} in the STATICFILES_DIRS setting must not end with a slash.",
                    id="staticfiles.E003",
                )
            ]
    if settings.STATIC_ROOT and os.path.abspath(settings.STATIC_ROOT) == os.path.abspath(root):
        return [
            Error(
                "STATIC_ROOT is one of STATICFILES_DIRS: it would be collected into itself.",
                id="staticfiles.E002",
            )
        ]
    if not os.path.isdir(root):
        return [
            Warning(f"STATICFILES_DIRS names the directory '{root}', which does not exist.", id="staticfiles.W004")
        ]
    return []


class AppDirectoriesFinder(BaseFinder):
    """Looks in the folder ``static`` of each application."""

    storage_class: Any = FileSystemStorage
    source_dir = "static"

    def __init__(self, app_names: Iterable[str] | None = None, *args: Any, **kwargs: Any) -> None:
        configs = [config for config in apps.get_app_configs() if app_names is None or config.name in set(app_names)]
        self.apps: list[str] = []
        self.storages: dict[str, Any] = {}
        for config in configs:
            storage = self.storage_class(os.path.join(config.path, self.source_dir))
            if os.path.isdir(storage.location):
                self.storages[config.name] = storage
                self.apps.append(config.name)
        super().__init__(*args, **kwargs)

    def list(self, ignore_patterns: Iterable[str] | None) -> Iterator[tuple[str, Any]]:
        """All files of all applications."""
        for storage in self.storages.values():
            if storage.exists(""):
                for path in sources.get_files(storage, ignore_patterns):
                    yield path, storage

    def find(self, path: str, find_all: bool = False) -> Any:
        """Look in each application, in order."""
        matches = []
        for app in self.apps:
            location = self.storages[app].location
            if location not in searched_locations:
                searched_locations.append(location)
            found = self.find_in_app(app, path)
            if found:
                if not find_all:
                    return found
                matches.append(found)
        return matches

    def find_in_app(self, app: str, path: str) -> str | None:
        """The file's absolute path in one application."""
        storage = self.storages.get(app)
        if storage is None or not storage.exists(path):
            return None
        return str(storage.path(path)) or None


class BaseStorageFinder(BaseFinder):
    """Looks in one storage; a subclass or the argument names it."""

    storage: Any = None

    def __init__(self, storage: Any = None, *args: Any, **kwargs: Any) -> None:
        if storage is not None:
            self.storage = storage
        if self.storage is None:
            raise ImproperlyConfigured(
                f"The staticfiles storage finder {type(self)!r} doesn't have a storage class assigned."
            )
        if not isinstance(self.storage, (Storage, LazyObject)):
            self.storage = self.storage()
        super().__init__(*args, **kwargs)

    def find(self, path: str, find_all: bool = False) -> Any:
        """The path in the storage; ``NotImplementedError`` if it keeps no local files."""
        try:
            self.storage.path("")
        except NotImplementedError:
            return [] if find_all else None
        if self.storage not in searched_locations:
            searched_locations.append(self.storage)
        if not self.storage.exists(path):
            return []
        found = self.storage.path(path)
        return [found] if find_all else found

    def list(self, ignore_patterns: Iterable[str] | None) -> Iterator[tuple[str, Any]]:
        """All files of the storage."""
        for path in sources.get_files(self.storage, ignore_patterns):
            yield path, self.storage


class DefaultStorageFinder(BaseStorageFinder):
    """Looks in the default storage."""

    storage = default_storage

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        base_location = getattr(self.storage, "base_location", empty)
        if not base_location:
            raise ImproperlyConfigured(
                f"The storage backend of the staticfiles finder {type(self)!r} doesn't have a valid location."
            )


def find(path: str, find_all: bool = False) -> Any:
    """The absolute path of a static file, from the first finder that has it (``None`` for none), or a list of all."""
    searched_locations[:] = []
    matches: list[str] = []
    for finder in get_finders():
        found = finder.find(path, find_all=find_all)
        if not find_all and found:
            return found
        matches.extend(found if isinstance(found, (list, tuple)) else [found] if found else [])
    return matches if find_all else None


def get_finders() -> Iterator[Any]:
    """The finders of ``STATICFILES_FINDERS``."""
    for path in settings.STATICFILES_FINDERS:
        yield get_finder(path)


@functools.cache
def get_finder(import_path: str) -> Any:
    """The finder that the dotted path names; ``ImproperlyConfigured`` for another class."""
    finder = import_string(import_path)
    if not issubclass(finder, BaseFinder):
        raise ImproperlyConfigured(f'Finder "{finder}" is not a subclass of "{BaseFinder}"')
    return finder()


def _follow_settings(*, setting: str, **kwargs: Any) -> None:
    if setting in ("STATICFILES_DIRS", "STATICFILES_FINDERS", "INSTALLED_APPS"):
        get_finder.cache_clear()


setting_changed.connect(_follow_settings)

"""Where static files are collected to, and the names under which they are served."""

from __future__ import annotations

from typing import Any

from nuages.conf import STATICFILES_STORAGE_ALIAS, settings
from nuages.contrib.staticfiles.hashing import HashedFilesMixin
from nuages.contrib.staticfiles.manifest import ManifestFilesMixin
from nuages.contrib.staticfiles.sources import check_settings
from nuages.exceptions import ImproperlyConfigured
from nuages.files.storage import FileSystemStorage, storages
from nuages.text.lazy import LazyObject

__all__ = [
    "ConfiguredStorage",
    "HashedFilesMixin",
    "ManifestFilesMixin",
    "ManifestStaticFilesStorage",
    "StaticFilesStorage",
    "staticfiles_storage",
]


class StaticFilesStorage(FileSystemStorage):
    """The folder ``STATIC_ROOT``, served at ``STATIC_URL``."""

    def __init__(self, location: Any = None, base_url: str | None = None, *args: Any, **kwargs: Any) -> None:
        base_url = settings.STATIC_URL if base_url is None else base_url
        check_settings(base_url)
        location = settings.STATIC_ROOT if location is None else location
        super().__init__(location, base_url, *args, **kwargs)
        if not location:
            # Without a root no path is right; falling back to the working directory would be worse than failing.
            self.base_location = None  # type: ignore[assignment]
            self.location = None  # type: ignore[assignment]

    def path(self, name: str) -> str:
        """The file's absolute path; ``ImproperlyConfigured`` without ``STATIC_ROOT``."""
        if not self.location:
            raise ImproperlyConfigured(
                "STATIC_ROOT is not set, so there is no place for collected static files: set it to the path of a folder."
            )
        return str(super().path(name))


class ManifestStaticFilesStorage(ManifestFilesMixin, StaticFilesStorage):
    """Adds a hash of its content to each file's name, so that browsers may keep files for ever."""


class ConfiguredStorage(LazyObject):
    """The storage that ``STORAGES["staticfiles"]`` describes."""

    def _setup(self) -> None:
        self._wrapped = storages[STATICFILES_STORAGE_ALIAS]


staticfiles_storage: Any = ConfiguredStorage()

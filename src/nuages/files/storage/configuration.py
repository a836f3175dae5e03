"""Storage options that fall back to settings, and follow them while tests change these."""

from __future__ import annotations

from typing import Any
from urllib.parse import urljoin

from nuages.conf import settings
from nuages.signals import setting_changed
from nuages.text.encoding import filepath_to_uri
from nuages.text.lazy import cached_property

_CACHED = {
    "MEDIA_ROOT": ("base_location", "location"),
    "MEDIA_URL": ("base_url",),
    "FILE_UPLOAD_PERMISSIONS": ("file_permissions_mode",),
    "FILE_UPLOAD_DIRECTORY_PERMISSIONS": ("directory_permissions_mode",),
}


class StorageSettingsMixin:
    """``base_url`` and permissions: as given, or from the settings of uploads."""

    _base_url: str | None
    _file_permissions_mode: int | None
    _directory_permissions_mode: int | None

    def _follow_settings(self) -> None:
        setting_changed.connect(self._clear_cached_properties)

    def _clear_cached_properties(self, setting: str, **kwargs: Any) -> None:
        for name in _CACHED.get(setting, ()):
            self.__dict__.pop(name, None)

    def _value_or_setting(self, value: Any, setting: Any) -> Any:
        return setting if value is None else value

    @cached_property
    def base_url(self) -> Any:
        """The URL below which the files are served, with a slash at its end."""
        url = self._base_url
        if url is not None and not url.endswith("/"):
            url += "/"
        return self._value_or_setting(url, settings.MEDIA_URL)

    @cached_property
    def file_permissions_mode(self) -> int | None:
        """The mode of files."""
        mode: int | None = self._value_or_setting(self._file_permissions_mode, settings.FILE_UPLOAD_PERMISSIONS)
        return mode

    @cached_property
    def directory_permissions_mode(self) -> int | None:
        """The mode of folders that are made."""
        mode: int | None = self._value_or_setting(self._directory_permissions_mode, settings.FILE_UPLOAD_DIRECTORY_PERMISSIONS)
        return mode

    def url(self, name: str | None) -> str:
        """Return the URL of a file. Raises ValueError without a base URL."""
        base = self.base_url
        if base is None:
            message = "This file is not accessible via a URL."
            raise ValueError(message)
        relative = filepath_to_uri(name)
        return str(urljoin(base, relative.lstrip("/") if relative is not None else ""))

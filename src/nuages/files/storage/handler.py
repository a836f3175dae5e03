"""The storages of the setting STORAGES, by alias."""

from __future__ import annotations

from typing import Any

from nuages.conf import settings
from nuages.conf.names import import_string
from nuages.exceptions import ImproperlyConfigured
from nuages.signals import receiver, setting_changed
from nuages.text.lazy import cached_property

DEFAULT_STORAGE_ALIAS = "default"
STATICFILES_STORAGE_ALIAS = "staticfiles"


class InvalidStorageError(ImproperlyConfigured):
    """No such alias in STORAGES, or its backend cannot be imported."""


class StorageHandler:
    """Makes each storage when it is first asked for: ``storages["default"]``."""

    def __init__(self, backends: dict[str, Any] | None = None) -> None:
        self._backends = backends
        self._storages: dict[str, Any] = {}

    @cached_property
    def backends(self) -> dict[str, Any]:
        """The configuration of each alias."""
        if self._backends is None:
            self._backends = dict(settings.STORAGES)
        return self._backends

    def __getitem__(self, alias: str) -> Any:
        try:
            return self._storages[alias]
        except KeyError:
            try:
                params = self.backends[alias]
            except KeyError:
                raise InvalidStorageError(f"Could not find config for '{alias}' in settings.STORAGES.") from None
            self._storages[alias] = self.create_storage(params)
            return self._storages[alias]

    def create_storage(self, params: dict[str, Any]) -> Any:
        """Make a storage of its BACKEND and OPTIONS."""
        options = dict(params.get("OPTIONS") or {})
        backend = params["BACKEND"]
        try:
            storage_class = import_string(backend)
        except ImportError as error:
            raise InvalidStorageError(f"Could not find backend {backend!r}: {error}") from error
        return storage_class(**options)


storages = StorageHandler()


@receiver(setting_changed)
def _follow_settings(*, setting: str, **kwargs: Any) -> None:
    if setting == "STORAGES":
        storages.__dict__.pop("backends", None)
        storages._backends = None
        storages._storages = {}

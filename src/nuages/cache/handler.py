"""The caches of the setting CACHES."""

from __future__ import annotations

from typing import Any

from nuages.cache.backends.protocol import BaseCache, InvalidCacheBackendError
from nuages.conf.connections import BaseConnectionHandler, ConnectionProxy
from nuages.conf.names import import_string
from nuages.signals import idle_when, receiver, request_finished, setting_changed

DEFAULT_CACHE_ALIAS = "default"


class CacheHandler(BaseConnectionHandler):
    """Makes each cache when a thread first asks for it: ``caches["default"]``."""

    settings_name = "CACHES"
    exception_class = InvalidCacheBackendError

    def create_connection(self, alias: str) -> BaseCache:
        """Make the cache of an alias. Raises InvalidCacheBackendError if its backend cannot be imported."""
        params = dict(self.settings[alias])
        backend = params.pop("BACKEND")
        location = params.pop("LOCATION", "")
        try:
            backend_class = import_string(backend)
        except ImportError as error:
            raise InvalidCacheBackendError(f"Could not find backend '{backend}': {error}") from error
        made: BaseCache = backend_class(location, params)
        return made


caches = CacheHandler()
cache: Any = ConnectionProxy(caches, DEFAULT_CACHE_ALIAS)


@receiver(request_finished)
@idle_when(lambda: not caches._connections.__dict__)
def close_caches(**kwargs: Any) -> None:
    """Close the caches of this thread after a request."""
    caches.close_all()


@receiver(setting_changed)
def _follow_settings(*, setting: str, **kwargs: Any) -> None:
    if setting == "CACHES":
        close_caches()
        caches._settings = None
        caches.__dict__.pop("settings", None)
        caches._connections = type(caches._connections)()

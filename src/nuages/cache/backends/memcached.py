"""Caches in memcached, by pymemcache or pylibmc."""

from __future__ import annotations

import re
import time
from collections.abc import Iterable, Mapping
from importlib import import_module
from typing import Any

from nuages.cache.backends.protocol import (
    DEFAULT_TIMEOUT,
    BaseCache,
    InvalidCacheKey,
    memcache_key_warnings,
)
from nuages.text.lazy import cached_property

# A longer timeout is taken by memcached as a moment in seconds since the epoch.
_LONGEST_TIMEOUT = 2_592_000


class BaseMemcachedCache(BaseCache):
    """What the two clients have in common."""

    def __init__(self, server: Any, params: dict[str, Any], library: Any, value_not_found_exception: type[Exception]) -> None:
        super().__init__(params)
        self._servers = re.split("[;,]", server) if isinstance(server, str) else list(server)
        self.LibraryValueNotFoundException = value_not_found_exception
        self._lib = library
        self._class: Any = library.Client
        self._options: dict[str, Any] = dict(params.get("OPTIONS") or {})

    @property
    def client_servers(self) -> list[Any]:
        """The servers as the client wants them."""
        return self._servers

    @cached_property
    def _cache(self) -> Any:
        return self._class(self.client_servers, **self._options)

    def get_backend_timeout(self, timeout: Any = DEFAULT_TIMEOUT) -> int:
        """Return seconds, or a moment if there are too many; 0 is for ever, -1 not at all."""
        if timeout is DEFAULT_TIMEOUT:
            timeout = self.default_timeout
        if timeout is None:
            return 0
        if int(timeout) == 0:
            return -1
        return int(timeout) + (int(time.time()) if timeout > _LONGEST_TIMEOUT else 0)

    def add(self, key: Any, value: Any, timeout: Any = DEFAULT_TIMEOUT, version: Any = None) -> bool:
        """Set ``key`` unless it is there."""
        return bool(self._cache.add(self.make_and_validate_key(key, version=version), value, self.get_backend_timeout(timeout)))

    def get(self, key: Any, default: Any = None, version: Any = None) -> Any:
        """Return the value, or ``default``."""
        return self._cache.get(self.make_and_validate_key(key, version=version), default)

    def set(self, key: Any, value: Any, timeout: Any = DEFAULT_TIMEOUT, version: Any = None) -> None:
        """Set the value; one that the server refuses must not leave the old one behind."""
        made = self.make_and_validate_key(key, version=version)
        if not self._cache.set(made, value, self.get_backend_timeout(timeout)):
            self._cache.delete(made)

    def touch(self, key: Any, timeout: Any = DEFAULT_TIMEOUT, version: Any = None) -> bool:
        """Set a new timeout."""
        return bool(self._cache.touch(self.make_and_validate_key(key, version=version), self.get_backend_timeout(timeout)))

    def delete(self, key: Any, version: Any = None) -> bool:
        """Delete the key."""
        return bool(self._cache.delete(self.make_and_validate_key(key, version=version)))

    def get_many(self, keys: Iterable[Any], version: Any = None) -> dict[Any, Any]:
        """Return those of the keys that are there."""
        made = {self.make_and_validate_key(key, version=version): key for key in keys}
        return {made[key]: value for key, value in self._cache.get_multi(list(made)).items()}

    def close(self, **kwargs: Any) -> None:
        """Close the connections."""
        self._cache.disconnect_all()

    def incr(self, key: Any, delta: int = 1, version: Any = None) -> Any:
        """Add to a number. Raises ValueError if the key is missing."""
        made = self.make_and_validate_key(key, version=version)
        try:
            value = self._cache.incr(made, delta) if delta >= 0 else self._cache.decr(made, -delta)
        except self.LibraryValueNotFoundException:
            value = None
        if value is None:
            raise ValueError(f"Key '{key}' not found")
        return value

    def set_many(self, data: Mapping[Any, Any], timeout: Any = DEFAULT_TIMEOUT, version: Any = None) -> list[Any]:
        """Set several values; return the keys that failed."""
        made = {self.make_and_validate_key(key, version=version): key for key in data}
        failed = self._cache.set_multi({safe: data[key] for safe, key in made.items()}, self.get_backend_timeout(timeout))
        return [made[key] for key in failed]

    def delete_many(self, keys: Iterable[Any], version: Any = None) -> None:
        """Delete several keys."""
        self._cache.delete_multi([self.make_and_validate_key(key, version=version) for key in keys])

    def clear(self) -> None:
        """Delete everything."""
        self._cache.flush_all()

    def validate_key(self, key: str) -> None:
        """Raise InvalidCacheKey for keys that memcached does not take."""
        for warning in memcache_key_warnings(key):
            raise InvalidCacheKey(warning)


class PyLibMCCache(BaseMemcachedCache):
    """memcached by pylibmc."""

    def __init__(self, server: Any, params: dict[str, Any]) -> None:
        library = import_module("pylibmc")
        super().__init__(server, params, library=library, value_not_found_exception=library.NotFound)

    @property
    def client_servers(self) -> list[Any]:
        """The servers, Unix sockets without their prefix."""
        return [server.removeprefix("unix:") for server in self._servers]

    def touch(self, key: Any, timeout: Any = DEFAULT_TIMEOUT, version: Any = None) -> bool:
        """Set a new timeout; one of zero deletes."""
        made = self.make_and_validate_key(key, version=version)
        return bool(self._cache.delete(made) if timeout == 0 else self._cache.touch(made, self.get_backend_timeout(timeout)))

    def close(self, **kwargs: Any) -> None:
        """Do nothing: libmemcached manages its connections."""


class PyMemcacheCache(BaseMemcachedCache):
    """memcached by pymemcache."""

    def __init__(self, server: Any, params: dict[str, Any]) -> None:
        library = import_module("pymemcache.serde")
        super().__init__(server, params, library=import_module("pymemcache"), value_not_found_exception=KeyError)
        self._class = self._lib.HashClient
        self._options = {
            "allow_unicode_keys": True,
            "default_noreply": False,
            "serde": library.pickle_serde,
            **self._options,
        }

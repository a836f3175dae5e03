"""What every cache offers, and how keys are made."""

from __future__ import annotations

import time
import warnings
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from nuages import bridge
from nuages.conf.names import import_string
from nuages.exceptions import ImproperlyConfigured

DEFAULT_TIMEOUT: Any = object()
MEMCACHE_MAX_KEY_LENGTH = 250
_MISSING: Any = object()


class InvalidCacheBackendError(ImproperlyConfigured):
    """No such alias in CACHES, or its backend cannot be imported."""


class CacheKeyWarning(RuntimeWarning):
    """The key would not do for memcached."""


class InvalidCacheKey(ValueError):
    """The key will not do for this cache."""


def default_key_func(key: Any, key_prefix: str, version: Any) -> str:
    """Return ``prefix:version:key``."""
    return f"{key_prefix}:{version}:{key}"


def get_key_func(key_func: Any) -> Callable[[Any, str, Any], str]:
    """Return the function that KEY_FUNCTION names or is."""
    if key_func is None:
        return default_key_func
    found: Callable[[Any, str, Any], str] = key_func if callable(key_func) else import_string(key_func)
    return found


def memcache_key_warnings(key: str) -> Iterator[str]:
    """Yield what memcached would have against ``key``."""
    if len(key) > MEMCACHE_MAX_KEY_LENGTH:
        yield f"Cache key will cause errors if used with memcached: {key!r} (longer than {MEMCACHE_MAX_KEY_LENGTH})"
    for char in key:
        if ord(char) < 33 or ord(char) == 127:
            yield f"Cache key contains characters that will cause errors if used with memcached: {key!r}"
            break


class BaseCache:
    """Base of caches. A subclass writes ``add``, ``get``, ``set``, ``touch``, ``delete`` and ``clear``; the rest follows.

    ``timeout`` is in seconds; None keeps a value for ever, zero or less does not keep it at all. Each method has an asynchronous
    twin whose name begins with ``a``.
    """

    key_prefix: str
    version: int
    key_func: Callable[[Any, str, Any], str]
    _missing_key = _MISSING

    def __init__(self, params: Mapping[str, Any]) -> None:
        timeout = params.get("timeout", params.get("TIMEOUT", 300))
        self.default_timeout: int | None = None if timeout is None else _whole(timeout, 300)
        options = params.get("OPTIONS", {})
        self._max_entries = _whole(params.get("max_entries", options.get("MAX_ENTRIES", 300)), 300)
        self._cull_frequency = _whole(params.get("cull_frequency", options.get("CULL_FREQUENCY", 3)), 3)
        self.key_prefix = params.get("KEY_PREFIX", "")
        self.version = params.get("VERSION", 1)
        self.key_func = get_key_func(params.get("KEY_FUNCTION"))

    def get_backend_timeout(self, timeout: Any = DEFAULT_TIMEOUT) -> Any:
        """Return the moment (seconds since the epoch) until which a value is kept; None: for ever."""
        if timeout is DEFAULT_TIMEOUT:
            timeout = self.default_timeout
        elif timeout == 0:
            # A moment in the past, also where clocks are a little apart.
            timeout = -1
        return None if timeout is None else time.time() + timeout

    def make_key(self, key: Any, version: Any = None) -> str:
        """Return the key that the store sees."""
        return self.key_func(key, self.key_prefix, self.version if version is None else version)

    def validate_key(self, key: str) -> None:
        """Warn of keys that would not do for memcached, so that code stays portable."""
        for warning in memcache_key_warnings(key):
            warnings.warn(warning, CacheKeyWarning, stacklevel=3)

    def make_and_validate_key(self, key: Any, version: Any = None) -> str:
        """Return the key that the store sees, validated."""
        made = self.make_key(key, version=version)
        self.validate_key(made)
        return made

    def _unwritten(self, name: str) -> NotImplementedError:
        return NotImplementedError(f"subclasses of BaseCache must provide {name}() method")

    def add(self, key: Any, value: Any, timeout: Any = DEFAULT_TIMEOUT, version: Any = None) -> bool:
        """Set ``key`` unless it is there; tell whether it was set."""
        raise self._unwritten("an add")

    def get(self, key: Any, default: Any = None, version: Any = None) -> Any:
        """Return the value, or ``default``."""
        raise self._unwritten("a get")

    def set(self, key: Any, value: Any, timeout: Any = DEFAULT_TIMEOUT, version: Any = None) -> None:
        """Set the value."""
        raise self._unwritten("a set")

    def touch(self, key: Any, timeout: Any = DEFAULT_TIMEOUT, version: Any = None) -> bool:
        """Set a new timeout; tell whether the key is there."""
        raise self._unwritten("a touch")

    def delete(self, key: Any, version: Any = None) -> bool:
        """Delete the key; tell whether it was there."""
        raise self._unwritten("a delete")

    def get_many(self, keys: Iterable[Any], version: Any = None) -> dict[Any, Any]:
        """Return a dict of those of ``keys`` that are there."""
        found = ((key, self.get(key, self._missing_key, version=version)) for key in keys)
        return {key: value for key, value in found if value is not self._missing_key}

    def get_or_set(self, key: Any, default: Any, timeout: Any = DEFAULT_TIMEOUT, version: Any = None) -> Any:
        """Return the value; if it is missing, set it to ``default`` (or what that returns) first."""
        value = self.get(key, self._missing_key, version=version)
        if value is self._missing_key:
            if callable(default):
                default = default()
            self.add(key, default, timeout=timeout, version=version)
            # Another process may have been quicker: what is stored holds.
            return self.get(key, default, version=version)
        return value

    def has_key(self, key: Any, version: Any = None) -> bool:
        """Tell whether the key is there."""
        return self.get(key, self._missing_key, version=version) is not self._missing_key

    def incr(self, key: Any, delta: int = 1, version: Any = None) -> Any:
        """Add ``delta`` to the value and return it. Raises ValueError if the key is missing."""
        value = self.get(key, self._missing_key, version=version)
        if value is self._missing_key:
            raise ValueError(f"Key '{key}' not found")
        self.set(key, value + delta, version=version)
        return value + delta

    def decr(self, key: Any, delta: int = 1, version: Any = None) -> Any:
        """Subtract ``delta`` from the value and return it. Raises ValueError if the key is missing."""
        return self.incr(key, -delta, version=version)

    def __contains__(self, key: object) -> bool:
        return self.has_key(key)

    def set_many(self, data: Mapping[Any, Any], timeout: Any = DEFAULT_TIMEOUT, version: Any = None) -> list[Any]:
        """Set several values; return the keys for which that failed."""
        for key, value in data.items():
            self.set(key, value, timeout=timeout, version=version)
        return []

    def delete_many(self, keys: Iterable[Any], version: Any = None) -> None:
        """Delete several keys."""
        for key in keys:
            self.delete(key, version=version)

    def clear(self) -> Any:
        """Delete everything, of other prefixes and versions too."""
        raise self._unwritten("a clear")

    def incr_version(self, key: Any, delta: int = 1, version: Any = None) -> Any:
        """Move the value to a later version and return that. Raises ValueError if the key is missing."""
        version = self.version if version is None else version
        value = self.get(key, self._missing_key, version=version)
        if value is self._missing_key:
            raise ValueError(f"Key '{key}' not found")
        self.set(key, value, version=version + delta)
        self.delete(key, version=version)
        return version + delta

    def decr_version(self, key: Any, delta: int = 1, version: Any = None) -> Any:
        """Move the value to an earlier version and return that. Raises ValueError if the key is missing."""
        return self.incr_version(key, -delta, version)

    def close(self, **kwargs: Any) -> None:
        """Close the connection, if the cache has any that should not outlive a request."""

    aadd = bridge.shell(add)
    aget = bridge.shell(get)
    aset = bridge.shell(set)
    atouch = bridge.shell(touch)
    adelete = bridge.shell(delete)
    aget_many = bridge.shell(get_many)
    aget_or_set = bridge.shell(get_or_set)
    ahas_key = bridge.shell(has_key)
    aincr = bridge.shell(incr)
    adecr = bridge.shell(decr)
    aset_many = bridge.shell(set_many)
    adelete_many = bridge.shell(delete_many)
    aclear = bridge.shell(clear)
    aincr_version = bridge.shell(incr_version)
    adecr_version = bridge.shell(decr_version)
    aclose = bridge.shell(close)


def _whole(value: Any, otherwise: int) -> int:
    try:
        return int(value)
    except (ValueError, TypeError):
        return otherwise

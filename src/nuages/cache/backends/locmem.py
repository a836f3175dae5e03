"""A cache in the memory of the process, shared by its threads."""

from __future__ import annotations

import pickle
import time
from collections import OrderedDict
from threading import Lock
from typing import Any

from nuages.cache.backends.protocol import DEFAULT_TIMEOUT, BaseCache

_caches: dict[str, OrderedDict[str, bytes]] = {}
_expire_info: dict[str, dict[str, float | None]] = {}
_locks: dict[str, Lock] = {}


class LocMemCache(BaseCache):
    """Keeps pickled values, the most recently used first; what is used least goes first when there are too many.

    Caches of the same name share their values.
    """

    pickle_protocol = pickle.HIGHEST_PROTOCOL

    def __init__(self, name: str, params: dict[str, Any]) -> None:
        super().__init__(params)
        self._cache = _caches.setdefault(name, OrderedDict())
        self._expire_info = _expire_info.setdefault(name, {})
        self._lock = _locks.setdefault(name, Lock())

    def add(self, key: Any, value: Any, timeout: Any = DEFAULT_TIMEOUT, version: Any = None) -> bool:
        """Set ``key`` unless it is there."""
        key = self.make_and_validate_key(key, version=version)
        pickled = pickle.dumps(value, self.pickle_protocol)
        with self._lock:
            if not self._has_expired(key):
                return False
            self._set(key, pickled, timeout)
            return True

    def get(self, key: Any, default: Any = None, version: Any = None) -> Any:
        """Return the value, or ``default``."""
        key = self.make_and_validate_key(key, version=version)
        with self._lock:
            found = None if self._has_expired(key) else self._cache[key]
            if found is not None:
                self._cache.move_to_end(key, last=False)
            else:
                self._delete(key)
        # Unpickling may run any code, and take its time: not under the lock.
        return default if found is None else pickle.loads(found)

    def set(self, key: Any, value: Any, timeout: Any = DEFAULT_TIMEOUT, version: Any = None) -> None:
        """Set the value."""
        key = self.make_and_validate_key(key, version=version)
        pickled = pickle.dumps(value, self.pickle_protocol)
        with self._lock:
            self._set(key, pickled, timeout)

    def touch(self, key: Any, timeout: Any = DEFAULT_TIMEOUT, version: Any = None) -> bool:
        """Set a new timeout."""
        key = self.make_and_validate_key(key, version=version)
        with self._lock:
            if self._has_expired(key):
                return False
            self._expire_info[key] = self.get_backend_timeout(timeout)
            return True

    def incr(self, key: Any, delta: int = 1, version: Any = None) -> Any:
        """Add to a value under the lock; its timeout stays."""
        made = self.make_and_validate_key(key, version=version)
        with self._lock:
            if self._has_expired(made):
                self._delete(made)
                raise ValueError(f"Key '{key}' not found")
            value = pickle.loads(self._cache[made]) + delta
            self._cache[made] = pickle.dumps(value, self.pickle_protocol)
            self._cache.move_to_end(made, last=False)
        return value

    def has_key(self, key: Any, version: Any = None) -> bool:
        """Tell whether the key is there."""
        key = self.make_and_validate_key(key, version=version)
        with self._lock:
            if self._has_expired(key):
                self._delete(key)
                return False
            return True

    def delete(self, key: Any, version: Any = None) -> bool:
        """Delete the key."""
        key = self.make_and_validate_key(key, version=version)
        with self._lock:
            return self._delete(key)

    def clear(self) -> None:
        """Delete everything."""
        with self._lock:
            self._cache.clear()
            self._expire_info.clear()

    def _has_expired(self, key: str) -> bool:
        moment = self._expire_info.get(key, -1)
        return moment is not None and moment <= time.time()

    def _set(self, key: str, pickled: bytes, timeout: Any) -> None:
        if len(self._cache) >= self._max_entries:
            self._cull()
        self._cache[key] = pickled
        self._cache.move_to_end(key, last=False)
        self._expire_info[key] = self.get_backend_timeout(timeout)

    def _cull(self) -> None:
        if self._cull_frequency == 0:
            self._cache.clear()
            self._expire_info.clear()
            return
        for _ in range(len(self._cache) // self._cull_frequency):
            key, _value = self._cache.popitem()
            del self._expire_info[key]

    def _delete(self, key: str) -> bool:
        self._expire_info.pop(key, None)
        return self._cache.pop(key, None) is not None

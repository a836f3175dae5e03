"""A cache that keeps nothing: for development."""

from __future__ import annotations

from typing import Any

from nuages.cache.backends.protocol import DEFAULT_TIMEOUT, BaseCache


class DummyCache(BaseCache):
    """Keeps nothing, but has keys validated."""

    def __init__(self, host: Any, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)

    def add(self, key: Any, value: Any, timeout: Any = DEFAULT_TIMEOUT, version: Any = None) -> bool:
        """Return True."""
        self.make_and_validate_key(key, version=version)
        return True

    def get(self, key: Any, default: Any = None, version: Any = None) -> Any:
        """Return ``default``."""
        self.make_and_validate_key(key, version=version)
        return default

    def set(self, key: Any, value: Any, timeout: Any = DEFAULT_TIMEOUT, version: Any = None) -> None:
        """Do nothing."""
        self.make_and_validate_key(key, version=version)

    def touch(self, key: Any, timeout: Any = DEFAULT_TIMEOUT, version: Any = None) -> bool:
        """Return False."""
        self.make_and_validate_key(key, version=version)
        return False

    def delete(self, key: Any, version: Any = None) -> bool:
        """Return False."""
        self.make_and_validate_key(key, version=version)
        return False

    def has_key(self, key: Any, version: Any = None) -> bool:
        """Return False."""
        self.make_and_validate_key(key, version=version)
        return False

    def clear(self) -> None:
        """Do nothing."""

"""Sessions in the cache: fast, and lost when the cache is emptied."""

from __future__ import annotations

from typing import Any

from nuages.contrib.sessions.backends.cachekeys import CachedSession
from nuages.contrib.sessions.backends.store import CreateError, UpdateError

KEY_PREFIX = "django.contrib.sessions.cache"
"""Part of the stored format."""

MAX_ATTEMPTS = 10_000


class SessionStore(CachedSession):
    """A session as an entry of the cache ``SESSION_CACHE_ALIAS``."""

    cache_key_prefix = KEY_PREFIX

    def load(self) -> dict[str, Any]:
        """The entry; without one, or with a cache that is down, the session loses its key."""
        try:
            data = self._cache.get(self.cache_key)
        except Exception:  # whatever a cache's client raises: the visitor is logged out, the page stands
            data = None
        if data is None:
            self._session_key = None
            return {}
        return dict(data)

    def create(self) -> None:
        """Add an entry under a new key; ``RuntimeError`` when the cache takes none."""
        if not self._save_under_new_key(range(MAX_ATTEMPTS)):
            raise RuntimeError("The cache takes no new session key. It is likely that the cache is unavailable.")

    def save(self, must_create: bool = False) -> None:
        """Add or replace the entry."""
        if self.session_key is None:
            return self.create()
        if must_create:
            write = self._cache.add
        elif self._cache.get(self.cache_key) is not None:
            write = self._cache.set
        else:
            raise UpdateError
        written = write(self.cache_key, self._loaded(no_load=must_create), self.get_expiry_age())
        if must_create and not written:
            raise CreateError

    def exists(self, session_key: str) -> bool:
        """Whether there is an entry with the key."""
        return bool(session_key) and self._key_of(session_key) in self._cache

    def delete(self, session_key: str | None = None) -> None:
        """Delete the entry."""
        key = session_key or self.session_key
        if key is not None:
            self._cache.delete(self._key_of(key))

    @classmethod
    def clear_expired(cls) -> None:
        """Nothing to do: the cache forgets by itself."""

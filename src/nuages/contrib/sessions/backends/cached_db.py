"""Sessions in the database, read through the cache."""

from __future__ import annotations

from typing import Any

from nuages.contrib.sessions.backends.cachekeys import CachedSession
from nuages.contrib.sessions.backends.db import SessionStore as DBStore
from nuages.loggers import get_logger

KEY_PREFIX = "django.contrib.sessions.cached_db"
"""Part of the stored format."""

logger = get_logger("contrib.sessions")


class SessionStore(CachedSession, DBStore):
    """A row of ``django_session`` with a copy in the cache ``SESSION_CACHE_ALIAS``."""

    cache_key_prefix = KEY_PREFIX

    def load(self) -> dict[str, Any]:
        """The copy if there is one, else the row, which is then copied."""
        try:
            data = self._cache.get(self.cache_key)
        except Exception:  # a cache that is down costs a query, not the session
            data = None
        if data is not None:
            return dict(data)
        row = self._row()
        if row is None:
            return {}
        data = self.decode(row.session_data)
        self._copy(data, self.get_expiry_age(expiry=row.expire_date))
        return data

    def _copy(self, data: dict[str, Any], age: int) -> None:
        try:
            self._cache.set(self.cache_key, data, age)
        except Exception:
            logger.exception("Error saving to cache (%s)", self._cache)

    def exists(self, session_key: str) -> bool:
        """Whether there is a copy or a row with the key."""
        return self._key_of(session_key) in self._cache or super().exists(session_key)

    def save(self, must_create: bool = False) -> None:
        """Save the row, then the copy."""
        super().save(must_create)
        self._copy(self._session, self.get_expiry_age())

    def delete(self, session_key: str | None = None) -> None:
        """Delete the row and the copy."""
        super().delete(session_key)
        key = session_key or self.session_key
        if key is not None:
            self._cache.delete(self._key_of(key))

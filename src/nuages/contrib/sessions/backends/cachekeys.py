"""How session stores that use a cache name their entries."""

from __future__ import annotations

from typing import Any

from nuages import bridge
from nuages.cache import caches
from nuages.conf import settings
from nuages.contrib.sessions.backends.store import SessionBase


class CachedSession(SessionBase):
    """A session with an entry in the cache ``SESSION_CACHE_ALIAS``, under the prefix and its key."""

    cache_key_prefix: str

    def __init__(self, session_key: str | None = None) -> None:
        self._cache: Any = caches[settings.SESSION_CACHE_ALIAS]
        super().__init__(session_key)

    def _key_of(self, session_key: str | None) -> str:
        return f"{self.cache_key_prefix}{session_key}"

    def _own_key(self) -> str:
        """The entry's key."""
        return self._key_of(self._get_or_create_session_key())

    cache_key = property(_own_key)
    acache_key = bridge.shell(_own_key)

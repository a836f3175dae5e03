"""Sessions in the cookie itself, signed: nothing is stored on the server."""

from __future__ import annotations

from typing import Any

from nuages import signing
from nuages.contrib.sessions.backends.store import SessionBase

SALT = "django.contrib.sessions.backends.signed_cookies"
"""Part of the cookie's format."""


class SessionStore(SessionBase):
    """A session whose key is its signed data. It can be read by the visitor, and be replayed until it expires."""

    def load(self) -> dict[str, Any]:
        """The cookie's data; a new session when its signature is wrong or its time over."""
        try:
            data: dict[str, Any] = signing.loads(
                self.session_key or "", serializer=self.serializer, max_age=self.get_session_cookie_age(), salt=SALT
            )
        except Exception:  # BadSignature, or any error of the serializer
            self.create()
            return {}
        return data

    def create(self) -> None:
        """There is nothing to create: the cookie is sent because the session counts as modified."""
        self.modified = True

    def save(self, must_create: bool = False) -> None:
        """Make the key from the data."""
        self._session_key = self._get_session_key()
        self.modified = True

    def exists(self, session_key: str) -> bool:
        """No key is ever taken."""
        return False

    def delete(self, session_key: str | None = None) -> None:
        """Empty the cookie."""
        self._session_key = ""
        self._session_cache = {}
        self.modified: bool = True

    def cycle_key(self) -> None:
        """Sign the data anew."""
        self.save()

    def _get_session_key(self) -> str:
        return signing.dumps(self._loaded(), compress=True, salt=SALT, serializer=self.serializer)

    @classmethod
    def clear_expired(cls) -> None:
        """Nothing to do: the signature carries its time."""

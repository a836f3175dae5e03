"""The rows of the database backend."""

from __future__ import annotations

from typing import Any

from nuages.contrib.sessions.abstract import AbstractBaseSession, BaseSessionManager
from nuages.contrib.sessions.backends.db import SessionStore


class SessionManager(BaseSessionManager):
    """The default manager of ``Session``."""

    use_in_migrations = True


class Session(AbstractBaseSession):
    """A stored session (documentation: topics/http/sessions)."""

    objects = SessionManager()

    class Meta(AbstractBaseSession.Meta):
        db_table = "django_session"

    @classmethod
    def get_session_store_class(cls) -> Any:
        """The database backend's store."""
        return SessionStore

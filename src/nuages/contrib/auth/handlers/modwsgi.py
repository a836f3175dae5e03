"""Password checks for Apache's mod_wsgi."""

from __future__ import annotations

from typing import Any

from nuages.contrib.auth.logins import get_user_model
from nuages.db import close_old_connections, reset_queries


def _user(username: str) -> Any:
    model = get_user_model()
    try:
        return model._default_manager.get_by_natural_key(username)
    except model.DoesNotExist:
        return None


def check_password(environ: Any, username: str, password: str) -> bool | None:
    """Whether the password is right; ``None`` for a user who does not exist or is inactive."""
    reset_queries()
    try:
        user = _user(username)
        if user is None or not user.is_active:
            # Hashing takes as long as checking: the time does not tell whether the name exists.
            get_user_model()().set_password(password)
            return None
        return bool(user.check_password(password))
    finally:
        close_old_connections()


def groups_for_user(environ: Any, username: str) -> list[bytes]:
    """The names of an active user's groups."""
    reset_queries()
    try:
        user = _user(username)
        if user is None or not getattr(user, "is_active", True) or not hasattr(user, "groups"):
            return []
        return [group.name.encode() for group in user.groups.all()]
    finally:
        close_old_connections()

"""Views of a project for staff only."""

from __future__ import annotations

from typing import Any

from nuages.contrib.auth.decorators import user_passes_test
from nuages.contrib.auth.logins import REDIRECT_FIELD_NAME


def staff_member_required(
    view_func: Any = None, redirect_field_name: str = REDIRECT_FIELD_NAME, login_url: Any = "admin:login"
) -> Any:
    """Decorator: send everybody but active staff to the login page of the back office."""
    decorator = user_passes_test(
        lambda user: user.is_active and user.is_staff, login_url=login_url, redirect_field_name=redirect_field_name
    )
    return decorator(view_func) if view_func else decorator

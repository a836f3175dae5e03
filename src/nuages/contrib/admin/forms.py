"""The login form of the back office."""

from __future__ import annotations

from typing import Any

from nuages.contrib.auth.forms import AuthenticationForm, PasswordChangeForm
from nuages.i18n.translation import gettext_lazy as _


class AdminAuthenticationForm(AuthenticationForm):
    """Logs in only those who may enter."""

    error_messages = {
        **AuthenticationForm.error_messages,
        "invalid_login": _(
            "Please enter the correct %(username)s and password. Only staff may enter here, and capital letters count."
        ),
    }
    required_css_class = "required"

    def confirm_login_allowed(self, user: Any) -> None:
        """Refuse users who are not staff, in the words for a wrong password."""
        super().confirm_login_allowed(user)
        if not user.is_staff:
            raise self.get_invalid_login_error()


class AdminPasswordChangeForm(PasswordChangeForm):
    """Marks required fields."""

    required_css_class = "required"

"""Class-based views for some users only."""

from __future__ import annotations

from typing import Any

from nuages.conf import settings
from nuages.contrib.auth.logins import REDIRECT_FIELD_NAME
from nuages.contrib.auth.middleware import path_for_return
from nuages.contrib.auth.redirects import redirect_to_login
from nuages.exceptions import ImproperlyConfigured, PermissionDenied
from nuages.views.shortcuts import resolve_url


class AccessMixin:
    """What happens to those who may not see a view."""

    login_url: Any = None
    permission_denied_message: Any = ""
    raise_exception = False
    redirect_field_name: str | None = REDIRECT_FIELD_NAME
    request: Any

    def get_login_url(self) -> str:
        """The login page; ``ImproperlyConfigured`` when there is none."""
        url = self.login_url or settings.LOGIN_URL
        if not url:
            name = type(self).__name__
            raise ImproperlyConfigured(
                f"{name} is missing the login_url attribute. Define {name}.login_url, settings.LOGIN_URL, or override "
                f"{name}.get_login_url()."
            )
        return str(url)

    def get_permission_denied_message(self) -> Any:
        """The message of the 403."""
        return self.permission_denied_message

    def get_redirect_field_name(self) -> str | None:
        """The query parameter that carries the way back."""
        return self.redirect_field_name

    def handle_no_permission(self) -> Any:
        """The login page; a 403 for users who are logged in, or with ``raise_exception``."""
        if self.raise_exception or self.request.user.is_authenticated:
            raise PermissionDenied(self.get_permission_denied_message())
        resolved = resolve_url(self.get_login_url())
        return redirect_to_login(path_for_return(self.request, resolved), resolved, self.get_redirect_field_name())


class LoginRequiredMixin(AccessMixin):
    """For users who are logged in."""

    def dispatch(self, request: Any, *args: Any, **kwargs: Any) -> Any:
        """Check, then go on to the view."""
        if not request.user.is_authenticated:
            return self.handle_no_permission()
        return super().dispatch(request, *args, **kwargs)  # type: ignore[misc]


class PermissionRequiredMixin(AccessMixin):
    """For users who have ``permission_required``, a text or several."""

    permission_required: Any = None

    def get_permission_required(self) -> tuple[str, ...]:
        """The permissions; ``ImproperlyConfigured`` when there are none."""
        if self.permission_required is None:
            name = type(self).__name__
            raise ImproperlyConfigured(
                f"{name} is missing the permission_required attribute. Define {name}.permission_required, or override "
                f"{name}.get_permission_required()."
            )
        return (self.permission_required,) if isinstance(self.permission_required, str) else self.permission_required

    def has_permission(self) -> bool:
        """Whether the user has all of them."""
        return bool(self.request.user.has_perms(self.get_permission_required()))

    def dispatch(self, request: Any, *args: Any, **kwargs: Any) -> Any:
        """Check, then go on to the view."""
        if not self.has_permission():
            return self.handle_no_permission()
        return super().dispatch(request, *args, **kwargs)  # type: ignore[misc]


class UserPassesTestMixin(AccessMixin):
    """For users who pass ``test_func``."""

    def test_func(self) -> Any:
        """Whether ``self.request.user`` may see the view."""
        raise NotImplementedError(f"{type(self).__name__} is missing the implementation of the test_func() method.")

    def get_test_func(self) -> Any:
        """The test."""
        return self.test_func

    def dispatch(self, request: Any, *args: Any, **kwargs: Any) -> Any:
        """Check, then go on to the view."""
        if not self.get_test_func()():
            return self.handle_no_permission()
        return super().dispatch(request, *args, **kwargs)  # type: ignore[misc]

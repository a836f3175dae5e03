"""Gives each request its user."""

from __future__ import annotations

from functools import partial
from typing import Any
from urllib.parse import urlsplit

from nuages import bridge
from nuages.conf import settings
from nuages.contrib.auth import logins
from nuages.contrib.auth.backends import RemoteUserBackend
from nuages.contrib.auth.redirects import redirect_to_login
from nuages.exceptions import ImproperlyConfigured
from nuages.middleware.plans import Plan
from nuages.text.deprecation import MiddlewareMixin
from nuages.text.lazy import SimpleLazyObject
from nuages.views.shortcuts import resolve_url


def get_user(request: Any) -> Any:
    """The request's user, looked up once."""
    if not hasattr(request, "_cached_user"):
        request._cached_user = logins.get_user(request)
    return request._cached_user


auser = bridge.shell(get_user)


def lazy_user(request: Any) -> Any:
    """The user of ``request.user``, looked up when something of it is asked for."""
    return SimpleLazyObject(partial(get_user, request))


def async_user(request: Any) -> Any:
    """The function of ``request.auser``."""
    return partial(auser, request)


class AuthenticationMiddleware(MiddlewareMixin):
    """Sets ``request.user``, which is looked up when first used, and ``request.auser()``."""

    def plan(self) -> Plan:
        """All that it does is to offer the user."""
        return Plan(offers={"user": lazy_user, "auser": async_user}, behind="session")

    def process_request(self, request: Any) -> None:
        """Offer the user; ``ImproperlyConfigured`` without a session."""
        if not request.is_offered("session"):
            raise ImproperlyConfigured(
                "AuthenticationMiddleware needs request.session: put SessionMiddleware before it in MIDDLEWARE."
            )
        request.offer("user", lazy_user)
        request.offer("auser", async_user)


class LoginRequiredMiddleware(MiddlewareMixin):
    """Sends visitors to the login page, except where a view is marked with ``login_not_required``."""

    redirect_field_name = logins.REDIRECT_FIELD_NAME

    def process_view(self, request: Any, view_func: Any, view_args: Any, view_kwargs: Any) -> Any:
        """The redirection, for a visitor who is not logged in."""
        if not getattr(view_func, "login_required", True) or request.user.is_authenticated:
            return None
        return self.handle_no_permission(request, view_func)

    def get_login_url(self, view_func: Any) -> str:
        """The view's own login page, or ``LOGIN_URL``; ``ImproperlyConfigured`` when both are empty."""
        url = getattr(view_func, "login_url", None) or settings.LOGIN_URL
        if not url:
            raise ImproperlyConfigured("No login URL to redirect to. Define settings.LOGIN_URL or provide a login_url.")
        return str(url)

    def get_redirect_field_name(self, view_func: Any) -> str:
        """The query parameter that carries the way back."""
        return getattr(view_func, "redirect_field_name", self.redirect_field_name)

    def handle_no_permission(self, request: Any, view_func: Any) -> Any:
        """The redirection."""
        return redirect_to_login(
            path_for_return(request, resolve_url(self.get_login_url(view_func))),
            resolve_url(self.get_login_url(view_func)),
            self.get_redirect_field_name(view_func),
        )


def path_for_return(request: Any, login_url: str) -> str:
    """What to come back to after the login: a path, or the whole address when the login page is on another host."""
    path = request.build_absolute_uri()
    login_scheme, login_host = urlsplit(login_url)[:2]
    scheme, host = urlsplit(path)[:2]
    same = (not login_scheme or login_scheme == scheme) and (not login_host or login_host == host)
    return str(request.get_full_path() if same else path)


class RemoteUserMiddleware(MiddlewareMixin):
    """Logs in whom the web server names in ``header``, and out when it names nobody."""

    header = "REMOTE_USER"
    force_logout_if_no_header = True

    def process_request(self, request: Any) -> None:
        """Follow the header; ``ImproperlyConfigured`` without ``request.user``."""
        if not hasattr(request, "user"):
            raise ImproperlyConfigured(
                "RemoteUserMiddleware needs request.user: put AuthenticationMiddleware before it in MIDDLEWARE."
            )
        try:
            name = request.META[self.header]
        except KeyError:
            if self.force_logout_if_no_header and request.user.is_authenticated:
                self._remove_invalid_user(request)
            return
        if request.user.is_authenticated:
            if request.user.get_username() == self.clean_username(name, request):
                return
            # Another user than before: the session of the former ends.
            self._remove_invalid_user(request)
        user = logins.authenticate(request, remote_user=name)
        if user:
            request.user = user
            logins.login(request, user)

    def clean_username(self, username: str, request: Any) -> str:
        """The name as the session's backend stores it."""
        backend = logins.load_backend(request.session[logins.BACKEND_SESSION_KEY])
        return str(backend.clean_username(username)) if hasattr(backend, "clean_username") else username

    def _remove_invalid_user(self, request: Any) -> None:
        try:
            backend = logins.load_backend(request.session.get(logins.BACKEND_SESSION_KEY, ""))
        except ImportError:
            logins.logout(request)
        else:
            if isinstance(backend, RemoteUserBackend):
                logins.logout(request)


class PersistentRemoteUserMiddleware(RemoteUserMiddleware):
    """As ``RemoteUserMiddleware``, for servers that name the user on the login page only."""

    force_logout_if_no_header = False

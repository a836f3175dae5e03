"""Checks of the session cookie."""

from typing import Any

from nuages.checks.messages import Warning
from nuages.checks.registry import Tags, register
from nuages.checks.security.middlewares import SESSIONS, has_middleware
from nuages.conf import names, settings

_APP = "the sessions app is in your INSTALLED_APPS"
_MIDDLEWARE = "SessionMiddleware is in your MIDDLEWARE"


def _insecure(message: str, id: str) -> Warning:
    return Warning(f"{message} SESSION_COOKIE_SECURE is not True: who listens to the network can take over a session.", id=id)


def _readable(message: str, id: str) -> Warning:
    return Warning(f"{message} SESSION_COOKIE_HTTPONLY is not True: an injected script can take over a session.", id=id)


W010 = _insecure(f"While {_APP},", "security.W010")
W011 = _insecure(f"While {_MIDDLEWARE},", "security.W011")
W012 = _insecure("Sessions are in use, but", "security.W012")
W013 = _readable(f"While {_APP},", "security.W013")
W014 = _readable(f"While {_MIDDLEWARE},", "security.W014")
W015 = _readable("Sessions are in use, but", "security.W015")


def _apt(by_app: Warning, by_middleware: Warning, by_both: Warning) -> list[Warning]:
    app = any(names.native(name) == "nuages.contrib.sessions" for name in settings.INSTALLED_APPS)
    middleware = has_middleware(SESSIONS)
    if app and middleware:
        return [by_both]
    return [by_app] if app else [by_middleware] if middleware else []


@register(Tags.security, deploy=True)
def check_session_cookie_secure(app_configs: Any, **kwargs: Any) -> list[Warning]:
    """W010 to W012."""
    return [] if settings.SESSION_COOKIE_SECURE is True else _apt(W010, W011, W012)


@register(Tags.security, deploy=True)
def check_session_cookie_httponly(app_configs: Any, **kwargs: Any) -> list[Warning]:
    """W013 to W015."""
    return [] if settings.SESSION_COOKIE_HTTPONLY is True else _apt(W013, W014, W015)

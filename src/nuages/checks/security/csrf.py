"""Checks of the protection against cross-site request forgery."""

import inspect
from typing import Any

from nuages.checks.messages import CheckMessage, Error, Warning
from nuages.checks.registry import Tags, register
from nuages.checks.security.middlewares import CSRF, has_middleware
from nuages.conf import names, settings

W003 = Warning(
    "CsrfViewMiddleware is not in your MIDDLEWARE, so nothing guards every view against cross-site request forgery.",
    id="security.W003",
)
W016 = Warning(
    "CsrfViewMiddleware is in your MIDDLEWARE, but CSRF_COOKIE_SECURE is not True: who listens to the network can take the token.",
    id="security.W016",
)


@register(Tags.security, deploy=True)
def check_csrf_middleware(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """W003."""
    return [] if has_middleware(CSRF) else [W003]


@register(Tags.security, deploy=True)
def check_csrf_cookie_secure(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """W016; a token in the session needs no cookie."""
    safe = settings.CSRF_USE_SESSIONS or settings.CSRF_COOKIE_SECURE is True
    return [W016] if has_middleware(CSRF) and not safe else []


@register(Tags.security)
def check_csrf_failure_view(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """E101 and E102."""
    path = settings.CSRF_FAILURE_VIEW
    try:
        view = path if callable(path) else names.import_string(path)
    except ImportError:
        return [Error(f"The CSRF failure view '{path}' could not be imported.", id="security.E102")]
    try:
        inspect.signature(view).bind(None, reason=None)
    except TypeError:
        return [Error(f"The CSRF failure view '{path}' does not take the correct number of arguments.", id="security.E101")]
    return []

"""The built-in context processors (ref/templates/api, "Built-in template context processors")."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING, Any

from nuages.conf import settings
from nuages.db import connections
from nuages.i18n import timezone, translation
from nuages.middleware.csp import get_nonce
from nuages.middleware.csrf import get_token
from nuages.text.lazy import SimpleLazyObject, lazy

if TYPE_CHECKING:
    from nuages.http import HttpRequest

__all__ = ["csp", "csrf", "debug", "i18n", "media", "request", "static", "tz"]


def csrf(request: HttpRequest) -> dict[str, Any]:
    """``csrf_token``; ``NOTPROVIDED`` where a request has none, so that a missing processor can be told from it."""

    def token() -> str:
        found = get_token(request)
        return "NOTPROVIDED" if found is None else found

    return {"csrf_token": SimpleLazyObject(token)}


def debug(request: HttpRequest) -> dict[str, Any]:
    """``debug`` and ``sql_queries``, in debug mode for the addresses in ``INTERNAL_IPS``."""
    if not settings.DEBUG or request.META.get("REMOTE_ADDR") not in settings.INTERNAL_IPS:
        return {}
    queries = lazy(lambda: list(itertools.chain.from_iterable(connections[alias].queries for alias in connections)), list)
    return {"debug": True, "sql_queries": queries()}


def i18n(request: HttpRequest) -> dict[str, Any]:
    """``LANGUAGES``, ``LANGUAGE_CODE`` and ``LANGUAGE_BIDI``."""
    return {
        "LANGUAGES": settings.LANGUAGES,
        "LANGUAGE_CODE": translation.get_language(),
        "LANGUAGE_BIDI": translation.get_language_bidi(),
    }


def tz(request: HttpRequest) -> dict[str, Any]:
    """``TIME_ZONE``: the name of the current time zone."""
    return {"TIME_ZONE": timezone.get_current_timezone_name()}


def static(request: HttpRequest) -> dict[str, Any]:
    """``STATIC_URL``"""
    return {"STATIC_URL": settings.STATIC_URL}


def media(request: HttpRequest) -> dict[str, Any]:
    """``MEDIA_URL``"""
    return {"MEDIA_URL": settings.MEDIA_URL}


def request(request: HttpRequest) -> dict[str, Any]:
    """``request``"""
    return {"request": request}


def csp(request: HttpRequest) -> dict[str, Any]:
    """``csp_nonce``: the nonce of the content security policy."""
    return {"csp_nonce": get_nonce(request)}

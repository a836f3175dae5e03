"""The way to the login page and back."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit, urlunsplit

from nuages.conf import settings
from nuages.contrib.auth.logins import REDIRECT_FIELD_NAME
from nuages.http import HttpResponseRedirect, QueryDict
from nuages.views.shortcuts import resolve_url


def redirect_to_login(next: str, login_url: Any = None, redirect_field_name: str | None = REDIRECT_FIELD_NAME) -> Any:
    """A redirection to the login page that carries the way back."""
    parts = list(urlsplit(resolve_url(login_url or settings.LOGIN_URL)))
    if redirect_field_name:
        query = QueryDict(parts[3], mutable=True)
        query[redirect_field_name] = next
        parts[3] = query.urlencode(safe="/")
    return HttpResponseRedirect(urlunsplit(parts))

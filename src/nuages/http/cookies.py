"""Cookies of a request and of a response (RFC 6265)."""

from __future__ import annotations

import re
from http import cookies

SimpleCookie = cookies.SimpleCookie

_ESCAPED = re.compile(r"\\(?:([0-3][0-7][0-7])|(.))", re.DOTALL)

# Morsel knows ``samesite`` and ``partitioned`` under their lower-case names; nothing has to be added on the supported Pythons.


def parse_cookie(cookie: str) -> dict[str, str]:
    """Turn a ``Cookie`` header into a dict, as tolerantly as browsers write ``document.cookie``.

    Every semicolon separates, a piece without ``=`` is a value without a name, and the last of equal names wins.
    """
    found: dict[str, str] = {}
    for piece in cookie.split(";"):
        name, equals, value = piece.partition("=")
        if not equals:
            name, value = "", name
        name, value = name.strip(), value.strip()
        if name or value:
            found[name] = unquote(value) if value[:1] == '"' else value
    return found


def unquote(value: str) -> str:
    """Undo the quoting of a cookie's value (RFC 2109 strings in double quotes with octal escapes), in linear time on every Python."""
    if len(value) < 2 or value[0] != '"' or value[-1] != '"':
        return value
    return _ESCAPED.sub(lambda found: chr(int(found[1], 8)) if found[1] else found[2], value[1:-1])


def cookie_salt(key: str, salt: str) -> str:
    """Give the salt that a cookie is signed with, as existing cookies have it.

    The length keeps ``("a", "bc")`` and ``("ab", "c")`` apart.
    """
    return f"django.http.cookies.v2:{len(salt)}:{salt}{key}"

"""Caching by headers: Cache-Control, ETag, Vary and conditional requests (RFC 9111, RFC 9110 section 13)."""

from __future__ import annotations

import re
import time
from collections import defaultdict
from collections.abc import Iterable
from hashlib import md5
from typing import Any

from nuages.conf import settings
from nuages.conf.logs import log_response
from nuages.http.response import HttpResponse, HttpResponseNotModified
from nuages.text.http import http_date, parse_etags, parse_http_date_safe, quote_etag

cc_delim_re = re.compile(r"\s*,\s*")


def listed(header: str) -> list[str]:
    """Split a header's list; white space around its members does not count, nor do empty ones (RFC 9110, section 5.6.1)."""
    return [name for part in header.split(",") if (name := part.strip())]


def directives(header: str) -> dict[str, Any]:
    """Read a Cache-Control header: names in lower case, ``True`` for those without a value."""
    found: dict[str, Any] = {}
    for piece in listed(header):
        name, equals, value = piece.partition("=")
        found[name.lower()] = value if equals else True
    return found


def patch_cache_control(response: Any, **kwargs: Any) -> None:
    """Add directives to Cache-Control: ``max_age=60`` or ``must_revalidate=True``.

    A smaller ``max_age`` wins over a larger one; ``private`` and ``public`` push one another out; the fields of ``no_cache``
    are collected.
    """
    cc: dict[str, Any] = defaultdict(set)
    if response.get("Cache-Control"):
        for name, value in directives(response.headers["Cache-Control"]).items():
            if name == "no-cache":
                cc[name].add(value)
            else:
                cc[name] = value
    if "max_age" in kwargs and "max-age" in cc:
        kwargs["max_age"] = min(kwargs["max_age"], int(cc["max-age"]))
    for stays, goes in (("public", "private"), ("private", "public")):
        if stays in kwargs:
            cc.pop(goes, None)
    for name, value in kwargs.items():
        directive = name.replace("_", "-")
        if directive == "no-cache":
            cc[directive].add(value)
        else:
            cc[directive] = value
    response.headers["Cache-Control"] = ", ".join(written(cc))


def written(cc: dict[str, Any]) -> Iterable[str]:
    """Write directives."""
    for name, value in cc.items():
        if isinstance(value, set):
            if True in value:  # without fields it covers all of them
                value = True
            else:
                yield from (f"{name}={field}" for field in sorted(map(str, value)))
                continue
        yield name if value is True else f"{name}={value}"


def get_max_age(response: Any) -> int | None:
    """Give the ``max-age`` of a response, or ``None``."""
    if not response.has_header("Cache-Control"):
        return None
    try:
        return int(directives(response.headers["Cache-Control"])["max-age"])
    except (ValueError, TypeError, KeyError):
        return None


def set_response_etag(response: Any) -> Any:
    """Give a response an ETag from its content; streaming and empty ones stay as they are."""
    if not response.streaming and response.content:
        response.headers["ETag"] = quote_etag(md5(response.content, usedforsecurity=False).hexdigest())
    return response


def add_never_cache_headers(response: Any) -> None:
    """Say that a response must never be cached."""
    patch_response_headers(response, cache_timeout=-1)
    patch_cache_control(response, no_cache=True, no_store=True, must_revalidate=True, private=True)


def patch_response_headers(response: Any, cache_timeout: float | None = None) -> None:
    """Add Expires and max-age.

    :param cache_timeout: seconds; ``CACHE_MIDDLEWARE_SECONDS`` by default, a negative number counts as 0.
    """
    if cache_timeout is None:
        cache_timeout = settings.CACHE_MIDDLEWARE_SECONDS
    seconds = max(cache_timeout, 0)
    if not response.has_header("Expires"):
        response.headers["Expires"] = http_date(time.time() + seconds)
    patch_cache_control(response, max_age=seconds)


def has_vary_header(response: Any, header_query: str) -> bool:
    """Tell if Vary names a header."""
    if not response.has_header("Vary"):
        return False
    return header_query.lower() in {name.lower() for name in listed(response.headers["Vary"])}


def patch_vary_headers(response: Any, newheaders: Iterable[str]) -> None:
    """Add header names to Vary; an asterisk makes all others needless."""
    names = listed(response.headers["Vary"]) if response.has_header("Vary") else []
    known = {name.lower() for name in names}
    names += [name for name in newheaders if name.lower() not in known]
    response.headers["Vary"] = "*" if "*" in names else ", ".join(names)


# -- conditional requests ---------------------------------------------------------------------------------------------


def precondition_failed(request: Any) -> HttpResponse:
    """Give a 412."""
    response = HttpResponse(status=412)
    log_response("Precondition Failed: %s", request.path, response=response, request=request)
    return response


def not_modified(request: Any, response: Any = None) -> HttpResponse:
    """Give a 304 with the headers that RFC 9110, section 15.4.5, asks for, and the cookies."""
    answer = HttpResponseNotModified()
    if response:
        for header in ("Cache-Control", "Content-Location", "Date", "ETag", "Expires", "Last-Modified", "Vary"):
            if header in response:
                answer.headers[header] = response.headers[header]
        answer.cookies = response.cookies
    return answer


def get_conditional_response(
    request: Any, etag: str | None = None, last_modified: int | None = None, response: Any = None
) -> Any:
    """Give a 304 or 412 where the request's conditions ask for it, else ``response``.

    :param last_modified: seconds since the epoch.
    """
    if response and not 200 <= response.status_code < 300:  # conditions only count for what would succeed
        return response
    meta = request.META
    if_match = parse_etags(meta.get("HTTP_IF_MATCH", ""))
    unmodified_since = parse_http_date_safe(meta.get("HTTP_IF_UNMODIFIED_SINCE", "") or "")
    if_none_match = parse_etags(meta.get("HTTP_IF_NONE_MATCH", ""))
    modified_since = parse_http_date_safe(meta.get("HTTP_IF_MODIFIED_SINCE", "") or "")
    safe = request.method in ("GET", "HEAD")
    # The order is that of RFC 9110, section 13.2.2.
    if if_match and not strong_match(etag, if_match):
        return precondition_failed(request)
    if not if_match and unmodified_since and not still_unmodified(last_modified, unmodified_since):
        return precondition_failed(request)
    if if_none_match and weak_match(etag, if_none_match):
        return not_modified(request, response) if safe else precondition_failed(request)
    if not if_none_match and modified_since and safe and still_unmodified(last_modified, modified_since):
        return not_modified(request, response)
    return response


def strong_match(etag: str | None, wanted: list[str]) -> bool:
    """Compare for If-Match: weak tags never match."""
    if not etag:
        return False
    return wanted == ["*"] or (not etag.startswith("W/") and etag in wanted)


def weak_match(etag: str | None, wanted: list[str]) -> bool:
    """Compare for If-None-Match: weakness does not count."""
    if not etag:
        return False
    return wanted == ["*"] or etag.removeprefix("W/") in {tag.removeprefix("W/") for tag in wanted}


def still_unmodified(last_modified: int | None, since: int) -> bool:
    """Tell if nothing has changed since then."""
    return bool(last_modified) and last_modified <= since  # type: ignore[operator]

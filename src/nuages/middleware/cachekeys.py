"""Keys under which whole pages are cached: by address, and by the headers that their Vary names."""

from __future__ import annotations

from hashlib import md5
from typing import Any

from nuages.cache import caches
from nuages.conf import settings
from nuages.http.caching import listed
from nuages.i18n.timezone import get_current_timezone_name
from nuages.i18n.translation import get_language


def get_cache_key(request: Any, key_prefix: str | None = None, method: str = "GET", cache: Any = None) -> str | None:
    """Give the key of the page for ``request``; ``None`` if nothing has been learnt about its headers yet."""
    prefix = settings.CACHE_MIDDLEWARE_KEY_PREFIX if key_prefix is None else key_prefix
    store = caches[settings.CACHE_MIDDLEWARE_ALIAS] if cache is None else cache
    headers = store.get(header_key(prefix, request))
    return None if headers is None else page_key(request, method, headers, prefix)


def learn_cache_key(
    request: Any, response: Any, cache_timeout: int | None = None, key_prefix: str | None = None, cache: Any = None
) -> str:
    """Note which headers the page depends on, and give its key."""
    prefix = settings.CACHE_MIDDLEWARE_KEY_PREFIX if key_prefix is None else key_prefix
    timeout = settings.CACHE_MIDDLEWARE_SECONDS if cache_timeout is None else cache_timeout
    store = caches[settings.CACHE_MIDDLEWARE_ALIAS] if cache is None else cache
    headers: list[str] = []
    if response.has_header("Vary"):
        localized = settings.USE_I18N
        for header in listed(response.headers["Vary"]):
            name = header.upper().replace("-", "_")
            if name != "ACCEPT_LANGUAGE" or not localized:  # the language is in the key already
                headers.append("HTTP_" + name)
        headers.sort()
    store.set(header_key(prefix, request), headers, timeout)
    return page_key(request, request.method, headers, prefix)


def page_key(request: Any, method: str | None, headers: list[str], prefix: str) -> str:
    """Give the key of a page from the values of ``headers``."""
    context = md5(usedforsecurity=False)
    for header in headers:
        value = request.META.get(header)
        if value is not None:
            # Name and length keep apart what differs: the same text under another header, an empty header and a missing one.
            data = value.encode(errors="surrogateescape")
            context.update(b"%s:%d:%s" % (header.encode(), len(data), data))
    return localized(
        f"views.decorators.cache.cache_page.{prefix}.{method}.{address_digest(request)}.{context.hexdigest()}", request
    )


def header_key(prefix: str, request: Any) -> str:
    """Give the key of the list of headers."""
    return localized(f"views.decorators.cache.cache_header.{prefix}.{address_digest(request)}", request)


def address_digest(request: Any) -> str:
    """Give a digest of the full address."""
    return md5(request.build_absolute_uri().encode("ascii"), usedforsecurity=False).hexdigest()


def localized(key: str, request: Any) -> str:
    """Add the language and the time zone where pages depend on them."""
    if settings.USE_I18N:
        key += f".{getattr(request, 'LANGUAGE_CODE', get_language())}"
    if settings.USE_TZ:
        key += f".{get_current_timezone_name()}"
    return key


__all__ = ["get_cache_key", "learn_cache_key"]

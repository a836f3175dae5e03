"""The site cache: whole pages, by address and Vary (documentation: topics/cache)."""

from __future__ import annotations

import time
from typing import Any

from nuages.cache import DEFAULT_CACHE_ALIAS, caches
from nuages.conf import settings
from nuages.http.caching import directives, get_max_age, has_vary_header, patch_response_headers, patch_vary_headers
from nuages.middleware.cachekeys import get_cache_key, learn_cache_key
from nuages.text.deprecation import MiddlewareMixin
from nuages.text.http import parse_http_date_safe

CACHEABLE = (200, 304)
UNSHARED = frozenset({"private", "no-store", "no-cache"})


class UpdateCacheMiddleware(MiddlewareMixin):
    """Stores pages. Stands first in ``MIDDLEWARE``, so that it sees what all others have done to the response."""

    def __init__(self, get_response: Any) -> None:
        super().__init__(get_response)
        self.cache_timeout: Any = settings.CACHE_MIDDLEWARE_SECONDS
        self.page_timeout: Any = None
        self.key_prefix: str = settings.CACHE_MIDDLEWARE_KEY_PREFIX
        self.cache_alias: str = settings.CACHE_MIDDLEWARE_ALIAS

    @property
    def cache(self) -> Any:
        """The cache that pages go to."""
        return caches[self.cache_alias]

    def _should_update_cache(self, request: Any, response: Any) -> bool:
        return bool(getattr(request, "_cache_update_cache", False))

    def process_response(self, request: Any, response: Any) -> Any:
        """Store the page, if it may be shared."""
        if not self._should_update_cache(request, response) or not cacheable(request, response):
            return response
        # ``cache_page`` outranks the headers, and these the settings.
        wished = (self.page_timeout, get_max_age(response), self.cache_timeout)
        timeout = next((seconds for seconds in wished if seconds is not None), None)
        if timeout == 0 and self.page_timeout is None:
            return response
        patch_response_headers(response, timeout)
        if "Authorization" in request.headers and "public" not in directives(response.get("Cache-Control", "")):
            patch_vary_headers(response, ("Authorization",))
        if timeout and response.status_code == 200:
            key = learn_cache_key(request, response, timeout, self.key_prefix, cache=self.cache)
            if callable(getattr(response, "render", None)):
                response.add_post_render_callback(lambda rendered: self.cache.set(key, rendered, timeout))
            else:
                self.cache.set(key, response, timeout)
        return response


def cacheable(request: Any, response: Any) -> bool:
    """Tell if a response may go to other clients, too."""
    if response.streaming or response.status_code not in CACHEABLE or has_vary_header(response, "*"):
        return False
    if response.cookies and has_vary_header(response, "Cookie"):
        return False  # it gives this client a cookie of its own, whatever cookies it had before
    return UNSHARED.isdisjoint(directives(response.get("Cache-Control", "")))


class FetchFromCacheMiddleware(MiddlewareMixin):
    """Answers from the cache. Stands last in ``MIDDLEWARE``."""

    def __init__(self, get_response: Any) -> None:
        super().__init__(get_response)
        self.key_prefix: str = settings.CACHE_MIDDLEWARE_KEY_PREFIX
        self.cache_alias: str = settings.CACHE_MIDDLEWARE_ALIAS

    @property
    def cache(self) -> Any:
        """The cache that pages come from."""
        return caches[self.cache_alias]

    def process_request(self, request: Any) -> Any:
        """Give the page if it is there; else note whether to store it later."""
        if request.method not in ("GET", "HEAD"):
            request._cache_update_cache = False
            return None
        response = self._stored(request, "GET")
        if response is None and request.method == "HEAD":
            response = self._stored(request, "HEAD")
        if response is None:
            request._cache_update_cache = True
            return None
        aged(response)
        request._cache_update_cache = False
        return response

    def _stored(self, request: Any, method: str) -> Any:
        key = get_cache_key(request, self.key_prefix, method, cache=self.cache)
        return None if key is None else self.cache.get(key)


def aged(response: Any) -> None:
    """Set the Age header of a stored response (RFC 9111, section 5.1)."""
    max_age = get_max_age(response)
    expires = parse_http_date_safe(response["Expires"]) if response.has_header("Expires") else None
    if max_age is not None and expires is not None:
        remaining = expires - int(time.time())
        response["Age"] = max(0, max_age - remaining)


class CacheMiddleware(UpdateCacheMiddleware, FetchFromCacheMiddleware):
    """Both in one, with settings of its own: what ``cache_page`` uses."""

    def __init__(self, get_response: Any, cache_timeout: Any = None, page_timeout: Any = None, **kwargs: Any) -> None:
        super().__init__(get_response)
        if "key_prefix" in kwargs:
            self.key_prefix = kwargs["key_prefix"] or ""
        if "cache_alias" in kwargs:
            self.cache_alias = kwargs["cache_alias"] or DEFAULT_CACHE_ALIAS
        if cache_timeout is not None:
            self.cache_timeout = cache_timeout
        self.page_timeout = page_timeout

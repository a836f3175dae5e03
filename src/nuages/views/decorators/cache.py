"""Caching of pages."""

from __future__ import annotations

from typing import Any

from nuages.http.caching import add_never_cache_headers, patch_cache_control
from nuages.middleware.cache import CacheMiddleware
from nuages.text.decorators import decorator_from_middleware_with_args
from nuages.views.decorators.wrapping import View, around


def cache_page(timeout: float | None, *, cache: str | None = None, key_prefix: str | None = None) -> Any:
    """Cache the page of a view for ``timeout`` seconds.

    :param cache: alias of the cache.
    """
    return decorator_from_middleware_with_args(CacheMiddleware)(
        page_timeout=timeout, cache_alias=cache, key_prefix=key_prefix
    )


def _checked(request: Any, name: str) -> None:
    if not hasattr(request, "META"):
        raise TypeError(
            f"{name} didn't receive an HttpRequest. Methods are decorated by way of @method_decorator."
        )


def cache_control(**kwargs: Any) -> Any:
    """Add directives to Cache-Control: ``cache_control(max_age=3600, public=True)``."""

    def decorate(view: View) -> Any:
        def before(request: Any, *args: Any, **kw: Any) -> None:
            _checked(request, "cache_control")

        def after(request: Any, response: Any) -> Any:
            patch_cache_control(response, **kwargs)
            return response

        return around(view, before, after)

    return decorate


def never_cache(view: View) -> Any:
    """Say that the page must never be cached."""

    def before(request: Any, *args: Any, **kwargs: Any) -> None:
        _checked(request, "never_cache")

    def after(request: Any, response: Any) -> Any:
        add_never_cache_headers(response)
        return response

    return around(view, before, after)

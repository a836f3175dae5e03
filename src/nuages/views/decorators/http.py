"""HTTP methods and conditional requests."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import UTC
from functools import wraps
from typing import Any

from nuages.conf.logs import log_response
from nuages.http import HttpResponseNotAllowed
from nuages.http.caching import get_conditional_response
from nuages.middleware.http import ConditionalGetMiddleware
from nuages.pipeline.checking import is_coroutine_function
from nuages.text.decorators import decorator_from_middleware
from nuages.text.http import http_date, quote_etag
from nuages.views.decorators.wrapping import View, around

conditional_page = decorator_from_middleware(ConditionalGetMiddleware)


def require_http_methods(request_method_list: Iterable[str]) -> Any:
    """Let a view answer only these methods (in upper case); others get 405."""
    methods = list(request_method_list)

    def decorate(view: View) -> Any:
        def before(request: Any, *args: Any, **kwargs: Any) -> Any:
            if request.method in methods:
                return None
            response = HttpResponseNotAllowed(methods)
            log_response(
                "Method Not Allowed (%s): %s", request.method, request.path, response=response, request=request
            )
            return response

        return around(view, before, None)

    return decorate


require_GET = require_http_methods(["GET"])
require_GET.__doc__ = "Let a view answer only GET."
require_POST = require_http_methods(["POST"])
require_POST.__doc__ = "Let a view answer only POST."
require_safe = require_http_methods(["GET", "HEAD"])
require_safe.__doc__ = "Let a view answer only GET and HEAD."


def condition(etag_func: Callable[..., Any] | None = None, last_modified_func: Callable[..., Any] | None = None) -> Any:
    """Answer conditional requests without calling the view, by functions that take its arguments.

    :param etag_func: gives the ETag, or ``None``.
    :param last_modified_func: gives a datetime, or ``None``.
    """

    def seconds(moment: Any) -> int | None:
        if not moment:
            return None
        return int((moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp())

    def verdict(request: Any, tag: Any, moment: Any) -> tuple[Any, Any, Any]:
        etag = quote_etag(tag) if tag else None
        changed = seconds(moment)
        return get_conditional_response(request, etag=etag, last_modified=changed), etag, changed

    def completed(request: Any, response: Any, etag: Any, changed: Any) -> Any:
        if request.method in ("GET", "HEAD"):
            if changed and not response.has_header("Last-Modified"):
                response.headers["Last-Modified"] = http_date(changed)
            if etag:
                response.headers.setdefault("ETag", etag)
        return response

    async def asked(function: Any, *args: Any, **kwargs: Any) -> Any:
        if function is None:
            return None
        return await function(*args, **kwargs) if is_coroutine_function(function) else function(*args, **kwargs)

    def decorate(view: View) -> Any:
        if is_coroutine_function(view):

            @wraps(view)
            async def async_inner(request: Any, *args: Any, **kwargs: Any) -> Any:
                tag = await asked(etag_func, request, *args, **kwargs)
                moment = await asked(last_modified_func, request, *args, **kwargs)
                early, etag, changed = verdict(request, tag, moment)
                response = await view(request, *args, **kwargs) if early is None else early
                return completed(request, response, etag, changed)

            return async_inner

        @wraps(view)
        def inner(request: Any, *args: Any, **kwargs: Any) -> Any:
            tag = etag_func(request, *args, **kwargs) if etag_func else None
            moment = last_modified_func(request, *args, **kwargs) if last_modified_func else None
            early, etag, changed = verdict(request, tag, moment)
            response = view(request, *args, **kwargs) if early is None else early
            return completed(request, response, etag, changed)

        return inner

    return decorate


def etag(etag_func: Callable[..., Any]) -> Any:
    """`condition` with an ETag only."""
    return condition(etag_func=etag_func)


def last_modified(last_modified_func: Callable[..., Any]) -> Any:
    """`condition` with a time only."""
    return condition(last_modified_func=last_modified_func)

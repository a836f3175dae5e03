"""From exceptions to responses: each kind of bad input its status, everything else one logged 500."""

from __future__ import annotations

from functools import wraps
from typing import Any

from nuages import bridge
from nuages.conf import names, settings
from nuages.conf.logs import log_response
from nuages.exceptions import BadRequest, PermissionDenied, SuspiciousOperation
from nuages.exceptions import RequestDataTooBig as BodyTooBig
from nuages.exceptions import TooManyFieldsSent as ManyFields
from nuages.exceptions import TooManyFilesSent as ManyFiles
from nuages.http.errors import Http404, MultiPartParserError
from nuages.loggers import get_logger
from nuages.pipeline.checking import is_coroutine_function
from nuages.signals import got_request_exception
from nuages.urls.current import get_urlconf
from nuages.urls.resolvers import get_resolver

#: The pages for developers, by name: they stand on a floor above this one.
DEBUG_PAGES = {
    "404": "nuages.views.debug.technical_404_response",
    "500": "nuages.views.debug.technical_500_response",
}
UNREADABLE = (BodyTooBig, ManyFields, ManyFiles)


def convert_exception_to_response(get_response: Any) -> Any:
    """Wrap a handler so that it never raises: what it raises becomes a response."""
    if is_coroutine_function(get_response):

        @wraps(get_response)
        async def safe_async(request: Any) -> Any:
            try:
                return await get_response(request)
            except Exception as error:
                return await bridge.run(response_for_exception, request, error)

        return safe_async

    @wraps(get_response)
    def safe(request: Any) -> Any:
        try:
            return get_response(request)
        except Exception as error:
            return response_for_exception(request, error)

    return safe


def response_for_exception(request: Any, exc: Exception) -> Any:
    """Give the response for an exception that left a view or middleware, and log it."""
    if isinstance(exc, Http404):
        if settings.DEBUG:
            response = debug_page("404")(request, exc)
        else:
            response = get_exception_response(request, get_resolver(get_urlconf()), 404, exc)
        # logged behind all middleware, for one of these may redirect instead
    elif isinstance(exc, PermissionDenied):
        response = get_exception_response(request, get_resolver(get_urlconf()), 403, exc)
        log_response(
            "Forbidden (Permission denied): %s", request.path, response=response, request=request, exception=exc
        )
    elif isinstance(exc, MultiPartParserError):
        response = get_exception_response(request, get_resolver(get_urlconf()), 400, exc)
        message = "Bad request (Unable to parse request body): %s"
        log_response(message, request.path, exception=exc, request=request, response=response)
    elif isinstance(exc, (BadRequest, SuspiciousOperation)):
        response = bad_request(request, exc)
    else:
        got_request_exception.send(sender=None, request=request)
        response = handle_uncaught_exception(request, get_resolver(get_urlconf()), sys_exc_info(exc))
        log_response(
            "%s: %s", response.reason_phrase, request.path, response=response, request=request, exception=exc
        )
    if not getattr(response, "is_rendered", True) and callable(getattr(response, "render", None)):
        response = response.render()
    return response


def bad_request(request: Any, exc: Exception) -> Any:
    """Answer 400; what is suspicious goes to a logger of its own kind."""
    if isinstance(exc, UNREADABLE):
        request._mark_post_parse_error()  # so that error pages do not try to read the body again
    if settings.DEBUG:
        response = debug_page("500")(request, *sys_exc_info(exc), status_code=400)
    else:
        response = get_exception_response(request, get_resolver(get_urlconf()), 400, exc)
    if isinstance(exc, SuspiciousOperation):
        logger = get_logger(f"security.{exc.__class__.__name__}")
        logger.error(str(exc), exc_info=exc, extra={"status_code": 400, "request": request})
        response._has_been_logged = True
    else:
        log_response(
            "%s: %s", str(exc), request.path, response=response, request=request, exception=exc
        )
    return response


def sys_exc_info(exc: BaseException) -> tuple[Any, Any, Any]:
    """Give the triple of an exception."""
    return type(exc), exc, exc.__traceback__


def debug_page(kind: str) -> Any:
    """Import a page for developers."""
    return names.import_string(DEBUG_PAGES[kind])


def get_exception_response(request: Any, resolver: Any, status_code: int, exception: Exception) -> Any:
    """Call the error view of a URLconf; if that fails, too, answer 500."""
    try:
        view = resolver.resolve_error_handler(status_code)
        response = call_error_view(view, request, exception=exception)
    except Exception as error:
        got_request_exception.send(sender=None, request=request)
        response = handle_uncaught_exception(request, resolver, sys_exc_info(error))
    return response


def call_error_view(view: Any, request: Any, **kwargs: Any) -> Any:
    """Call an error view, sync or async."""
    return bridge.block(view)(request, **kwargs) if is_coroutine_function(view) else view(request, **kwargs)


def handle_uncaught_exception(request: Any, resolver: Any, exc_info: Any) -> Any:
    """Give the page for an unexpected exception.

    :raises Exception: with ``DEBUG_PROPAGATE_EXCEPTIONS``, the exception itself.
    """
    if settings.DEBUG_PROPAGATE_EXCEPTIONS:
        raise exc_info[1].with_traceback(exc_info[2])
    if settings.DEBUG:
        return debug_page("500")(request, *exc_info)
    return call_error_view(resolver.resolve_error_handler(500), request)



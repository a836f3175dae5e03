"""The middleware, compiled into one flat chain.

Middleware with ``process_request`` and ``process_response`` (all built-in ones) contributes these two methods: neighbours
are written out as one function (`flat`). Middleware written as factories, in either colour, wraps the functions below it.
Everything runs in blocking style; where a piece is async, the bridge awaits it.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from nuages import bridge
from nuages.conf import names, settings
from nuages.exceptions import ImproperlyConfigured, MiddlewareNotUsed
from nuages.loggers import get_logger
from nuages.pipeline.checking import check_response, is_coroutine_function
from nuages.pipeline.errors import convert_exception_to_response, response_for_exception
from nuages.pipeline.flat import flat
from nuages.text.deprecation import MiddlewareMixin

Handler = Callable[[Any], Any]

logger = get_logger("request")


class Hooks:
    """The methods of middleware that surround a view, each list in calling order."""

    def __init__(self) -> None:
        self.view: list[Any] = []
        self.template_response: list[Any] = []
        self.exception: list[Any] = []

    def add(self, middleware: Any) -> None:
        """Take over the hooks of one middleware; they are given from the innermost outwards."""
        for name, place in (("view", 0), ("template_response", None), ("exception", None)):
            method = getattr(middleware, f"process_{name}", None)
            if method is None:
                continue
            if is_coroutine_function(method):
                method = bridge.block(method)
            target = getattr(self, name)
            target.insert(len(target) if place is None else place, method)


def load(paths: list[str], innermost: Handler, hooks: Hooks, use_async: bool) -> Handler:
    """Build the chain from the dotted paths in ``MIDDLEWARE``.

    :raises ImproperlyConfigured: a factory returned ``None``.
    """
    handler: Handler = innermost
    pending: list[Any] = []  # hook-only middleware, not yet put around ``handler``; outermost first
    for path in reversed(paths):
        factory = names.import_string(path)
        built = build(factory, path, surrounded(pending, handler), use_async)
        if built is None:
            continue
        hooks.add(built)
        if is_hook_only(built):
            pending.insert(0, built)
            continue
        handler, pending = enclosed(built), []
    return surrounded(pending, handler)


def surrounded(pending: list[Any], handler: Handler) -> Handler:
    """Put hook-only middleware around a handler; the result never raises an `Exception`."""
    return flat(pending, handler) if pending else convert_exception_to_response(handler)


def is_hook_only(middleware: Any) -> bool:
    """Tell if a middleware does nothing but what its hooks do."""
    kind = type(middleware)
    return (
        isinstance(middleware, MiddlewareMixin)
        and kind.__call__ is MiddlewareMixin.__call__
        and kind.__acall__ is MiddlewareMixin.__acall__
        and not any(
            is_coroutine_function(getattr(middleware, name, None)) for name in ("process_request", "process_response")
        )
    )


def build(factory: Any, path: str, inner: Handler, use_async: bool) -> Any:
    """Make one middleware around ``inner``; ``None`` for one that does not want to be used."""
    sync_capable = getattr(factory, "sync_capable", True)
    async_capable = getattr(factory, "async_capable", False)
    if not sync_capable and not async_capable:
        raise RuntimeError(f"Middleware {path} must have at least one of sync_capable/async_capable set to True.")
    hook_class = isinstance(factory, type) and issubclass(factory, MiddlewareMixin)
    wants_async = async_capable and not hook_class and (use_async or not sync_capable)
    try:
        middleware = factory(awaitable(inner) if wants_async else inner)
    except MiddlewareNotUsed as error:
        if settings.DEBUG:
            if str(error):
                logger.debug("MiddlewareNotUsed(%r): %s", path, error)
            else:
                logger.debug("MiddlewareNotUsed: %r", path)
        return None
    if middleware is None:
        raise ImproperlyConfigured(f"Middleware factory {path} returned None.")
    return middleware


def awaitable(handler: Handler) -> Any:
    """Give the async face of a handler in blocking style."""

    async def get_response(request: Any) -> Any:
        return await bridge.run(handler, request)

    return get_response


def enclosed(middleware: Any) -> Handler:
    """Give the blocking face of a middleware, with its failures turned into responses."""
    call = bridge.block(middleware.__call__) if is_coroutine_function(middleware) else middleware

    def handler(request: Any) -> Any:
        try:
            response = call(request)
            check_response(response, middleware, name=None if response is not None else f"The middleware {middleware!r}")
            return response
        except Exception as error:
            return response_for_exception(request, error)

    return handler

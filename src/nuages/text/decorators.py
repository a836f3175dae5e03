"""Making decorators: of functions for methods, of middleware for views, and marks on middleware."""

import inspect
from collections.abc import Callable
from functools import partial, update_wrapper, wraps
from typing import Any

from nuages import bridge


class classonlymethod(classmethod):  # type: ignore[type-arg]
    """A classmethod that cannot be called on an instance."""

    def __get__(self, instance: Any, owner: type | None = None) -> Any:
        if instance is not None:
            raise AttributeError("This method is available only on the class, not on instances.")
        return super().__get__(instance, owner)


def _marks_left_by(decorator: Callable[..., Any], function: Any) -> None:
    # A decorator may leave attributes on what it returns; they must show on the method without calling it.
    @decorator
    def probe(*args: Any, **kwargs: Any) -> Any:
        raise AssertionError("the probe of a decorator is not meant to be called")

    update_wrapper(function, probe, assigned=())


def _decorated(decorators: Any, method: Any) -> Any:
    """Return ``method`` with function decorators around its bound form."""
    if hasattr(decorators, "__iter__"):
        ordered = decorators[::-1]
    else:
        ordered = [decorators]

    def call(self: Any, *args: Any, **kwargs: Any) -> Any:
        bound = wraps(method)(partial(method.__get__(self, type(self))))
        for decorator in ordered:
            bound = decorator(bound)
        return bound(*args, **kwargs)

    for decorator in ordered:
        _marks_left_by(decorator, call)
    update_wrapper(call, method)
    if inspect.iscoroutinefunction(method):
        return _as_coroutine_function(call)
    return call


def _as_coroutine_function(call: Callable[..., Any]) -> Callable[..., Any]:
    @wraps(call)
    async def acall(self: Any, *args: Any, **kwargs: Any) -> Any:
        return await call(self, *args, **kwargs)

    return acall


def method_decorator(decorator: Any, name: str = "") -> Callable[[Any], Any]:
    """Turn a decorator of functions, or a list or tuple of them, into one for methods.

    Put on a class, it decorates the method called ``name``. Raises ValueError for a name that is not there, TypeError for an
    attribute that cannot be called.
    """

    def decorate(target: Any) -> Any:
        if not isinstance(target, type):
            return _decorated(decorator, target)
        if not (name and hasattr(target, name)):
            raise ValueError(
                f"The keyword argument `name` must be the name of a method of the decorated class: {target}. Got '{name}' instead"
            )
        method = getattr(target, name)
        if not callable(method):
            raise TypeError(f"Cannot decorate '{name}' as it isn't a callable attribute of {target} ({method})")
        setattr(target, name, _decorated(decorator, method))
        return target

    if not hasattr(decorator, "__iter__"):
        update_wrapper(decorate, decorator)
    decorate.__name__ = f"method_decorator({getattr(decorator, '__name__', type(decorator).__name__)})"
    return decorate


def decorator_from_middleware_with_args(middleware_class: Callable[..., Any]) -> Callable[..., Any]:
    """Like :func:`decorator_from_middleware`, for middleware that takes arguments: the result is called with them."""
    return make_middleware_decorator(middleware_class)


def decorator_from_middleware(middleware_class: Callable[..., Any]) -> Callable[..., Any]:
    """Return a view decorator that applies the ``process_*`` methods of the middleware to that view alone."""
    decorate: Callable[..., Any] = make_middleware_decorator(middleware_class)()
    return decorate


def make_middleware_decorator(middleware_class: Callable[..., Any]) -> Callable[..., Any]:
    """Return a function that makes a view decorator of the middleware and the given arguments."""

    def with_arguments(*m_args: Any, **m_kwargs: Any) -> Callable[..., Any]:
        def decorate(view: Callable[..., Any]) -> Callable[..., Any]:
            middleware = middleware_class(view, *m_args, **m_kwargs)
            if inspect.iscoroutinefunction(view):

                @wraps(view)
                async def on_loop(request: Any, *args: Any, **kwargs: Any) -> Any:
                    return await bridge.run(_around, middleware, bridge.block(view), request, args, kwargs)

                return on_loop

            @wraps(view)
            def blocking(request: Any, *args: Any, **kwargs: Any) -> Any:
                return _around(middleware, view, request, args, kwargs)

            return blocking

        return decorate

    return with_arguments


def _around(middleware: Any, view: Callable[..., Any], request: Any, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
    hook = partial(getattr, middleware)
    if (process_request := hook("process_request", None)) and (early := process_request(request)) is not None:
        return early
    if (process_view := hook("process_view", None)) and (early := process_view(request, view, args, kwargs)) is not None:
        return early
    try:
        response = view(request, *args, **kwargs)
    except Exception as error:
        process_exception = hook("process_exception", None)
        replacement = process_exception(request, error) if process_exception else None
        if replacement is None:
            raise
        return replacement
    return _after(hook, request, response)


def _after(hook: Callable[..., Any], request: Any, response: Any) -> Any:
    process_response = hook("process_response", None)
    if callable(getattr(response, "render", None)):
        if process_template := hook("process_template_response", None):
            response = process_template(request, response)
        # Only a rendered response has content that process_response may see.
        if process_response:
            response.add_post_render_callback(lambda rendered: process_response(request, rendered))
        return response
    return process_response(request, response) if process_response else response


def sync_and_async_middleware(func: Any) -> Any:
    """Mark a middleware factory as one that handles both sync and async ``get_response``."""
    func.sync_capable = True
    func.async_capable = True
    return func


def sync_only_middleware(func: Any) -> Any:
    """Mark a middleware factory as synchronous (the default)."""
    func.sync_capable = True
    func.async_capable = False
    return func


def async_only_middleware(func: Any) -> Any:
    """Mark a middleware factory as asynchronous only."""
    func.sync_capable = False
    func.async_capable = True
    return func


def async_unsafe(message: Any) -> Any:
    """Decorator: calling the function on an event loop, outside the bridge, raises SynchronousOnlyOperation."""

    def decorate(func: Callable[..., Any]) -> Callable[..., Any]:
        @wraps(func)
        def guarded(*args: Any, **kwargs: Any) -> Any:
            bridge.check_blocking(message if isinstance(message, str) else func.__qualname__)
            return func(*args, **kwargs)

        return guarded

    return decorate(message) if callable(message) else decorate

"""How a decorator is made that works on views of both colours."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from nuages.pipeline.checking import is_coroutine_function

View = Callable[..., Any]


def around(view: View, before: Callable[..., Any] | None, after: Callable[[Any, Any], Any] | None) -> Any:
    """Wrap a view: ``before(request, …)`` may answer in its place, ``after(request, response)`` gives the response."""
    if is_coroutine_function(view):

        @wraps(view)
        async def async_wrapper(request: Any, *args: Any, **kwargs: Any) -> Any:
            early = before(request, *args, **kwargs) if before is not None else None
            response = await view(request, *args, **kwargs) if early is None else early
            return after(request, response) if after is not None and early is None else response

        return async_wrapper

    @wraps(view)
    def wrapper(request: Any, *args: Any, **kwargs: Any) -> Any:
        early = before(request, *args, **kwargs) if before is not None else None
        response = view(request, *args, **kwargs) if early is None else early
        return after(request, response) if after is not None and early is None else response

    return wrapper


def marked(view: View, **marks: Any) -> Any:
    """Wrap a view and set attributes on the wrapper, so that the view itself stays without them."""
    wrapper = around(view, None, None)
    for name, value in marks.items():
        setattr(wrapper, name, value)
    return wrapper

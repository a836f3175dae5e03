"""Marks for error reports: what must not be shown in them."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from functools import wraps
from types import CodeType
from typing import Any, TypeVar, cast

from nuages.http import HttpRequest
from nuages.pipeline.checking import is_coroutine_function

F = TypeVar("F", bound=Callable[..., Any])
ALL = "__ALL__"

#: By code object of a decorated function: the names of its variables to hide, or `ALL`.
sensitive_code: dict[CodeType, Any] = {}
#: The wrappers themselves, whose variables hold the same values.
wrapper_code: set[CodeType] = set()


def code_of(function: Any) -> CodeType:
    """Give the code object of a function."""
    return function.__code__  # type: ignore[no-any-return]


def sensitive_variables(*variables: str) -> Callable[[F], F]:
    """Hide local variables of a function from error reports; without names, all of them.

    :raises TypeError: used without parentheses.
    """
    if len(variables) == 1 and callable(variables[0]):
        raise TypeError(
            "Write @sensitive_variables() with parentheses; the names of variables go between them."
        )

    def decorate(func: F) -> F:
        target = inspect.unwrap(func)
        code = getattr(target, "__code__", None)
        if code is not None:
            sensitive_code[code] = list(variables) if variables else ALL
        if is_coroutine_function(func):

            @wraps(func)
            async def sensitive_variables_wrapper(*func_args: Any, **func_kwargs: Any) -> Any:
                return await func(*func_args, **func_kwargs)

        else:

            @wraps(func)
            def sensitive_variables_wrapper(*func_args: Any, **func_kwargs: Any) -> Any:
                return func(*func_args, **func_kwargs)

        sensitive_variables_wrapper.sensitive_variables = list(variables) or ALL  # type: ignore[attr-defined]
        wrapper_code.add(code_of(sensitive_variables_wrapper))
        return cast("F", sensitive_variables_wrapper)

    return decorate


def sensitive_post_parameters(*parameters: str) -> Any:
    """Hide POST parameters of a view from error reports; without names, all of them.

    :raises TypeError: used without parentheses, or on something that is no view.
    """
    if len(parameters) == 1 and callable(parameters[0]):
        raise TypeError(
            "Write @sensitive_post_parameters() with parentheses; the names of parameters go between them."
        )

    def decorate(view: Any) -> Any:
        def mark(request: Any) -> None:
            if not isinstance(request, HttpRequest):
                raise TypeError(
                    "sensitive_post_parameters didn't receive an HttpRequest. Methods are decorated by way of "
                    "@method_decorator."
                )
            request.sensitive_post_parameters = list(parameters) if parameters else ALL  # type: ignore[attr-defined]

        if is_coroutine_function(view):

            @wraps(view)
            async def async_wrapper(request: Any, *args: Any, **kwargs: Any) -> Any:
                mark(request)
                return await view(request, *args, **kwargs)

            return async_wrapper

        @wraps(view)
        def wrapper(request: Any, *args: Any, **kwargs: Any) -> Any:
            mark(request)
            return view(request, *args, **kwargs)

        return wrapper

    return decorate

"""Questions about the signatures of callables, with the answers remembered."""

import functools
import inspect
from collections.abc import Callable
from typing import Any

Parameter = inspect.Parameter
_STARS: dict[Any, str] = {Parameter.VAR_POSITIONAL: "*", Parameter.VAR_KEYWORD: "**"}


@functools.lru_cache(maxsize=512)
def _signature(func: Callable[..., Any]) -> tuple[inspect.Parameter, ...]:
    return tuple(_uncached(func))


def _uncached(func: Callable[..., Any]) -> Any:
    # Annotations are not evaluated: they may name things that exist for type checkers only.
    return inspect.signature(func).parameters.values()


@functools.lru_cache(maxsize=512)
def _function_parameters(func: Callable[..., Any], skip_first: bool) -> tuple[inspect.Parameter, ...]:
    return _signature(func)[1:] if skip_first else _signature(func)


def _get_callable_parameters(meth_or_func: Callable[..., Any]) -> tuple[inspect.Parameter, ...]:
    # Bound methods come and go: what is remembered belongs to their function.
    bound = inspect.ismethod(meth_or_func)
    func = meth_or_func.__func__ if inspect.ismethod(meth_or_func) else meth_or_func
    try:
        return _function_parameters(func, bound)
    except TypeError:  # a callable that cannot be hashed
        parameters = tuple(_uncached(func))
        return parameters[1:] if bound else parameters


def get_func_args(func: Callable[..., Any]) -> list[str]:
    """Return the names of the positional-or-keyword parameters."""
    return [p.name for p in _get_callable_parameters(func) if p.kind is Parameter.POSITIONAL_OR_KEYWORD]


def get_func_full_args(func: Callable[..., Any]) -> list[tuple[Any, ...]]:
    """Return ``(name,)`` or ``(name, default)`` of each parameter but ``self``; star parameters with their stars."""
    described: list[tuple[Any, ...]] = []
    for parameter in _get_callable_parameters(func):
        stars = _STARS.get(parameter.kind, "")
        if parameter.name == "self":
            continue
        name = stars + parameter.name
        described.append((name,) if parameter.default is Parameter.empty else (name, parameter.default))
    return described


def func_accepts_kwargs(func: Callable[..., Any]) -> bool:
    """Tell whether ``func`` takes ``**kwargs``."""
    return any(p.kind is Parameter.VAR_KEYWORD for p in _get_callable_parameters(func))


def func_accepts_var_args(func: Callable[..., Any]) -> bool:
    """Tell whether ``func`` takes ``*args``."""
    return any(p.kind is Parameter.VAR_POSITIONAL for p in _get_callable_parameters(func))


def method_has_no_args(meth: Callable[..., Any]) -> bool:
    """Tell whether a method takes only ``self``."""
    count = sum(p.kind is Parameter.POSITIONAL_OR_KEYWORD for p in _get_callable_parameters(meth))
    return count == 0 if inspect.ismethod(meth) else count == 1


def func_supports_parameter(func: Callable[..., Any], name: str) -> bool:
    """Tell whether ``func`` has a parameter called ``name``."""
    return any(p.name == name for p in _get_callable_parameters(func))


def is_module_level_function(func: Any) -> bool:
    """Tell whether ``func`` is a function that can be imported by its name (no lambda, method or inner function)."""
    return (inspect.isfunction(func) and "<locals>" not in func.__qualname__ and func.__name__ != "<lambda>") or _is_class_function(func)


def _is_class_function(func: Any) -> bool:
    return inspect.ismethod(func) and isinstance(func.__self__, type)


def signature(func: Callable[..., Any]) -> inspect.Signature:
    """Return the signature of ``func``."""
    return inspect.signature(func)

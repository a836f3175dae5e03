"""Filters of lists and other containers."""

from __future__ import annotations

import random as random_module
from collections.abc import Callable
from operator import itemgetter
from pprint import pformat
from typing import Any

from nuages.template.filters.registry import register
from nuages.text.html import conditional_escape
from nuages.text.safestring import mark_safe

__all__ = ["dictsort", "dictsortreversed", "first", "join", "last", "length", "pprint", "random", "slice_filter"]


def _property_resolver(arg: Any) -> Callable[[Any], Any]:
    """Return a function that gets an item by number, or by a path of keys and attributes. Raises AttributeError."""
    try:
        float(arg)
    except ValueError:
        parts = str(arg).split(".")
        if any(part.startswith("_") for part in parts):
            raise AttributeError("Access to private variables is forbidden.")
        return lambda value: _followed(value, parts)
    return itemgetter(arg)


def _followed(value: Any, parts: list[str]) -> Any:
    for part in parts:
        try:
            value = value[part]
        except (AttributeError, IndexError, KeyError, TypeError, ValueError):
            value = getattr(value, part)
    return value


def _sorted(value: Any, arg: Any, reverse: bool) -> Any:
    try:
        return sorted(value, key=_property_resolver(arg), reverse=reverse)
    except (AttributeError, TypeError):
        return ""


@register.filter(is_safe=False)
def dictsort(value: Any, arg: Any) -> Any:
    """Sort by a key, an attribute or an index of the items; empty when that fails."""
    return _sorted(value, arg, reverse=False)


@register.filter(is_safe=False)
def dictsortreversed(value: Any, arg: Any) -> Any:
    """Sort as ``dictsort`` does, the other way round."""
    return _sorted(value, arg, reverse=True)


@register.filter(is_safe=False)
def first(value: Any) -> Any:
    """Return the first item."""
    try:
        return value[0]
    except IndexError:
        return ""


@register.filter(is_safe=True, needs_autoescape=True)
def join(value: Any, arg: str, autoescape: bool = True) -> Any:
    """Join the items by a string."""
    try:
        if autoescape:
            text = conditional_escape(arg).join(conditional_escape(item) for item in value)
        else:
            text = arg.join(map(str, value))
    except TypeError:
        return value
    return mark_safe(text)


@register.filter(is_safe=True)
def last(value: Any) -> Any:
    """Return the last item."""
    try:
        return value[-1]
    except IndexError:
        return ""


@register.filter(is_safe=False)
def length(value: Any) -> int:
    """Return the length; 0 for what has none."""
    try:
        return len(value)
    except (ValueError, TypeError):
        return 0


@register.filter(is_safe=True)
def pprint(value: Any) -> str:
    """Return the value as Python's ``pprint`` shows it."""
    try:
        return pformat(value)
    except Exception as error:
        return f"Error in formatting: {type(error).__name__}: {error}"


@register.filter(is_safe=True)
def random(value: Any) -> Any:
    """Return an item by chance."""
    try:
        return random_module.choice(value)
    except IndexError:
        return ""


@register.filter("slice", is_safe=True)
def slice_filter(value: Any, arg: Any) -> Any:
    """Return a slice, written as in Python."""
    try:
        limits = [int(part) if part else None for part in str(arg).split(":")]
        return value[slice(*limits)]
    except (ValueError, TypeError, KeyError):
        return value

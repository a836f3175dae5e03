"""Filters of dates and times."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date as day
from typing import Any

from nuages.i18n import dateformat, formats
from nuages.i18n import timesince as spans
from nuages.template.filters.registry import register

__all__ = ["date", "time", "timesince_filter", "timeuntil_filter"]


@register.filter(expects_localtime=True, is_safe=False)
def date(value: Any, arg: Any = None) -> Any:
    """Format a date; without a format as ``DATE_FORMAT`` says."""
    if value in (None, ""):
        return ""
    try:
        return formats.date_format(value, arg)
    except AttributeError:
        try:
            return dateformat.format(value, arg)
        except AttributeError:
            return ""


def _prepared_date(arg: Any = None) -> Callable[[Any], Any] | None:
    """Return the filter with a format that is no name of one, the same in all languages; else None."""
    text = str(arg)
    if arg is None or text.isidentifier():
        return None
    shown = dateformat.program(dateformat.DateFormat, text)
    return lambda value: shown(value) if isinstance(value, day) else date(value, arg)


date.prepared = _prepared_date  # type: ignore[attr-defined]


@register.filter(expects_localtime=True, is_safe=False)
def time(value: Any, arg: Any = None) -> Any:
    """Format a time; without a format as ``TIME_FORMAT`` says."""
    if value in (None, ""):
        return ""
    try:
        return formats.time_format(value, arg)
    except (AttributeError, TypeError):
        try:
            return dateformat.time_format(value, arg)
        except (AttributeError, TypeError):
            return ""


@register.filter("timesince", is_safe=False)
def timesince_filter(value: Any, arg: Any = None) -> Any:
    """Say how long ago a time is, from now or from another time."""
    if not value:
        return ""
    try:
        return spans.timesince(value, arg) if arg else spans.timesince(value)
    except (ValueError, TypeError):
        return ""


@register.filter("timeuntil", is_safe=False)
def timeuntil_filter(value: Any, arg: Any = None) -> Any:
    """Say how long it is until a time, from now or from another time."""
    if not value:
        return ""
    try:
        return spans.timeuntil(value, arg) if arg else spans.timeuntil(value)
    except (ValueError, TypeError):
        return ""

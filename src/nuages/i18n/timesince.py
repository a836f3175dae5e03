"""The time between two moments, in words."""

from __future__ import annotations

import calendar
import datetime as dt
from typing import Any

from nuages.conf.names import import_string
from nuages.i18n.languages import babel_locale
from nuages.i18n.timezone import is_aware
from nuages.i18n.translation import get_language, gettext, ngettext_lazy
from nuages.text.html import avoid_wrapping

TIME_STRINGS = {
    unit: ngettext_lazy(f"%(num)d {unit}", f"%(num)d {unit}s", "num") for unit in ("year", "month", "week", "day", "hour", "minute")
}
_SECONDS = {"week": 604_800, "day": 86_400, "hour": 3_600, "minute": 60}
# As Babel counts them; a threshold that is never reached has it name exactly the unit that is asked for.
_LENGTHS = {"year": 365 * 86_400, "month": 30 * 86_400, **_SECONDS}
_NEVER = 1e12


def timesince(d: Any, now: Any = None, reversed: bool = False, time_strings: Any = None, depth: int = 2) -> str:
    """Return the time from ``d`` to ``now`` as, say, ``2 weeks, 3 days``: at most ``depth`` adjacent units.

    Nothing passed, or the wrong way round, is ``0 minutes``. Raises ValueError for a depth below one.
    """
    if depth <= 0:
        raise ValueError("depth must be greater than 0.")
    strings = TIME_STRINGS if time_strings is None else time_strings
    start, end = _datetime(d), _datetime(now) if now else dt.datetime.now(d.tzinfo if _knows_zone(d) else None)
    if reversed:
        start, end = end, start
    if is_aware(start) and is_aware(end):
        end = end.astimezone(start.tzinfo)
    parts = _adjacent(_counts(start, end), depth)
    return gettext(", ").join(avoid_wrapping(_words(unit, count, strings)) for unit, count in parts)


def timeuntil(d: Any, now: Any = None, time_strings: Any = None, depth: int = 2) -> str:
    """Return the time from ``now`` to ``d``; see :func:`timesince`."""
    return timesince(d, now, reversed=True, time_strings=time_strings, depth=depth)


def _datetime(value: Any) -> dt.datetime:
    return value if isinstance(value, dt.datetime) else dt.datetime(value.year, value.month, value.day)


def _knows_zone(value: Any) -> bool:
    return isinstance(value, dt.datetime) and is_aware(value)


def _counts(start: dt.datetime, end: dt.datetime) -> list[tuple[str, int]]:
    if (end - start).total_seconds() < 60:
        return []
    months = (end.year - start.year) * 12 + end.month - start.month
    if (end.day, end.time()) < (start.day, start.time()):
        months -= 1
    years, months = divmod(months, 12)
    rest = int((end - _later(start, years, months)).total_seconds())
    counts = [("year", years), ("month", months)]
    for unit, seconds in _SECONDS.items():
        count, rest = divmod(rest, seconds)
        counts.append((unit, count))
    return counts


def _later(moment: dt.datetime, years: int, months: int) -> dt.datetime:
    # The last day of the month stands for days that it does not have.
    year, month = divmod(moment.year * 12 + moment.month - 1 + years * 12 + months, 12)
    day = min(moment.day, calendar.monthrange(year, month + 1)[1])
    return moment.replace(year=year, month=month + 1, day=day)


def _adjacent(counts: list[tuple[str, int]], depth: int) -> list[tuple[str, int]]:
    chosen: list[tuple[str, int]] = []
    for unit, count in counts:
        if count and len(chosen) < depth:
            chosen.append((unit, count))
        elif chosen:
            break
    return chosen or [("minute", 0)]


def _words(unit: str, count: int, strings: Any) -> str:
    text = str(strings[unit] % {"num": count})
    language = get_language()
    untranslated = text == f"{count} {unit}{'' if count == 1 else 's'}"
    if not untranslated or not language or language.startswith("en"):
        return text
    locale = babel_locale(language)
    if locale is None:
        return text
    length = dt.timedelta(seconds=count * _LENGTHS[unit])
    granularity: Any = unit
    format_timedelta = import_string("babel.dates.format_timedelta")  # English never needs it
    return str(format_timedelta(length, granularity=granularity, threshold=_NEVER, locale=locale))

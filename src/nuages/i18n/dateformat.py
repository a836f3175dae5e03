"""Dates and times as text, by format characters (documented with the template filter ``date``)."""

from __future__ import annotations

import calendar
import datetime as dt
import functools
import re
from collections.abc import Callable
from typing import Any

from nuages.conf.names import import_string
from nuages.i18n.dates import MONTHS, MONTHS_3, MONTHS_ALT, MONTHS_AP, WEEKDAYS, WEEKDAYS_ABBR
from nuages.i18n.timezone import (
    _datetime_ambiguous_or_imaginary,
    get_default_timezone,
    is_naive,
    make_aware,
)
from nuages.i18n.translation import gettext
from nuages.text.generated import define

_TIME_CHARACTERS = "aAefgGhHiOPsTuZ"
_DATE_CHARACTERS = "bcdDEFIjlLmMnNorStUwWyYz"
_TOKEN = re.compile(rf"\\(.)|([{_TIME_CHARACTERS}{_DATE_CHARACTERS}])", re.DOTALL)
_TIME_ONLY = frozenset("aAfgGhHiPsu")


@functools.lru_cache(maxsize=512)
def _parts(text: str, characters: str) -> tuple[tuple[str, bool], ...]:
    """Split a format into literal texts and (marked True) format characters."""
    parts: list[tuple[str, bool]] = []
    position = 0
    for match in _TOKEN.finditer(text):
        if match[2] and match[2] not in characters:
            continue
        parts.append((text[position : match.start()] + (match[1] or ""), False))
        if match[2]:
            parts.append((match[2], True))
        position = match.end()
    parts.append((text[position:], False))
    return tuple(part for part in parts if part[0])


class TimeFormat:
    """Formats a time: one method per format character."""

    characters = _TIME_CHARACTERS

    def __init__(self, obj: Any) -> None:
        self.data = obj
        self.timezone: dt.tzinfo | None = None
        if isinstance(obj, dt.datetime):
            self.timezone = get_default_timezone() if is_naive(obj) else obj.tzinfo

    def format(self, formatstr: Any) -> str:
        """Return the text. Raises TypeError for a character of times in the format of a date."""
        kind: Any = type(self)
        if kind in _PROGRAMMED and isinstance(self.data, _MOMENTS):
            return program(kind, str(formatstr))(self.data)
        dateless = type(self.data) is dt.date
        out: list[str] = []
        for part, special in _parts(str(formatstr), self.characters):
            if special and dateless and part in _TIME_ONLY:
                raise _no_time(part)
            out.append(str(getattr(self, part)()) if special else part)
        return "".join(out)

    def a(self) -> str:
        """'a.m.' or 'p.m.'"""
        return gettext("p.m.") if self.data.hour > 11 else gettext("a.m.")

    def A(self) -> str:
        """'AM' or 'PM'"""
        return gettext("PM") if self.data.hour > 11 else gettext("AM")

    def e(self) -> str:
        """Name of the time zone."""
        if not self.timezone:
            return ""
        try:
            return getattr(self.data, "tzname", lambda: "")() or ""
        except NotImplementedError:
            return ""

    def f(self) -> str:
        """Hours, and minutes unless zero: '1', '1:30'."""
        return f"{self.g()}:{self.i()}" if self.data.minute else str(self.g())

    def g(self) -> int:
        """Hour of twelve."""
        return self.data.hour % 12 or 12

    def G(self) -> int:
        """Hour of twenty-four."""
        return int(self.data.hour)

    def h(self) -> str:
        """Hour of twelve, two digits."""
        return f"{self.g():02d}"

    def H(self) -> str:
        """Hour of twenty-four, two digits."""
        return f"{self.data.hour:02d}"

    def i(self) -> str:
        """Minutes."""
        return f"{self.data.minute:02d}"

    def _zoned(self) -> dt.datetime | None:
        # None where the offset cannot be told: no zone, no date, or an hour that comes twice or never.
        if self.timezone is None or not isinstance(self.data, dt.datetime):
            return None
        if not is_naive(self.data):
            return self.data
        if _datetime_ambiguous_or_imaginary(self.data, self.timezone):
            return None
        return self.data.replace(tzinfo=self.timezone)

    def O(self) -> str:  # noqa: E743
        """Offset from UTC: '+0200'."""
        moment = self._zoned()
        offset = moment.utcoffset() if moment is not None else None
        if offset is None:
            return ""
        minutes = round(offset.total_seconds()) // 60
        sign = "-" if minutes < 0 else "+"
        return f"{sign}{abs(minutes) // 60:02d}{abs(minutes) % 60:02d}"

    def P(self) -> str:
        """Time of twelve hours with 'a.m.' or 'p.m.', 'midnight' and 'noon'."""
        if self.data.minute == 0 and self.data.hour in (0, 12):
            return gettext("noon") if self.data.hour else gettext("midnight")
        return f"{self.f()} {self.a()}"

    def s(self) -> str:
        """Seconds."""
        return f"{self.data.second:02d}"

    def T(self) -> str:
        """Abbreviation of the time zone."""
        moment = self._zoned()
        return str(moment.tzname() or "") if moment is not None else ""

    def u(self) -> str:
        """Microseconds."""
        return f"{self.data.microsecond:06d}"

    def Z(self) -> Any:
        """Offset from UTC in seconds, positive to the east."""
        moment = self._zoned()
        offset = moment.utcoffset() if moment is not None else None
        return "" if offset is None else offset.days * 86400 + offset.seconds


class DateFormat(TimeFormat):
    """Formats a date or datetime: one method per format character."""

    characters = _TIME_CHARACTERS + _DATE_CHARACTERS

    def b(self) -> str:
        """Month, three letters, lower case."""
        return MONTHS_3[self.data.month]

    def c(self) -> str:
        """ISO 8601."""
        return str(self.data.isoformat())

    def d(self) -> str:
        """Day, two digits."""
        return f"{self.data.day:02d}"

    def D(self) -> str:
        """Weekday, abbreviated."""
        return WEEKDAYS_ABBR[self.data.weekday()]

    def E(self) -> str:
        """Month, in the form that dates take."""
        return MONTHS_ALT[self.data.month]

    def F(self) -> str:
        """Month."""
        return MONTHS[self.data.month]

    def I(self) -> str:  # noqa: E743
        """'1' in summer time, '0' otherwise."""
        moment = self._zoned()
        saving = moment.dst() if moment is not None else None
        return "" if moment is None else "1" if saving else "0"

    def j(self) -> int:
        """Day."""
        return int(self.data.day)

    def l(self) -> str:  # noqa: E743
        """Weekday."""
        return WEEKDAYS[self.data.weekday()]

    def L(self) -> bool:
        """Whether the year is a leap year."""
        return calendar.isleap(self.data.year)

    def m(self) -> str:
        """Month, two digits."""
        return f"{self.data.month:02d}"

    def M(self) -> str:
        """Month, abbreviated."""
        return str(MONTHS_3[self.data.month]).title()

    def n(self) -> int:
        """Month, digits."""
        return int(self.data.month)

    def N(self) -> str:
        """Month, abbreviated in the style of the Associated Press."""
        return MONTHS_AP[self.data.month]

    def o(self) -> int:
        """Year of the ISO week."""
        return int(self.data.isocalendar()[0])

    def r(self) -> str:
        """RFC 5322."""
        moment = self.data
        if type(moment) is dt.date:
            moment = dt.datetime.combine(moment, dt.time.min)
        if is_naive(moment):
            moment = make_aware(moment, get_default_timezone())
        return str(import_string("email.utils.format_datetime")(moment))

    def S(self) -> str:
        """English ordinal suffix of the day."""
        day = self.data.day
        return "th" if 11 <= day <= 13 else {1: "st", 2: "nd", 3: "rd"}.get(day % 10, "th")

    def t(self) -> int:
        """Days of the month."""
        return calendar.monthrange(self.data.year, self.data.month)[1]

    def U(self) -> int:
        """Seconds since the epoch."""
        moment = self.data
        if not isinstance(moment, dt.datetime):
            moment = dt.datetime.combine(moment, dt.time.min)
        if is_naive(moment):
            moment = make_aware(moment, get_default_timezone())
        return int(moment.timestamp())

    def w(self) -> int:
        """Weekday, Sunday is 0."""
        return int(self.data.isoweekday()) % 7

    def W(self) -> int:
        """ISO week."""
        return int(self.data.isocalendar()[1])

    def y(self) -> str:
        """Year, two digits."""
        return f"{self.data.year % 100:02d}"

    def Y(self) -> str:
        """Year, four digits."""
        return f"{self.data.year:04d}"

    def z(self) -> int:
        """Day of the year."""
        return int(self.data.timetuple().tm_yday)


# Programs ------------------------------------------------------------------------------------------------------------

#: Formats of these classes and moments become functions; subclasses and look-alikes go through their methods.
_PROGRAMMED = frozenset({TimeFormat, DateFormat})
_MOMENTS = (dt.date, dt.time)

#: What is read off a moment without a method: format character → expression.
_EXPRESSIONS = {
    "b": "short_months[moment.month]",
    "d": "two[moment.day]",
    "D": "short_days[moment.weekday()]",
    "E": "inflected_months[moment.month]",
    "F": "months[moment.month]",
    "G": "moment.hour",
    "h": "two[moment.hour % 12 or 12]",
    "H": "two[moment.hour]",
    "i": "two[moment.minute]",
    "j": "moment.day",
    "l": "days[moment.weekday()]",
    "m": "two[moment.month]",
    "n": "moment.month",
    "N": "press_months[moment.month]",
    "s": "two[moment.second]",
    "y": "two[moment.year % 100]",
    "Y": "moment.year if moment.year > 999 else f'{moment.year:04d}'",
}
_NAMES: dict[str, Any] = {
    "date": dt.date,
    "days": WEEKDAYS,
    "inflected_months": MONTHS_ALT,
    "months": MONTHS,
    "press_months": MONTHS_AP,
    "short_days": WEEKDAYS_ABBR,
    "short_months": MONTHS_3,
    "two": tuple(f"{number:02d}" for number in range(100)),
}


@functools.lru_cache(maxsize=512)
def program(kind: type[TimeFormat], text: str) -> Callable[[Any], str]:
    """Return the function that formats a date or time by ``text`` as ``kind`` does.

    Of the text, only its format characters, which are letters of ours, get into the source.
    """
    parts = _parts(text, kind.characters)
    shape = "".join("%s" if special else part.replace("%", "%%") for part, special in parts)
    return _written(kind, shape, "".join(part for part, special in parts if special))


def _written(kind: type[TimeFormat], shape: str, characters: str) -> Callable[[Any], str]:
    lines = ["def shown(moment):"]
    if refused := next((one for one in characters if one in _TIME_ONLY), None):
        lines += ["    if type(moment) is date:", f"        raise no_time({refused!r})"]
    if not _EXPRESSIONS.keys() >= set(characters):
        lines.append("    methods = kind(moment)")
    values = [_EXPRESSIONS.get(one) or f"methods.{one}()" for one in characters]
    lines.append(f"    return shape % ({''.join(f'{value}, ' for value in values)})")
    source = "\n".join([*lines, ""])
    names = {**_NAMES, "kind": kind, "no_time": _no_time, "shape": shape}
    return define("shown", source, f"{kind.__name__} {characters}", names)  # type: ignore[no-any-return]


def _no_time(character: str) -> TypeError:
    return TypeError(f"A date has no time: the format character {character!r} cannot be used for it.")


def format(value: Any, format_string: Any) -> str:
    """Format a date or datetime."""
    if isinstance(value, _MOMENTS):
        return program(DateFormat, str(format_string))(value)
    return DateFormat(value).format(format_string)


def time_format(value: Any, format_string: Any) -> str:
    """Format a time."""
    if isinstance(value, _MOMENTS):
        return program(TimeFormat, str(format_string))(value)
    return TimeFormat(value).format(format_string)

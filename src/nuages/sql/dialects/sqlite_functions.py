"""Python functions that SQLite connections register: what the library itself lacks.

``FUNCTIONS`` holds ``(name, number of arguments, function)``, all deterministic; ``AGGREGATES`` holds ``(name, number of arguments, class)``.
A NULL argument gives NULL.
"""

from __future__ import annotations

import datetime
import functools
import hashlib
import math
import re
import uuid
import zoneinfo
from collections.abc import Callable
from typing import Any

from nuages.conf.names import import_string
from nuages.sql.dialects.operations import split_tzname_delta
from nuages.text.dateparse import parse_time


def _null_safe(function: Callable[..., Any]) -> Callable[..., Any]:
    @functools.wraps(function)
    def guarded(*args: Any) -> Any:
        return None if None in args else function(*args)

    return guarded


@functools.lru_cache(maxsize=256)
def _zone(name: str) -> tuple[datetime.tzinfo, datetime.timedelta]:
    """A time zone and the offset to add to it, for names such as ``UTC`` or ``UTC+02:00``."""
    base, sign, offset = split_tzname_delta(name)
    try:
        zone: datetime.tzinfo = zoneinfo.ZoneInfo(base or "UTC")
    except (ValueError, zoneinfo.ZoneInfoNotFoundError):
        zone, base = datetime.UTC, ""
    if sign is None or offset is None:
        return zone, datetime.timedelta()
    hours, minutes, *_ = (*map(int, offset.split(":")), 0)
    delta = datetime.timedelta(hours=hours, minutes=minutes)
    return zone, delta if sign == "+" else -delta


def _moment(value: Any, zone_name: str | None = None, stored_in: str | None = None) -> datetime.datetime | None:
    """A stored text as a moment, moved from the database's time zone to another if one is given."""
    if value is None:
        return None
    try:
        found = datetime.datetime.fromisoformat(str(value))
    except ValueError:
        return None
    if not zone_name:
        return found.replace(tzinfo=None)
    stored, stored_delta = _zone(stored_in or "UTC")
    if found.tzinfo is None:
        found = found.replace(tzinfo=stored) - stored_delta
    zone, delta = _zone(zone_name)
    return (found.astimezone(zone) + delta).replace(tzinfo=None)


_PARTS: dict[str, Callable[[Any], int]] = {
    "year": lambda value: value.year,
    "iso_year": lambda value: value.isocalendar()[0],
    "quarter": lambda value: math.ceil(value.month / 3),
    "month": lambda value: value.month,
    "week": lambda value: value.isocalendar()[1],
    "day": lambda value: value.day,
    "week_day": lambda value: value.isoweekday() % 7 + 1,
    "iso_week_day": lambda value: value.isoweekday(),
    "hour": lambda value: value.hour,
    "minute": lambda value: value.minute,
    "second": lambda value: value.second,
}


def moment_part(part: str, value: Any, zone_name: Any, stored_in: Any) -> int | None:
    """A part of a date or moment as a number."""
    found = _moment(value, zone_name, stored_in)
    return None if found is None else _PARTS[part](found)


def time_part(part: str, value: Any) -> int | None:
    """A part of a time of day as a number."""
    if value is None:
        return None
    found = parse_time(str(value)) if " " not in str(value) else _moment(value)
    return None if found is None else _PARTS[part](found)


def _day_start(part: str, value: Any) -> datetime.date | None:
    if part == "year":
        return datetime.date(value.year, 1, 1)
    if part == "quarter":
        return datetime.date(value.year, (value.month - 1) // 3 * 3 + 1, 1)
    if part == "month":
        return datetime.date(value.year, value.month, 1)
    day = value.date()
    if part == "week":
        return day - datetime.timedelta(days=day.weekday())  # type: ignore[no-any-return]
    return day if part == "day" else None  # type: ignore[no-any-return]


def date_start(part: str, value: Any, zone_name: Any, stored_in: Any) -> str | None:
    """The first day of the part that a date or moment lies in."""
    found = _moment(value, zone_name, stored_in)
    if found is None:
        return None
    day = _day_start(part, found)
    return None if day is None else day.isoformat()


def moment_start(part: str, value: Any, zone_name: Any, stored_in: Any) -> str | None:
    """The first moment of the part that a moment lies in."""
    found = _moment(value, zone_name, stored_in)
    if found is None:
        return None
    day = _day_start(part, found)
    if day is not None:
        return f"{day.isoformat()} 00:00:00"
    kept = {"hour": 13, "minute": 16, "second": 19}[part]
    return found.isoformat(" ")[:kept] + ":00:00"[: 19 - kept]


def time_start(part: str, value: Any, zone_name: Any, stored_in: Any) -> str | None:
    """The first moment of the hour, minute or second of a time of day."""
    if value is None:
        return None
    text = str(value)
    found = _moment(value, zone_name, stored_in) if "-" in text else parse_time(text)
    if found is None:
        return None
    parts = [found.hour, found.minute if part != "hour" else 0, found.second if part == "second" else 0]
    return "{:02d}:{:02d}:{:02d}".format(*parts)


def moment_date(value: Any, zone_name: Any, stored_in: Any) -> str | None:
    """The date of a moment."""
    found = _moment(value, zone_name, stored_in)
    return None if found is None else found.date().isoformat()


def moment_time(value: Any, zone_name: Any, stored_in: Any) -> str | None:
    """The time of day of a moment."""
    found = _moment(value, zone_name, stored_in)
    return None if found is None else found.time().isoformat()


def _operand(value: Any) -> Any:
    if isinstance(value, (int, float)):
        return datetime.timedelta(microseconds=value)
    text = str(value)
    return datetime.date.fromisoformat(text) if len(text) == 10 else _moment(text)


def duration_math(connector: str, left: Any, right: Any) -> Any:
    """Sums, differences and multiples of durations and moments."""
    if left is None or right is None:
        return None
    if connector in ("*", "/"):
        return left * right if connector == "*" else left / right
    first, second = _operand(left), _operand(right)
    if first is None or second is None:
        return None
    result = first + second if connector == "+" else first - second
    if isinstance(result, datetime.timedelta):
        return _microseconds(result)
    return str(result)


def _microseconds(delta: datetime.timedelta) -> int:
    return (delta.days * 86400 + delta.seconds) * 1_000_000 + delta.microseconds


def moment_difference(left: Any, right: Any) -> int | None:
    """Microseconds between two moments."""
    first, second = _moment(left), _moment(right)
    return None if first is None or second is None else _microseconds(first - second)


def time_difference(left: Any, right: Any) -> int | None:
    """Microseconds between two times of day."""
    if left is None or right is None:
        return None
    first, second = parse_time(str(left)), parse_time(str(right))
    if first is None or second is None:
        return None
    day = datetime.date.min
    return _microseconds(datetime.datetime.combine(day, first) - datetime.datetime.combine(day, second))


@functools.lru_cache(maxsize=256)
def _pattern(text: str) -> re.Pattern[str]:
    return re.compile(text)


def matches(pattern: Any, value: Any) -> bool | None:
    """``value REGEXP pattern``."""
    if pattern is None or value is None:
        return None
    return bool(_pattern(str(pattern)).search(str(value)))


def _hash(name: str) -> Callable[[Any], Any]:
    def digest(text: Any) -> Any:
        return None if text is None else hashlib.new(name, str(text).encode()).hexdigest()

    return digest


def _guarded_math(function: Callable[..., Any]) -> Callable[..., Any]:
    def compute(*args: Any) -> Any:
        if None in args:
            return None
        try:
            return function(*args)
        except (ValueError, ZeroDivisionError):
            return None

    return compute


def _left_pad(text: str, length: int, fill: str) -> str:
    missing = length - len(text)
    if missing <= 0:
        return text[: max(length, 0)]
    return (fill * length)[:missing] + text if fill else text


def _right_pad(text: str, length: int, fill: str) -> str:
    return (text + fill * length)[: max(length, 0)] if fill else text[: max(length, 0)]


def _sign(value: Any) -> int:
    return int(value > 0) - int(value < 0)


class _Collector:
    """An aggregate over the list of its values."""

    least = 1

    def __init__(self) -> None:
        self.values: list[Any] = []

    def step(self, value: Any) -> None:
        """Take one row's value."""
        if value is not None:
            self.values.append(value)

    def finalize(self) -> Any:
        """The result, or None for too few values."""
        return None if len(self.values) < self.least else self.compute()

    def compute(self) -> Any:
        """The result."""
        raise NotImplementedError


class _Spread(_Collector):
    """A measure of the module ``statistics``, which the first query that asks for one loads."""

    measure = ""

    def compute(self) -> Any:
        return import_string(f"statistics.{self.measure}")(self.values)


class _PopulationDeviation(_Spread):
    measure = "pstdev"


class _SampleDeviation(_Spread):
    measure, least = "stdev", 2


class _PopulationVariance(_Spread):
    measure = "pvariance"


class _SampleVariance(_Spread):
    measure, least = "variance", 2


class _AnyValue(_Collector):
    def compute(self) -> Any:
        return self.values[0]


class _BitAnd(_Collector):
    def compute(self) -> Any:
        return functools.reduce(lambda left, right: left & right, self.values)


class _BitOr(_Collector):
    def compute(self) -> Any:
        return functools.reduce(lambda left, right: left | right, self.values)


class _BitXor(_Collector):
    def compute(self) -> Any:
        return functools.reduce(lambda left, right: left ^ right, self.values)


FUNCTIONS: list[tuple[str, int, Callable[..., Any]]] = [
    ("nu_moment_extract", 4, moment_part),
    ("nu_time_extract", 2, time_part),
    ("nu_date_start", 4, date_start),
    ("nu_moment_start", 4, moment_start),
    ("nu_time_start", 4, time_start),
    ("nu_moment_date", 3, moment_date),
    ("nu_moment_time", 3, moment_time),
    ("nu_duration_math", 3, duration_math),
    ("nu_moment_difference", 2, moment_difference),
    ("nu_time_difference", 2, time_difference),
    ("nu_bitxor", 2, _null_safe(lambda left, right: left ^ right)),
    ("nu_uuid4", 0, lambda: uuid.uuid4().hex),
    ("regexp", 2, matches),
    ("ACOS", 1, _guarded_math(math.acos)),
    ("ASIN", 1, _guarded_math(math.asin)),
    ("ATAN", 1, _guarded_math(math.atan)),
    ("ATAN2", 2, _guarded_math(math.atan2)),
    ("CEILING", 1, _guarded_math(math.ceil)),
    ("COS", 1, _guarded_math(math.cos)),
    ("COT", 1, _guarded_math(lambda value: 1 / math.tan(value))),
    ("DEGREES", 1, _guarded_math(math.degrees)),
    ("EXP", 1, _guarded_math(math.exp)),
    ("FLOOR", 1, _guarded_math(math.floor)),
    ("LN", 1, _guarded_math(math.log)),
    ("LOG", 2, _guarded_math(lambda base, value: math.log(value, base))),
    ("LPAD", 3, _null_safe(_left_pad)),
    ("MD5", 1, _hash("md5")),
    ("MOD", 2, _guarded_math(math.fmod)),
    ("PI", 0, lambda: math.pi),
    ("POWER", 2, _guarded_math(lambda base, exponent: base**exponent)),
    ("RADIANS", 1, _guarded_math(math.radians)),
    ("REPEAT", 2, _null_safe(lambda text, number: str(text) * int(number))),
    ("REVERSE", 1, _null_safe(lambda text: str(text)[::-1])),
    ("RPAD", 3, _null_safe(_right_pad)),
    ("SHA1", 1, _hash("sha1")),
    ("SHA224", 1, _hash("sha224")),
    ("SHA256", 1, _hash("sha256")),
    ("SHA384", 1, _hash("sha384")),
    ("SHA512", 1, _hash("sha512")),
    ("SIGN", 1, _null_safe(_sign)),
    ("SIN", 1, _guarded_math(math.sin)),
    ("SQRT", 1, _guarded_math(math.sqrt)),
    ("TAN", 1, _guarded_math(math.tan)),
]

VOLATILE = frozenset({"nu_uuid4"})
"""Functions that give another result at each call."""

AGGREGATES: list[tuple[str, int, type]] = [
    ("STDDEV_POP", 1, _PopulationDeviation),
    ("STDDEV_SAMP", 1, _SampleDeviation),
    ("VAR_POP", 1, _PopulationVariance),
    ("VAR_SAMP", 1, _SampleVariance),
    ("ANY_VALUE", 1, _AnyValue),
    ("BIT_AND", 1, _BitAnd),
    ("BIT_OR", 1, _BitOr),
    ("BIT_XOR", 1, _BitXor),
]

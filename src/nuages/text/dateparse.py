"""Dates, times and durations from text (documented as "utils.dateparse").

Each function returns None for text that is not well formed, and raises ValueError for well-formed text that names no valid moment.
"""

import datetime
import re

_DATE = r"(?P<year>\d{4})-(?P<month>\d{1,2})-(?P<day>\d{1,2})"
_TIME = r"(?P<hour>\d{1,2}):(?P<minute>\d{1,2})(?::(?P<second>\d{1,2})(?:[.,](?P<fraction>\d{1,6})\d{0,6})?)?"
_ZONE = r"(?P<zone>Z|[+-]\d{2}(?::?\d{2})?)?"

date_re = re.compile(rf"{_DATE}\Z")
time_re = re.compile(rf"{_TIME}\Z")
datetime_re = re.compile(rf"{_DATE}[T ]{_TIME}\s*{_ZONE}\Z")
standard_duration_re = re.compile(
    r"(?:(?P<days>-?\d+)(?: days?)?,? )?(?P<sign>-?)(?:(?:(?P<hours>\d+):)?(?P<minutes>\d+):)?"
    r"(?P<seconds>\d+)(?:[.,](?P<microseconds>\d{1,6})\d{0,6})?\Z"
)
iso8601_duration_re = re.compile(
    r"(?P<sign>[-+]?)P(?:(?P<weeks>\d+(?:[.,]\d+)?)W)?(?:(?P<days>\d+(?:[.,]\d+)?)D)?"
    r"(?:T(?:(?P<hours>\d+(?:[.,]\d+)?)H)?(?:(?P<minutes>\d+(?:[.,]\d+)?)M)?(?:(?P<seconds>\d+(?:[.,]\d+)?)S)?)?\Z"
)
postgres_interval_re = re.compile(
    r"(?:(?P<days>-?\d+) days? ?)?(?:(?P<sign>[-+])?(?P<hours>\d+):(?P<minutes>\d\d):(?P<seconds>\d\d)(?:\.(?P<microseconds>\d{1,6}))?)?\Z"
)


def _clock(match: "re.Match[str]") -> tuple[int, int, int, int]:
    fraction = (match["fraction"] or "").ljust(6, "0")
    return int(match["hour"]), int(match["minute"]), int(match["second"] or 0), int(fraction)


def parse_date(value: str) -> datetime.date | None:
    """Parse ``YYYY-MM-DD`` and the other ISO 8601 forms of a date."""
    try:
        return datetime.date.fromisoformat(value)
    except ValueError:
        match = date_re.match(value)
    return datetime.date(int(match["year"]), int(match["month"]), int(match["day"])) if match else None


def parse_time(value: str) -> datetime.time | None:
    """Parse ``HH:MM[:SS[.ffffff]]`` and the other ISO 8601 forms of a time; a UTC offset is left out."""
    try:
        return datetime.time.fromisoformat(value).replace(tzinfo=None)
    except ValueError:
        match = time_re.match(value)
    return datetime.time(*_clock(match)) if match else None


def parse_datetime(value: str) -> datetime.datetime | None:
    """Parse an ISO 8601 date with time and an optional UTC offset, which becomes a ``datetime.timezone``."""
    try:
        return datetime.datetime.fromisoformat(value)
    except ValueError:
        match = datetime_re.match(value)
    if match is None:
        return None
    return datetime.datetime(int(match["year"]), int(match["month"]), int(match["day"]), *_clock(match), tzinfo=_zone(match["zone"]))


def _zone(text: str | None) -> datetime.timezone | None:
    if text is None:
        return None
    if text == "Z":
        return datetime.UTC
    minutes = int(text[1:3]) * 60 + int(text[-2:] if len(text) > 3 else 0)
    return datetime.timezone(datetime.timedelta(minutes=-minutes if text[0] == "-" else minutes))


def parse_duration(value: str) -> datetime.timedelta | None:
    """Parse ``[D ]HH:MM:SS.ffffff``, an ISO 8601 duration of weeks, days and time, or PostgreSQL's day-time interval."""
    match = standard_duration_re.match(value) or iso8601_duration_re.match(value) or postgres_interval_re.match(value)
    if match is None:
        return None
    given = {name: text for name, text in match.groupdict().items() if text is not None}
    sign = -1 if given.pop("sign", "") == "-" else 1
    if "microseconds" in given:
        given["microseconds"] = given["microseconds"].ljust(6, "0")
    numbers = {name: float(text.replace(",", ".")) for name, text in given.items()}
    days = datetime.timedelta(days=numbers.pop("days", 0.0))
    if match.re is iso8601_duration_re:
        days *= sign
    return days + sign * datetime.timedelta(**numbers)

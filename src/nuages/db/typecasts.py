"""Texts of databases as dates, times and numbers, for back ends whose driver leaves that to them."""

from __future__ import annotations

import datetime
import decimal


def typecast_date(s: str | None) -> datetime.date | None:
    """``2005-07-29`` → a date."""
    return datetime.date(*map(int, s.split("-"))) if s else None


def typecast_time(s: str | None) -> datetime.time | None:
    """``17:09:10.123456`` → a time."""
    if not s:
        return None
    hours, minutes, seconds = s.split(":")
    whole, _, fraction = seconds.partition(".")
    return datetime.time(int(hours), int(minutes), int(whole), int((fraction + "000000")[:6]))


def typecast_timestamp(s: str | None) -> datetime.datetime | datetime.date | None:
    """``2005-07-29 15:48:00.59-05`` → a moment without a zone; a date alone stays one."""
    if not s:
        return None
    if " " not in s:
        return typecast_date(s)
    day, clock = s.split()
    for sign in "+-":
        clock = clock.partition(sign)[0]
    date, time = typecast_date(day), typecast_time(clock)
    assert date is not None and time is not None
    return datetime.datetime.combine(date, time)


def format_number(value: decimal.Decimal | None, max_digits: int | None, decimal_places: int | None) -> str | None:
    """A number as text, rounded to a column's places; ``decimal.Rounded`` where it has more digits than the column."""
    if value is None:
        return None
    context = decimal.getcontext().copy()
    if max_digits is not None:
        context.prec = max_digits
    if decimal_places is not None:
        value = value.quantize(decimal.Decimal(1).scaleb(-decimal_places), context=context)
    else:
        context.traps[decimal.Rounded] = True
        value = context.create_decimal(value)
    return f"{value:f}"

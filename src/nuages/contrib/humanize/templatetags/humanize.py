"""``{% load humanize %}``: numbers and moments as people say them (documentation: ref/contrib/humanize)."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from nuages.i18n import formats
from nuages.i18n.timesince import timesince, timeuntil
from nuages.i18n.timezone import is_aware
from nuages.i18n.translation import gettext as _
from nuages.i18n.translation import ngettext_lazy, npgettext_lazy, pgettext
from nuages.template.filters.dates import date as date_filter
from nuages.template.library import Library
from nuages.text.html import avoid_wrapping
from nuages.text.safestring import mark_safe

register = Library()

_ENDINGS = ("th", "st", "nd", "rd", "th", "th", "th", "th", "th", "th")
_WHOLE_AND_REST = re.compile(r"(-?)(\d+)((?:\.\d+)?)")
_WORDS = {
    6: ngettext_lazy("%(value)s million", "%(value)s million", "value"),
    9: ngettext_lazy("%(value)s billion", "%(value)s billion", "value"),
    12: ngettext_lazy("%(value)s trillion", "%(value)s trillion", "value"),
    15: ngettext_lazy("%(value)s quadrillion", "%(value)s quadrillion", "value"),
    18: ngettext_lazy("%(value)s quintillion", "%(value)s quintillion", "value"),
    21: ngettext_lazy("%(value)s sextillion", "%(value)s sextillion", "value"),
    24: ngettext_lazy("%(value)s septillion", "%(value)s septillion", "value"),
    27: ngettext_lazy("%(value)s octillion", "%(value)s octillion", "value"),
    30: ngettext_lazy("%(value)s nonillion", "%(value)s nonillion", "value"),
    33: ngettext_lazy("%(value)s decillion", "%(value)s decillion", "value"),
    100: ngettext_lazy("%(value)s googol", "%(value)s googol", "value"),
}
_DIGITS = ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine")
_UNITS = ("year", "month", "week", "day", "hour", "minute")
# In some languages the unit is declined differently before "ago" and before "from now": each has a context of its own.
_PAST = {unit: npgettext_lazy("naturaltime-past", f"%(num)d {unit}", f"%(num)d {unit}s", "num") for unit in _UNITS}
_FUTURE = {unit: npgettext_lazy("naturaltime-future", f"%(num)d {unit}", f"%(num)d {unit}s", "num") for unit in _UNITS}
_PHRASES = {
    ("second", False): ngettext_lazy("a second ago", "%(count)s seconds ago", "count"),
    ("minute", False): ngettext_lazy("a minute ago", "%(count)s minutes ago", "count"),
    ("hour", False): ngettext_lazy("an hour ago", "%(count)s hours ago", "count"),
    ("second", True): ngettext_lazy("a second from now", "%(count)s seconds from now", "count"),
    ("minute", True): ngettext_lazy("a minute from now", "%(count)s minutes from now", "count"),
    ("hour", True): ngettext_lazy("an hour from now", "%(count)s hours from now", "count"),
}


@register.filter(is_safe=True)
def ordinal(value: Any) -> Any:
    """``3`` as ``3rd``; negative numbers and what is no number stay as they are."""
    try:
        number = int(value)
    except (TypeError, ValueError):
        return value
    if number < 0:
        return str(number)
    last = number % 10
    if number % 100 in (11, 12, 13):
        text = pgettext("ordinal 11, 12, 13", "{}th")
    else:
        text = pgettext(f"ordinal {last}", f"{{}}{_ENDINGS[last]}")
    # Translations may hold markup (1<sup>er</sup>); the number itself cannot.
    return mark_safe(text.format(number))


@register.filter(is_safe=True)
def intcomma(value: Any, use_l10n: bool = True) -> Any:
    """``4500`` as ``4,500``, or with the separator of the language in force; ``None`` stays None."""
    if value is None:
        return None
    if use_l10n:
        try:
            number = value if isinstance(value, float | Decimal) else Decimal(str(value))
        except InvalidOperation:
            return intcomma(value, False)
        return formats.number_format(number, use_l10n=True, force_grouping=True)
    text = str(value)
    found = _WHOLE_AND_REST.match(text)
    if found is None:
        return text
    sign, whole, rest = found.groups()
    return f"{sign}{int(whole):,}{rest}{text[found.end():]}" if not whole.startswith("0") else text


@register.filter(is_safe=False)
def intword(value: Any) -> Any:
    """``1200000`` as ``1.2 million``, up to a googol; smaller numbers and what is no number stay as they are."""
    try:
        number = int(value)
    except (TypeError, ValueError):
        return value
    size = abs(number)
    if size < 10**6:
        return value
    for exponent, following in zip(_WORDS, (*_WORDS, 103)[1:], strict=True):
        if size < 10**following:
            amount = number / 10**exponent
            return _WORDS[exponent] % {"value": formats.number_format(round(amount, 1), 1)}
    return value


@register.filter(is_safe=True)
def apnumber(value: Any) -> Any:
    """One to nine in words, other numbers in digits (Associated Press style)."""
    try:
        number = int(value)
    except (TypeError, ValueError):
        return value
    return _(_DIGITS[number - 1]) if 0 < number < 10 else value


@register.filter(expects_localtime=True)
def naturalday(value: Any, arg: Any = None) -> Any:
    """``today``, ``tomorrow``, ``yesterday``, or the date in the format *arg* (``DATE_FORMAT``)."""
    zone = getattr(value, "tzinfo", None)
    try:
        day = date(value.year, value.month, value.day)
    except (AttributeError, ValueError):
        return value
    distance = (day - datetime.now(zone).date()).days
    if distance == 0:
        return _("today")
    if distance == 1:
        return _("tomorrow")
    if distance == -1:
        return _("yesterday")
    return date_filter(value, arg)


@register.filter
def naturaltime(value: Any) -> Any:
    """How long ago a moment was or how far off it is: ``29 seconds ago``, ``2 hours from now``."""
    if not isinstance(value, date):
        return value
    moment: Any = value if hasattr(value, "hour") else datetime(value.year, value.month, value.day)
    now = datetime.now(UTC if is_aware(moment) else None)
    future = moment > now
    distance = abs(now - moment)
    if distance.days:
        return _days_away(moment, now, future)
    if not distance.seconds:
        return _("now")
    return _hours_away(distance.seconds, future)


def _days_away(moment: datetime, now: datetime, future: bool) -> str:
    if future:
        return pgettext("naturaltime", "%(delta)s from now") % {"delta": timeuntil(moment, now, time_strings=_FUTURE)}
    return pgettext("naturaltime", "%(delta)s ago") % {"delta": timesince(moment, now, time_strings=_PAST)}


def _hours_away(seconds: int, future: bool) -> str:
    """The phrase for less than a day: seconds, minutes or hours, rounded down."""
    unit, length = ("second", 1) if seconds < 60 else ("minute", 60) if seconds < 3600 else ("hour", 3600)
    count = seconds // length
    return _kept_together(str(_PHRASES[unit, future] % {"count": count}), count)


def _kept_together(text: str, count: int) -> str:
    # No line break between a number and its unit.
    number = str(count)
    return text.replace(f"{number} ", avoid_wrapping(f"{number} "), 1)

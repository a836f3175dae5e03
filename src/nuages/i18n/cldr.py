"""Formats of dates and numbers per language, from the CLDR, in the documented notation."""

from __future__ import annotations

import functools
import re
from typing import Any

from babel import Locale
from babel.core import get_global

from nuages.conf import defaults
from nuages.i18n.languages import babel_locale

_FIELD = re.compile(r"'((?:[^']|'')*)'|(([a-zA-Z])\3*)|([^a-zA-Z']+)")
_CHARACTERS = {
    "d": "j", "dd": "d", "M": "n", "L": "n", "MM": "m", "LL": "m", "MMM": "M", "LLL": "M", "LLLL": "F", "y": "Y", "yy": "Y",
    "yyyy": "Y", "E": "D", "EEE": "D", "EEEE": "l", "H": "G", "HH": "H", "h": "g", "hh": "h", "m": "i", "mm": "i", "s": "s",
    "ss": "s", "a": "A",
}  # fmt: skip
_STRPTIME = {"d": "%d", "dd": "%d", "M": "%m", "MM": "%m", "L": "%m", "LL": "%m", "y": "%Y", "yy": "%Y", "yyyy": "%Y"}
_MARKS = re.compile("[\u200e\u200f]")
_LETTER = re.compile(r"([A-Za-z])")
_ENGLISH = (
    "DATE_FORMAT", "DATETIME_FORMAT", "TIME_FORMAT", "YEAR_MONTH_FORMAT", "MONTH_DAY_FORMAT", "SHORT_DATE_FORMAT",
    "SHORT_DATETIME_FORMAT", "FIRST_DAY_OF_WEEK", "DATE_INPUT_FORMATS", "DATETIME_INPUT_FORMATS", "DECIMAL_SEPARATOR",
    "THOUSAND_SEPARATOR",
)  # fmt: skip


def _translate(pattern: str, month: str) -> str:
    """Write a CLDR pattern with format characters; ``month`` is the one for a month's name inside a date."""
    out = []
    for match in _FIELD.finditer(_MARKS.sub("", pattern)):
        quoted, field, _, literal = match.groups()
        if field:
            out.append(month if field == "MMMM" else _CHARACTERS.get(field, ""))
        else:
            out.append(_LETTER.sub(r"\\\1", quoted if quoted is not None else literal))
    return "".join(out).strip(" ,")


def _strptime(pattern: str) -> list[str] | None:
    out = []
    for match in _FIELD.finditer(_MARKS.sub("", pattern)):
        quoted, field, _, literal = match.groups()
        if field and field not in _STRPTIME:
            return None
        out.append(_STRPTIME[field] if field else (quoted if quoted is not None else literal).replace("%", "%%"))
    long = "".join(out).strip()
    return [long, long.replace("%Y", "%y")]


def _skeleton(locale: Locale, *names: str) -> str | None:
    found = (locale.datetime_skeletons.get(name) for name in names)
    return next((str(pattern.pattern) for pattern in found if pattern is not None), None)


def _first_day(locale: Locale) -> int:
    if locale.territory is None:
        # Weeks belong to territories: a language alone stands for the one where most of its speakers live.
        likely = get_global("likely_subtags").get(str(locale))
        locale = (likely and babel_locale(likely)) or locale
    return (int(locale.first_week_day) + 1) % 7


def _grouping(locale: Locale) -> Any:
    primary, secondary = locale.decimal_formats[None].grouping
    return primary if primary == secondary else (primary, secondary, 0)


def _month_character(locale: Locale) -> str:
    inside, alone = (locale.months[form]["wide"] for form in ("format", "stand-alone"))
    return "E" if any(inside[month] != alone[month] for month in range(1, 13)) else "F"


@functools.lru_cache(maxsize=128)
def language_formats(language: str) -> dict[str, Any]:
    """Return the formats of a language by the names of their settings; empty for a language that the CLDR does not know."""
    if language in ("en", "en-us"):
        return {name: getattr(defaults, name) for name in _ENGLISH} | {"NUMBER_GROUPING": 3}
    locale = babel_locale(language)
    if locale is None:
        return {}
    month = _month_character(locale)
    write = functools.partial(_translate, month=month)
    date, time = write(locale.date_formats["long"].pattern), write(locale.time_formats["short"].pattern)
    short = write(locale.date_formats["short"].pattern).replace("j", "d").replace("n", "m")
    symbols = locale.number_symbols.get(locale.default_numbering_system) or locale.number_symbols.get("latn", {})
    latin = locale.number_symbols.get("latn") or symbols
    formats = {
        "DATE_FORMAT": date,
        "TIME_FORMAT": time,
        "DATETIME_FORMAT": f"{date} {time}",
        "SHORT_DATE_FORMAT": short,
        "SHORT_DATETIME_FORMAT": f"{short} {time}",
        "FIRST_DAY_OF_WEEK": _first_day(locale),
        # A narrow no-break space is one that few fonts, and nobody's keyboard, have.
        "DECIMAL_SEPARATOR": latin.get("decimal", "."),
        "THOUSAND_SEPARATOR": str(latin.get("group", ",")).replace("\u202f", "\xa0").replace("’", "'"),
        "NUMBER_GROUPING": _grouping(locale),
    }
    if pattern := _skeleton(locale, "yMMMM", "yMMM"):
        formats["YEAR_MONTH_FORMAT"] = write(pattern).replace("E", "F") if month == "E" and "LLLL" in pattern else write(pattern)
    if pattern := _skeleton(locale, "MMMMd", "MMMd"):
        formats["MONTH_DAY_FORMAT"] = write(pattern)
    if inputs := _strptime(locale.date_formats["short"].pattern):
        formats["DATE_INPUT_FORMATS"] = inputs
        formats["DATETIME_INPUT_FORMATS"] = [f"{day} {clock}" for day in inputs for clock in defaults.TIME_INPUT_FORMATS]
    return formats

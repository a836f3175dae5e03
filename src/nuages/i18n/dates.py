"""Names of months and weekdays, translated when they are shown.

A project's or application's catalog wins; where it has nothing, the names come from the CLDR.
"""

from __future__ import annotations

from typing import Any

from nuages.i18n import catalogs
from nuages.i18n.catalogs import CONTEXT_SEPARATOR
from nuages.i18n.languages import babel_locale
from nuages.i18n.translation import get_language
from nuages.text.lazy import lazy

_MONTHS = "January February March April May June July August September October November December".split()  # noqa: SIM905
_WEEKDAYS = "Monday Tuesday Wednesday Thursday Friday Saturday Sunday".split()  # noqa: SIM905
# Months of up to five letters are not abbreviated in the style of the Associated Press.
_PRESS = ["Jan.", "Feb.", "March", "April", "May", "June", "July", "Aug.", "Sept.", "Oct.", "Nov.", "Dec."]


def _shown(text: str, kind: str, form: str, width: str, number: int, context: str | None) -> str:
    language = get_language()
    if not language or language.startswith("en"):
        return text
    key = f"{context}{CONTEXT_SEPARATOR}{text}" if context else text
    translated = catalogs.load(language).find(key)
    if translated:
        return translated
    locale = babel_locale(language)
    names: Any = getattr(locale, kind)[form][width] if locale else {}
    return str(names.get(number, text))


_lazily = lazy(_shown, str)


def _months(texts: list[str], form: str, width: str, context: str | None = None) -> dict[int, str]:
    return {n: _lazily(text, "months", form, width, n, context) for n, text in enumerate(texts, 1)}


def _days(texts: list[str], width: str) -> dict[int, str]:
    return {n: _lazily(text, "days", "stand-alone", width, n, None) for n, text in enumerate(texts)}


WEEKDAYS = _days(_WEEKDAYS, "wide")
WEEKDAYS_ABBR = _days([name[:3] for name in _WEEKDAYS], "abbreviated")
WEEKDAYS_REV = {name.lower(): n for n, name in enumerate(_WEEKDAYS)}
MONTHS = _months(_MONTHS, "stand-alone", "wide")
MONTHS_3 = _months([name[:3].lower() for name in _MONTHS], "stand-alone", "abbreviated")
MONTHS_3_REV = {name[:3].lower(): n for n, name in enumerate(_MONTHS, 1)}
MONTHS_AP = _months(_PRESS, "format", "abbreviated", "abbrev. month")
MONTHS_ALT = _months(_MONTHS, "format", "wide", "alt. month")

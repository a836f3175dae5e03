"""What is known of languages: names and directions of writing (from the CLDR, through Babel)."""

from __future__ import annotations

import functools
from collections.abc import Iterator, Mapping
from typing import Any

from babel import Locale, UnknownLocaleError

from nuages.conf import defaults
from nuages.i18n.codes import FALLBACKS, to_locale
from nuages.i18n.translation import gettext


@functools.lru_cache(maxsize=256)
def babel_locale(language: str) -> Locale | None:
    """Return the CLDR's locale for a language code, or for the closest one that it knows; None if there is none."""
    parts = to_locale(language.partition("@")[0]).split("-")[0].split("_")
    while parts:
        try:
            return Locale.parse("_".join(parts))
        except (UnknownLocaleError, ValueError):
            parts.pop()
    return None


@functools.lru_cache(maxsize=256)
def _described(code: str) -> dict[str, Any] | None:
    locale = babel_locale(code)
    if locale is None or locale.language != code.partition("-")[0]:
        return None
    names = dict(defaults.LANGUAGES)
    name = names.get(code) or locale.get_display_name("en") or code
    return {
        "bidi": locale.text_direction == "rtl",
        "code": code,
        "name": name,
        "name_local": locale.get_display_name() or name,
    }


def language_info(code: str) -> dict[str, Any]:
    """Return ``code``, ``name`` (English), ``name_local`` and ``bidi``. Raises KeyError for a code that nothing is known of."""
    lowered = code.lower()
    generic = code.partition("-")[0]
    if lowered in FALLBACKS:
        lowered = FALLBACKS[lowered][0]
    found = _described(lowered) if lowered in dict(defaults.LANGUAGES) or generic == code else None
    if found is None:
        found = _described(generic)
        if found is None:
            raise KeyError(f"Unknown language code {code} and {generic}." if generic != code else f"Unknown language code {code}.")
    return dict(found)


def get_language_info(lang_code: str) -> dict[str, Any]:
    """Return a dict with ``code``, ``name``, ``name_local``, ``name_translated`` and ``bidi``. Raises KeyError."""
    info = language_info(lang_code)
    info["name_translated"] = gettext(info["name"])
    return info


class _LanguageInfo(Mapping[str, Any]):
    """What is known of each language in the default LANGUAGES, by code."""

    def __getitem__(self, code: str) -> dict[str, Any]:
        if code in FALLBACKS:
            return {"fallback": FALLBACKS[code]}
        if code not in self._codes():
            raise KeyError(code)
        return language_info(code)

    def __iter__(self) -> Iterator[str]:
        yield from self._codes()
        yield from FALLBACKS

    def __len__(self) -> int:
        return len(self._codes()) + len(FALLBACKS)

    @staticmethod
    def _codes() -> dict[str, str]:
        return dict(defaults.LANGUAGES)


LANG_INFO = _LanguageInfo()

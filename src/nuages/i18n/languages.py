"""Language codes and locale names, and what is known of languages (from the CLDR, through Babel)."""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator, Mapping
from typing import Any

from babel import Locale, UnknownLocaleError

from nuages.conf import defaults

LANGUAGE_CODE_MAX_LENGTH = 500
# BCP 47, leniently: subtags of up to eight characters, with "@" allowed for the sake of old locale names.
language_code_re = re.compile(r"[a-z]{1,8}(?:-[a-z0-9]{1,8})*(?:@[a-z0-9]{1,20})?\Z", re.IGNORECASE)

# Codes of Chinese by territory, and the script that is written there.
FALLBACKS = {
    "zh-cn": ["zh-hans"], "zh-hk": ["zh-hant"], "zh-mo": ["zh-hant"], "zh-my": ["zh-hans"], "zh-sg": ["zh-hans"],
    "zh-tw": ["zh-hant"],
}  # fmt: skip


def to_language(locale: str) -> str:
    """Turn a locale name (``en_US``) into a language code (``en-us``)."""
    return locale.replace("_", "-").lower()


def to_locale(language: str) -> str:
    """Turn a language code (``en-us``) into a locale name (``en_US``)."""
    first, _, rest = language.lower().replace("_", "-").partition("-")
    if not rest:
        return first
    region, dash, tail = rest.partition("-")
    region = region.title() if len(region) > 2 else region.upper()
    return f"{first}_{region}{dash}{tail}"


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

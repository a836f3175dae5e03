"""Language codes (``en-us``) and locale names (``en_US``)."""

from __future__ import annotations

import re

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

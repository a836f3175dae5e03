"""Which language to use: for a request, a path, or a code that may be only nearly right."""

from __future__ import annotations

import functools
import re
from typing import Any

from nuages.conf import defaults, settings
from nuages.i18n import catalogs
from nuages.i18n.codes import FALLBACKS, LANGUAGE_CODE_MAX_LENGTH, language_code_re

ACCEPT_LANGUAGE_HEADER_MAX_LENGTH = 500

_RANGE = re.compile(r"(?P<range>[a-z]{1,8}(?:-[a-z0-9]{1,8})*|\*)(?:\s*;\s*q=(?P<q>[01](?:\.[0-9]{0,3})?))?\s*\Z", re.IGNORECASE | re.ASCII)
_PATH_PREFIX = re.compile(r"/(?P<code>\w+(?:[@-]\w+){0,2})(?:/|\Z)")


@functools.lru_cache
def get_languages() -> dict[str, str]:
    """Return LANGUAGES as a dict."""
    return dict(settings.LANGUAGES)


@functools.lru_cache
def _known_languages() -> frozenset[str]:
    return frozenset(code for code, _ in defaults.LANGUAGES)


@functools.lru_cache(maxsize=1000)
def check_for_language(lang_code: str | None) -> bool:
    """Tell whether the language can be used: it has a catalog, or formats and names of its own."""
    if lang_code is None or len(lang_code) > LANGUAGE_CODE_MAX_LENGTH or not language_code_re.match(lang_code):
        return False
    # A variant is at least its general language.
    codes = {lang_code.lower(), re.split("[-@]", lang_code.lower())[0]}
    return not codes.isdisjoint(_known_languages()) or any(map(catalogs.exists, codes))


def get_supported_language_variant(lang_code: str, strict: bool = False) -> str:
    """Return the language in LANGUAGES for ``lang_code``: itself, a more general one or, unless ``strict``, a sibling.

    Raises LookupError if there is none.
    """
    if not lang_code or (not settings.USE_I18N and lang_code.lower() != settings.LANGUAGE_CODE.lower()):
        raise LookupError(lang_code)
    if not settings.USE_I18N:
        return lang_code
    if len(lang_code) > LANGUAGE_CODE_MAX_LENGTH:
        # Long codes are cut at a subtag, so that they cannot be used to fill the cache.
        cut = lang_code[:LANGUAGE_CODE_MAX_LENGTH].rpartition("-")[0]
        if not strict and cut:
            return get_supported_language_variant(cut, strict)
        raise LookupError("The language code is longer than any that is accepted.")
    return _variant(lang_code, strict)


@functools.lru_cache(maxsize=1000)
def _variant(lang_code: str, strict: bool) -> str:
    supported = get_languages()
    candidates = [lang_code, *FALLBACKS.get(lang_code.lower(), ())]
    shorter = lang_code
    while "-" in shorter:
        shorter = shorter.rpartition("-")[0]
        candidates.append(shorter)
    for code in candidates:
        if code.lower() in supported and check_for_language(code):
            return str(code)
    if not strict:
        generic = lang_code.partition("-")[0]
        for code in supported:
            if code.startswith(f"{generic}-"):
                return str(code)
    raise LookupError(lang_code)


def get_language_from_path(path: str, strict: bool = False) -> str | None:
    """Return the supported language that ``path`` begins with, or None."""
    match = _PATH_PREFIX.match(path)
    if match is None or not settings.USE_I18N:
        return None
    try:
        return get_supported_language_variant(match["code"], strict=strict)
    except (LookupError, ValueError):
        return None


@functools.lru_cache(maxsize=1000)
def _parsed(header: str) -> tuple[tuple[str, float], ...]:
    ranges = []
    parts = [part.strip() for part in header.split(",")]
    if parts and not parts[-1]:
        parts.pop()
    for part in parts:
        match = _RANGE.match(part)
        if match is None:
            return ()
        quality = float(match["q"] or 1)
        if quality > 1:
            return ()
        ranges.append((match["range"].lower(), quality))
    return tuple(sorted(ranges, key=lambda item: -item[1]))


def parse_accept_lang_header(lang_string: str) -> tuple[tuple[str, float], ...]:
    """Return the language ranges of an ``Accept-Language`` header with their weights, the best first.

    An invalid header gives nothing; of a long one only what stands in the first 500 characters counts.
    """
    if len(lang_string) <= ACCEPT_LANGUAGE_HEADER_MAX_LENGTH:
        return _parsed(lang_string)
    # Never cut inside a range, which could turn it into another language.
    cut = lang_string.rfind(",", 0, ACCEPT_LANGUAGE_HEADER_MAX_LENGTH)
    return _parsed(lang_string[:cut]) if cut > 0 else ()


def get_language_from_request(request: Any, check_path: bool = False) -> str:
    """Return the best supported language: of the path (if asked for), the cookie, the header, or LANGUAGE_CODE."""
    if not settings.USE_I18N:
        return str(settings.LANGUAGE_CODE)
    if check_path and (code := get_language_from_path(request.path_info)) is not None:
        return code
    cookie = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME)
    if cookie is not None and cookie in get_languages() and check_for_language(cookie):
        return str(cookie)
    wishes = [cookie] if cookie else []
    wishes += [code for code, _ in parse_accept_lang_header(request.META.get("HTTP_ACCEPT_LANGUAGE", ""))]
    for code in wishes:
        if code == "*":
            break
        if language_code_re.match(code):
            try:
                return get_supported_language_variant(code)
            except (LookupError, ValueError):
                continue
    try:
        return get_supported_language_variant(settings.LANGUAGE_CODE)
    except LookupError:
        return str(settings.LANGUAGE_CODE)


def forget_languages() -> None:
    """Drop what was derived from settings."""
    for cached in (get_languages, check_for_language, _variant, _parsed):
        cached.cache_clear()

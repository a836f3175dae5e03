"""Formats of the language in force, and values shown and read by them (documented in "Format localization")."""

from __future__ import annotations

import datetime as dt
import decimal
import functools
from collections.abc import Iterator
from importlib import import_module
from importlib.util import find_spec
from types import ModuleType
from typing import Any

from nuages.conf import settings
from nuages.i18n import dateformat, numberformat
from nuages.i18n.cldr import language_formats
from nuages.i18n.codes import to_locale
from nuages.i18n.translation import check_for_language, get_language
from nuages.signals import receiver, setting_changed
from nuages.text.lazy import lazy

FORMAT_SETTINGS = frozenset(
    {
        "DECIMAL_SEPARATOR", "THOUSAND_SEPARATOR", "NUMBER_GROUPING", "FIRST_DAY_OF_WEEK", "MONTH_DAY_FORMAT", "TIME_FORMAT",
        "DATE_FORMAT", "DATETIME_FORMAT", "SHORT_DATE_FORMAT", "SHORT_DATETIME_FORMAT", "YEAR_MONTH_FORMAT", "DATE_INPUT_FORMATS",
        "TIME_INPUT_FORMATS", "DATETIME_INPUT_FORMATS",
    }
)  # fmt: skip
ISO_INPUT_FORMATS = {
    "DATE_INPUT_FORMATS": ["%Y-%m-%d"],
    "TIME_INPUT_FORMATS": ["%H:%M:%S", "%H:%M:%S.%f", "%H:%M"],
    "DATETIME_INPUT_FORMATS": ["%Y-%m-%d %H:%M:%S", "%Y-%m-%d %H:%M:%S.%f", "%Y-%m-%d %H:%M", "%Y-%m-%d"],
}

#: What is written with the separators of a language.
NUMBERS = (decimal.Decimal, float, int)

_format_cache: dict[tuple[str, str | None], Any] = {}
_separators_cache: dict[str | None, tuple[Any, ...]] = {}


def reset_format_cache() -> None:
    """Forget the formats that were looked up."""
    _format_cache.clear()
    _separators_cache.clear()
    _modules.cache_clear()


def iter_format_modules(lang: str, format_module_path: Any = None) -> Iterator[ModuleType]:
    """Yield the project's modules of formats for a language, its variant before the general one (FORMAT_MODULE_PATH)."""
    if not format_module_path or not check_for_language(lang):
        return
    paths = [format_module_path] if isinstance(format_module_path, str) else format_module_path
    locale = to_locale(lang)
    locales = [locale] if "_" not in locale else [locale, locale.partition("_")[0]]
    for path in paths:
        for name in locales:
            if _present(f"{path}.{name}"):
                yield import_module(f"{path}.{name}.formats")


def _present(package: str) -> bool:
    try:
        return find_spec(f"{package}.formats") is not None
    except ModuleNotFoundError:
        return False


@functools.lru_cache(maxsize=128)
def _modules(lang: str) -> tuple[ModuleType, ...]:
    return tuple(iter_format_modules(lang, settings.FORMAT_MODULE_PATH))


def get_format_modules(lang: str | None = None) -> list[ModuleType]:
    """Return the project's modules of formats for a language (the one in force)."""
    language = lang or get_language()
    return list(_modules(language)) if language else []


def get_format(format_type: Any, lang: str | None = None, use_l10n: bool | None = None) -> Any:
    """Return the format called ``format_type`` for a language (the one in force); what is no such name is returned itself.

    It comes from FORMAT_MODULE_PATH, else the language's own, else the setting; input formats always end with the ISO ones.
    """
    name = str(format_type)
    if name not in FORMAT_SETTINGS:
        # Projects may have formats of their own names in their modules.
        return _custom(name, lang or get_language(), format_type) if use_l10n is not False else format_type
    if use_l10n is False:
        return getattr(settings, name)
    if lang is None:
        lang = get_language()
    key = (name, lang)
    if key in _format_cache:
        return _format_cache[key]
    value = _found(name, lang)
    if value is None:
        value = getattr(settings, name)
    elif name in ISO_INPUT_FORMATS:
        value = [*value, *(iso for iso in ISO_INPUT_FORMATS[name] if iso not in value)]
    _format_cache[key] = value
    return value


def _custom(name: str, lang: str | None, otherwise: Any) -> Any:
    if lang is None or not name.isidentifier() or not settings.FORMAT_MODULE_PATH:
        return otherwise
    return next((getattr(module, name) for module in _modules(lang) if hasattr(module, name)), otherwise)


def _found(name: str, lang: str | None) -> Any:
    if lang is None:
        return None
    for module in _modules(lang):
        if hasattr(module, name):
            return getattr(module, name)
    return language_formats(lang).get(name)


get_format_lazy = lazy(get_format, str, list, tuple)


def date_format(value: Any, format: Any = None, use_l10n: bool | None = None) -> str:
    """Format a date or datetime by a format or the name of one (DATE_FORMAT)."""
    return dateformat.format(value, get_format(format or "DATE_FORMAT", use_l10n=use_l10n))


def time_format(value: Any, format: Any = None, use_l10n: bool | None = None) -> str:
    """Format a time by a format or the name of one (TIME_FORMAT)."""
    return dateformat.time_format(value, get_format(format or "TIME_FORMAT", use_l10n=use_l10n))


def number_format(value: Any, decimal_pos: int | None = None, use_l10n: bool | None = None, force_grouping: bool = False) -> str:
    """Format a number with the separators of the language in force."""
    decimal_separator, grouping, thousand_separator = _separators(use_l10n)
    kind = type(value)
    if (kind is decimal.Decimal or kind is float) and decimal_pos is None and not force_grouping and not settings.USE_THOUSAND_SEPARATOR:
        digits = str(value)
        if "E" not in digits and "e" not in digits and len(digits) <= numberformat.MOST_DIGITS:
            return digits if decimal_separator == "." else digits.replace(".", decimal_separator)
    return numberformat.format(
        value,
        decimal_separator,
        decimal_pos,
        grouping,
        thousand_separator,
        force_grouping=force_grouping,
        use_l10n=use_l10n,
    )


def _separators(use_l10n: bool | None) -> Any:
    if use_l10n is False:
        return settings.DECIMAL_SEPARATOR, settings.NUMBER_GROUPING, settings.THOUSAND_SEPARATOR
    lang = get_language()
    found = _separators_cache.get(lang)
    if found is None:
        names = ("DECIMAL_SEPARATOR", "NUMBER_GROUPING", "THOUSAND_SEPARATOR")
        found = _separators_cache[lang] = tuple(get_format(name, lang, use_l10n=use_l10n) for name in names)
    return found


def localize(value: Any, use_l10n: bool | None = None) -> Any:
    """Return numbers, dates and times as text of the language in force; anything else as it is."""
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return str(value)
    if isinstance(value, NUMBERS):
        return str(value) if use_l10n is False else number_format(value, use_l10n=use_l10n)
    if isinstance(value, dt.datetime):
        return date_format(value, "DATETIME_FORMAT", use_l10n=use_l10n)
    if isinstance(value, dt.date):
        return date_format(value, use_l10n=use_l10n)
    return time_format(value, use_l10n=use_l10n) if isinstance(value, dt.time) else value


def localize_input(value: Any, default: str | None = None) -> Any:
    """Return ``value`` as an input field of the language in force would have it."""
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return str(value)
    if isinstance(value, NUMBERS):
        return number_format(value)
    for kind, name in ((dt.datetime, "DATETIME_INPUT_FORMATS"), (dt.date, "DATE_INPUT_FORMATS"), (dt.time, "TIME_INPUT_FORMATS")):
        if isinstance(value, kind):
            return value.strftime(sanitize_strftime_format(default or get_format(name)[0]))
    return value


@functools.lru_cache
def sanitize_strftime_format(fmt: str) -> str:
    """Make years four digits wide on platforms whose ``strftime`` leaves out leading zeros."""
    if dt.date(1, 1, 1).strftime("%Y") == "0001":
        return fmt
    out, position = [], 0
    while position < len(fmt):
        pair = fmt[position : position + 2]
        if pair[0] != "%":
            out.append(pair[0])
            position += 1
            continue
        out.append({"%Y": "%04Y", "%G": "%04G", "%C": "%02C", "%F": "%04Y-%m-%d"}.get(pair, pair))
        position += 2
    return "".join(out)


def sanitize_separators(value: Any) -> Any:
    """Read a number that was typed with the separators of the language in force: ``1.234,5`` as ``1234.5``."""
    if not isinstance(value, str):
        return value
    decimal_separator = get_format("DECIMAL_SEPARATOR")
    thousand_separator = get_format("THOUSAND_SEPARATOR")
    whole, found, fraction = value.partition(decimal_separator)
    if not found:
        whole, fraction = value, ""
    if settings.USE_THOUSAND_SEPARATOR and thousand_separator:
        # In "12.34" a dot is hardly a separator of thousands: no group of three follows it.
        typo = thousand_separator == "." and whole.count(".") == 1 and not found and len(whole.rpartition(".")[2]) != 3
        if not typo:
            for separator in {thousand_separator, thousand_separator.replace("\xa0", " ")}:
                whole = whole.replace(separator, "")
    return f"{whole}.{fraction}" if found else whole


@receiver(setting_changed)
def _follow_settings(*, setting: str, **kwargs: Any) -> None:
    if setting in FORMAT_SETTINGS or setting in {"FORMAT_MODULE_PATH", "LANGUAGE_CODE", "USE_I18N", "USE_THOUSAND_SEPARATOR"}:
        reset_format_cache()

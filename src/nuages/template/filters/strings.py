"""Filters of strings."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import quote

from nuages.i18n.prose import Truncator, truncated
from nuages.template.filters.registry import register, stringfilter
from nuages.text import formatting
from nuages.text.encoding import iri_to_uri
from nuages.text.safestring import SafeData, mark_safe

__all__ = [
    "addslashes",
    "capfirst",
    "center",
    "cut",
    "iriencode",
    "ljust",
    "lower",
    "make_list",
    "phone2numeric_filter",
    "rjust",
    "slugify",
    "stringformat",
    "title",
    "truncatechars",
    "truncatewords",
    "upper",
    "urlencode",
    "wordcount",
    "wordwrap",
]

_QUOTED = re.compile(r"[\\\"']")
_AFTER_APOSTROPHE = re.compile(r"([a-z])'([A-Z])")
_AFTER_DIGIT = re.compile(r"\d([A-Z])")


@register.filter(is_safe=True)
@stringfilter
def addslashes(value: str) -> str:
    """Put a backslash before quotes and backslashes."""
    return _QUOTED.sub(r"\\\g<0>", value)


@register.filter(is_safe=True)
@stringfilter
def capfirst(value: str) -> str:
    """Make the first character a capital."""
    return value and value[0].upper() + value[1:]


@register.filter(is_safe=True)
@stringfilter
def center(value: str, arg: Any) -> str:
    """Centre in a field of that width."""
    # Not str.center(), which puts the odd space on the other side.
    return f"{value:^{max(int(arg), 0)}}"


@register.filter
@stringfilter
def cut(value: str, arg: Any) -> str:
    """Take out all occurrences of a string."""
    rest = value.replace(arg, "")
    # Without its semicolons, safe text may hold broken entities.
    return mark_safe(rest) if isinstance(value, SafeData) and arg != ";" else rest


@register.filter(is_safe=True)
@stringfilter
def iriencode(value: str) -> str:
    """Make an IRI fit for a URL."""
    return str(iri_to_uri(value))


@register.filter(is_safe=True)
@stringfilter
def ljust(value: str, arg: Any) -> str:
    """Align to the left in a field of that width."""
    return value.ljust(int(arg))


@register.filter(is_safe=True)
@stringfilter
def lower(value: str) -> str:
    """Make all letters small."""
    return value.lower()


lower.plain = str.lower  # type: ignore[attr-defined]


@register.filter(is_safe=False)
@stringfilter
def make_list(value: str) -> list[str]:
    """Return the list of the characters, or of a number's digits."""
    return list(value)


@register.filter("phone2numeric", is_safe=True)
@stringfilter
def phone2numeric_filter(value: str) -> str:
    """Turn the letters of a telephone number into digits."""
    return formatting.phone2numeric(value)


@register.filter(is_safe=True)
@stringfilter
def rjust(value: str, arg: Any) -> str:
    """Align to the right in a field of that width."""
    return value.rjust(int(arg))


@register.filter(is_safe=True)
@stringfilter
def slugify(value: str) -> str:
    """Make a slug: small ASCII letters, digits, underscores and hyphens."""
    return formatting.slugify(value)


@register.filter(is_safe=True)
def stringformat(value: Any, arg: Any) -> str:
    """Format by a printf-style specifier without its percent sign; empty when the value does not fit it."""
    # A tuple would be taken for several values.
    subject = str(value) if isinstance(value, tuple) else value
    try:
        return f"%{arg}" % subject
    except (ValueError, TypeError):
        return ""


@register.filter(is_safe=True)
@stringfilter
def title(value: str) -> str:
    """Make the first letter of each word a capital, but not the one after an apostrophe or a digit."""
    text = _AFTER_APOSTROPHE.sub(lambda match: match[0].lower(), value.title())
    return _AFTER_DIGIT.sub(lambda match: match[0].lower(), text)


@register.filter(is_safe=True)
@stringfilter
def truncatechars(value: str, arg: Any) -> str:
    """Cut to a number of characters, the ellipsis included."""
    try:
        length = int(arg)
    except ValueError:
        return value
    return truncated(value, length)


@register.filter(is_safe=True)
@stringfilter
def truncatewords(value: str, arg: Any) -> str:
    """Cut after a number of words; line breaks become spaces."""
    try:
        length = int(arg)
    except ValueError:
        return value
    return Truncator(value).words(length, truncate=" …")


@register.filter(is_safe=False)
@stringfilter
def upper(value: str) -> str:
    """Make all letters capitals."""
    return value.upper()


upper.plain = str.upper  # type: ignore[attr-defined]


@register.filter(is_safe=False)
@stringfilter
def urlencode(value: str, safe: str | None = None) -> str:
    """Quote for a URL; ``safe`` are the characters to leave (by default the slash)."""
    return quote(value) if safe is None else quote(value, safe=safe)


@register.filter(is_safe=False)
@stringfilter
def wordcount(value: str) -> int:
    """Count the words."""
    return len(value.split())


@register.filter(is_safe=True)
@stringfilter
def wordwrap(value: str, arg: Any) -> str:
    """Break lines at a number of characters."""
    return formatting.wrap(value, int(arg))

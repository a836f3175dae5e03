"""Filters that choose: defaults, plural endings, words for true and false."""

from __future__ import annotations

from typing import Any

from nuages.i18n.translation import gettext
from nuages.template.filters.registry import register

__all__ = ["default", "default_if_none", "pluralize", "yesno"]


@register.filter(is_safe=False)
def default(value: Any, arg: Any) -> Any:
    """Return the argument for a value that is false."""
    return value or arg


@register.filter(is_safe=False)
def default_if_none(value: Any, arg: Any) -> Any:
    """Return the argument for None."""
    return arg if value is None else value


# Generated code writes these two as expressions; {0} is the value, {1} the argument.
default.inline = "{0} or {1}"  # type: ignore[attr-defined]
default_if_none.inline = "{1} if {0} is None else {0}"  # type: ignore[attr-defined]


@register.filter(is_safe=False)
def pluralize(value: Any, arg: str = "s") -> str:
    """Return the ending for a number, or for the length of a list: ``plural`` or ``singular,plural``."""
    endings = arg.split(",") if "," in arg else ["", arg]
    if len(endings) > 2:
        return ""
    singular, plural = endings
    try:
        return singular if float(value) == 1 else plural
    except ValueError:
        return ""
    except TypeError:
        try:
            return singular if len(value) == 1 else plural
        except TypeError:
            return ""


@register.filter(is_safe=False)
def yesno(value: Any, arg: Any = None) -> Any:
    """Return a word for true, false and None: ``yes,no,maybe``; without the third, None is false."""
    # Translators: keep the commas; the words are for true, false and unknown.
    words = (gettext("yes,no,maybe") if arg is None else arg).split(",")
    if len(words) < 2:
        return value
    yes, no, *rest = words
    if value is None:
        return rest[0] if len(rest) == 1 else no
    return yes if value else no

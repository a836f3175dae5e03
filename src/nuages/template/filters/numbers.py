"""Filters of numbers."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Context, Decimal, InvalidOperation
from functools import lru_cache
from typing import Any

from nuages.i18n import formats
from nuages.i18n.translation import gettext, ngettext
from nuages.template.filters.registry import register
from nuages.text.html import avoid_wrapping
from nuages.text.safestring import mark_safe

__all__ = ["add", "divisibleby", "filesizeformat", "floatformat", "get_digit"]

#: Longer numbers are shown as they are: formatting them would take too long.
_MAX_DIGITS = 200
#: Precise enough for almost all numbers and places; one that is made for each number costs as much as the rounding.
_ROUNDING = Context(prec=2 * _MAX_DIGITS)


@register.filter(is_safe=False)
def add(value: Any, arg: Any) -> Any:
    """Add: as whole numbers if both are, else as what they are; empty when that fails."""
    try:
        value, arg = int(value), int(arg)
    except (ValueError, TypeError):
        pass
    try:
        return value + arg
    except Exception:
        return ""


@register.filter(is_safe=False)
def divisibleby(value: Any, arg: Any) -> bool:
    """Say whether the value is a multiple of the argument."""
    return int(value) % int(arg) == 0


@register.filter(is_safe=True)
def filesizeformat(bytes_: Any) -> str:
    """Show a size in bytes as people read it."""
    try:
        size = int(bytes_)
    except (TypeError, ValueError, UnicodeDecodeError):
        value = ngettext("%(size)d byte", "%(size)d bytes", 0) % {"size": 0}
        return avoid_wrapping(value)
    negative, size = size < 0, abs(size)
    if size < 1 << 10:
        text = ngettext("%(size)d byte", "%(size)d bytes", size) % {"size": size}
    else:
        units = [gettext("%s KB"), gettext("%s MB"), gettext("%s GB"), gettext("%s TB"), gettext("%s PB")]
        power = min((size.bit_length() - 1) // 10, len(units))
        text = units[power - 1] % formats.number_format(round(size / (1 << 10 * power), 1), 1)
    return avoid_wrapping(f"-{text}" if negative else text)


@register.filter(is_safe=True)
def floatformat(text: Any, arg: Any = -1) -> str:
    """Round to a number of decimal places; with a negative number only when there are any.

    The argument may end in ``g`` (group thousands) and ``u`` (do not localize).
    """
    grouping, localized, places = _float_options(arg)
    shown = str(text)
    number = _decimal(text, shown)
    if number is None:
        return ""
    try:
        wanted = int(places)
    except ValueError:
        return shown
    digits, exponent = number.as_tuple()[1:]
    if not isinstance(exponent, int) or len(digits) + abs(exponent) > _MAX_DIGITS:
        return shown
    fraction = int(number) - number
    if not fraction and wanted <= 0:
        return mark_safe(formats.number_format(f"{int(number):d}", 0, use_l10n=localized, force_grouping=grouping))
    rounded = _rounded(number, abs(wanted), len(digits) + (-exponent if fraction else exponent))
    return mark_safe(formats.number_format(rounded, abs(wanted), use_l10n=localized, force_grouping=grouping))


def _float_options(arg: Any) -> tuple[bool, bool, Any]:
    if not isinstance(arg, str):
        return False, True, arg
    suffix = arg[-2:] if arg[-2:] in ("gu", "ug") else arg[-1:] if arg[-1:] in ("g", "u") else ""
    rest = arg[: len(arg) - len(suffix)]
    return "g" in suffix, "u" not in suffix, rest or (-1 if suffix else rest)


def _decimal(value: Any, shown: str) -> Decimal | None:
    if type(value) is Decimal:
        return value
    try:
        return Decimal(shown)
    except InvalidOperation:
        try:
            return Decimal(str(float(value)))
        except (ValueError, InvalidOperation, TypeError):
            return None


@lru_cache(maxsize=64)
def _quantum(places: int) -> Decimal:
    return Decimal(1).scaleb(-places)


def _rounded(number: Decimal, places: int, units: int) -> str:
    needed = places + units + 1
    rounded = number.quantize(_quantum(places), ROUND_HALF_UP, _ROUNDING if needed <= _ROUNDING.prec else Context(prec=needed))
    # Nothing is left of a small negative number: it has no sign either.
    return format(rounded if rounded else abs(rounded), "f")


@register.filter(is_safe=False)
def get_digit(value: Any, arg: Any) -> Any:
    """Return a digit of a whole number, counted from the right, from 1; the value itself when it is none."""
    try:
        position, number = int(arg), int(value)
    except ValueError:
        return value
    if position < 1:
        return number
    try:
        return int(str(number)[-position])
    except IndexError:
        return 0

"""Numbers as text, with separators."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from nuages.conf import settings
from nuages.text.safestring import mark_safe

# Decimals of more digits are written with an exponent: a short string could else ask for gigabytes of zeros.
MOST_DIGITS = 200


def format(
    number: Any,
    decimal_sep: str,
    decimal_pos: int | None = None,
    grouping: Any = 0,
    thousand_sep: str = "",
    force_grouping: bool = False,
    use_l10n: bool | None = None,
) -> str:
    """Return ``number`` with ``decimal_sep``, cut or padded to ``decimal_pos`` decimals.

    ``grouping`` is the size of groups between ``thousand_sep``, or a sequence of sizes from the right (0 repeats the last).
    Groups are made if USE_THOUSAND_SEPARATOR says so (and ``use_l10n`` does not forbid it) or ``force_grouping``.
    """
    if number is None or number == "":
        return str(mark_safe(str(number)))
    grouped = (use_l10n is None or use_l10n) and settings.USE_THOUSAND_SEPARATOR
    grouped = (grouped or force_grouping) and grouping != 0
    if isinstance(number, int) and not grouped and not decimal_pos:
        return mark_safe(str(int(number)))
    digits = _plain(number, decimal_pos)
    if "e" in digits:
        mantissa, _, exponent = digits.partition("e")
        shown = format(mantissa, decimal_sep, decimal_pos, grouping, thousand_sep, force_grouping, use_l10n)
        return f"{shown}e{exponent}"
    sign = "-" if digits.startswith("-") else ""
    whole, _, fraction = digits.removeprefix("-").partition(".")
    if decimal_pos is not None:
        fraction = fraction[:decimal_pos].ljust(decimal_pos, "0")
    if grouped:
        whole = _with_groups(whole, grouping, thousand_sep)
    return f"{sign}{whole}{decimal_sep}{fraction}" if fraction else f"{sign}{whole}"


def _plain(number: Any, decimal_pos: int | None) -> str:
    """Return digits without an exponent where there are not too many of them."""
    if isinstance(number, float) and "e" in str(number):
        number = Decimal(str(number))
    if not isinstance(number, Decimal):
        return str(number)
    if decimal_pos is not None and number.is_finite() and abs(number) < Decimal(1).scaleb(-decimal_pos):
        number = Decimal(0)
    text = str(number)
    if type(number) is Decimal and len(text) <= MOST_DIGITS and "E" not in text:
        return text
    _, digits, exponent = number.as_tuple()
    if isinstance(exponent, int) and abs(exponent) + len(digits) > MOST_DIGITS:
        return f"{number:e}"
    return f"{number:f}"


def _with_groups(whole: str, grouping: Any, separator: str) -> str:
    sizes = list(grouping) if isinstance(grouping, Iterable) else [grouping, 0]
    groups: list[str] = []
    size = 0
    while whole:
        following = sizes.pop(0) if sizes else 0
        size = following or size
        if size <= 0:
            groups.append(whole)
            break
        groups.append(whole[-size:])
        whole = whole[:-size]
    return separator.join(reversed(groups))

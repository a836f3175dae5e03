"""Validators of arrays, of keys and of ranges (documentation: ref/contrib/postgres/validators)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from nuages.conf.deconstruct import deconstructible
from nuages.exceptions import ValidationError
from nuages.i18n.translation import gettext_lazy as _
from nuages.i18n.translation import ngettext_lazy
from nuages.validators import MaxLengthValidator, MaxValueValidator, MinLengthValidator, MinValueValidator


def _length_message(bound: str) -> Any:
    """The message, in its two numbers, on a list that should have *bound* ("at most") the limit."""
    one, many = (
        f"The list must have {bound} %(limit_value)d {noun}, not %(show_value)d." for noun in ("item", "items")
    )
    return ngettext_lazy(one, many, "limit_value")


class ArrayMaxLengthValidator(MaxLengthValidator):
    """Accepts lists of up to so many items."""

    message: Any = _length_message("at most")


class ArrayMinLengthValidator(MinLengthValidator):
    """Accepts lists of so many items or more."""

    message: Any = _length_message("at least")


@deconstructible
class KeysValidator:
    """Accepts mappings that have all of *keys*, and with ``strict`` no others.

    ``messages`` may replace those of ``missing_keys`` and ``extra_keys``.
    """

    messages: dict[str, Any] = {
        "missing_keys": _("Some keys were missing: %(keys)s"),
        "extra_keys": _("Some unknown keys were provided: %(keys)s"),
    }

    def __init__(self, keys: Iterable[str], strict: bool = False, messages: Mapping[str, Any] | None = None) -> None:
        self.keys = set(keys)
        self.strict = strict
        if messages is not None:
            self.messages = {**self.messages, **messages}

    def __call__(self, value: Mapping[str, Any]) -> None:
        """Validate; errors have the codes ``missing_keys`` and ``extra_keys``."""
        found = set(value)
        self._refuse("missing_keys", self.keys - found)
        if self.strict:
            self._refuse("extra_keys", found - self.keys)

    def _refuse(self, code: str, keys: set[str]) -> None:
        if keys:
            raise ValidationError(self.messages[code], code=code, params={"keys": ", ".join(sorted(keys))})

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, KeysValidator):
            return NotImplemented
        return (self.keys, self.strict, self.messages) == (other.keys, other.strict, other.messages)

    __hash__ = None  # type: ignore[assignment]


class RangeMaxValueValidator(MaxValueValidator):
    """Accepts ranges that end at the limit or before; one without an end does not."""

    message: Any = _("The range must end at %(limit_value)s or before.")

    def compare(self, a: Any, b: Any) -> bool:
        """An upper bound that is greater, or not there, fails."""
        return a.upper is None or bool(a.upper > b)


class RangeMinValueValidator(MinValueValidator):
    """Accepts ranges that start at the limit or after; one without a start does not."""

    message: Any = _("The range must start at %(limit_value)s or after.")

    def compare(self, a: Any, b: Any) -> bool:
        """A lower bound that is less, or not there, fails."""
        return a.lower is None or bool(a.lower < b)

"""Validators of size: of numbers, lengths and digits."""

from __future__ import annotations

import math
from decimal import Decimal
from typing import Any, ClassVar

from nuages.conf.deconstruct import deconstructible
from nuages.exceptions import ValidationError
from nuages.i18n.translation import gettext_lazy as _
from nuages.i18n.translation import ngettext_lazy

# What the messages on limits have in common; the catalogues know them by their full text.
_REQUEST = "Ensure this value %s."


def _length_message(bound: str) -> Any:
    """Return the message, in its two numbers, on a length that is to be ``bound`` ("at least") the limit."""
    one, many = (f"has {bound} %(limit_value)d {unit} (it has %(show_value)d)" for unit in ("character", "characters"))
    return ngettext_lazy(_REQUEST % one, _REQUEST % many, "limit_value")


@deconstructible(path="nuages.validators.BaseValidator")
class BaseValidator:
    """Base of validators that compare a value with ``limit_value``, which may be a callable."""

    message: Any = _(_REQUEST % "is %(limit_value)s (it is %(show_value)s)")
    code = "limit_value"

    def __init__(self, limit_value: Any, message: Any = None) -> None:
        self.limit_value = limit_value
        if message:
            self.message = message

    def __call__(self, value: Any) -> None:
        """Validate."""
        cleaned = self.clean(value)
        limit = self.limit_value() if callable(self.limit_value) else self.limit_value
        if self.compare(cleaned, limit):
            raise ValidationError(
                self.message, code=self.code, params={"limit_value": limit, "show_value": cleaned, "value": value}
            )

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, self.__class__):
            return NotImplemented
        return (self.limit_value, self.message, self.code) == (other.limit_value, other.message, other.code)

    __hash__: ClassVar[None] = None  # type: ignore[assignment]

    def compare(self, a: Any, b: Any) -> bool:
        """Tell whether value ``a`` fails at limit ``b``."""
        return a is not b

    def clean(self, x: Any) -> Any:
        """Return what of the value is compared."""
        return x


@deconstructible(path="nuages.validators.MaxValueValidator")
class MaxValueValidator(BaseValidator):
    """Accepts values up to the limit."""

    message: Any = _("Ensure this value is at most %(limit_value)s.")
    code = "max_value"

    def compare(self, a: Any, b: Any) -> bool:
        """Greater fails."""
        return bool(a > b)


@deconstructible(path="nuages.validators.MinValueValidator")
class MinValueValidator(BaseValidator):
    """Accepts values from the limit on."""

    message: Any = _("Ensure this value is at least %(limit_value)s.")
    code = "min_value"

    def compare(self, a: Any, b: Any) -> bool:
        """Less fails."""
        return bool(a < b)


@deconstructible(path="nuages.validators.StepValueValidator")
class StepValueValidator(BaseValidator):
    """Accepts multiples of the limit, counted from ``offset``."""

    message: Any = _("Ensure this value is a multiple of %(limit_value)s.")
    code = "step_size"

    def __init__(self, limit_value: Any, message: Any = None, offset: Any = None) -> None:
        super().__init__(limit_value, message)
        if offset is not None:
            self.message = message or _("Ensure this value is %(offset)s plus a multiple of %(limit_value)s.")
        self.offset = offset

    def __call__(self, value: Any) -> None:
        """Validate."""
        if self.offset is None:
            super().__call__(value)
            return
        cleaned = self.clean(value)
        limit = self.limit_value() if callable(self.limit_value) else self.limit_value
        if self.compare(cleaned, limit):
            params = {"limit_value": limit, "offset": self.offset, "valid_value1": self.offset, "value": value}
            params["valid_value2"] = self.offset + limit
            raise ValidationError(self.message, code=self.code, params=params)

    def __eq__(self, other: object) -> bool:
        return super().__eq__(other) and isinstance(other, StepValueValidator) and self.offset == other.offset

    __hash__: ClassVar[None] = None  # type: ignore[assignment]

    def compare(self, a: Any, b: Any) -> bool:
        """A remainder fails, but for the noise of floating point."""
        return not math.isclose(math.remainder(a - (self.offset or 0), b), 0, abs_tol=1e-9)


@deconstructible(path="nuages.validators.MinLengthValidator")
class MinLengthValidator(BaseValidator):
    """Accepts lengths from the limit on."""

    message: Any = _length_message("at least")
    code = "min_length"

    def compare(self, a: Any, b: Any) -> bool:
        """Shorter fails."""
        return bool(a < b)

    def clean(self, x: Any) -> int:
        """Return the length."""
        return len(x)


@deconstructible(path="nuages.validators.MaxLengthValidator")
class MaxLengthValidator(BaseValidator):
    """Accepts lengths up to the limit."""

    message: Any = _length_message("at most")
    code = "max_length"

    def compare(self, a: Any, b: Any) -> bool:
        """Longer fails."""
        return bool(a > b)

    def clean(self, x: Any) -> int:
        """Return the length."""
        return len(x)


@deconstructible(path="nuages.validators.DecimalValidator")
class DecimalValidator:
    """Accepts decimals of at most ``max_digits`` digits, ``decimal_places`` of them behind the point."""

    messages: dict[str, Any] = {
        "invalid": _("Enter a number."),
        "max_digits": ngettext_lazy(
            "No more than %(max)s digit in total is allowed.", "No more than %(max)s digits in total are allowed.", "max"
        ),
        "max_decimal_places": ngettext_lazy(
            "No more than %(max)s decimal place is allowed.", "No more than %(max)s decimal places are allowed.", "max"
        ),
        "max_whole_digits": ngettext_lazy(
            "No more than %(max)s digit before the point is allowed.", "No more than %(max)s digits before the point are allowed.", "max"
        ),
    }

    def __init__(self, max_digits: int | None, decimal_places: int | None) -> None:
        self.max_digits, self.decimal_places = max_digits, decimal_places

    def __call__(self, value: Decimal) -> None:
        """Validate."""
        _sign, digit_tuple, exponent = value.as_tuple()
        if not isinstance(exponent, int):
            raise ValidationError(self.messages["invalid"], code="invalid", params={"value": value})
        if exponent >= 0:
            # Zeros that the exponent stands for are digits; of zero itself there is one.
            digits, decimals = (len(digit_tuple) + exponent if digit_tuple != (0,) else 1), 0
        else:
            decimals = -exponent
            digits = max(len(digit_tuple), decimals)
        limits = [("max_digits", digits, self.max_digits), ("max_decimal_places", decimals, self.decimal_places)]
        if self.max_digits is not None and self.decimal_places is not None:
            limits.append(("max_whole_digits", digits - decimals, self.max_digits - self.decimal_places))
        for code, count, limit in limits:
            if limit is not None and count > limit:
                raise ValidationError(self.messages[code], code=code, params={"max": limit, "value": value})

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, type(self)):
            return False
        return (self.max_digits, self.decimal_places) == (other.max_digits, other.decimal_places)

    __hash__: ClassVar[None] = None  # type: ignore[assignment]

"""Fields whose value is a number or a truth value."""

from __future__ import annotations

import math
import re
from decimal import Decimal, DecimalException
from typing import Any

from nuages import validators
from nuages.exceptions import ValidationError
from nuages.forms.fields.field import Field
from nuages.forms.widgets.choices import NullBooleanSelect
from nuages.forms.widgets.widget import CheckboxInput, NumberInput, Widget
from nuages.i18n import formats
from nuages.i18n.translation import gettext_lazy as _


class IntegerField(Field):
    """A whole number, within limits and in steps if these are given."""

    widget = NumberInput
    default_error_messages = {"invalid": _("Enter a whole number.")}
    re_decimal = re.compile(r"\.0*\s*$")

    def __init__(self, *, max_value: Any = None, min_value: Any = None, step_size: Any = None, **kwargs: Any) -> None:
        self.max_value, self.min_value, self.step_size = max_value, min_value, step_size
        if kwargs.get("localize") and self.widget == NumberInput:
            # Browsers do not take localized numbers in number inputs.
            kwargs.setdefault("widget", super().widget)
        super().__init__(**kwargs)
        limits = ((validators.MaxValueValidator, max_value), (validators.MinValueValidator, min_value))
        self.validators += [make(limit) for make, limit in limits if limit is not None]
        if step_size is not None:
            self.validators.append(validators.StepValueValidator(step_size, offset=min_value))

    def to_python(self, value: Any) -> Any:
        """An ``int``, ``None`` for nothing."""
        value = super().to_python(value)
        if self._is_empty(value):
            return None
        if self.localize:
            value = formats.sanitize_separators(value)
        try:
            return int(self.re_decimal.sub("", str(value)))
        except (ValueError, TypeError):
            raise ValidationError(self.error_messages["invalid"], code="invalid")

    def widget_attrs(self, widget: Widget) -> dict[str, Any]:
        """``min``, ``max`` and ``step`` of number inputs."""
        attrs = super().widget_attrs(widget)
        if isinstance(widget, NumberInput):
            limits = (("min", self.min_value), ("max", self.max_value), ("step", self.step_size))
            attrs.update({name: limit for name, limit in limits if limit is not None})
        return attrs


class FloatField(IntegerField):
    """A floating-point number."""

    default_error_messages = {"invalid": _("Enter a number.")}

    def to_python(self, value: Any) -> Any:
        """A ``float``, ``None`` for nothing."""
        if self._is_empty(value):
            return None
        if self.localize:
            value = formats.sanitize_separators(value)
        try:
            return float(value)
        except (ValueError, TypeError):
            raise ValidationError(self.error_messages["invalid"], code="invalid")

    def validate(self, value: Any) -> None:
        """Infinities and NaN are no numbers here."""
        super().validate(value)
        if not self._is_empty(value) and not math.isfinite(value):
            raise ValidationError(self.error_messages["invalid"], code="invalid")

    def widget_attrs(self, widget: Widget) -> dict[str, Any]:
        """As for whole numbers, with ``step="any"`` by default."""
        attrs = super().widget_attrs(widget)
        if isinstance(widget, NumberInput) and "step" not in widget.attrs and self.step_size is None:
            attrs["step"] = "any"
        return attrs


class DecimalField(IntegerField):
    """A ``decimal.Decimal`` with at most ``max_digits`` digits, ``decimal_places`` of them after the point."""

    default_error_messages = {"invalid": _("Enter a number.")}

    def __init__(
        self,
        *,
        max_value: Any = None,
        min_value: Any = None,
        max_digits: int | None = None,
        decimal_places: int | None = None,
        **kwargs: Any,
    ) -> None:
        self.max_digits, self.decimal_places = max_digits, decimal_places
        super().__init__(max_value=max_value, min_value=min_value, **kwargs)
        self.validators.append(validators.DecimalValidator(max_digits, decimal_places))

    def to_python(self, value: Any) -> Any:
        """A ``Decimal``, ``None`` for nothing."""
        if self._is_empty(value):
            return None
        if self.localize:
            value = formats.sanitize_separators(value)
        try:
            return Decimal(str(value))
        except DecimalException:
            raise ValidationError(self.error_messages["invalid"], code="invalid")

    def validate(self, value: Any) -> None:
        """Infinities and NaN are no numbers here."""
        super().validate(value)
        if not self._is_empty(value) and not value.is_finite():
            raise ValidationError(self.error_messages["invalid"], code="invalid", params={"value": value})

    def widget_attrs(self, widget: Widget) -> dict[str, Any]:
        """As for whole numbers, with the ``step`` that ``decimal_places`` allow."""
        attrs = super().widget_attrs(widget)
        if isinstance(widget, NumberInput) and "step" not in widget.attrs and self.step_size is None:
            # A plain exponent for many places: 1e-7, as HTML allows.
            places = self.decimal_places
            attrs["step"] = "any" if places is None else str(Decimal(1).scaleb(-places)).lower()
        return attrs


class BooleanField(Field):
    """A truth value; if required, only ``True`` is valid."""

    widget: Any = CheckboxInput

    def to_python(self, value: Any) -> Any:
        """``True`` or ``False``; the texts ``False``, ``false`` and ``0``, as hidden inputs send, are false."""
        if isinstance(value, str) and value.lower() in ("false", "0"):
            return False
        return bool(value)

    def validate(self, value: Any) -> None:
        """Raise ``ValidationError`` (code ``required``) for ``False`` if required."""
        if not value and self.required:
            raise ValidationError(self.error_messages["required"], code="required")

    def has_changed(self, initial: Any, data: Any) -> bool:
        """Whether the two differ as truth values."""
        return not self.disabled and bool(self.to_python(initial) != self.to_python(data))


_TRUE = (True, "True", "true", "1")
_FALSE = (False, "False", "false", "0")


class NullBooleanField(BooleanField):
    """``True``, ``False`` or ``None`` for unknown; never invalid."""

    widget = NullBooleanSelect

    def to_python(self, value: Any) -> Any:
        """The value for the texts that radio buttons and select boxes send."""
        if value in _TRUE:
            return True
        return False if value in _FALSE else None

    def validate(self, value: Any) -> None:
        """Everything is valid."""

"""Form fields for ranges: an input for each bound."""

from __future__ import annotations

from typing import Any

from psycopg.types.range import Range

from nuages import forms
from nuages.exceptions import ValidationError
from nuages.i18n.translation import gettext_lazy as _


class RangeWidget(forms.MultiWidget):
    """``base_widget`` twice, for the lower and the upper bound."""

    def __init__(self, base_widget: Any, attrs: Any = None) -> None:
        super().__init__((base_widget, base_widget), attrs)

    def decompress(self, value: Any) -> tuple[Any, Any]:
        """The two bounds of a range."""
        return (value.lower, value.upper) if value else (None, None)


class HiddenRangeWidget(RangeWidget):
    """Two hidden inputs."""

    def __init__(self, attrs: Any = None) -> None:
        super().__init__(forms.HiddenInput, attrs)


class BaseRangeField(forms.MultiValueField):
    """A range; a bound that is left out is open. Subclasses name ``base_field`` and, if need be, ``range_type``."""

    default_error_messages = {
        "invalid": _("Enter two valid values."),
        "bound_ordering": _("The range must not end before it starts."),
    }
    hidden_widget = HiddenRangeWidget
    base_field: Any
    range_type: Any = Range

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("required", False)
        kwargs.setdefault("widget", RangeWidget(self.base_field.widget))
        kwargs.setdefault("fields", [self.base_field(required=False), self.base_field(required=False)])
        kwargs.setdefault("require_all_fields", False)
        self.default_bounds: str = kwargs.pop("default_bounds", "[)")
        parts = kwargs.pop("fields")
        super().__init__(parts, **kwargs)

    def prepare_value(self, value: Any) -> Any:
        """The two bounds as their inputs take them."""
        if isinstance(value, self.range_type):
            pair = (value.lower, value.upper)
        elif value is None:
            pair = (None, None)
        else:
            return value
        return [field.prepare_value(bound) for field, bound in zip(self.fields, pair, strict=True)]

    def compress(self, data_list: list[Any]) -> Any:
        """The range; ``ValidationError`` (``bound_ordering``) when it would end before it starts."""
        if not data_list:
            return None
        lower, upper = data_list
        if lower is not None and upper is not None and lower > upper:
            raise ValidationError(self.error_messages["bound_ordering"], code="bound_ordering")
        try:
            return self.range_type(lower, upper, self.default_bounds)
        except TypeError:
            raise ValidationError(self.error_messages["invalid"], code="invalid") from None


class IntegerRangeField(BaseRangeField):
    """A range of whole numbers."""

    default_error_messages = {"invalid": _("Enter two whole numbers.")}
    base_field = forms.IntegerField


class DecimalRangeField(BaseRangeField):
    """A range of decimal numbers."""

    default_error_messages = {"invalid": _("Enter two numbers.")}
    base_field = forms.DecimalField


class DateTimeRangeField(BaseRangeField):
    """A range of moments."""

    default_error_messages = {"invalid": _("Enter two valid date/times.")}
    base_field = forms.DateTimeField


class DateRangeField(BaseRangeField):
    """A range of days."""

    default_error_messages = {"invalid": _("Enter two valid dates.")}
    base_field = forms.DateField

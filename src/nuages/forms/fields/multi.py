"""Fields put together from several fields."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from copy import deepcopy
from typing import Any, Self

from nuages.exceptions import ValidationError
from nuages.forms.fields.dates import DateField, TimeField
from nuages.forms.fields.field import Field, messages_of
from nuages.forms.times import from_current_timezone
from nuages.forms.widgets.multi import SplitDateTimeWidget, SplitHiddenDateTimeWidget
from nuages.i18n.translation import gettext_lazy as _


class MultiValueField(Field):
    """A value made (``compress``) of those of several ``fields``, asked for by a ``MultiWidget``."""

    default_error_messages = {
        "invalid": _("Enter a list of values."),
        "incomplete": _("Enter a complete value."),
    }

    def __init__(self, fields: Sequence[Field], *, require_all_fields: bool = True, **kwargs: Any) -> None:
        self.require_all_fields = require_all_fields
        super().__init__(**kwargs)
        for field in fields:
            field.error_messages.setdefault("incomplete", self.error_messages["incomplete"])
            if self.disabled:
                field.disabled = True
            if require_all_fields:
                field.required = False  # this field checks that itself
        self.fields = fields

    def __deepcopy__(self, memo: dict[int, Any]) -> Self:
        duplicate = super().__deepcopy__(memo)
        duplicate.fields = tuple(deepcopy(field, memo) for field in self.fields)
        return duplicate

    def validate(self, value: Any) -> None:
        """Nothing more: ``clean`` checks the parts."""

    def clean(self, value: Any) -> Any:
        """The compressed value of the parts; their errors are raised together, each only once."""
        if self.disabled and not isinstance(value, list):
            value = self.widget.decompress(value)
        if value and not isinstance(value, (list, tuple)):
            raise ValidationError(self.error_messages["invalid"], code="invalid")
        if not value or all(self._is_empty(part) for part in value):
            if self.required:
                raise ValidationError(self.error_messages["required"], code="required")
            return self.compress([])
        cleaned, errors = self._clean_parts(value)
        if errors:
            raise ValidationError(errors)
        result = self.compress(cleaned)
        self.validate(result)
        self.run_validators(result)
        return result

    def _clean_parts(self, value: Sequence[Any]) -> tuple[list[Any], list[Any]]:
        cleaned: list[Any] = []
        errors: list[Any] = []
        for index, field in enumerate(self.fields):
            part = value[index] if index < len(value) else None
            if self._is_empty(part):
                if self.require_all_fields:
                    if self.required:
                        raise ValidationError(self.error_messages["required"], code="required")
                elif field.required:
                    message = field.error_messages["incomplete"]
                    if message not in errors:
                        errors.append(message)
                    continue
            try:
                cleaned.append(field.clean(part))
            except ValidationError as error:
                errors.extend(found for found in error.error_list if found not in errors)
        return cleaned, errors

    def compress(self, data_list: list[Any]) -> Any:
        """One value for the cleaned values of the parts, an empty list for nothing; subclasses provide it."""
        raise NotImplementedError("Subclasses must implement this method.")

    def has_changed(self, initial: Any, data: Any) -> bool:
        """Whether any part differs."""
        if self.disabled:
            return False
        if initial is None:
            initial = ["" for _part in range(len(data))]
        elif not isinstance(initial, list):
            initial = self.widget.decompress(initial)
        for field, before, after in zip(self.fields, initial, data, strict=False):
            try:
                before = field.to_python(before)
            except ValidationError:
                return True
            if field.has_changed(before, after):
                return True
        return False


class SplitDateTimeField(MultiValueField):
    """A datetime from a date and a time."""

    widget = SplitDateTimeWidget
    hidden_widget = SplitHiddenDateTimeWidget
    default_error_messages = {
        "invalid_date": _("Enter a valid date."),
        "invalid_time": _("Enter a valid time."),
    }

    def __init__(self, *, input_date_formats: Any = None, input_time_formats: Any = None, **kwargs: Any) -> None:
        messages = messages_of(type(self), kwargs.get("error_messages"))
        localize = kwargs.get("localize", False)
        date = DateField(
            input_formats=input_date_formats, error_messages={"invalid": messages["invalid_date"]}, localize=localize
        )
        time = TimeField(
            input_formats=input_time_formats, error_messages={"invalid": messages["invalid_time"]}, localize=localize
        )
        super().__init__((date, time), **kwargs)

    def compress(self, data_list: list[Any]) -> Any:
        """The datetime, in the current time zone where ``USE_TZ`` is on."""
        if not data_list:
            return None
        date, time = data_list
        for part, code in ((date, "invalid_date"), (time, "invalid_time")):
            if self._is_empty(part):
                raise ValidationError(self.error_messages[code], code=code)
        return from_current_timezone(datetime.datetime.combine(date, time))

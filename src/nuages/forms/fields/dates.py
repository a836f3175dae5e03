"""Fields whose value is a date, a time, both, or a length of time."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from typing import Any

from nuages.exceptions import ValidationError
from nuages.forms.fields.field import Field
from nuages.forms.times import from_current_timezone, to_current_timezone
from nuages.forms.widgets.widget import DateInput, DateTimeInput, TimeInput
from nuages.i18n import formats
from nuages.i18n.translation import gettext_lazy as _
from nuages.text.dateparse import parse_datetime, parse_duration
from nuages.text.duration import duration_string
from nuages.text.lazy import lazy


class BaseTemporalField(Field):
    """What the fields of dates and times share: ``input_formats``, tried one after the other."""

    input_formats: Any = ()

    def __init__(self, *, input_formats: Any = None, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        if input_formats is not None:
            self.input_formats = input_formats

    def to_python(self, value: Any) -> Any:
        """The value in the first format that reads it."""
        value = value.strip()
        for pattern in self.input_formats:
            try:
                return self.strptime(value, pattern)
            except (ValueError, TypeError):
                continue
        raise ValidationError(self.error_messages["invalid"], code="invalid")

    def strptime(self, value: str, format: str) -> Any:
        """Read text in one format; raises ``ValueError``. Subclasses provide it."""
        raise NotImplementedError("Subclasses must define this method.")


def _active(key: str) -> Any:
    """The active locale's formats, looked up each time they are used."""
    return lazy(formats.get_format, list, tuple)(key)


class DateField(BaseTemporalField):
    """A ``datetime.date``."""

    widget = DateInput
    input_formats = _active("DATE_INPUT_FORMATS")
    default_error_messages = {"invalid": _("Enter a valid date.")}

    def to_python(self, value: Any) -> Any:
        """A date; of a datetime its date."""
        if self._is_empty(value):
            return None
        if isinstance(value, datetime.datetime):
            return value.date()
        return value if isinstance(value, datetime.date) else super().to_python(value)

    def strptime(self, value: str, format: str) -> datetime.date:
        """Read a date."""
        return datetime.datetime.strptime(value, format).date()


class TimeField(BaseTemporalField):
    """A ``datetime.time``."""

    widget = TimeInput
    input_formats = _active("TIME_INPUT_FORMATS")
    default_error_messages = {"invalid": _("Enter a valid time.")}

    def to_python(self, value: Any) -> Any:
        """A time."""
        if self._is_empty(value):
            return None
        return value if isinstance(value, datetime.time) else super().to_python(value)

    def strptime(self, value: str, format: str) -> datetime.time:
        """Read a time."""
        return datetime.datetime.strptime(value, format).time()


class DateTimeFormatsIterator:
    """The active locale's formats of datetimes, then those of dates."""

    def __iter__(self) -> Iterator[str]:
        yield from formats.get_format("DATETIME_INPUT_FORMATS")
        yield from formats.get_format("DATE_INPUT_FORMATS")


class DateTimeField(BaseTemporalField):
    """A ``datetime.datetime``, aware where ``USE_TZ`` is on; ISO 8601 is always read."""

    widget = DateTimeInput
    input_formats = DateTimeFormatsIterator()
    default_error_messages = {"invalid": _("Enter a valid date/time.")}

    def prepare_value(self, value: Any) -> Any:
        """The value in the current time zone."""
        return to_current_timezone(value) if isinstance(value, datetime.datetime) else value

    def to_python(self, value: Any) -> Any:
        """A datetime; of a date its midnight."""
        if self._is_empty(value):
            return None
        if isinstance(value, datetime.datetime):
            return from_current_timezone(value)
        if isinstance(value, datetime.date):
            return from_current_timezone(datetime.datetime(value.year, value.month, value.day))
        try:
            result = parse_datetime(value.strip())
        except ValueError:
            raise ValidationError(self.error_messages["invalid"], code="invalid")
        return from_current_timezone(result or super().to_python(value))

    def strptime(self, value: str, format: str) -> datetime.datetime:
        """Read a datetime."""
        return datetime.datetime.strptime(value, format)


class DurationField(Field):
    """A ``datetime.timedelta``, in any of the formats of ``parse_duration``."""

    default_error_messages = {
        "invalid": _("Enter a valid duration."),
        "overflow": _("A duration lies between {min_days} and {max_days} days."),
    }

    def prepare_value(self, value: Any) -> Any:
        """The duration as text."""
        return duration_string(value) if isinstance(value, datetime.timedelta) else value

    def to_python(self, value: Any) -> Any:
        """A timedelta, ``None`` for nothing."""
        if self._is_empty(value):
            return None
        if isinstance(value, datetime.timedelta):
            return value
        try:
            result = parse_duration(str(value))
        except OverflowError:
            message = self.error_messages["overflow"].format(
                min_days=datetime.timedelta.min.days, max_days=datetime.timedelta.max.days
            )
            raise ValidationError(message, code="overflow")
        if result is None:
            raise ValidationError(self.error_messages["invalid"], code="invalid")
        return result

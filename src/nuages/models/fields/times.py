"""Fields of time: DateField, DateTimeField, TimeField and DurationField."""

from __future__ import annotations

import datetime
import warnings
from collections.abc import Callable
from functools import partialmethod
from typing import TYPE_CHECKING, Any, Literal, Self, overload

from nuages import checks, forms
from nuages.conf import settings
from nuages.i18n import timezone
from nuages.i18n.translation import gettext_lazy as _
from nuages.models.fields.field import Field
from nuages.sql.keeping import hands_on, keeps, reads
from nuages.text.dateparse import parse_date, parse_datetime, parse_duration, parse_time
from nuages.text.duration import duration_microseconds, duration_string


def as_naive(value: datetime.datetime) -> datetime.datetime:
    """`value` in the current zone, without the zone."""
    return timezone.make_naive(value, timezone.get_current_timezone()) if timezone.is_aware(value) else value


def no_such(what: str, pattern: str) -> Any:
    """The message on text that looks right, but names no moment there is, such as a 30th of February."""
    return _(f"“%(value)s” value has the correct format ({pattern}) but it is an invalid {what}.")


class DateTimeCheckMixin:
    """Checks that concern the options by which a value is set on saving."""

    def check(self, **kwargs: Any) -> list[Any]:
        """Adds E160 and W161."""
        return [
            *super().check(**kwargs),  # type: ignore[misc]
            *self._check_mutually_exclusive_options(),
            *self._check_fix_default_value(),
        ]

    def _check_mutually_exclusive_options(self) -> list[Any]:
        field: Any = self
        given = [bool(field.auto_now_add), bool(field.auto_now), field.has_default()]
        if sum(given) <= 1:
            return []
        return [checks.Error(
            "Only one of the options auto_now, auto_now_add and default can be given, since each excludes the others.",
            obj=self, id="fields.E160",
        )]

    def _fixed_moment(self) -> datetime.datetime | None:
        """The constant default as a moment; None if there is none to look at."""
        raise NotImplementedError

    def _check_fix_default_value(self) -> list[Any]:
        """A default near the present was most likely meant as "now"."""
        field: Any = self
        if not field.has_default():
            return []
        moment = self._fixed_moment()
        now = datetime.datetime.now() if not settings.USE_TZ else as_naive(timezone.now())
        if moment is None or abs(moment - now) > self._near(moment, now):
            return []
        return [checks.Warning(
            "Fixed default value provided.",
            hint=(
                "The default was computed once, when the code was loaded, and every object will get that same value. "
                "If the moment of saving is meant, give a callable such as `timezone.now`."
            ),
            obj=self, id="fields.W161",
        )]

    @staticmethod
    def _near(moment: datetime.datetime, now: datetime.datetime) -> datetime.timedelta:
        return datetime.timedelta(seconds=10)


class DateField(DateTimeCheckMixin, Field[datetime.date]):
    """A day, as ``datetime.date``; ``auto_now`` and ``auto_now_add`` set it on saving."""

    empty_strings_allowed = False
    default_error_messages = {
        "invalid": _("“%(value)s” value has an invalid date format. It must be in YYYY-MM-DD format."),
        "invalid_date": no_such("date", "YYYY-MM-DD"),
    }
    description: Any = _("Date (without time)")

    def __init__(
        self, verbose_name: Any = None, name: str | None = None, auto_now: bool = False, auto_now_add: bool = False, **kwargs: Any
    ) -> None:
        self.auto_now, self.auto_now_add = auto_now, auto_now_add
        if auto_now or auto_now_add:
            kwargs["editable"] = False
            kwargs["blank"] = True
        super().__init__(verbose_name, name, **kwargs)

    def _fixed_moment(self) -> datetime.datetime | None:
        value = self.default
        if isinstance(value, datetime.datetime):
            value = as_naive(value).date()
        if not isinstance(value, datetime.date):
            return None
        return datetime.datetime.combine(value, datetime.time())

    @staticmethod
    def _near(moment: datetime.datetime, now: datetime.datetime) -> datetime.timedelta:
        return datetime.timedelta(days=2)

    def deconstruct(self) -> Any:
        name, path, args, kwargs = super().deconstruct()
        for option in ("auto_now", "auto_now_add"):
            if getattr(self, option):
                kwargs[option] = True
        if self.auto_now or self.auto_now_add:
            del kwargs["editable"], kwargs["blank"]
        return name, path, args, kwargs

    def get_internal_type(self) -> str:
        return "DateField"

    @keeps(datetime.date)
    def to_python(self, value: Any) -> Any:
        if isinstance(value, datetime.datetime):
            if settings.USE_TZ and timezone.is_aware(value):
                value = timezone.make_naive(value, timezone.get_default_timezone())
            return value.date()
        if value is None or isinstance(value, datetime.date):
            return value
        return self._parsed(value, parse_date, "invalid_date")

    def _parsed(self, value: Any, parse: Callable[[str], Any], invalid: str) -> Any:
        try:
            found = parse(value)
        except ValueError:
            raise self._failure(invalid, value=value) from None
        if found is None:
            raise self._failure("invalid", value=value)
        return found

    def _now(self) -> Any:
        return datetime.date.today()

    @reads("auto_now", "auto_now_add")
    def pre_save(self, model_instance: Any, add: bool) -> Any:
        if self.auto_now or (self.auto_now_add and add):
            value = self._now()
            setattr(model_instance, self.attname, value)
            return value
        return super().pre_save(model_instance, add)

    def contribute_to_class(self, cls: Any, name: str, private_only: bool = False) -> None:
        super().contribute_to_class(cls, name, private_only)
        if self.null or isinstance(self, TimeField):
            return
        for direction, is_next in (("next", True), ("previous", False)):
            method = f"get_{direction}_by_{self.name}"
            if method not in cls.__dict__:
                setattr(cls, method, partialmethod(cls._get_next_or_previous_by_FIELD, field=self, is_next=is_next))

    @hands_on()
    def get_prep_value(self, value: Any) -> Any:
        return self.to_python(super().get_prep_value(value))

    @hands_on("adapt_datefield_value")
    def get_db_prep_value(self, value: Any, connection: Any, prepared: bool = False) -> Any:
        value = value if prepared else self.get_prep_value(value)
        return connection.ops.adapt_datefield_value(value)

    def value_to_string(self, obj: Any) -> str:
        value = self.value_from_object(obj)
        return "" if value is None else value.isoformat()

    def formfield(self, **kwargs: Any) -> Any:
        return super().formfield(**{"form_class": forms.DateField, **kwargs})


class DateTimeField(DateField):
    """A moment, as ``datetime.datetime``; aware when USE_TZ is on."""

    if TYPE_CHECKING:

        @overload
        def __new__(cls, *args: Any, null: Literal[True], **kwargs: Any) -> Field[datetime.datetime | None]: ...  # type: ignore[misc]
        @overload
        def __new__(cls, *args: Any, **kwargs: Any) -> Self: ...
        def __new__(cls, *args: Any, **kwargs: Any) -> Any: ...
        @overload
        def __get__(self, instance: None, owner: Any) -> Self: ...
        @overload
        def __get__(self, instance: object, owner: Any) -> datetime.datetime: ...
        def __get__(self, instance: Any, owner: Any) -> Any: ...

    empty_strings_allowed = False
    default_error_messages = {
        "invalid": _(
            "“%(value)s” value has an invalid format. It must be in YYYY-MM-DD HH:MM[:ss[.uuuuuu]][TZ] format."
        ),
        "invalid_date": no_such("date", "YYYY-MM-DD"),
        "invalid_datetime": no_such("date/time", "YYYY-MM-DD HH:MM[:ss[.uuuuuu]][TZ]"),
    }
    description = _("Date (with time)")

    def _fixed_moment(self) -> datetime.datetime | None:
        value = self.default
        if isinstance(value, datetime.datetime):
            return as_naive(value)
        return super()._fixed_moment()

    @staticmethod
    def _near(moment: datetime.datetime, now: datetime.datetime) -> datetime.timedelta:
        return datetime.timedelta(days=2) if moment.time() == datetime.time() else datetime.timedelta(seconds=10)

    def get_internal_type(self) -> str:
        return "DateTimeField"

    def to_python(self, value: Any) -> Any:
        if value is None or isinstance(value, datetime.datetime):
            return value
        if isinstance(value, datetime.date):
            return self._aware(datetime.datetime(value.year, value.month, value.day), stacklevel=4)
        try:
            found = parse_datetime(value)
            if found is not None:
                return found
        except ValueError:
            raise self._failure("invalid_datetime", value=value) from None
        day = self._parsed(value, parse_date, "invalid_date")
        return datetime.datetime(day.year, day.month, day.day)

    def _aware(self, value: datetime.datetime, stacklevel: int = 3) -> datetime.datetime:
        """A naive moment gets the default zone when USE_TZ is on, with a warning, for it is a guess."""
        if not settings.USE_TZ or not timezone.is_naive(value):
            return value
        owner = f"{self.model.__name__}.{self.name}" if hasattr(self, "model") else "(unbound)"
        warnings.warn(
            f"DateTimeField {owner} received a naive datetime ({value}) while time zone support is active.",
            RuntimeWarning, stacklevel=stacklevel,
        )
        return timezone.make_aware(value, timezone.get_default_timezone())

    def _now(self) -> Any:
        return timezone.now()

    def get_prep_value(self, value: Any) -> Any:
        value = super().get_prep_value(value)
        return value if value is None else self._aware(value)

    def get_db_prep_value(self, value: Any, connection: Any, prepared: bool = False) -> Any:
        value = value if prepared else self.get_prep_value(value)
        return connection.ops.adapt_datetimefield_value(value)

    def formfield(self, **kwargs: Any) -> Any:
        return super().formfield(**{"form_class": forms.DateTimeField, **kwargs})


class TimeField(DateField):
    """A time of day, as ``datetime.time``."""

    if TYPE_CHECKING:

        @overload
        def __new__(cls, *args: Any, null: Literal[True], **kwargs: Any) -> Field[datetime.time | None]: ...  # type: ignore[misc]
        @overload
        def __new__(cls, *args: Any, **kwargs: Any) -> Self: ...
        def __new__(cls, *args: Any, **kwargs: Any) -> Any: ...
        @overload  # type: ignore[override]
        def __get__(self, instance: None, owner: Any) -> Self: ...
        @overload
        def __get__(self, instance: object, owner: Any) -> datetime.time: ...
        def __get__(self, instance: Any, owner: Any) -> Any: ...

    empty_strings_allowed = False
    default_error_messages = {
        "invalid": _("“%(value)s” value has an invalid format. It must be in HH:MM[:ss[.uuuuuu]] format."),
        "invalid_time": no_such("time", "HH:MM[:ss[.uuuuuu]]"),
    }
    description = _("Time")

    def _fixed_moment(self) -> datetime.datetime | None:
        value = self.default
        if isinstance(value, datetime.datetime):
            return as_naive(value)
        if isinstance(value, datetime.time):
            today = as_naive(timezone.now()).date() if settings.USE_TZ else datetime.date.today()
            return datetime.datetime.combine(today, value.replace(tzinfo=None))
        return None

    @staticmethod
    def _near(moment: datetime.datetime, now: datetime.datetime) -> datetime.timedelta:
        return datetime.timedelta(seconds=10)

    def get_internal_type(self) -> str:
        return "TimeField"

    def to_python(self, value: Any) -> Any:
        if value is None or isinstance(value, datetime.time):
            return value
        if isinstance(value, datetime.datetime):
            return value.time()
        return self._parsed(value, parse_time, "invalid_time")

    def _now(self) -> Any:
        return datetime.datetime.now().time()

    def get_db_prep_value(self, value: Any, connection: Any, prepared: bool = False) -> Any:
        value = value if prepared else self.get_prep_value(value)
        return connection.ops.adapt_timefield_value(value)

    def formfield(self, **kwargs: Any) -> Any:
        return super().formfield(**{"form_class": forms.TimeField, **kwargs})


class DurationField(Field[datetime.timedelta]):
    """A span of time, as ``datetime.timedelta``; microseconds in an integer where the database has no interval."""

    empty_strings_allowed = False
    default_error_messages = {
        "invalid": _("“%(value)s” value has an invalid format. It must be in [DD] [[HH:]MM:]ss[.uuuuuu] format."),
    }
    description = _("Duration")

    def get_internal_type(self) -> str:
        return "DurationField"

    def to_python(self, value: Any) -> Any:
        if value is None or isinstance(value, datetime.timedelta):
            return value
        try:
            found = parse_duration(value)
        except ValueError:
            found = None
        if found is None:
            raise self._failure("invalid", value=value)
        return found

    def get_prep_value(self, value: Any) -> Any:
        return self.to_python(super().get_prep_value(value))

    def get_db_prep_value(self, value: Any, connection: Any, prepared: bool = False) -> Any:
        value = value if prepared else self.get_prep_value(value)
        if value is None:
            return None
        return value if connection.features.has_native_duration_field else duration_microseconds(value)

    def get_db_converters(self, connection: Any) -> list[Any]:
        converters = []
        if not connection.features.has_native_duration_field:
            converters.append(connection.ops.convert_durationfield_value)
        return converters + super().get_db_converters(connection)

    def value_to_string(self, obj: Any) -> str:
        value = self.value_from_object(obj)
        return "" if value is None else duration_string(value)

    def formfield(self, **kwargs: Any) -> Any:
        return super().formfield(**{"form_class": forms.DurationField, **kwargs})


__all__ = ["DateField", "DateTimeCheckMixin", "DateTimeField", "DurationField", "TimeField"]

"""Dates and times. See the database functions reference, "Date functions"."""

from __future__ import annotations

import datetime
from typing import Any, ClassVar

from nuages.conf import settings
from nuages.i18n import timezone
from nuages.sql import outputs
from nuages.sql.expressions.expression import SQL
from nuages.sql.expressions.functional import Func
from nuages.sql.lookups import Exact, GreaterThan, GreaterThanOrEqual, LessThan, LessThanOrEqual, Transform
from nuages.sql.slots import Slot


class TimezoneMixin:
    """A function that reads moments in a time zone: ``tzinfo``, or the current one."""

    tzinfo: datetime.tzinfo | None = None

    def _refuse_zone(self) -> None:
        """Raises ValueError for a time zone given with what is no moment."""
        if self.tzinfo:
            raise ValueError("tzinfo can only be used with DateTimeField.")

    def get_tzname(self) -> str | None:
        """The name of the time zone; None where time zones are not in use."""
        if not settings.USE_TZ:
            return None
        if self.tzinfo is None:
            return timezone.get_current_timezone_name()
        return timezone._get_timezone_name(self.tzinfo)


def _kind(field: Any) -> str | None:
    for name in ("DateTimeField", "TimeField", "DateField", "DurationField"):
        if outputs.is_instance(field, name):
            return name
    return None


class Extract(TimezoneMixin, Transform):
    """A part of a date, time or moment as a whole number; ``lookup_name`` says which."""

    lookup_name: ClassVar[Any] = None  # type: ignore[misc]
    _DAY_PARTS: ClassVar[frozenset[str]] = frozenset({"year", "iso_year", "month", "day", "week", "week_day", "iso_week_day", "quarter"})

    def __init__(self, expression: Any, lookup_name: str | None = None, tzinfo: datetime.tzinfo | None = None, **extra: Any) -> None:
        self.tzinfo = tzinfo
        if self.lookup_name is None:
            if lookup_name is None:
                raise ValueError("lookup_name must be provided")
            self.lookup_name = lookup_name  # type: ignore[misc]
        super().__init__(expression, **extra)

    def _resolve_output_field(self) -> Any:
        return outputs.field("IntegerField")

    def as_sql(self, compiler: Any, connection: Any, **extra_context: Any) -> SQL:  # type: ignore[override]
        """The database's own extraction. Raises ValueError for parts that the type has not."""
        sql, params = compiler.compile(self.lhs)
        kind = _kind(self.lhs.output_field)
        ops = connection.ops
        if kind == "DateTimeField":
            return ops.datetime_extract_sql(self.lookup_name, sql, tuple(params), self.get_tzname())  # type: ignore[no-any-return]
        self._refuse_zone()
        if kind == "DateField":
            return ops.date_extract_sql(self.lookup_name, sql, tuple(params))  # type: ignore[no-any-return]
        if kind == "TimeField":
            return ops.time_extract_sql(self.lookup_name, sql, tuple(params))  # type: ignore[no-any-return]
        if kind == "DurationField":
            if not connection.features.has_native_duration_field:
                raise ValueError("Extract requires native DurationField database support.")
            return ops.time_extract_sql(self.lookup_name, sql, tuple(params))  # type: ignore[no-any-return]
        raise ValueError(f"Extract needs a date, time, moment or duration, not {type(self.lhs.output_field).__name__}.")

    def resolve_expression(
        self, query: Any = None, allow_joins: bool = True, reuse: Any = None, summarize: bool = False, for_save: bool = False
    ) -> Any:
        copied = super().resolve_expression(query, allow_joins, reuse, summarize, for_save)
        field = getattr(copied.lhs, "output_field", None)
        if field is None:
            return copied
        kind = _kind(field)
        if kind is None:
            raise ValueError("Extract input expression must be DateField, DateTimeField, TimeField, or DurationField.")
        if kind == "DateField" and copied.lookup_name in ("hour", "minute", "second"):
            raise ValueError(f"Cannot extract time component '{copied.lookup_name}' from DateField '{getattr(field, 'name', None)}'.")
        if kind == "DurationField" and copied.lookup_name in self._DAY_PARTS - {"day"}:
            raise ValueError(f"Cannot extract component '{copied.lookup_name}' from DurationField '{getattr(field, 'name', None)}'.")
        return copied


@outputs.class_lookup("DateField")
class ExtractYear(Extract):
    """The year."""

    lookup_name = "year"


@outputs.class_lookup("DateField")
class ExtractIsoYear(Extract):
    """The year of the ISO week."""

    lookup_name = "iso_year"


@outputs.class_lookup("DateField")
class ExtractMonth(Extract):
    """The month."""

    lookup_name = "month"


@outputs.class_lookup("DateField")
class ExtractDay(Extract):
    """The day of the month."""

    lookup_name = "day"


@outputs.class_lookup("DateField")
class ExtractWeek(Extract):
    """The ISO week."""

    lookup_name = "week"


@outputs.class_lookup("DateField")
class ExtractWeekDay(Extract):
    """The day of the week, 1 for Sunday."""

    lookup_name = "week_day"


@outputs.class_lookup("DateField")
class ExtractIsoWeekDay(Extract):
    """The day of the week, 1 for Monday."""

    lookup_name = "iso_week_day"


@outputs.class_lookup("DateField")
class ExtractQuarter(Extract):
    """The quarter."""

    lookup_name = "quarter"


@outputs.class_lookup("DateTimeField", "TimeField")
class ExtractHour(Extract):
    """The hour."""

    lookup_name = "hour"


@outputs.class_lookup("DateTimeField", "TimeField")
class ExtractMinute(Extract):
    """The minute."""

    lookup_name = "minute"


@outputs.class_lookup("DateTimeField", "TimeField")
class ExtractSecond(Extract):
    """The second."""

    lookup_name = "second"


class YearLookup:
    """Comparisons of years as comparisons of dates, so that indexes help."""

    lhs: Any
    rhs: Any

    def year_lookup_bounds(self, connection: Any, year: int) -> Any:
        """The first and last value of a year."""
        iso = self.lhs.lookup_name == "iso_year"
        if _kind(self.lhs.lhs.output_field) == "DateTimeField":
            return connection.ops.year_lookup_bounds_for_datetime_field(year, iso_year=iso)
        return connection.ops.year_lookup_bounds_for_date_field(year, iso_year=iso)

    def as_sql(self, compiler: Any, connection: Any) -> SQL:
        """BETWEEN or a comparison with a bound; the plain comparison for expressions."""
        direct = self.rhs_is_direct_value() and type(self.rhs) is not Slot and self.rhs is not None  # type: ignore[attr-defined]
        if not direct or not datetime.MINYEAR <= int(self.rhs) < datetime.MAXYEAR:  # Python has no dates for other years
            return super().as_sql(compiler, connection)  # type: ignore[misc, no-any-return]
        left, params = self.process_lhs(compiler, connection, self.lhs.lhs)  # type: ignore[attr-defined]
        start, finish = self.year_lookup_bounds(connection, int(self.rhs))
        operator, bounds = self.compare(start, finish)
        return f"{left} {operator}", (*params, *bounds)

    def compare(self, start: Any, finish: Any) -> tuple[str, list[Any]]:
        """Operator and parameters."""
        raise NotImplementedError


class YearExact(YearLookup, Exact):
    """In this year."""

    def compare(self, start: Any, finish: Any) -> tuple[str, list[Any]]:
        return "BETWEEN %s AND %s", [start, finish]


class YearGt(YearLookup, GreaterThan):
    """After this year."""

    def compare(self, start: Any, finish: Any) -> tuple[str, list[Any]]:
        return "> %s", [finish]


class YearGte(YearLookup, GreaterThanOrEqual):
    """In this year or later."""

    def compare(self, start: Any, finish: Any) -> tuple[str, list[Any]]:
        return ">= %s", [start]


class YearLt(YearLookup, LessThan):
    """Before this year."""

    def compare(self, start: Any, finish: Any) -> tuple[str, list[Any]]:
        return "< %s", [start]


class YearLte(YearLookup, LessThanOrEqual):
    """In this year or earlier."""

    def compare(self, start: Any, finish: Any) -> tuple[str, list[Any]]:
        return "<= %s", [finish]


for _part in (ExtractYear, ExtractIsoYear):
    for _lookup in (YearExact, YearGt, YearGte, YearLt, YearLte):
        _part.register_lookup(_lookup)


class Now(Func):
    """The database's time at the start of the statement or transaction."""

    template = "CURRENT_TIMESTAMP"
    allowed_default = True  # type: ignore[assignment]

    def _resolve_output_field(self) -> Any:
        return outputs.field("DateTimeField")

    def as_postgresql(self, compiler: Any, connection: Any, **extra_context: Any) -> SQL:
        """The time of the statement, as on other databases."""
        return self.as_sql(compiler, connection, template="STATEMENT_TIMESTAMP()", **extra_context)

    def as_mysql(self, compiler: Any, connection: Any, **extra_context: Any) -> SQL:
        """With microseconds."""
        return self.as_sql(compiler, connection, template="CURRENT_TIMESTAMP(6)", **extra_context)

    def as_sqlite(self, compiler: Any, connection: Any, **extra_context: Any) -> SQL:
        """With milliseconds."""
        return self.as_sql(compiler, connection, template="STRFTIME('%%%%Y-%%%%m-%%%%d %%%%H:%%%%M:%%%%f', 'NOW')", **extra_context)


class TruncBase(TimezoneMixin, Transform):
    """A date, time or moment cut off at a unit."""

    kind: str = None  # type: ignore[assignment]
    own_output: ClassVar[str | None] = None
    tzinfo: datetime.tzinfo | None = None

    def __init__(self, expression: Any, output_field: Any = None, tzinfo: datetime.tzinfo | None = None, **extra: Any) -> None:
        self.tzinfo = tzinfo
        super().__init__(expression, output_field=output_field, **extra)

    def as_sql(self, compiler: Any, connection: Any, **extra_context: Any) -> SQL:  # type: ignore[override]
        """The database's own truncation. Raises ValueError for types that have no such unit."""
        sql, params = compiler.compile(self.lhs)
        source = _kind(self.lhs.output_field)
        tzname = self.get_tzname() if source == "DateTimeField" else None
        if source != "DateTimeField":
            self._refuse_zone()
        target = _kind(self.output_field)
        ops = connection.ops
        if target == "DateTimeField":
            return ops.datetime_trunc_sql(self.kind, sql, tuple(params), tzname)  # type: ignore[no-any-return]
        if target == "DateField":
            return ops.date_trunc_sql(self.kind, sql, tuple(params), tzname)  # type: ignore[no-any-return]
        if target == "TimeField":
            return ops.time_trunc_sql(self.kind, sql, tuple(params), tzname)  # type: ignore[no-any-return]
        message = "Trunc only valid on DateField, TimeField, or DateTimeField."
        raise ValueError(message)

    def resolve_expression(
        self, query: Any = None, allow_joins: bool = True, reuse: Any = None, summarize: bool = False, for_save: bool = False
    ) -> Any:
        copied = super().resolve_expression(query, allow_joins, reuse, summarize, for_save)
        field = getattr(copied.lhs, "output_field", None)
        if field is None:
            return copied
        source = _kind(field)
        if source not in ("DateField", "TimeField", "DateTimeField"):
            raise TypeError(f"{getattr(field, 'name', field)!r} isn't a DateField, TimeField, or DateTimeField.")
        self._check_output(copied, field, source)
        return copied

    def _check_output(self, copied: Any, field: Any, source: str) -> None:
        explicit = type(copied.output_field) is not type(field)
        target = _kind(copied.output_field)
        if target is None:
            raise ValueError("output_field must be either DateField, TimeField, or DateTimeField")
        if copied.own_output is not None:
            target, explicit = copied.own_output, True
        impossible = (
            source == "DateField"
            and (target == "DateTimeField" or copied.kind in ("hour", "minute", "second", "time"))
        ) or (
            source == "TimeField"
            and (target == "DateTimeField" or copied.kind in ("year", "quarter", "month", "week", "day", "date"))
        )
        if impossible:
            shown = (copied.own_output or type(copied.output_field).__name__) if explicit else "DateTimeField"
            raise ValueError(f"Cannot truncate {type(field).__name__} '{getattr(field, 'name', '<expression>')}' to {shown}.")

    def convert_value(self, value: Any, expression: Any, connection: Any) -> Any:  # type: ignore[override]
        """The result as the output field's type, in the time zone that it was computed in."""
        target = _kind(self.output_field)
        if target == "DateTimeField":
            if value is None and settings.USE_TZ and self._needs_zones(connection):
                raise ValueError(
                    "Database returned an invalid datetime value. Are time zone definitions for your database installed?"
                )
            if not settings.USE_TZ or value is None:
                return value
            if isinstance(value, str):
                value = datetime.datetime.fromisoformat(value)
            return timezone.make_aware(value.replace(tzinfo=None), self.tzinfo or timezone.get_current_timezone())
        if isinstance(value, datetime.datetime):
            if target == "DateField":
                return value.date()
            if target == "TimeField":
                return value.time()
        return value

    def _needs_zones(self, connection: Any) -> bool:
        """Whether the database has to know time zones for this, and knows none."""
        if _kind(self.lhs.output_field) != "DateTimeField" or self.get_tzname() == connection.timezone_name:
            return False
        return not connection.features.has_zoneinfo_database

    def get_db_converters(self, connection: Any) -> list[Any]:
        return [self.convert_value, *self.output_field.get_db_converters(connection)]


class Trunc(TruncBase):
    """Cut off at ``kind``: year, quarter, month, week, day, hour, minute or second."""

    def __init__(
        self, expression: Any, kind: str, output_field: Any = None, tzinfo: datetime.tzinfo | None = None, **extra: Any
    ) -> None:
        self.kind = kind
        super().__init__(expression, output_field=output_field, tzinfo=tzinfo, **extra)


class TruncYear(TruncBase):
    """The start of the year."""

    kind = "year"


class TruncQuarter(TruncBase):
    """The start of the quarter."""

    kind = "quarter"


class TruncMonth(TruncBase):
    """The start of the month."""

    kind = "month"


class TruncWeek(TruncBase):
    """The Monday of the week."""

    kind = "week"


class TruncDay(TruncBase):
    """The start of the day."""

    kind = "day"


@outputs.class_lookup("DateTimeField")
class TruncDate(TruncBase):
    """The date of a moment."""

    kind = "date"
    own_output = "DateField"
    lookup_name = "date"

    def _resolve_output_field(self) -> Any:
        return outputs.field("DateField")

    def as_sql(self, compiler: Any, connection: Any, **extra_context: Any) -> SQL:  # type: ignore[override]
        sql, params = compiler.compile(self.lhs)
        return connection.ops.datetime_cast_date_sql(sql, tuple(params), self.get_tzname())  # type: ignore[no-any-return]


@outputs.class_lookup("DateTimeField")
class TruncTime(TruncBase):
    """The time of day of a moment."""

    kind = "time"
    own_output = "TimeField"
    lookup_name = "time"

    def _resolve_output_field(self) -> Any:
        return outputs.field("TimeField")

    def as_sql(self, compiler: Any, connection: Any, **extra_context: Any) -> SQL:  # type: ignore[override]
        sql, params = compiler.compile(self.lhs)
        return connection.ops.datetime_cast_time_sql(sql, tuple(params), self.get_tzname())  # type: ignore[no-any-return]


class TruncHour(TruncBase):
    """The start of the hour."""

    kind = "hour"


class TruncMinute(TruncBase):
    """The start of the minute."""

    kind = "minute"


class TruncSecond(TruncBase):
    """The start of the second."""

    kind = "second"

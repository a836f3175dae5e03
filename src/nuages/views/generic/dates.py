"""Views of objects by their date: archives of years, months, weeks and days. See "Generic date views"."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from typing import Any

from nuages.conf import settings
from nuages.exceptions import ImproperlyConfigured
from nuages.http import Http404, HttpRequest
from nuages.i18n import timezone
from nuages.i18n.translation import gettext as _
from nuages.models import DateTimeField
from nuages.text.lazy import cached_property
from nuages.views.generic.detail import BaseDetailView, SingleObjectTemplateResponseMixin
from nuages.views.generic.listing import MultipleObjectMixin, MultipleObjectTemplateResponseMixin
from nuages.views.generic.view import View

Date = datetime.date
Step = Callable[[Any, Date], Date]

# How the days of a week count in each format, for strptime's %w: those that start with Monday (1) and Sunday (0).
_WEEK_STARTS = {"%U": "0", "%V": "1", "%W": "1"}


def timezone_today() -> Date:
    """Today, in the current time zone where ``USE_TZ`` is on."""
    return timezone.localdate() if settings.USE_TZ else datetime.date.today()


def _moved(date: Date, **parts: int) -> Date:
    try:
        return date.replace(**parts)  # type: ignore[arg-type]
    except ValueError:
        raise Http404(_("Date out of range")) from None


def _plus(date: Date, days: int) -> Date:
    try:
        return date + datetime.timedelta(days=days)
    except OverflowError:
        raise Http404(_("Date out of range")) from None


class _DatePart:
    """Finds a part of the date: an attribute of the view, a parameter of the URL, or of the query string."""

    kwargs: dict[str, Any]
    request: HttpRequest

    def _part(self, name: str, missing: Any) -> Any:
        value = getattr(self, name)
        if value is not None:
            return value
        if name in self.kwargs:
            return self.kwargs[name]
        try:
            return self.request.GET[name]
        except KeyError:
            raise Http404(missing) from None


class YearMixin(_DatePart):
    """The year of a view."""

    year_format = "%Y"
    year: Any = None

    def get_year_format(self) -> str:
        """The ``strptime`` format of the year."""
        return self.year_format

    def get_year(self) -> Any:
        """The year, as text."""
        return self._part("year", _("No year specified"))

    def get_next_year(self, date: Date) -> Date | None:
        """The start of the next year that may be shown."""
        return _neighbour(self, date, YearMixin._get_current_year, YearMixin._get_next_year, forward=True)

    def get_previous_year(self, date: Date) -> Date | None:
        """The start of the previous year that may be shown."""
        return _neighbour(self, date, YearMixin._get_current_year, YearMixin._get_next_year, forward=False)

    def _get_current_year(self, date: Date) -> Date:
        return date.replace(month=1, day=1)

    def _get_next_year(self, date: Date) -> Date:
        return _moved(date, year=date.year + 1, month=1, day=1)


class MonthMixin(_DatePart):
    """The month of a view."""

    month_format = "%b"
    month: Any = None

    def get_month_format(self) -> str:
        """The ``strptime`` format of the month."""
        return self.month_format

    def get_month(self) -> Any:
        """The month, as text."""
        return self._part("month", _("No month specified"))

    def get_next_month(self, date: Date) -> Date | None:
        """The start of the next month that may be shown."""
        return _neighbour(self, date, MonthMixin._get_current_month, MonthMixin._get_next_month, forward=True)

    def get_previous_month(self, date: Date) -> Date | None:
        """The start of the previous month that may be shown."""
        return _neighbour(self, date, MonthMixin._get_current_month, MonthMixin._get_next_month, forward=False)

    def _get_current_month(self, date: Date) -> Date:
        return date.replace(day=1)

    def _get_next_month(self, date: Date) -> Date:
        if date.month == 12:
            return _moved(date, year=date.year + 1, month=1, day=1)
        return date.replace(month=date.month + 1, day=1)


class DayMixin(_DatePart):
    """The day of a view."""

    day_format = "%d"
    day: Any = None

    def get_day_format(self) -> str:
        """The ``strptime`` format of the day."""
        return self.day_format

    def get_day(self) -> Any:
        """The day, as text."""
        return self._part("day", _("No day specified"))

    def get_next_day(self, date: Date) -> Date | None:
        """The next day that may be shown."""
        return _neighbour(self, date, DayMixin._get_current_day, DayMixin._get_next_day, forward=True)

    def get_previous_day(self, date: Date) -> Date | None:
        """The previous day that may be shown."""
        return _neighbour(self, date, DayMixin._get_current_day, DayMixin._get_next_day, forward=False)

    def _get_current_day(self, date: Date) -> Date:
        return date

    def _get_next_day(self, date: Date) -> Date:
        return _plus(date, 1)


class WeekMixin(_DatePart):
    """The week of a view."""

    week_format = "%U"
    week: Any = None

    def get_week_format(self) -> str:
        """The ``strptime`` format of the week."""
        return self.week_format

    def get_week(self) -> Any:
        """The week, as text."""
        return self._part("week", _("No week specified"))

    def get_next_week(self, date: Date) -> Date | None:
        """The start of the next week that may be shown."""
        return _neighbour(self, date, WeekMixin._get_current_week, WeekMixin._get_next_week, forward=True)

    def get_previous_week(self, date: Date) -> Date | None:
        """The start of the previous week that may be shown."""
        return _neighbour(self, date, WeekMixin._get_current_week, WeekMixin._get_next_week, forward=False)

    get_prev_week = get_previous_week

    def _get_weekday(self, date: Date) -> int:
        start = _WEEK_STARTS.get(self.get_week_format())
        if start is None:
            raise ValueError(f"unknown week format: {self.get_week_format()}")
        return date.weekday() if start == "1" else date.isoweekday() % 7

    def _get_current_week(self, date: Date) -> Date:
        return date - datetime.timedelta(self._get_weekday(date))

    def _get_next_week(self, date: Date) -> Date:
        return _plus(date, 7 - self._get_weekday(date))


class DateMixin:
    """The date field of a view, and look-ups on it."""

    date_field: str | None = None
    allow_future = False
    model: Any
    get_queryset: Any

    def get_date_field(self) -> str:
        """The name of the date field."""
        if self.date_field is None:
            raise ImproperlyConfigured(f"{type(self).__name__}.date_field is required.")
        return self.date_field

    def get_allow_future(self) -> bool:
        """Whether objects with a date in the future are shown."""
        return self.allow_future

    @cached_property
    def uses_datetime_field(self) -> bool:
        """Whether the field holds datetimes and not dates."""
        model = self.get_queryset().model if self.model is None else self.model
        return isinstance(model._meta.get_field(self.get_date_field()), DateTimeField)

    def _make_date_lookup_arg(self, value: Date) -> Any:
        """A date as a value that the field compares with."""
        if not self.uses_datetime_field:
            return value
        midnight = datetime.datetime.combine(value, datetime.time.min)
        return timezone.make_aware(midnight) if settings.USE_TZ else midnight

    def _span(self, since: Date, until: Date) -> dict[str, Any]:
        """The look-up of all that is from ``since`` to before ``until``."""
        field = self.get_date_field()
        return {f"{field}__gte": self._make_date_lookup_arg(since), f"{field}__lt": self._make_date_lookup_arg(until)}

    def _make_single_date_lookup(self, date: Date) -> dict[str, Any]:
        """The look-up of all that is on one day."""
        if self.uses_datetime_field:
            return self._span(date, date + datetime.timedelta(days=1))
        return {self.get_date_field(): date}

    def _latest_shown(self) -> dict[str, Any]:
        """The look-up that keeps the future out."""
        now = timezone.now() if self.uses_datetime_field else timezone_today()
        return {f"{self.get_date_field()}__lte": now}


def _neighbour(view: Any, date: Date, start_of: Step, start_of_next: Step, *, forward: bool) -> Date | None:
    """The start of the next or previous period, or ``None`` if none may be shown.

    Where empty pages are allowed that is the adjacent period, else the nearest one with an object.
    """
    first = start_of(view, date)
    if view.get_allow_empty():
        found = start_of_next(view, date) if forward else start_of(view, _plus(first, -1))
        return found if view.get_allow_future() or found <= timezone_today() else None
    field = view.get_date_field()
    if forward:
        lookup = {f"{field}__gte": view._make_date_lookup_arg(start_of_next(view, date))}
    else:
        lookup = {f"{field}__lt": view._make_date_lookup_arg(first)}
    objects = view.get_queryset().filter(**lookup)
    if not view.get_allow_future():
        objects = objects.filter(**view._latest_shown())
    nearest = objects.order_by(field if forward else f"-{field}").first()
    if nearest is None:
        return None
    value = getattr(nearest, field)
    if view.uses_datetime_field:
        value = (timezone.localtime(value) if settings.USE_TZ else value).date()
    return start_of(view, value)


class BaseDateListView(MultipleObjectMixin, DateMixin, View):
    """What the archives share; subclasses say which objects they show."""

    allow_empty = False
    date_list_period = "year"
    render_to_response: Any

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        """Show the archive."""
        self.date_list, self.object_list, extra = self.get_dated_items()
        context = self.get_context_data(object_list=self.object_list, date_list=self.date_list, **extra)
        return self.render_to_response(context)

    def get_dated_items(self) -> tuple[Any, Any, dict[str, Any]]:
        """Dates, objects, and more context; subclasses provide it."""
        raise NotImplementedError("A DateView must provide an implementation of get_dated_items()")

    def get_ordering(self) -> Any:
        """``ordering``, by default the latest first."""
        return f"-{self.get_date_field()}" if self.ordering is None else self.ordering

    def get_dated_queryset(self, **lookup: Any) -> Any:
        """The objects that the look-up finds, without those of the future unless allowed; 404 if none are."""
        found = self.get_queryset().filter(**lookup)
        if not self.get_allow_future():
            found = found.filter(**self._latest_shown())
        if not self.get_allow_empty():
            # With pages, ask whether there is any; else all are needed anyway.
            empty = not found if self.get_paginate_by(found) is None else not found.exists()
            if empty:
                raise self._none_available(found)
        return found

    @staticmethod
    def _none_available(queryset: Any) -> Http404:
        names = queryset.model._meta.verbose_name_plural
        return Http404(_("No %(verbose_name_plural)s available") % {"verbose_name_plural": names})

    def get_date_list_period(self) -> str:
        """The period that the dates of ``date_list`` stand for."""
        return self.date_list_period

    def get_date_list(self, queryset: Any, date_type: str | None = None, ordering: str = "ASC") -> Any:
        """The dates with objects, one for each period."""
        method = queryset.datetimes if self.uses_datetime_field else queryset.dates
        dates = method(self.get_date_field(), date_type or self.get_date_list_period(), ordering)
        if dates is not None and not dates and not self.get_allow_empty():
            raise self._none_available(queryset)
        return dates


class BaseArchiveIndexView(BaseDateListView):
    """The latest objects, and the years that have some."""

    context_object_name = "latest"

    def get_dated_items(self) -> tuple[Any, Any, dict[str, Any]]:
        """All objects, and their years."""
        found = self.get_dated_queryset()
        dates = self.get_date_list(found, ordering="DESC")
        return dates, found if dates else found.none(), {}


class ArchiveIndexView(MultipleObjectTemplateResponseMixin, BaseArchiveIndexView):
    """Renders the latest objects."""

    template_name_suffix = "_archive"


class BaseYearArchiveView(YearMixin, BaseDateListView):
    """The months of a year, and its objects if ``make_object_list``."""

    date_list_period = "month"
    make_object_list = False

    def get_dated_items(self) -> tuple[Any, Any, dict[str, Any]]:
        """The months and objects of the year."""
        start = _date_from_string(self.get_year(), self.get_year_format())
        found = self.get_dated_queryset(**self._span(start, self._get_next_year(start)))
        dates = self.get_date_list(found)
        neighbours = {"next_year": self.get_next_year(start), "previous_year": self.get_previous_year(start)}
        return dates, found if self.get_make_object_list() else found.none(), {"year": start, **neighbours}

    def get_make_object_list(self) -> bool:
        """Whether the objects are listed too."""
        return self.make_object_list


class YearArchiveView(MultipleObjectTemplateResponseMixin, BaseYearArchiveView):
    """Renders a year."""

    template_name_suffix = "_archive_year"


class BaseMonthArchiveView(YearMixin, MonthMixin, BaseDateListView):
    """The objects of a month, and the days that have some."""

    date_list_period = "day"

    def get_dated_items(self) -> tuple[Any, Any, dict[str, Any]]:
        """The days and objects of the month."""
        start = _date_from_string(self.get_year(), self.get_year_format(), self.get_month(), self.get_month_format())
        found = self.get_dated_queryset(**self._span(start, self._get_next_month(start)))
        neighbours = {"next_month": self.get_next_month(start), "previous_month": self.get_previous_month(start)}
        return self.get_date_list(found), found, {"month": start, **neighbours}


class MonthArchiveView(MultipleObjectTemplateResponseMixin, BaseMonthArchiveView):
    """Renders a month."""

    template_name_suffix = "_archive_month"


class BaseWeekArchiveView(YearMixin, WeekMixin, BaseDateListView):
    """The objects of a week."""

    def get_dated_items(self) -> tuple[Any, Any, dict[str, Any]]:
        """The objects of the week."""
        week_format, year_format = self.get_week_format(), self.get_year_format()
        first_day = _WEEK_STARTS.get(week_format)
        if first_day is None:
            known = ", ".join(sorted(_WEEK_STARTS))
            raise ValueError(f"Unknown week format {week_format!r}. Choices are: {known}")
        if week_format == "%V" and year_format != "%G":
            raise ValueError(f"ISO weeks ('%V') need the ISO year: set year_format to '%G', not {year_format!r}.")
        start = _date_from_string(self.get_year(), year_format, first_day, "%w", self.get_week(), week_format)
        found = self.get_dated_queryset(**self._span(start, self._get_next_week(start)))
        neighbours = {"next_week": self.get_next_week(start), "previous_week": self.get_previous_week(start)}
        return None, found, {"week": start, **neighbours}


class WeekArchiveView(MultipleObjectTemplateResponseMixin, BaseWeekArchiveView):
    """Renders a week."""

    template_name_suffix = "_archive_week"


class BaseDayArchiveView(YearMixin, MonthMixin, DayMixin, BaseDateListView):
    """The objects of a day."""

    def get_dated_items(self) -> tuple[Any, Any, dict[str, Any]]:
        """The objects of the day."""
        return self._get_dated_items(_named_day(self))

    def _get_dated_items(self, date: Date) -> tuple[Any, Any, dict[str, Any]]:
        found = self.get_dated_queryset(**self._make_single_date_lookup(date))
        neighbours = {
            "previous_day": self.get_previous_day(date),
            "next_day": self.get_next_day(date),
            "previous_month": self.get_previous_month(date),
            "next_month": self.get_next_month(date),
        }
        return None, found, {"day": date, **neighbours}


class DayArchiveView(MultipleObjectTemplateResponseMixin, BaseDayArchiveView):
    """Renders a day."""

    template_name_suffix = "_archive_day"


class BaseTodayArchiveView(BaseDayArchiveView):
    """The objects of today."""

    def get_dated_items(self) -> tuple[Any, Any, dict[str, Any]]:
        """The objects of today."""
        return self._get_dated_items(datetime.date.today())


class TodayArchiveView(MultipleObjectTemplateResponseMixin, BaseTodayArchiveView):
    """Renders today."""

    template_name_suffix = "_archive_day"


class BaseDateDetailView(YearMixin, MonthMixin, DayMixin, DateMixin, BaseDetailView):
    """One object, found by its date besides its ``pk`` or ``slug``."""

    def get_object(self, queryset: Any = None) -> Any:
        """The object; 404 for one of the future unless allowed."""
        date = _named_day(self)
        found = self.get_queryset() if queryset is None else queryset
        if not self.get_allow_future() and date > timezone_today():
            shown = {"names": found.model._meta.verbose_name_plural, "view": type(self).__name__}
            raise Http404(_("%(names)s of the future are not shown: %(view)s.allow_future is False.") % shown)
        return super().get_object(queryset=found.filter(**self._make_single_date_lookup(date)))


class DateDetailView(SingleObjectTemplateResponseMixin, BaseDateDetailView):
    """Renders one object, found by its date."""

    template_name_suffix = "_detail"


def _named_day(view: Any) -> Date:
    return _date_from_string(
        view.get_year(),
        view.get_year_format(),
        view.get_month(),
        view.get_month_format(),
        view.get_day(),
        view.get_day_format(),
    )


def _date_from_string(*parts: Any) -> Date:
    """The date that alternating texts and ``strptime`` formats give; raises ``Http404`` when they give none."""
    text = "__".join(str(part) for part in parts[::2])
    pattern = "__".join(parts[1::2])
    try:
        return datetime.datetime.strptime(text, pattern).date()
    except ValueError:
        shown = {"datestr": text, "format": pattern}
        raise Http404(_("Invalid date string “%(datestr)s” given format “%(format)s”") % shown) from None

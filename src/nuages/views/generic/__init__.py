"""Class-based generic views. See the class-based views documentation."""

from nuages.views.generic.dates import (
    ArchiveIndexView,
    DateDetailView,
    DayArchiveView,
    MonthArchiveView,
    TodayArchiveView,
    WeekArchiveView,
    YearArchiveView,
)
from nuages.views.generic.detail import DetailView
from nuages.views.generic.edit import CreateView, DeleteView, FormView, UpdateView
from nuages.views.generic.listing import ListView
from nuages.views.generic.view import RedirectView, TemplateView, View


class GenericViewError(Exception):
    """Something is wrong with the use of a generic view."""


__all__ = [
    "ArchiveIndexView",
    "CreateView",
    "DateDetailView",
    "DayArchiveView",
    "DeleteView",
    "DetailView",
    "FormView",
    "GenericViewError",
    "ListView",
    "MonthArchiveView",
    "RedirectView",
    "TemplateView",
    "TodayArchiveView",
    "UpdateView",
    "View",
    "WeekArchiveView",
    "YearArchiveView",
]

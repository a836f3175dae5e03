"""Class-based generic views. See the class-based views documentation."""

from nuages.views.generic.dates import ArchiveIndexView as ArchiveIndexView
from nuages.views.generic.dates import DateDetailView as DateDetailView
from nuages.views.generic.dates import DayArchiveView as DayArchiveView
from nuages.views.generic.dates import MonthArchiveView as MonthArchiveView
from nuages.views.generic.dates import TodayArchiveView as TodayArchiveView
from nuages.views.generic.dates import WeekArchiveView as WeekArchiveView
from nuages.views.generic.dates import YearArchiveView as YearArchiveView
from nuages.views.generic.detail import DetailView
from nuages.views.generic.edit import CreateView, DeleteView, FormView, UpdateView
from nuages.views.generic.listing import ListView
from nuages.views.generic.view import RedirectView, TemplateView, View


class GenericViewError(Exception):
    """Something is wrong with the use of a generic view."""


__all__ = [
    "ArchiveIndexView", "CreateView", "DateDetailView", "DayArchiveView", "DeleteView", "DetailView", "FormView",
    "GenericViewError", "ListView", "MonthArchiveView", "RedirectView", "TemplateView", "TodayArchiveView",
    "UpdateView", "View", "WeekArchiveView", "YearArchiveView",
]

"""The URL patterns for choosing a language: ``path("i18n/", include("nuages.views.languages"))``."""

from nuages.urls import path
from nuages.views.i18n import set_language

urlpatterns = [path("setlang/", set_language, name="set_language")]

"""The application of the pages about a project's code."""

from nuages.apps import AppConfig
from nuages.i18n.translation import gettext_lazy as _


class AdminDocsConfig(AppConfig):
    """Shows docstrings of models, views, tags and filters to the staff."""

    name = "nuages.contrib.admindocs"
    verbose_name = _("Administrative Documentation")

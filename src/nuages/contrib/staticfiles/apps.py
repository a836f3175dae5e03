"""The application of static files."""

from nuages.apps import AppConfig
from nuages.checks import Tags, register
from nuages.contrib.staticfiles.checks import check_finders, check_storages
from nuages.i18n.translation import gettext_lazy as _


class StaticFilesConfig(AppConfig):
    """Finds, collects and serves style sheets, scripts and pictures (documentation: ref/contrib/staticfiles)."""

    name = "nuages.contrib.staticfiles"
    verbose_name = _("Static Files")
    ignore_patterns = ("CVS", ".*", "*~")

    def ready(self) -> None:
        """Register the checks."""
        register(check_finders, Tags.staticfiles)
        register(check_storages, Tags.staticfiles)

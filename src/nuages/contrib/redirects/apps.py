"""The application of redirects."""

from nuages.apps import AppConfig
from nuages.i18n.translation import gettext_lazy as _


class RedirectsConfig(AppConfig):
    """Keeps redirects in the database (documentation: ref/contrib/redirects)."""

    default_auto_field = "nuages.models.AutoField"
    name = "nuages.contrib.redirects"
    verbose_name = _("Redirects")

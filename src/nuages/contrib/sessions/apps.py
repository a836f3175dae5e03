"""The sessions application."""

from nuages.apps import AppConfig
from nuages.i18n.translation import gettext_lazy as _


class SessionsConfig(AppConfig):
    """Keeps data of a visitor between requests (documentation: topics/http/sessions)."""

    name = "nuages.contrib.sessions"
    verbose_name = _("Sessions")

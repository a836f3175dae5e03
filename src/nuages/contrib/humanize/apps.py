"""The humanize application."""

from nuages.apps import AppConfig
from nuages.i18n.translation import gettext_lazy as _


class HumanizeConfig(AppConfig):
    """Filters for numbers and moments (documentation: ref/contrib/humanize)."""

    name = "nuages.contrib.humanize"
    verbose_name = _("Humanize")

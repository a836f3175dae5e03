"""The syndication application."""

from nuages.apps import AppConfig
from nuages.i18n.translation import gettext_lazy as _


class SyndicationConfig(AppConfig):
    """Feeds of a site's news (documentation: ref/contrib/syndication)."""

    name = "nuages.contrib.syndication"
    verbose_name = _("Syndication")

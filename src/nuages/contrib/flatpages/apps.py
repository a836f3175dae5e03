"""The application of flat pages."""

from nuages.apps import AppConfig
from nuages.i18n.translation import gettext_lazy as _


class FlatPagesConfig(AppConfig):
    """Keeps simple pages in the database (documentation: ref/contrib/flatpages)."""

    default_auto_field = "nuages.models.AutoField"
    name = "nuages.contrib.flatpages"
    verbose_name = _("Flat Pages")

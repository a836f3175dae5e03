"""The application of the catalog."""

from nuages.apps import AppConfig
from nuages.i18n.translation import gettext_lazy as _


class CatalogConfig(AppConfig):
    """Categories, products and their reviews."""

    name = "catalog"
    verbose_name = _("Catalog")

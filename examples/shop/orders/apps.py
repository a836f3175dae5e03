"""The application of carts and orders."""

from importlib import import_module

from nuages.apps import AppConfig
from nuages.i18n.translation import gettext_lazy as _


class OrdersConfig(AppConfig):
    """Carts and orders."""

    name = "orders"
    verbose_name = _("Orders")

    def ready(self) -> None:
        """Connect the receivers of signals."""
        import_module("orders.receivers")  # here, as models are there only now

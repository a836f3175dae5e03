"""The application of customers' accounts."""

from nuages.apps import AppConfig
from nuages.i18n.translation import gettext_lazy as _


class AccountsConfig(AppConfig):
    """Signing up, logging in, one's own orders."""

    name = "accounts"
    verbose_name = _("Accounts")

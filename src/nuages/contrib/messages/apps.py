"""The messages application."""

from nuages.apps import AppConfig
from nuages.i18n.translation import gettext_lazy as _


class MessagesConfig(AppConfig):
    """One-time messages to the user (documentation: ref/contrib/messages)."""

    name = "nuages.contrib.messages"
    verbose_name = _("Messages")

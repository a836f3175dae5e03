"""Starting a project: settings, logging, applications, in this order."""

from __future__ import annotations

from nuages.apps import apps
from nuages.conf import settings
from nuages.conf.logs import configure_logging
from nuages.conf.settings import script_prefix


def setup(set_prefix: bool = True) -> None:
    """Load the settings, configure logging, load the applications and their models.

    ``set_prefix`` sets the URL prefix from ``FORCE_SCRIPT_NAME``. Called by every command and server; scripts call it themselves.
    """
    configure_logging(settings.LOGGING_CONFIG, settings.LOGGING)
    if set_prefix:
        script_prefix.set(settings.FORCE_SCRIPT_NAME or "/")
    apps.populate(settings.INSTALLED_APPS)

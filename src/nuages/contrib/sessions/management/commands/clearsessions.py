"""Delete the sessions whose time is over."""

from importlib import import_module
from typing import Any

from nuages.cli.command import BaseCommand, CommandError
from nuages.conf import settings


class Command(BaseCommand):
    """``clearsessions``: to be run regularly, as by cron."""

    help = "Deletes the sessions whose time is over, where the session backend keeps them."

    def handle(self, **options: Any) -> None:
        """Ask the configured backend to do it; ``CommandError`` if it cannot."""
        store = import_module(settings.SESSION_ENGINE).SessionStore
        try:
            store.clear_expired()
        except NotImplementedError:
            raise CommandError(
                f"The session engine {settings.SESSION_ENGINE!r} cannot clear expired sessions."
            ) from None

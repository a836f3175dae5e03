"""The development server with static files."""

from __future__ import annotations

from typing import Any

from nuages.cli.commands.runserver import Command as RunserverCommand
from nuages.conf import settings
from nuages.contrib.staticfiles.handlers import StaticFilesHandler


class Command(RunserverCommand):
    """``runserver``: files of apps and STATICFILES_DIRS are served from where they lie, while DEBUG is on."""

    help = "Starts a web server for development, which serves static files, too."

    def add_arguments(self, parser: Any) -> None:
        """The options."""
        super().add_arguments(parser)
        parser.add_argument("--nostatic", action="store_false", dest="use_static_handler", help="Don't serve static files.")
        parser.add_argument(
            "--insecure",
            action="store_true",
            dest="insecure_serving",
            help="Serve static files with DEBUG off, too; slow, and not meant for production.",
        )

    def get_handler(self, *args: Any, **options: Any) -> Any:
        """The application, behind a handler of static files."""
        handler = super().get_handler(*args, **options)
        if options["use_static_handler"] and (settings.DEBUG or options["insecure_serving"]):
            return StaticFilesHandler(handler)
        return handler

    def serves_static(self, options: dict[str, Any]) -> bool:
        """The same question, for the server on the event loop."""
        return bool(options["use_static_handler"] and (settings.DEBUG or options["insecure_serving"]))

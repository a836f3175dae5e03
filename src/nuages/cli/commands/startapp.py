"""Make an app."""

from typing import Any

from nuages.cli.scaffold import TemplateCommand


class Command(TemplateCommand):
    """``startapp``: a package with models, views, admin and tests."""

    help = "Makes the folder of a new app, here or at the given place."
    missing_args_message = "You must provide an application name."

    def handle(self, **options: Any) -> None:  # type: ignore[override]
        """Make it."""
        name, target = options.pop("name"), options.pop("directory")
        super().handle("app", name, target, **options)

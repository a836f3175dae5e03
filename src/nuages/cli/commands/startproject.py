"""Make a project."""

from typing import Any

from nuages.cli.programs import get_random_secret_key
from nuages.cli.scaffold import TemplateCommand
from nuages.conf import names


class Command(TemplateCommand):
    """``startproject``: a folder with ``manage.py`` and a package with settings."""

    help = "Makes the folder of a new project, here or at the given place."
    missing_args_message = "You must provide a project name."

    def handle(self, **options: Any) -> None:  # type: ignore[override]
        """Make it, with a random secret key."""
        name, target = options.pop("name"), options.pop("directory")
        options["secret_key"] = f"{names.framework().lower()}-insecure-{get_random_secret_key()}"
        super().handle("project", name, target, **options)

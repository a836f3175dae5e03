"""Start the database's own command-line client."""

import subprocess
from typing import Any

from nuages.cli.command import BaseCommand, CommandError, CommandParser
from nuages.db import DEFAULT_DB_ALIAS, connections


class Command(BaseCommand):
    """``dbshell``: with the connection parameters of the settings."""

    help = "Starts the command-line client of the database with the connection parameters of the settings."
    requires_system_checks = []

    def add_arguments(self, parser: CommandParser) -> None:
        """Declare the arguments."""
        parser.add_argument(
            "--database", default=DEFAULT_DB_ALIAS, choices=tuple(connections), help="The database to open."
        )
        parser.add_argument("parameters", nargs="*", help="What follows -- goes to the client.")

    def handle(self, **options: Any) -> None:
        """Run the client."""
        connection = connections[options["database"]]
        try:
            connection.client.runshell(options["parameters"])
        except FileNotFoundError:
            name = connection.client.executable_name
            raise CommandError(f"You appear not to have the {name!r} program installed or on your path.") from None
        except subprocess.CalledProcessError as error:
            raise CommandError(
                f'"{" ".join(map(str, error.cmd))}" returned non-zero exit status {error.returncode}.',
                returncode=error.returncode,
            ) from error

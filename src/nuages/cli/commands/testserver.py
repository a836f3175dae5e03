"""Serve the project on a test database with fixtures."""

from typing import Any

from nuages.cli.calling import call_command
from nuages.cli.command import BaseCommand, CommandParser
from nuages.db import connection


class Command(BaseCommand):
    """``testserver``: a development server on a fresh database."""

    help = "Runs a development server with data from the given fixtures."
    requires_system_checks = []

    def add_arguments(self, parser: CommandParser) -> None:
        """Declare the arguments."""
        parser.add_argument("args", metavar="fixture", nargs="*", help="Fixtures to load.")
        parser.add_argument(
            "--noinput", "--no-input", action="store_false", dest="interactive", help="Don't ask for anything."
        )
        parser.add_argument("--addrport", default="", help="Port, or address and port.")
        parser.add_argument("--ipv6", "-6", action="store_true", dest="use_ipv6", help="Use an IPv6 address.")

    def handle(self, *fixture_labels: str, **options: Any) -> None:
        """Create the database, load fixtures, serve."""
        verbosity = options["verbosity"]
        db_name = connection.creation.create_test_db(
            verbosity=verbosity, autoclobber=not options["interactive"], serialize=False
        )
        call_command("loaddata", *fixture_labels, verbosity=verbosity)
        call_command(
            "runserver",
            addrport=options["addrport"],
            shutdown_message=(
                f"\nServer stopped.\nThe test database {db_name!r} is still there; it goes when tests are run, or by hand."
            ),
            use_reloader=False,
            use_ipv6=options["use_ipv6"],
            use_threading=connection.features.test_db_allows_multiple_connections,
        )

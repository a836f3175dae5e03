"""Show the SQL of ``flush``."""

from typing import Any

from nuages.cli.command import BaseCommand, CommandParser
from nuages.cli.statements import sql_flush
from nuages.db import DEFAULT_DB_ALIAS, connections


class Command(BaseCommand):
    """``sqlflush``: prints the statements without running them."""

    help = "Prints the SQL statements by which flush empties the tables."
    output_transaction = True

    def add_arguments(self, parser: CommandParser) -> None:
        """Declare the arguments."""
        parser.add_argument(
            "--database", default=DEFAULT_DB_ALIAS, choices=tuple(connections), help="The database to print SQL for."
        )

    def handle(self, **options: Any) -> str | None:
        """Return the statements."""
        statements = sql_flush(self.style, connections[options["database"]], allow_cascade=True)
        if not statements and options["verbosity"] >= 1:
            self.stderr.write("No tables found.")
        return "\n".join(statements)

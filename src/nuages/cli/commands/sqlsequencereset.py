"""Show SQL that brings sequences in line with their tables."""

from typing import Any

from nuages.cli.command import AppCommand, CommandParser
from nuages.db import DEFAULT_DB_ALIAS, connections


class Command(AppCommand):
    """``sqlsequencereset``: for databases whose automatic numbers come from sequences."""

    help = "Prints the SQL statements that set the sequences of the given apps to their highest value."
    output_transaction = True

    def add_arguments(self, parser: CommandParser) -> None:
        """Declare the arguments."""
        super().add_arguments(parser)
        parser.add_argument(
            "--database", default=DEFAULT_DB_ALIAS, choices=tuple(connections), help="The database to print SQL for."
        )

    def handle_app_config(self, app_config: Any, **options: Any) -> str | None:
        """Return the statements for one app."""
        if app_config.models_module is None:
            return None
        models = app_config.get_models(include_auto_created=True)
        statements = connections[options["database"]].ops.sequence_reset_sql(self.style, models)
        if not statements and options["verbosity"] >= 1:
            self.stderr.write("No sequences found.")
        return "\n".join(statements)

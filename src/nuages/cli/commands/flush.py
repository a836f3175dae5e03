"""Empty the tables of the database."""

from importlib import import_module
from typing import Any

from nuages.apps import apps
from nuages.cli.color import no_style
from nuages.cli.command import BaseCommand, CommandError, CommandParser
from nuages.cli.statements import emit_post_migrate_signal, sql_flush
from nuages.db import DEFAULT_DB_ALIAS, connections


class Command(BaseCommand):
    """``flush``: removes all data, but not the record of migrations."""

    help = "Removes all rows from all tables of the project's models; migrations stay applied."
    stealth_options = ("reset_sequences", "allow_cascade", "inhibit_post_migrate")

    def add_arguments(self, parser: CommandParser) -> None:
        """Declare the arguments."""
        parser.add_argument(
            "--noinput", "--no-input", action="store_false", dest="interactive", help="Don't ask for confirmation."
        )
        parser.add_argument(
            "--database", default=DEFAULT_DB_ALIAS, choices=tuple(connections), help="The database to empty."
        )

    def handle(self, **options: Any) -> None:
        """Ask, empty, and send ``post_migrate``."""
        alias = options["database"]
        connection = connections[alias]
        for app_config in apps.get_app_configs():
            try:
                import_module(".management", app_config.name)  # its receivers of post_migrate may be there
            except ImportError:
                continue
        statements = sql_flush(
            no_style(),
            connection,
            reset_sequences=options.get("reset_sequences", True),
            allow_cascade=options.get("allow_cascade", False),
        )
        name = connection.settings_dict["NAME"]
        if options["interactive"] and not self._confirmed(name, alias):
            self.stdout.write("Flush cancelled.")
            return
        try:
            connection.ops.execute_sql_flush(statements)
        except Exception as error:
            raise CommandError(
                f"Database {name} couldn't be flushed ({error}). Does it run, and are its tables those of the models "
                "(see 'sqlflush')?"
            ) from error
        if statements and not options.get("inhibit_post_migrate", False):
            emit_post_migrate_signal(options["verbosity"], options["interactive"], alias)

    def _confirmed(self, name: str, alias: str) -> bool:
        question = (
            f"This removes ALL DATA from the database {name!r} ({alias!r}) and leaves every table empty.\n"
            "Are you sure you want to do this?\n\n    Type 'yes' to continue, or 'no' to cancel: "
        )
        return input(question) == "yes"

"""Show the SQL of a migration."""

from typing import Any

from nuages.apps import apps
from nuages.cli.command import BaseCommand, CommandError, CommandParser
from nuages.db import DEFAULT_DB_ALIAS, connections
from nuages.migrations.exceptions import AmbiguityError
from nuages.migrations.loader import MigrationLoader


class Command(BaseCommand):
    """``sqlmigrate``: prints what ``migrate`` would run."""

    help = "Prints the SQL statements of a migration."
    output_transaction = True

    def add_arguments(self, parser: CommandParser) -> None:
        """Declare the arguments."""
        parser.add_argument("app_label", help="The app of the migration.")
        parser.add_argument("migration_name", help="The migration, or the beginning of its name.")
        parser.add_argument(
            "--database", default=DEFAULT_DB_ALIAS, choices=tuple(connections), help="The database to print SQL for."
        )
        parser.add_argument("--backwards", action="store_true", help="Print how the migration is taken back.")

    def execute(self, *args: Any, **options: Any) -> Any:
        """Print without colours, as the output may go into a file."""
        options["no_color"] = True
        return super().execute(*args, **options)

    def handle(self, *args: Any, **options: Any) -> str:
        """Return the statements."""
        connection = connections[options["database"]]
        loader = MigrationLoader(connection, replace_migrations=False)
        label, name = options["app_label"], options["migration_name"]
        try:
            apps.get_app_config(label)
        except LookupError as error:
            raise CommandError(str(error)) from error
        if label not in loader.migrated_apps:
            raise CommandError(f"App '{label}' does not have migrations")
        try:
            migration = loader.get_migration_by_prefix(label, name)
        except AmbiguityError as error:
            raise CommandError(
                f"More than one migration matches '{name}' in app '{label}'. Please be more specific."
            ) from error
        except KeyError as error:
            raise CommandError(
                f"Cannot find a migration matching '{name}' from app '{label}'. Is it in INSTALLED_APPS?"
            ) from error
        self.output_transaction = migration.atomic and connection.features.can_rollback_ddl
        plan = [(loader.graph.nodes[label, migration.name], options["backwards"])]
        statements = loader.collect_sql(plan)
        if not statements and options["verbosity"] >= 1:
            self.stderr.write("No operations found.")
        return "\n".join(statements)

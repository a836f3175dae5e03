"""Optimize the operations of a migration file."""

import os
import shutil
import sys
from typing import Any

from nuages.apps import apps
from nuages.cli.command import BaseCommand, CommandError, CommandParser
from nuages.cli.programs import run_formatters
from nuages.migrations.exceptions import AmbiguityError
from nuages.migrations.loader import MigrationLoader
from nuages.migrations.migration import Migration
from nuages.migrations.optimizer import MigrationOptimizer
from nuages.migrations.writer import MigrationWriter


class Command(BaseCommand):
    """``optimizemigration``: rewrites one migration."""

    help = "Merges operations of a migration where that comes to the same."

    def add_arguments(self, parser: CommandParser) -> None:
        """Declare the arguments."""
        parser.add_argument("app_label", help="The app of the migration.")
        parser.add_argument("migration_name", help="The migration, or the beginning of its name.")
        parser.add_argument("--check", action="store_true", help="Exit with an error if it can be optimized.")

    def handle(self, *args: Any, **options: Any) -> None:
        """Optimize and write."""
        verbosity = options["verbosity"]
        label, name, check = options["app_label"], options["migration_name"], options["check"]
        try:
            apps.get_app_config(label)
        except LookupError as error:
            raise CommandError(str(error)) from error
        migration = self._find(label, name)
        if verbosity > 0:
            self.stdout.write(self.style.MIGRATE_HEADING("Optimizing..."))
        operations = MigrationOptimizer().optimize(migration.operations, migration.app_label)
        if len(migration.operations) == len(operations):
            if verbosity > 0:
                self.stdout.write("No optimizations possible.")
            return
        if verbosity > 0:
            self.stdout.write(
                f"  Optimized from {len(migration.operations)} operations to {len(operations)} operations."
            )
        if check:
            sys.exit(1)
        migration.operations = operations
        self._write(migration, verbosity)

    def _find(self, label: str, name: str) -> Any:
        loader = MigrationLoader(None)
        if label not in loader.migrated_apps:
            raise CommandError(f"App '{label}' does not have migrations.")
        try:
            return loader.get_migration_by_prefix(label, name)
        except AmbiguityError as error:
            raise CommandError(
                f"More than one migration matches '{name}' in app '{label}'. Please be more specific."
            ) from error
        except KeyError as error:
            raise CommandError(f"Cannot find a migration matching '{name}' from app '{label}'.") from error

    def _write(self, migration: Any, verbosity: int) -> None:
        writer = MigrationWriter(migration)
        content = writer.as_string()
        if writer.needs_manual_porting:
            if migration.replaces:
                raise CommandError(
                    "Migration will require manual porting but is already a squashed migration.\n"
                    "Transition to a normal migration first."
                )
            optimized = type(
                "Migration",
                (Migration,),
                {
                    "dependencies": migration.dependencies,
                    "operations": migration.operations,
                    "replaces": [(migration.app_label, migration.name)],
                },
            )(f"{migration.name}_optimized", migration.app_label)
            writer = MigrationWriter(optimized)
            content = writer.as_string()
            if verbosity > 0:
                self.stdout.write(self.style.MIGRATE_HEADING("Manual porting required"))
                self.stdout.write("  Copy the functions that the migration uses into it, by hand.")
                if shutil.which("black"):
                    self.stdout.write("  Imports of the old file may be needed, too.")
        with open(writer.path, "w", encoding="utf-8") as file:
            file.write(content)
        run_formatters([writer.path], stderr=self.stderr)
        if verbosity > 0:
            self.stdout.write(self.style.MIGRATE_HEADING(f"Optimized migration {os.path.relpath(writer.path)}"))

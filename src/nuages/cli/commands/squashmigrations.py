"""Replace a row of migrations by one."""

import os
from typing import Any

from nuages.apps import apps
from nuages.cli.command import BaseCommand, CommandError, CommandParser
from nuages.cli.programs import run_formatters
from nuages.migrations.exceptions import AmbiguityError
from nuages.migrations.loader import MigrationLoader
from nuages.migrations.migration import Migration, SwappableTuple
from nuages.migrations.optimizer import MigrationOptimizer
from nuages.migrations.writer import MigrationWriter


class Command(BaseCommand):
    """``squashmigrations``: from the first (or a given) migration to another."""

    help = "Writes one migration that does the same as a row of migrations, which it replaces."

    def add_arguments(self, parser: CommandParser) -> None:
        """Declare the arguments."""
        add = parser.add_argument
        add("app_label", help="The app of the migrations.")
        add("start_migration_name", nargs="?", help="The first migration to squash (default: the app's first).")
        add("migration_name", help="The last migration to squash.")
        add("--no-optimize", action="store_true", help="Keep all operations as they are.")
        add("--noinput", "--no-input", action="store_false", dest="interactive", help="Don't ask for anything.")
        add("--squashed-name", help="The name of the new migration.")
        add("--no-header", action="store_false", dest="include_header", help="Write no header comment.")

    def handle(self, **options: Any) -> None:
        """Collect, optimize, write."""
        self.verbosity, self.interactive = options["verbosity"], options["interactive"]
        label = options["app_label"]
        try:
            apps.get_app_config(label)
        except LookupError as error:
            raise CommandError(str(error)) from error
        # What a database has applied does not matter: squashed migrations stand for what they replace.
        loader = MigrationLoader(None)
        if label not in loader.migrated_apps:
            raise CommandError(f"App '{label}' does not have migrations (so squashmigrations on it makes no sense)")
        migration = self.find_migration(loader, label, options["migration_name"])
        chosen = self._chosen(loader, label, migration, options["start_migration_name"])
        if self.verbosity > 0 or self.interactive:
            self.stdout.write(self.style.MIGRATE_HEADING("Will squash the following migrations:"))
            for each in chosen:
                self.stdout.write(f" - {each.name}")
            if self.interactive:
                answer = input("Do you wish to proceed? [y/N] ").strip().lower()
                if answer not in {"y", "yes"}:
                    return
        operations, dependencies, replaces = self._gather(loader, chosen)
        operations = self._optimized(operations, migration, options["no_optimize"])
        squashed = self._squashed(options, migration, chosen, operations, dependencies, replaces)
        self._write(squashed, options["include_header"])

    def _chosen(self, loader: Any, label: str, migration: Any, start_name: str | None) -> list[Any]:
        plan = [
            loader.get_migration(app, name)
            for app, name in loader.graph.forwards_plan((migration.app_label, migration.name))
            if app == migration.app_label
        ]
        if not start_name:
            return plan
        start = self.find_migration(loader, label, start_name)
        try:
            return plan[plan.index(loader.get_migration(start.app_label, start.name)) :]
        except (KeyError, ValueError):
            raise CommandError(
                f"The migration '{start}' cannot be found. Maybe it comes after the migration '{migration}'?\n"
                f"Have a look at:\n  python manage.py showmigrations {label}\nto debug this issue."
            ) from None

    def _gather(self, loader: Any, chosen: list[Any]) -> tuple[list[Any], list[Any], list[Any]]:
        operations: list[Any] = []
        dependencies: set[Any] = set()
        replaces: list[Any] = []
        chosen_keys = {(each.app_label, each.name) for each in chosen}
        for each in chosen:
            operations.extend(each.operations)
            for dependency in each.dependencies:
                if isinstance(dependency, SwappableTuple) or dependency not in chosen_keys:
                    dependencies.add(dependency)
            replaces.append((each.app_label, each.name))
        return operations, list(dependencies), replaces

    def _optimized(self, operations: list[Any], migration: Any, no_optimize: bool) -> list[Any]:
        if no_optimize:
            if self.verbosity > 0:
                self.stdout.write(self.style.MIGRATE_HEADING("(Skipping optimization.)"))
            return operations
        if self.verbosity > 0:
            self.stdout.write(self.style.MIGRATE_HEADING("Optimizing..."))
        optimized: list[Any] = MigrationOptimizer().optimize(operations, migration.app_label)
        if self.verbosity > 0:
            if len(optimized) == len(operations):
                self.stdout.write("  No optimizations possible.")
            else:
                self.stdout.write(f"  Optimized from {len(operations)} operations to {len(optimized)} operations.")
        return optimized

    def _squashed(
        self,
        options: dict[str, Any],
        migration: Any,
        chosen: list[Any],
        operations: list[Any],
        dependencies: list[Any],
        replaces: list[Any],
    ) -> Any:
        content = {"dependencies": dependencies, "operations": operations, "replaces": replaces}
        subclass = type("Migration", (Migration,), content)
        if options["start_migration_name"]:
            if options["squashed_name"]:
                prefix = chosen[0].name.partition("_")[0]
                name = f"{prefix}_{options['squashed_name']}"
            else:
                name = f"{chosen[0].name}_squashed_{migration.name}"
            return subclass(name, options["app_label"])
        subclass.initial = True  # type: ignore[attr-defined]
        return subclass(f"0001_{options['squashed_name'] or f'squashed_{migration.name}'}", options["app_label"])

    def _write(self, squashed: Any, include_header: bool) -> None:
        writer = MigrationWriter(squashed, include_header)
        if os.path.exists(writer.path):
            raise CommandError(f"Migration {squashed.name} already exists. Use a different name.")
        with open(writer.path, "w", encoding="utf-8") as file:
            file.write(writer.as_string())
        run_formatters([writer.path], stderr=self.stderr)
        if self.verbosity < 1:
            return
        self.stdout.write(self.style.MIGRATE_HEADING(f"Created new squashed migration {writer.path}"))
        self.stdout.write(
            "  Keep the migrations that it replaces until they are applied everywhere:\n"
            "  only new databases start from the squashed one. Then delete them, and 'replaces'."
        )
        if writer.needs_manual_porting:
            self.stdout.write(self.style.MIGRATE_HEADING("Manual porting required"))
            self.stdout.write("  Copy the functions that the old migrations use into the new one, by hand.")

    def find_migration(self, loader: Any, app_label: str, name: str) -> Any:
        """The migration that *name* begins; CommandError if there is none or more than one."""
        try:
            return loader.get_migration_by_prefix(app_label, name)
        except AmbiguityError as error:
            raise CommandError(
                f"More than one migration matches '{name}' in app '{app_label}'. Please be more specific."
            ) from error
        except KeyError as error:
            raise CommandError(f"Cannot find a migration matching '{name}' from app '{app_label}'.") from error

"""Write migrations for the changes of models."""

import os
import sys
import warnings
from datetime import datetime
from itertools import takewhile
from typing import Any

from nuages.apps import apps
from nuages.cli.command import BaseCommand, CommandError, CommandParser, OutputWrapper, no_translations
from nuages.cli.programs import run_formatters
from nuages.conf import settings
from nuages.db import DEFAULT_DB_ALIAS, OperationalError, connections, router
from nuages.migrations.autodetector import MigrationAutodetector
from nuages.migrations.loader import MigrationLoader
from nuages.migrations.migration import Migration
from nuages.migrations.optimizer import MigrationOptimizer
from nuages.migrations.questioner import (
    InteractiveMigrationQuestioner,
    MigrationQuestioner,
    NonInteractiveMigrationQuestioner,
)
from nuages.migrations.state import ProjectState
from nuages.migrations.writer import MigrationWriter


class Command(BaseCommand):
    """``makemigrations``: for all apps or some; also empty ones, merges, and updates of the last one."""

    autodetector = MigrationAutodetector
    help = "Writes migrations that hold the changes of models since the last ones."

    def add_arguments(self, parser: CommandParser) -> None:
        """Declare the arguments."""
        add = parser.add_argument
        add("args", metavar="app_label", nargs="*", help="Apps to write migrations for (default: all).")
        add("--dry-run", action="store_true", help="Write nothing; with verbosity 3, print the files.")
        add("--merge", action="store_true", help="Resolve conflicts between migrations.")
        add("--empty", action="store_true", help="Write an empty migration.")
        add("--noinput", "--no-input", action="store_false", dest="interactive", help="Don't ask for anything.")
        add("-n", "--name", help="The name of the new migrations.")
        add("--no-header", action="store_false", dest="include_header", help="Write no header comment.")
        add(
            "--check",
            action="store_true",
            dest="check_changes",
            help="Exit with an error if there are changes without migrations, and write nothing.",
        )
        add("--scriptable", action="store_true", help="Print only the paths of new files to standard output.")
        add("--update", action="store_true", help="Put the changes into the last migration.")

    @property
    def log_output(self) -> OutputWrapper:
        """Where messages go that are not paths."""
        return self.stderr if self.scriptable else self.stdout

    def log(self, msg: str) -> None:
        """Print a message."""
        self.log_output.write(msg)

    @no_translations
    def handle(self, *app_labels: str, **options: Any) -> None:
        """Detect and write."""
        self._take(options)
        labels = set(app_labels)
        self._refuse_unknown_apps(labels)
        loader = MigrationLoader(None, ignore_no_migrations=True)
        self._check_history(loader)
        conflicts = {app: names for app, names in loader.detect_conflicts().items() if not labels or app in labels}
        if conflicts and not self.merge:
            listed = "; ".join(f"{', '.join(names)} in {app}" for app, names in conflicts.items())
            raise CommandError(
                f"Conflicting migrations detected; multiple leaf nodes in the migration graph: ({listed}).\n"
                "To fix them run 'python manage.py makemigrations --merge'"
            )
        if self.merge:
            if not conflicts:
                self.log("No conflicts detected to merge.")
                return
            self.handle_merge(loader, conflicts)
            return
        self._detect(loader, labels)

    def _take(self, options: dict[str, Any]) -> None:
        self.written_files: list[str] = []
        self.verbosity = options["verbosity"]
        self.interactive = options["interactive"]
        self.dry_run = options["dry_run"] or options["check_changes"]
        self.check_changes, self.update = options["check_changes"], options["update"]
        self.merge, self.empty = options["merge"], options["empty"]
        self.include_header, self.scriptable = options["include_header"], options["scriptable"]
        self.migration_name = options["name"]
        if self.migration_name and not self.migration_name.isidentifier():
            message = "The migration name must be a valid Python identifier."
            raise CommandError(message)
        if self.scriptable:
            self.stderr.style_func = None

    def _refuse_unknown_apps(self, labels: set[str]) -> None:
        unknown = False
        for label in sorted(labels):
            try:
                apps.get_app_config(label)
            except LookupError as error:
                self.stderr.write(str(error))
                unknown = True
        if unknown:
            sys.exit(2)

    @staticmethod
    def _check_history(loader: Any) -> None:
        """Check what the databases that take migrations have recorded; one that cannot be reached only warns."""
        consistent = {config.label for config in apps.get_app_configs()}
        wanted = connections if settings.DATABASE_ROUTERS else [DEFAULT_DB_ALIAS]
        for alias in sorted(wanted):
            connection = connections[alias]
            if connection.settings_dict["ENGINE"].endswith("db.backends.dummy"):
                continue
            if not any(
                router.allow_migrate(connection.alias, label, model_name=model._meta.object_name)
                for label in consistent
                for model in apps.get_app_config(label).get_models()
            ):
                continue
            try:
                loader.check_consistent_history(connection)
            except OperationalError as error:
                warnings.warn(
                    f"Got an error checking a consistent migration history performed for database connection '{alias}': "
                    f"{error}",
                    RuntimeWarning,
                    stacklevel=2,
                )

    def _questioner(self, labels: set[str]) -> Any:
        kind = InteractiveMigrationQuestioner if self.interactive else NonInteractiveMigrationQuestioner
        kwargs: dict[str, Any] = {"specified_apps": labels, "dry_run": self.dry_run}
        if self.interactive:
            kwargs["prompt_output"] = self.log_output
        else:
            kwargs.update(verbosity=self.verbosity, log=self.log)
        return kind(**kwargs)

    def _detect(self, loader: Any, labels: set[str]) -> None:
        detector = self.autodetector(loader.project_state(), ProjectState.from_apps(apps), self._questioner(labels))
        if self.empty:
            if not labels:
                raise CommandError("--empty makes a migration for each app that is named: name one.")
            changes = {app: [Migration("custom", app)] for app in labels}
            changes = detector.arrange_for_graph(
                changes=changes, graph=loader.graph, migration_name=self.migration_name
            )
            self.write_migration_files(changes)
            return
        changes = detector.changes(
            graph=loader.graph,
            trim_to_apps=labels or None,
            convert_apps=labels or None,
            migration_name=self.migration_name,
        )
        if not changes:
            self._no_changes(labels)
        elif self.check_changes:
            self.write_migration_files(changes)
            sys.exit(1)
        elif self.update:
            self.write_to_last_migration(changes, loader)
        else:
            self.write_migration_files(changes)

    def _no_changes(self, labels: set[str]) -> None:
        if self.verbosity < 1:
            return
        if len(labels) == 1:
            self.log(f"No changes detected in app '{next(iter(labels))}'")
        elif labels:
            self.log(f"No changes detected in apps '{', '.join(sorted(labels))}'")
        else:
            self.log("No changes detected")

    def write_to_last_migration(self, changes: dict[str, Any], loader: Any) -> None:
        """Merge the changes into the last migration of their app, if no database and no other migration has it yet."""
        app_label, (migration,) = next(iter(changes.items()))
        leaves = loader.graph.leaf_nodes(app_label)
        if not leaves:
            raise CommandError(f"App {app_label} has no migration yet that --update could change.")
        last = loader.graph.nodes[leaves[0]]
        if last.replaces:
            raise CommandError(f"Cannot update squash migration '{last}'.")
        recorded = MigrationLoader(connections[DEFAULT_DB_ALIAS]).applied_migrations
        if leaves[0] in recorded:
            raise CommandError(f"Cannot update applied migration '{last}'.")
        depending = [m for m in loader.disk_migrations.values() if leaves[0] in m.dependencies]
        if depending:
            shown = ", ".join(f"'{m}'" for m in depending)
            raise CommandError(f"Cannot update migration '{last}' that migrations {shown} depend on.")
        last.operations.extend(migration.operations)
        last.dependencies.extend(
            dependency
            for dependency in migration.dependencies
            if not (isinstance(dependency, Migration) or dependency[0] == app_label)
        )
        last.operations = MigrationOptimizer().optimize(last.operations, app_label)
        old_path = MigrationWriter(last).path
        number = last.name.partition("_")[0]
        new_name = f"{number}_{self.migration_name or last.suggest_name()}"
        last.name = f"{new_name}_updated" if new_name == last.name and not self.migration_name else new_name
        self.write_migration_files({app_label: [last]}, {app_label: old_path})

    def write_migration_files(self, changes: dict[str, Any], update_previous_migration_paths: Any = None) -> None:
        """Write (or, in a dry run, print) the migrations."""
        created: set[str] = set()
        for app_label, migrations in changes.items():
            if self.verbosity >= 1:
                self.log(self.style.MIGRATE_HEADING(f"Migrations for '{app_label}':"))
            for migration in migrations:
                writer = MigrationWriter(migration, self.include_header)
                if self.verbosity >= 1:
                    self.log(f"  {self.style.MIGRATE_LABEL(self.get_relative_path(writer.path))}")
                    for operation in migration.operations:
                        self.log(f"    {operation.formatted_description()}")
                    if self.scriptable:
                        self.stdout.write(self.get_relative_path(writer.path))
                if self.dry_run:
                    if self.verbosity == 3:
                        self.log(self.style.MIGRATE_HEADING(f"Full migrations file '{writer.filename}':"))
                        self.log(writer.as_string())
                    continue
                self._write(writer, app_label, created, update_previous_migration_paths)
        run_formatters(self.written_files, stderr=self.stderr)

    def _write(self, writer: Any, app_label: str, created: set[str], old_paths: Any) -> None:
        text = writer.as_string()  # first: what cannot be written leaves no file behind
        folder = os.path.dirname(writer.path)
        if app_label not in created:
            os.makedirs(folder, exist_ok=True)
            init_path = os.path.join(folder, "__init__.py")
            if not os.path.isfile(init_path):
                with open(init_path, "w"):
                    pass
            created.add(app_label)
        with open(writer.path, "w", encoding="utf-8") as file:
            file.write(text)
        self.written_files.append(writer.path)
        old_path = old_paths.get(app_label) if old_paths else None
        if not old_path or old_path == writer.path:
            return
        if writer.needs_manual_porting:
            self.log(
                f"Updated migration {self.get_relative_path(writer.path)} requires manual porting.\n"
                f"Previous migration {self.get_relative_path(old_path)} was kept and must be deleted after porting functions manually."
            )
        else:
            os.remove(old_path)
            if self.verbosity >= 1:
                self.log(f"Deleted {self.get_relative_path(old_path)}")

    @staticmethod
    def get_relative_path(path: str) -> str:
        """*path* from here, if it lies below."""
        try:
            relative = os.path.relpath(path)
        except ValueError:
            return path
        return path if relative.startswith("..") else relative

    def handle_merge(self, loader: Any, conflicts: dict[str, Any]) -> None:
        """Write a migration that depends on all conflicting ones, if their operations can be in any order."""
        questioner: MigrationQuestioner
        if self.interactive:
            questioner = InteractiveMigrationQuestioner(prompt_output=self.log_output)
        else:
            questioner = MigrationQuestioner(defaults={"ask_merge": True})
        for app_label, names in conflicts.items():
            branches = self._branches(loader, app_label, names)
            if self.verbosity > 0:
                self.log(self.style.MIGRATE_HEADING(f"Merging {app_label}"))
                for migration in branches:
                    self.log(self.style.MIGRATE_LABEL(f"  Branch {migration.name}"))
                    for operation in migration.merged_operations:
                        self.log(f"    {operation.formatted_description()}")
            if not questioner.ask_merge(app_label):
                continue
            self._write_merge(app_label, branches)

    def _branches(self, loader: Any, app_label: str, names: Any) -> list[Any]:
        branches = []
        for name in names:
            migration = loader.get_migration(app_label, name)
            plan = loader.graph.forwards_plan((app_label, name))
            migration.ancestry = [key for key in plan if key[0] == migration.app_label]
            branches.append(migration)
        rows = zip(*(migration.ancestry for migration in branches), strict=False)
        common = sum(1 for _ in takewhile(lambda row: all(item == row[0] for item in row), rows))
        if not common:
            raise ValueError(f"Could not find common ancestor of {names}")
        for migration in branches:
            migration.branch = migration.ancestry[common:]
            migration.merged_operations = [
                operation for key in migration.branch for operation in loader.get_migration(*key).operations
            ]
        return branches

    def _write_merge(self, app_label: str, branches: list[Any]) -> None:
        numbers = [MigrationAutodetector.parse_number(migration.name) for migration in branches]
        biggest = max((number for number in numbers if number is not None), default=None)
        subclass = type("Migration", (Migration,), {"dependencies": [(app_label, m.name) for m in branches]})
        parts = [f"{biggest + 1:04d}" if biggest is not None else "0001"]
        if self.migration_name:
            parts.append(self.migration_name)
        else:
            leaves = "_".join(sorted(migration.name for migration in branches))
            parts.append("merge_" + (leaves if len(leaves) <= 47 else f"{datetime.now():%Y%m%d_%H%M}"))
        writer = MigrationWriter(subclass("_".join(parts), app_label), self.include_header)
        if self.dry_run:
            if self.verbosity == 3:
                self.log(self.style.MIGRATE_HEADING(f"Full merge migrations file '{writer.filename}':"))
                self.log(writer.as_string())
            return
        with open(writer.path, "w", encoding="utf-8") as file:
            file.write(writer.as_string())
        run_formatters([writer.path], stderr=self.stderr)
        if self.verbosity > 0:
            self.log(f"\nCreated new merge migration {writer.path}")
        if self.scriptable:
            self.stdout.write(writer.path)

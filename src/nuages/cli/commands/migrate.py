"""Bring the database schema to the state of the migrations."""

import sys
import time
from importlib import import_module
from typing import Any

from nuages.apps import apps
from nuages.cli.command import BaseCommand, CommandError, CommandParser, no_translations
from nuages.cli.statements import emit_post_migrate_signal, emit_pre_migrate_signal
from nuages.db import DEFAULT_DB_ALIAS, connections, router
from nuages.i18n.prose import Truncator
from nuages.migrations.autodetector import MigrationAutodetector
from nuages.migrations.exceptions import AmbiguityError, CircularDependencyError
from nuages.migrations.executor import MigrationExecutor
from nuages.migrations.model_state import ModelState
from nuages.migrations.state import ProjectState


class Command(BaseCommand):
    """``migrate``: all apps, one app, or one app up to a migration."""

    autodetector = MigrationAutodetector
    help = "Applies migrations (or takes them back) until the database is in the wanted state."

    def add_arguments(self, parser: CommandParser) -> None:
        """Declare the arguments."""
        add = parser.add_argument
        add("app_label", nargs="?", help="The app to migrate (default: all).")
        add("migration_name", nargs="?", help='The migration to go to, or "zero" to take all back.')
        add("--noinput", "--no-input", action="store_false", dest="interactive", help="Don't ask for anything.")
        add("--database", default=DEFAULT_DB_ALIAS, choices=tuple(connections), help="The database to migrate.")
        add("--fake", action="store_true", help="Record migrations as run without running them.")
        add(
            "--fake-initial",
            action="store_true",
            help="Take an initial migration as run, if its tables exist; check by name only.",
        )
        add("--plan", action="store_true", help="Show what would be done.")
        add("--run-syncdb", action="store_true", help="Create the tables of apps without migrations.")
        add(
            "--check",
            action="store_true",
            dest="check_unapplied",
            help="Exit with an error if migrations wait to be applied, and do nothing.",
        )
        add("--prune", action="store_true", help="Forget recorded migrations of an app that no longer exist.")

    def get_check_kwargs(self, options: dict[str, Any]) -> dict[str, Any]:
        """Run the checks of the database, too."""
        return {**super().get_check_kwargs(options), "databases": [options["database"]]}

    @no_translations
    def handle(self, *args: Any, **options: Any) -> None:
        """Plan and migrate."""
        self.verbosity = options["verbosity"]
        self.interactive = options["interactive"]
        for app_config in apps.get_app_configs():
            _import_management(app_config.name)
        connection = connections[options["database"]]
        connection.prepare_database()
        try:
            executor = MigrationExecutor(connection, self.migration_progress_callback)
        except CircularDependencyError as error:
            raise CommandError(str(error)) from error
        executor.loader.check_consistent_history(connection)
        self._refuse_conflicts(executor)
        run_syncdb = options["run_syncdb"]
        targets = self._targets(executor, options)
        if options["prune"]:
            self._prune(executor, options)
            return
        if targets is None:
            return
        plan = executor.migration_plan(targets)
        if options["plan"]:
            self._show_plan(plan)
            if options["check_unapplied"] and plan:
                sys.exit(1)
            return
        if options["check_unapplied"]:
            if plan:
                sys.exit(1)
            return
        if self.verbosity >= 1:
            self._announce(executor, targets, options, run_syncdb)
        self._migrate(executor, targets, plan, connection, options)

    def _migrate(self, executor: Any, targets: Any, plan: Any, connection: Any, options: dict[str, Any]) -> None:
        state = executor._create_project_state(with_applied_migrations=True)
        before = state.apps
        emit_pre_migrate_signal(
            self.verbosity, self.interactive, connection.alias, stdout=self.stdout, apps=before, plan=plan
        )
        if options["run_syncdb"]:
            if self.verbosity >= 1:
                self.stdout.write(self.style.MIGRATE_HEADING("Synchronizing apps without migrations:"))
            self.sync_apps(
                connection, [options["app_label"]] if options["app_label"] else executor.loader.unmigrated_apps
            )
        if self.verbosity >= 1:
            self.stdout.write(self.style.MIGRATE_HEADING("Running migrations:"))
        if not plan:
            self._nothing_to_do(executor)
        state = executor.migrate(
            targets, plan=plan, state=state.clone(), fake=options["fake"], fake_initial=options["fake_initial"]
        )
        emit_post_migrate_signal(
            self.verbosity,
            self.interactive,
            connection.alias,
            stdout=self.stdout,
            apps=_with_relations(state),
            plan=plan,
        )

    def _refuse_conflicts(self, executor: Any) -> None:
        conflicts = executor.loader.detect_conflicts()
        if conflicts:
            names = "; ".join(f"{', '.join(found)} in {app}" for app, found in conflicts.items())
            raise CommandError(
                f"Conflicting migrations detected; multiple leaf nodes in the migration graph: ({names}).\n"
                "To fix them run 'python manage.py makemigrations --merge'"
            )

    def _targets(self, executor: Any, options: dict[str, Any]) -> Any:
        label, name = options["app_label"], options["migration_name"]
        if options["prune"] and not label:
            raise CommandError("--prune works on one app: name it.")
        if not label:
            return executor.loader.graph.leaf_nodes()
        try:
            apps.get_app_config(label)
        except LookupError as error:
            raise CommandError(str(error)) from error
        if options["run_syncdb"]:
            if label in executor.loader.migrated_apps:
                raise CommandError(f"Can't use run_syncdb with app '{label}' as it has migrations.")
            return [key for key in executor.loader.graph.leaf_nodes() if key[0] == label]
        if label not in executor.loader.migrated_apps:
            raise CommandError(f"App '{label}' does not have migrations.")
        if name == "zero":
            return [(label, None)]
        if name:
            return [self._named_target(executor, label, name)]
        return [key for key in executor.loader.graph.leaf_nodes() if key[0] == label]

    @staticmethod
    def _named_target(executor: Any, label: str, name: str) -> Any:
        try:
            migration = executor.loader.get_migration_by_prefix(label, name)
        except AmbiguityError as error:
            raise CommandError(
                f"More than one migration matches '{name}' in app '{label}'. Please be more specific."
            ) from error
        except KeyError as error:
            raise CommandError(f"Cannot find a migration matching '{name}' from app '{label}'.") from error
        target = (label, migration.name)
        while target not in executor.loader.graph.nodes and target in executor.loader.replacements:
            target = tuple(executor.loader.replacements[target].replaces[-1])
        return target

    def _prune(self, executor: Any, options: dict[str, Any]) -> None:
        label = options["app_label"]
        if self.verbosity > 0:
            self.stdout.write("Pruning migrations:", self.style.MIGRATE_HEADING)
        gone = set(executor.loader.applied_migrations) - set(executor.loader.disk_migrations)
        replacing = [
            migration
            for migration in executor.loader.disk_migrations.values()
            if migration.app_label == label and migration.replaces and any(key in gone for key in migration.replaces)
        ]
        if replacing:
            names = "\n".join(f"  {migration.app_label}.{migration.name}" for migration in replacing)
            self.stdout.write(
                "  Nothing was pruned: first remove 'replaces' from these squashed migrations, which still list "
                f"migrations that no longer exist:\n{names}",
                self.style.NOTICE,
            )
            return
        to_prune = sorted(key for key in gone if key[0] == label)
        if not to_prune and self.verbosity > 0:
            self.stdout.write("  No migrations to prune.")
        for app, name in to_prune:
            if self.verbosity > 0:
                self.stdout.write(self.style.MIGRATE_LABEL(f"  Pruning {app}.{name}"), ending="")
            executor.recorder.record_unapplied(app, name)
            if self.verbosity > 0:
                self.stdout.write(self.style.SUCCESS(" OK"))

    def _show_plan(self, plan: Any) -> None:
        write, style = self.stdout.write, self.style
        write("Planned operations:", style.MIGRATE_LABEL)
        for migration, backwards in plan:
            write(str(migration), style.MIGRATE_HEADING)
            for operation in migration.operations:
                message, is_error = self.describe_operation(operation, backwards)
                write("    " + message, style.WARNING if is_error else None)
        if not plan:
            write("  No planned migration operations.")

    @staticmethod
    def describe_operation(operation: Any, backwards: bool) -> tuple[str, bool]:
        """The text of one operation, and whether it cannot be done."""
        prefix, is_error = "", False
        if hasattr(operation, "code"):
            code = operation.reverse_code if backwards else operation.code
            action: Any = (code.__doc__ or "") if code else None
        elif hasattr(operation, "sql"):
            action = operation.reverse_sql if backwards else operation.sql
        else:
            action, prefix = "", "Undo " if backwards else ""
        if action is not None:
            action = str(action).replace("\n", "")
        elif backwards:
            action, is_error = "IRREVERSIBLE", True
        shown = Truncator(f" -> {action}").chars(40) if action else ""
        return f"{prefix}{operation.describe()}{shown}", is_error

    def _announce(self, executor: Any, targets: Any, options: dict[str, Any], run_syncdb: bool) -> None:
        write, heading, label = self.stdout.write, self.style.MIGRATE_HEADING, self.style.MIGRATE_LABEL
        write(heading("Operations to perform:"))
        if run_syncdb:
            if options["app_label"]:
                write(label("  Synchronize unmigrated app: ") + options["app_label"])
            else:
                write(label("  Synchronize unmigrated apps: ") + ", ".join(sorted(executor.loader.unmigrated_apps)))
        if options["app_label"] and options["migration_name"]:
            target = targets[0]
            if target[1] is None:
                write(label("  Unapply all migrations: ") + str(target[0]))
            else:
                write(label("  Target specific migration: ") + f"{target[1]}, from {target[0]}")
        else:
            write(label("  Apply all migrations: ") + (", ".join(sorted({app for app, _ in targets})) or "(none)"))

    def _nothing_to_do(self, executor: Any) -> None:
        if self.verbosity < 1:
            return
        self.stdout.write("  No migrations to apply.")
        detector = self.autodetector(executor.loader.project_state(), ProjectState.from_apps(apps))
        changes = detector.changes(graph=executor.loader.graph)
        if changes:
            self.stdout.write(
                self.style.NOTICE(
                    f"  The models of {', '.join(repr(app) for app in sorted(changes))} have changes that no migration "
                    "holds yet."
                )
            )
            self.stdout.write(
                self.style.NOTICE(
                    "  Run 'manage.py makemigrations' to write migrations for them, and 'manage.py migrate' again."
                )
            )

    def migration_progress_callback(self, action: str, migration: Any = None, fake: bool = False) -> None:
        """Print what the executor is doing."""
        if self.verbosity < 1:
            return
        timing = self.verbosity > 1
        if action in {"apply_start", "unapply_start", "render_start"}:
            self.start = time.monotonic() if timing else 0.0
            text = {
                "apply_start": f"  Applying {migration}...",
                "unapply_start": f"  Unapplying {migration}...",
                "render_start": "  Rendering model states...",
            }[action]
            self.stdout.write(text, ending="")
            self.stdout.flush()
            return
        elapsed = f" ({time.monotonic() - self.start:.3f}s)" if timing else ""
        outcome = " FAKED" if fake else {"render_success": " DONE"}.get(action, " OK")
        self.stdout.write(self.style.SUCCESS(outcome + elapsed))

    def sync_apps(self, connection: Any, app_labels: Any) -> None:
        """Create the tables of apps that have no migrations."""
        with connection.cursor() as cursor:
            tables = connection.introspection.table_names(cursor)
        manifest = {
            app_config.label: [
                model
                for model in router.get_migratable_models(app_config, connection.alias, include_auto_created=False)
                if _missing(model, connection, tables)
            ]
            for app_config in apps.get_app_configs()
            if app_config.models_module is not None and app_config.label in app_labels
        }
        if self.verbosity >= 1:
            self.stdout.write("  Creating tables...")
        with connection.schema_editor() as editor:
            for app_label, models in manifest.items():
                for model in models:
                    if not model._meta.can_migrate(connection):
                        continue
                    if self.verbosity >= 3:
                        self.stdout.write(f"    Processing {app_label}.{model._meta.object_name} model")
                    if self.verbosity >= 1:
                        self.stdout.write(f"    Creating table {model._meta.db_table}")
                    editor.create_model(model)
            if self.verbosity >= 1:
                self.stdout.write("    Running deferred SQL...")


def _import_management(name: str) -> None:
    """Import an app's ``management``, if it has one: receivers of the signals may be there."""
    try:
        import_module(f"{name}.management")
    except ModuleNotFoundError as error:
        if error.name is None or not error.name.endswith(".management"):
            raise


def _with_relations(state: Any) -> Any:
    """The models of the final state; those of apps without migrations, which so far stood alone, with their relations."""
    state.clear_delayed_apps_cache()
    rendered = state.apps
    keys = [(each.app_label, each.name.lower()) for each in rendered.real_models]
    with rendered.bulk_update():
        for key in keys:
            rendered.unregister_model(*key)
    rendered.render_multiple([ModelState.from_model(apps.get_model(*key)) for key in keys])
    return rendered


def _missing(model: Any, connection: Any, tables: list[str]) -> bool:
    """Whether neither the model's table, nor that of the model for which it stands in, is there."""
    options = model._meta
    convert = connection.introspection.identifier_converter
    return not (
        convert(options.db_table) in tables
        or (options.auto_created and convert(options.auto_created._meta.db_table) in tables)
    )

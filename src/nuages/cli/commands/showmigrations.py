"""Show the project's migrations."""

import sys
from typing import Any

from nuages.apps import apps
from nuages.cli.command import BaseCommand, CommandParser
from nuages.db import DEFAULT_DB_ALIAS, connections
from nuages.migrations.loader import MigrationLoader
from nuages.migrations.recorder import MigrationRecorder


class Command(BaseCommand):
    """``showmigrations``: as a list by app, or as a plan."""

    help = "Shows all migrations, and which of them are applied."

    def add_arguments(self, parser: CommandParser) -> None:
        """Declare the arguments."""
        parser.add_argument("app_label", nargs="*", help="Apps to show (default: all).")
        parser.add_argument(
            "--database", default=DEFAULT_DB_ALIAS, choices=tuple(connections), help="The database to ask."
        )
        formats = parser.add_mutually_exclusive_group()
        for name, text in (
            ("list", "List migrations by app; with verbosity 2 with the time of application."),
            ("plan", "List migrations in the order of application; with verbosity 2 with their dependencies."),
        ):
            formats.add_argument(f"--{name}", f"-{name[0]}", dest="format", action="store_const", const=name, help=text)
        parser.set_defaults(format="list")

    def handle(self, *args: Any, **options: Any) -> None:
        """Show them."""
        self.verbosity = options["verbosity"]
        connection = connections[options["database"]]
        show = self.show_plan if options["format"] == "plan" else self.show_list
        show(connection, options["app_label"])

    def _validate_app_names(self, loader: Any, app_names: list[str]) -> None:
        unknown = False
        for name in app_names:
            try:
                apps.get_app_config(name)
            except LookupError as error:
                self.stderr.write(str(error))
                unknown = True
        if unknown:
            sys.exit(2)

    def show_list(self, connection: Any, app_names: list[str] | None = None) -> None:
        """Print migrations by app."""
        loader = MigrationLoader(connection)
        recorded = MigrationRecorder(connection).applied_migrations()
        if app_names:
            self._validate_app_names(loader, app_names)
        for app_name in sorted(app_names or loader.migrated_apps):
            self.stdout.write(app_name, self.style.MIGRATE_LABEL)
            shown = set()
            for node in loader.graph.leaf_nodes(app_name):
                for key in loader.graph.forwards_plan(node):
                    if key in shown or key[0] != app_name:
                        continue
                    shown.add(key)
                    self._show(loader, key, recorded)
            if not shown:
                self.stdout.write(" (no migrations)", self.style.ERROR)

    def _show(self, loader: Any, key: Any, recorded: Any) -> None:
        migration = loader.graph.nodes[key]
        title = key[1]
        if migration.replaces:
            title += f" ({len(migration.replaces)} squashed migrations)"
        applied = loader.applied_migrations.get(key)
        if not applied:
            self.stdout.write(f" [ ] {title}")
        elif key in recorded:
            when = getattr(applied, "applied", None)
            at = f" (applied at {when:%Y-%m-%d %H:%M:%S})" if self.verbosity >= 2 and when is not None else ""
            self.stdout.write(f" [X] {title}{at}")
        else:
            self.stdout.write(f" [-] {title}, run 'manage.py migrate' to finish recording.")

    def show_plan(self, connection: Any, app_names: list[str] | None = None) -> None:
        """Print migrations in order."""
        loader = MigrationLoader(connection)
        graph = loader.graph
        targets = graph.leaf_nodes()
        if app_names:
            self._validate_app_names(loader, app_names)
            targets = [(app, name) for app, name in targets if app in app_names]
        plan: list[Any] = []
        seen = set()
        for target in targets:
            for key in graph.forwards_plan(target):
                if key not in seen:
                    seen.add(key)
                    plan.append(graph.node_map[key])
        for node in plan:
            needed = ""
            if self.verbosity >= 2 and node.parents:
                needed = f" ... ({', '.join('.'.join(parent.key) for parent in sorted(node.parents))})"
            mark = "[X]" if node.key in loader.applied_migrations else "[ ]"
            self.stdout.write(f"{mark}  {node.key[0]}.{node.key[1]}{needed}")
        if not plan:
            self.stdout.write("(no migrations)", self.style.ERROR)

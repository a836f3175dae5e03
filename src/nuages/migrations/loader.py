"""Loads migrations from disk and builds the graph of them."""

from __future__ import annotations

import pkgutil
import sys
from collections.abc import Container
from importlib import import_module, reload
from types import ModuleType
from typing import Any

from nuages.apps import apps
from nuages.conf import settings
from nuages.migrations.exceptions import (
    AmbiguityError,
    BadMigrationError,
    CircularDependencyError,
    InconsistentMigrationHistory,
    NodeNotFoundError,
)
from nuages.migrations.graph import Key, MigrationGraph
from nuages.migrations.recorder import MigrationRecorder

MIGRATIONS_MODULE_NAME = "migrations"


class MigrationLoader:
    """All migrations of the installed apps, as ``disk_migrations`` and ``graph``, and which of them are applied.

    A squashed migration takes the place of those that it replaces where all or none of them are applied.
    ``unmigrated_apps`` and ``migrated_apps`` are sets of labels.
    """

    def __init__(
        self,
        connection: Any,
        load: bool = True,
        ignore_no_migrations: bool = False,
        replace_migrations: bool = True,
    ) -> None:
        self.connection = connection
        self.disk_migrations: dict[Key, Any] = {}
        self.applied_migrations: dict[Key, Any] = {}
        self.ignore_no_migrations = ignore_no_migrations
        self.replace_migrations = replace_migrations
        self.graph = MigrationGraph()
        self.replacements: dict[Key, Any] = {}
        self.unmigrated_apps: set[str] = set()
        self.migrated_apps: set[str] = set()
        if load:
            self.build_graph()

    @classmethod
    def migrations_module(cls, app_label: str) -> tuple[str | None, bool]:
        """The path of an app's migrations (``None`` where it shall have none), and whether a setting says so."""
        if app_label in settings.MIGRATION_MODULES:
            return settings.MIGRATION_MODULES[app_label], True
        return f"{apps.get_app_config(app_label).name}.{MIGRATIONS_MODULE_NAME}", False

    # --- from disk ---------------------------------------------------------------------------------------------------------

    def load_disk(self) -> None:
        """Import the migrations of all apps. ``BadMigrationError`` for a module without a ``Migration``."""
        self.disk_migrations = {}
        self.unmigrated_apps = set()
        self.migrated_apps = set()
        for app_config in apps.get_app_configs():
            module = self._package(app_config)
            if module is None:
                self.unmigrated_apps.add(app_config.label)
                continue
            self.migrated_apps.add(app_config.label)
            self._load_package(app_config.label, module)

    def _package(self, app_config: Any) -> ModuleType | None:
        path, explicit = self.migrations_module(app_config.label)
        if path is None:
            return None
        was_loaded = path in sys.modules
        try:
            module = import_module(path)
        except ModuleNotFoundError as error:
            missing = error.name is not None and (path == error.name or path.startswith(f"{error.name}."))
            if not (missing or MIGRATIONS_MODULE_NAME in str(error)) or (explicit and not self.ignore_no_migrations):
                raise
            return None
        # A module is not a package, and a folder without __init__.py nothing that was meant.
        if not hasattr(module, "__path__"):
            return None
        if getattr(module, "__file__", None) is None and not isinstance(module.__path__, list):
            return None
        return reload(module) if was_loaded else module

    def _load_package(self, label: str, package: ModuleType) -> None:
        for _, name, is_package in pkgutil.iter_modules(package.__path__):
            if is_package or name[0] in "_~":
                continue
            path = f"{package.__name__}.{name}"
            try:
                module = import_module(path)
            except ImportError as error:
                if "bad magic number" in str(error):
                    raise ImportError(
                        f"Couldn't import {path!r} as it appears to be a stale .pyc file."
                    ) from error
                raise
            if not hasattr(module, "Migration"):
                raise BadMigrationError(f"Migration {name} in app {label} has no Migration class")
            self.disk_migrations[label, name] = module.Migration(name, label)

    # --- looking up --------------------------------------------------------------------------------------------------------

    def get_migration(self, app_label: str, name_prefix: str) -> Any:
        """The migration of exactly that name in the graph; ``KeyError`` without one."""
        return self.graph.nodes[app_label, name_prefix]

    def get_migration_by_prefix(self, app_label: str, name_prefix: str) -> Any:
        """The one migration that begins so: ``AmbiguityError`` for several, ``KeyError`` for none."""
        found = [
            key for key in self.disk_migrations if key[0] == app_label and key[1].startswith(name_prefix)
        ]
        if len(found) > 1:
            raise AmbiguityError(
                f"There is more than one migration for '{app_label}' with the prefix '{name_prefix}'"
            )
        if not found:
            raise KeyError(f"There is no migration for '{app_label}' with the prefix '{name_prefix}'")
        return self.disk_migrations[found[0]]

    def check_key(self, key: Key, current_app: str) -> Key | None:
        """The migration that ``__first__`` or ``__latest__`` of an app means; ``None`` where the app has none."""
        if key[1] not in ("__first__", "__latest__") or key in self.graph:
            return key
        # A dependency on the first of one's own app would be a circle.
        if key[0] == current_app:
            return None
        if key[0] in self.unmigrated_apps:
            return None
        if key[0] in self.migrated_apps:
            nodes = self.graph.root_nodes(key[0]) if key[1] == "__first__" else self.graph.leaf_nodes(key[0])
            if nodes:
                return nodes[0]
            if self.ignore_no_migrations:
                return None
            raise ValueError(f"Dependency on app with no migrations: {key[0]}")
        raise ValueError(f"Dependency on unknown app: {key[0]}")

    # --- the graph ---------------------------------------------------------------------------------------------------------

    def add_internal_dependencies(self, key: Key, migration: Any) -> None:
        """Add what a migration says of its own app; that settles which are the first and last."""
        for parent in migration.dependencies:
            if parent[0] == key[0] and parent[1] != "__first__":
                self.graph.add_dependency(migration, key, tuple(parent), skip_validation=True)

    def add_external_dependencies(self, key: Key, migration: Any) -> None:
        """Add what a migration says of other apps."""
        for parent in migration.dependencies:
            if key[0] == parent[0]:
                continue
            found = self.check_key(tuple(parent), key[0])
            if found is not None:
                self.graph.add_dependency(migration, key, found, skip_validation=True)
        for child in migration.run_before:
            found = self.check_key(tuple(child), key[0])
            if found is not None:
                self.graph.add_dependency(migration, found, key, skip_validation=True)

    def build_graph(self) -> None:
        """Read the disk and the record, and build the graph."""
        self.load_disk()
        if self.connection is None:
            self.applied_migrations = {}
        else:
            self.applied_migrations = MigrationRecorder(self.connection).applied_migrations()
        self.graph = MigrationGraph()
        for key, migration in self.disk_migrations.items():
            self.graph.add_node(key, migration)
        self.replacements = {key: each for key, each in self.disk_migrations.items() if each.replaces}
        # Those inside an app settle which migrations are its first and last, which the others may ask for.
        for add in (self.add_internal_dependencies, self.add_external_dependencies):
            for key, migration in self.disk_migrations.items():
                add(key, migration)
        if self.replace_migrations:
            self._replaced: set[Key] = set()
            for key in self.replacements:
                self.replace_migration(key)
        self._validate()
        self.graph.ensure_not_cyclic()

    def replace_migration(self, migration_key: Key, in_progress: tuple[Key, ...] = ()) -> None:
        """Decide whether a squashed migration or those that it replaces stay; squashed ones inside it first."""
        if migration_key in in_progress:
            raise CircularDependencyError(f"Cyclical squash replacement found, starting at {migration_key}")
        if migration_key in self._replaced:
            return
        migration = self.replacements[migration_key]
        for replaced in migration.replaces:
            if tuple(replaced) in self.replacements:
                self.replace_migration(tuple(replaced), (*in_progress, migration_key))
        self._replaced.add(migration_key)
        complete = all(tuple(key) in self.applied_migrations for key in migration.replaces)
        if complete:
            self.applied_migrations[migration_key] = migration
        else:
            self.applied_migrations.pop(migration_key, None)
        everything = self.replaced_by(migration)
        if complete or not any(key in self.applied_migrations for key in everything):
            self.graph.remove_replaced_nodes(migration_key, everything)
        else:
            self.graph.remove_replacement_node(migration_key, everything)

    def replaced_by(self, migration: Any) -> list[Key]:
        """All that a squashed migration stands for, what squashed ones inside it stand for included."""
        found: list[Key] = []
        for key in map(tuple, migration.replaces):
            found.append(key)
            if key in self.replacements:
                found.extend(self.replaced_by(self.replacements[key]))
        return found

    def is_applied(self, key: Key, applied: Container[Key]) -> bool:
        """Whether a migration is recorded as applied, or all that it replaces."""
        if key in applied:
            return True
        replacement = self.replacements.get(key)
        return replacement is not None and all(self.is_applied(tuple(each), applied) for each in replacement.replaces)

    def _validate(self) -> None:
        """Complain about missing migrations; where squashed ones would have them, say what to do."""
        try:
            self.graph.validate_consistency()
        except NodeNotFoundError as error:
            candidates = [
                key
                for key, migration in self.replacements.items()
                if error.node in [tuple(replaced) for replaced in migration.replaces] and key not in self.graph.nodes
            ]
            if not candidates:
                raise
            tried = ", ".join(f"{key[0]}.{key[1]}" for key in candidates)
            raise NodeNotFoundError(
                f"Migration {error.origin} depends on nonexistent node ('{error.node[0]}', '{error.node[1]}'). It would be "
                f"part of the squashed migration [{tried}], which cannot stand in since some of the migrations that it "
                "replaces are already applied: apply the rest of these first.",
                error.node,
            ) from error

    def check_consistent_history(self, connection: Any) -> None:
        """Raise ``InconsistentMigrationHistory`` where a migration is applied before one that it depends on."""
        applied = MigrationRecorder(connection).applied_migrations()
        for key in applied:
            if key not in self.graph.nodes:
                continue
            for parent in self.graph.node_map[key].parents:
                if self.is_applied(parent.key, applied):
                    continue
                raise InconsistentMigrationHistory(
                    f"Migration {key[0]}.{key[1]} is applied before its dependency {parent.key[0]}.{parent.key[1]} on "
                    f"database '{connection.alias}'."
                )

    def detect_conflicts(self) -> dict[str, list[str]]:
        """Apps with more than one last migration, and which these are."""
        seen: dict[str, list[str]] = {}
        for label, name in self.graph.leaf_nodes():
            seen.setdefault(label, []).append(name)
        return {label: sorted(names) for label, names in seen.items() if len(names) > 1}

    def project_state(self, nodes: Any = None, at_end: bool = True) -> Any:
        """The state after the given migrations, after all by default."""
        return self.graph.make_state(nodes=nodes, at_end=at_end, real_apps=self.unmigrated_apps)

    def collect_sql(self, plan: list[tuple[Any, bool]]) -> list[str]:
        """The statements that a plan would run."""
        statements: list[str] = []
        state = None
        for migration, backwards in plan:
            with self.connection.schema_editor(collect_sql=True, atomic=migration.atomic) as editor:
                if state is None:
                    state = self.project_state((migration.app_label, migration.name), at_end=False)
                run = migration.unapply if backwards else migration.apply
                state = run(state, editor, collect_sql=True)
            statements.extend(editor.collected_sql)
        return statements

"""Puts operations into an order and into migrations, and gives these their names and numbers."""

from __future__ import annotations

import itertools
from graphlib import CycleError, TopologicalSorter
from typing import Any

from nuages.migrations import operations
from nuages.migrations.detection.comparing import Comparison, OperationDependency, parse_number
from nuages.migrations.migration import Migration
from nuages.migrations.operations.indexes import RemoveConstraint, RemoveIndex
from nuages.migrations.operations.options import AlterTogetherOptionOperation
from nuages.migrations.optimizer import MigrationOptimizer

TYPES = OperationDependency.Type
MAX_NAME = 100


class Arranging(Comparison):
    """From operations per app to migrations."""

    migrations: dict[str, list[Migration]]

    @staticmethod
    def check_dependency(operation: Any, dependency: Any) -> bool:
        """Whether an operation does what a dependency waits for."""
        kind, model = dependency.type, dependency.model_name_lower
        name = dependency.field_name
        if kind is TYPES.CREATE and name is None:
            return isinstance(operation, operations.CreateModel) and operation.name_lower == model
        if kind is TYPES.CREATE:
            lower = dependency.field_name_lower
            if isinstance(operation, operations.CreateModel):
                return operation.name_lower == model and any(lower == field.lower() for field, _ in operation.fields)
            is_field = isinstance(operation, operations.AddField)
            return is_field and operation.model_name_lower == model and operation.name_lower == lower
        if kind is TYPES.REMOVE and name is None:
            return isinstance(operation, operations.DeleteModel) and operation.name_lower == model
        if kind in (TYPES.REMOVE, TYPES.ALTER):
            wanted = operations.RemoveField if kind is TYPES.REMOVE else operations.AlterField
            return (
                isinstance(operation, wanted)
                and operation.model_name_lower == model
                and operation.name_lower == dependency.field_name_lower
            )
        if kind is TYPES.REMOVE_ORDER_WRT:
            return (
                isinstance(operation, operations.AlterOrderWithRespectTo)
                and operation.name_lower == model
                and (operation.order_with_respect_to or "").lower() != dependency.field_name_lower
            )
        if kind is TYPES.ALTER_FOO_TOGETHER:
            return isinstance(operation, AlterTogetherOptionOperation) and operation.name_lower == model
        if kind is TYPES.REMOVE_INDEX_OR_CONSTRAINT:
            is_removal = isinstance(operation, (RemoveIndex, RemoveConstraint))
            return is_removal and operation.model_name_lower == model and operation.name == name
        raise ValueError(f"Can't handle dependency {dependency!r}")

    # --- order inside an app -------------------------------------------------------------------------------------------------

    def _sort_migrations(self) -> None:
        """Move operations behind what they depend on in their own app, otherwise as little as possible."""
        for app_label, found in self.generated_operations.items():
            self.generated_operations[app_label] = self._ordered(app_label, found)

    def _ordered(self, app_label: str, found: list[Any]) -> list[Any]:
        sorter: TopologicalSorter[int] = TopologicalSorter()
        for position, operation in enumerate(found):
            needs: list[int] = []
            for dependency in operation._auto_deps:
                dependency = self._resolve_dependency(dependency)[0]
                if dependency.app_label == app_label:
                    needs += [
                        other
                        for other, each in enumerate(found)
                        if other != position and self.check_dependency(each, dependency)
                    ]
            sorter.add(position, *needs)
        try:
            return [found[position] for position in sorter.static_order()]
        except CycleError as error:
            raise ValueError(
                f"Operations of {app_label} wait for each other in a circle: {found!r}. Split the change into several "
                "migrations."
            ) from error

    # --- migrations ------------------------------------------------------------------------------------------------------------

    def _build_migration_list(self, graph: Any = None) -> None:
        """One migration per app where that is possible; where apps need each other in turn, several."""
        self.migrations = {}
        pending = {label: list(found) for label, found in self.generated_operations.items() if found}
        while pending:
            if not (
                self._finish_app(pending, graph, wait_for_all=True)
                or self._finish_app(pending, graph, wait_for_all=False)
                or self._split_app(pending, graph)
            ):
                raise ValueError(f"Cannot resolve operation dependencies: {pending!r}")

    def _finish_app(self, pending: dict[str, list[Any]], graph: Any, wait_for_all: bool) -> bool:
        """Make a migration of an app that needs nothing more from others; whether there was one.

        With ``wait_for_all``, of one that refers to no app at all which still gets a migration: so that it can follow that.
        """
        for app_label in sorted(pending):
            if wait_for_all and self._others(app_label, pending[app_label]) & pending.keys():
                continue
            if len(self._runnable(app_label, pending)) == len(pending[app_label]):
                self._add_migration(app_label, pending.pop(app_label), graph)
                return True
        return False

    def _others(self, app_label: str, found: list[Any]) -> set[str]:
        """The other apps that operations refer to."""
        resolved = (self._resolve_dependency(each)[0] for operation in found for each in operation._auto_deps)
        return {dependency.app_label for dependency in resolved} - {app_label}

    def _split_app(self, pending: dict[str, list[Any]], graph: Any) -> bool:
        """Make a migration of as much of one app as can be run; whether there was one."""
        for app_label in sorted(pending):
            runnable = self._runnable(app_label, pending)
            if runnable:
                pending[app_label] = pending[app_label][len(runnable) :]
                self._add_migration(app_label, runnable, graph)
                return True
        return False

    def _runnable(self, app_label: str, pending: dict[str, list[Any]]) -> list[Any]:
        """The operations of an app up to the first that waits for another app."""
        found: list[Any] = []
        for operation in pending[app_label]:
            for dependency in operation._auto_deps:
                dependency = self._resolve_dependency(dependency)[0]
                others = pending.get(dependency.app_label, ()) if dependency.app_label != app_label else ()
                if any(self.check_dependency(each, dependency) for each in others):
                    return found
            found.append(operation)
        return found

    def _add_migration(self, app_label: str, found: list[Any], graph: Any) -> None:
        dependencies: dict[tuple[str, str], None] = {}
        for operation in found:
            for given in operation._auto_deps:
                dependency, swappable = self._resolve_dependency(given)
                if dependency.app_label != app_label:
                    key = self._migration_key(given, dependency, swappable, graph)
                    if key is not None:
                        dependencies[key] = None
        made = self.migrations.setdefault(app_label, [])
        subclass = type("Migration", (Migration,), {"operations": found, "dependencies": sorted(dependencies)})
        migration = subclass(f"auto_{len(made) + 1}", app_label)
        migration.initial = app_label not in self.existing_apps
        made.append(migration)

    def _migration_key(self, given: Any, dependency: Any, swappable: bool, graph: Any) -> tuple[str, str] | None:
        """The migration that does what a dependency on another app waits for."""
        if swappable:
            return "__setting__", given.model_name
        if dependency.type is not TYPES.CREATE and dependency.app_label not in self.migrations:
            # What must be gone was never there, or went long ago.
            return None
        if dependency.app_label in self.migrations:
            return dependency.app_label, self.migrations[dependency.app_label][-1].name
        if graph is not None and (leaves := graph.leaf_nodes(dependency.app_label)):
            return leaves[0]  # type: ignore[no-any-return]
        return dependency.app_label, "__first__"

    def _optimize_migrations(self) -> None:
        """Chain the migrations of each app, and shorten each."""
        for app_label, made in self.migrations.items():
            for earlier, later in itertools.pairwise(made):
                later.dependencies.append((app_label, earlier.name))
            for migration in made:
                migration.operations = MigrationOptimizer().optimize(migration.operations, app_label)
                migration.dependencies = list(dict.fromkeys(migration.dependencies))

    # --- names -------------------------------------------------------------------------------------------------------------------

    def arrange_for_graph(self, changes: dict[str, list[Migration]], graph: Any, migration_name: str | None = None) -> Any:
        """Number and name the migrations so that they follow those that exist; apps that shall have none are left out."""
        leaves = graph.leaf_nodes()
        names: dict[tuple[str, str], tuple[str, str]] = {}
        for app_label, made in list(changes.items()):
            if not made:
                continue
            leaf = next((each for each in leaves if each[0] == app_label), None)
            if leaf is None and not self.questioner.ask_initial(app_label):
                for migration in made:
                    names[app_label, migration.name] = app_label, "__first__"
                del changes[app_label]
                continue
            number = 1 if leaf is None else (parse_number(leaf[1]) or 0) + 1
            for position, migration in enumerate(made):
                if position == 0 and leaf is not None:
                    migration.dependencies.append(leaf)
                name = self._full_name(migration, number, position, leaf, migration_name)
                names[app_label, migration.name] = app_label, name
                migration.name = name
                number += 1
        for made in changes.values():
            for migration in made:
                migration.dependencies = [names.get((key[0], key[1]), key) for key in migration.dependencies]
        return changes

    @staticmethod
    def _full_name(migration: Migration, number: int, position: int, leaf: Any, chosen: str | None) -> str:
        if chosen:
            word = chosen
        elif position == 0 and leaf is None:
            word = "initial"
        else:
            word = migration.suggest_name()[:MAX_NAME]
        return f"{number:04}_{word}"

    def _trim_to_apps(self, changes: dict[str, list[Migration]], app_labels: Any) -> dict[str, list[Migration]]:
        """Leave out apps that were not asked for and that none of those needs."""
        needed: dict[str, set[str]] = {}
        for app_label, made in changes.items():
            needed[app_label] = {key[0] for migration in made for key in migration.dependencies}
        wanted = set(app_labels)
        while True:
            more = wanted | {other for app_label in wanted for other in needed.get(app_label, ())}
            if more == wanted:
                return {app_label: made for app_label, made in changes.items() if app_label in wanted}
            wanted = more

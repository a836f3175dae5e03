"""Runs migrations: plans, applies and undoes them, and keeps the record."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from nuages.apps.registry import apps as global_apps
from nuages.db.routers import router
from nuages.migrations.exceptions import InvalidMigrationPlan
from nuages.migrations.graph import Key
from nuages.migrations.loader import MigrationLoader
from nuages.migrations.recorder import MigrationRecorder

Plan = list[tuple[Any, bool]]


class MigrationExecutor:
    """Migrates one database.

    ``progress_callback(action, migration, fake)`` is told of ``apply_start``, ``apply_success``, ``unapply_start``,
    ``unapply_success``, ``render_start`` and ``render_success``.
    """

    def __init__(self, connection: Any, progress_callback: Callable[..., None] | None = None) -> None:
        self.connection = connection
        self.loader = MigrationLoader(connection)
        self.recorder = MigrationRecorder(connection)
        self.progress_callback = progress_callback

    def _tell(self, *what: Any) -> None:
        if self.progress_callback is not None:
            self.progress_callback(*what)

    # --- planning ----------------------------------------------------------------------------------------------------------

    def migration_plan(self, targets: Any, clean_start: bool = False) -> Plan:
        """What must be run to reach the targets, each ``(app, name)``, or ``(app, None)`` for nothing of the app.

        Pairs of migration and whether it is undone. ``clean_start`` plans as if nothing was applied.
        """
        plan: Plan = []
        applied: dict[Key, Any] = {} if clean_start else dict(self.loader.applied_migrations)
        for target in map(tuple, targets):
            if target[1] is None:
                for root in self.loader.graph.root_nodes():
                    if root[0] == target[0]:
                        self._plan_backwards(plan, applied, root)
                continue
            self._find_replaced(target)
            if target in applied:
                self._plan_to_applied(plan, applied, target)
            else:
                self._plan_forwards(plan, applied, target)
        return plan

    def _find_replaced(self, target: Key) -> None:
        """A target that a squashed migration has taken over can only be reached in a graph without replacing."""
        if self.loader.replace_migrations and target not in self.loader.graph.node_map:
            self.loader.replace_migrations = False
            self.loader.build_graph()

    def _plan_to_applied(self, plan: Plan, applied: dict[Key, Any], target: Key) -> None:
        """Undo what comes after a target in its own app, and all that depends on that."""
        children = sorted(each.key for each in self.loader.graph.node_map[target].children if each.key[0] == target[0])
        for child in children:
            self._plan_backwards(plan, applied, child)

    def _plan_backwards(self, plan: Plan, applied: dict[Key, Any], target: Key) -> None:
        for key in self.loader.graph.backwards_plan(target):
            if key in applied:
                plan.append((self.loader.graph.nodes[key], True))
                applied.pop(key)

    def _plan_forwards(self, plan: Plan, applied: dict[Key, Any], target: Key) -> None:
        for key in self.loader.graph.forwards_plan(target):
            if key not in applied:
                plan.append((self.loader.graph.nodes[key], False))
                applied[key] = self.loader.graph.nodes[key]

    def _create_project_state(self, with_applied_migrations: bool = False) -> Any:
        """The state of nothing, or of all that is applied."""
        state = self.loader.graph.make_state([], real_apps=self.loader.unmigrated_apps)
        state.real_apps = set(self.loader.unmigrated_apps)
        if with_applied_migrations:
            full_plan = self.migration_plan(self.loader.graph.leaf_nodes(), clean_start=True)
            applied = {
                self.loader.graph.nodes[key] for key in self.loader.applied_migrations if key in self.loader.graph.nodes
            }
            for migration, _ in full_plan:
                if migration in applied:
                    migration.mutate_state(state, preserve=False)
        return state

    # --- running -----------------------------------------------------------------------------------------------------------

    def migrate(
        self,
        targets: Any,
        plan: Plan | None = None,
        state: Any = None,
        fake: bool = False,
        fake_initial: bool = False,
    ) -> Any:
        """Bring the database to the targets; the state afterwards.

        ``fake`` only writes the record; ``fake_initial`` does so for first migrations whose tables exist.
        Raises ``InvalidMigrationPlan`` for a plan that goes both ways.
        """
        if plan == []:
            if not self.recorder.has_table() and state is None:
                return self._create_project_state(with_applied_migrations=False)
        else:
            # The record must be there before anything is to be written into it.
            self.recorder.ensure_schema()
        if plan is None:
            plan = self.migration_plan(targets)
        full_plan = self.migration_plan(self.loader.graph.leaf_nodes(), clean_start=True)
        ways = {backwards for _, backwards in plan}
        if not plan:
            if state is None:
                state = self._create_project_state(with_applied_migrations=True)
        elif ways == {False}:
            if state is None:
                state = self._create_project_state(with_applied_migrations=True)
            state = self._migrate_all_forwards(state, plan, full_plan, fake=fake, fake_initial=fake_initial)
        elif ways == {True}:
            state = self._migrate_all_backwards(plan, full_plan, fake=fake)
        else:
            raise InvalidMigrationPlan(
                "Migration plans with both forwards and backwards migrations are not supported. Make two plans "
                "of it, one for each direction.",
                plan,
            )
        self.check_replacements()
        return state

    def _migrate_all_forwards(
        self, state: Any, plan: Plan, full_plan: Plan, fake: bool, fake_initial: bool
    ) -> Any:
        waiting = {migration for migration, _ in plan}
        for migration, _ in full_plan:
            if not waiting:
                break
            if migration in waiting:
                if "apps" not in state.__dict__:
                    self._tell("render_start")
                    state.apps  # made now, so that the progress is told in the right order
                    self._tell("render_success")
                state = self.apply_migration(state, migration, fake=fake, fake_initial=fake_initial)
                waiting.remove(migration)
        return state

    def _migrate_all_backwards(self, plan: Plan, full_plan: Plan, fake: bool) -> Any:
        waiting = {migration for migration, _ in plan}
        before: dict[Any, Any] = {}
        state = self._create_project_state()
        applied = {
            self.loader.graph.nodes[key] for key in self.loader.applied_migrations if key in self.loader.graph.nodes
        }
        self._tell("render_start")
        for migration, _ in full_plan:
            if not waiting:
                break
            if migration in waiting:
                before[migration] = state
                state = migration.mutate_state(state, preserve=True)
                waiting.remove(migration)
            elif migration in applied:
                migration.mutate_state(state, preserve=False)
        self._tell("render_success")
        for migration, _ in plan:
            self.unapply_migration(before[migration], migration, fake=fake)
            applied.discard(migration)
        # The state that is left: all that is applied still.
        last = full_plan_index(full_plan, plan)
        state = before[last]
        passed = False
        for migration, _ in full_plan:
            if migration is last:
                passed = True
            elif passed and migration in applied:
                migration.mutate_state(state, preserve=False)
        return state

    def apply_migration(self, state: Any, migration: Any, fake: bool = False, fake_initial: bool = False) -> Any:
        """Apply one migration and record it."""
        recorded = False
        self._tell("apply_start", migration, fake)
        if not fake:
            if fake_initial:
                found, state = self.detect_soft_applied(state, migration)
                fake = found
            if not fake:
                with self.connection.schema_editor(atomic=migration.atomic) as editor:
                    state = migration.apply(state, editor)
                    # In the same transaction where there is one: either both count or neither.
                    if not editor.deferred_sql:
                        self.record_migration(migration)
                        recorded = True
        if not recorded:
            self.record_migration(migration)
        self._tell("apply_success", migration, fake)
        return state

    def record_migration(self, migration: Any) -> None:
        """Record a migration as applied, a squashed one by those that it replaces as well."""
        for app_label, name in self.loader.replaced_by(migration):
            self.recorder.record_applied(app_label, name)
        self.recorder.record_applied(migration.app_label, migration.name)

    def unapply_migration(self, state: Any, migration: Any, fake: bool = False) -> Any:
        """Undo one migration and take it from the record."""
        self._tell("unapply_start", migration, fake)
        if not fake:
            with self.connection.schema_editor(atomic=migration.atomic) as editor:
                state = migration.unapply(state, editor)
        for app_label, name in self.loader.replaced_by(migration):
            self.recorder.record_unapplied(app_label, name)
        self.recorder.record_unapplied(migration.app_label, migration.name)
        self._tell("unapply_success", migration, fake)
        return state

    def check_replacements(self) -> None:
        """Record squashed migrations all of whose parts are applied."""
        applied = self.recorder.applied_migrations()
        for key in self.loader.replacements:
            if key not in applied and self.loader.is_applied(key, applied):
                self.recorder.record_applied(*key)

    # --- guessing ------------------------------------------------------------------------------------------------------------

    def detect_soft_applied(self, project_state: Any, migration: Any) -> tuple[bool, Any]:
        """Whether a first migration's tables and columns exist already, and the state after it."""
        own = [dependency for dependency in migration.dependencies if dependency[0] == migration.app_label]
        if migration.initial is False or (migration.initial is None and own):
            return False, project_state
        before = project_state
        after = migration.mutate_state(project_state) if project_state is not None else self._state_after(migration)
        return _exists(self.connection, migration, before, after), after

    def _state_after(self, migration: Any) -> Any:
        return self.loader.project_state((migration.app_label, migration.name), at_end=True)


def full_plan_index(full_plan: Plan, plan: Plan) -> Any:
    """The migration of ``plan`` that comes first in ``full_plan``."""
    chosen = {migration for migration, _ in plan}
    return next(migration for migration, _ in full_plan if migration in chosen)


def _exists(connection: Any, migration: Any, before: Any, after: Any) -> bool:
    """Whether all tables and columns that a migration would make exist."""
    apps = after.apps
    introspection = connection.introspection
    fold = connection.features.ignores_table_name_case
    with connection.cursor() as cursor:
        existing = {_folded(name, fold) for name in introspection.table_names(cursor)}
        found_models = found_fields = False
        for operation in migration.operations:
            kind = type(operation).__name__
            if kind == "CreateModel":
                model = _managed(connection, apps, migration.app_label, operation.name)
                if model is None:
                    continue
                if _folded(model._meta.db_table, fold) not in existing:
                    return False
                found_models = True
            elif kind == "AddField":
                model = _managed(connection, apps, migration.app_label, operation.model_name)
                if model is None:
                    continue
                if not _has_column(introspection, cursor, existing, model, operation.name, fold):
                    return False
                found_fields = True
    return found_models or found_fields


def _managed(connection: Any, apps: Any, app_label: str, name: str) -> Any:
    """A model whose table migrations make in this database; ``None`` for proxies and unmanaged ones."""
    model = apps.get_model(app_label, name)
    if model._meta.swapped:
        model = global_apps.get_model(model._meta.swapped)
    skipped = model._meta.proxy or not model._meta.managed or not router.allow_migrate(
        connection.alias, app_label, model_name=model._meta.model_name
    )
    return None if skipped else model


def _folded(name: str, fold: bool) -> str:
    return name.lower() if fold else name


def _has_column(introspection: Any, cursor: Any, existing: set[str], model: Any, name: str, fold: bool) -> bool:
    field = model._meta.get_field(name)
    if field.many_to_many:
        through = field.remote_field.through
        return not through._meta.auto_created or _folded(through._meta.db_table, fold) in existing
    if _folded(model._meta.db_table, fold) not in existing:
        return False
    columns = introspection.get_table_description(cursor, model._meta.db_table)
    return any(_folded(info.name, fold) == _folded(field.column, fold) for info in columns)

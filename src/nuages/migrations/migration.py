"""``Migration``: operations, what they depend on, and how they are run (documentation: topics/migrations)."""

from __future__ import annotations

import re
from collections.abc import Generator
from contextlib import contextmanager
from typing import Any

from nuages.db.transaction import atomic
from nuages.migrations.exceptions import IrreversibleError
from nuages.migrations.references import get_migration_name_timestamp

MAX_NAME = 52
"""The longest name that is put together from operations."""


class Migration:
    """One step in the history of an app's models. A migration file holds a subclass of this name.

    ``initial`` is ``None`` to find out by the dependencies; ``replaces`` names the migrations that a squashed one stands for.
    """

    name: str
    app_label: str
    operations: list[Any] = []
    dependencies: list[tuple[str, str]] = []
    run_before: list[tuple[str, str]] = []
    replaces: list[tuple[str, str]] = []
    initial: bool | None = None
    atomic = True

    def __init__(self, name: str, app_label: str) -> None:
        self.name, self.app_label = name, app_label
        # The lists of the class are not to be changed by what is done to an instance.
        self.operations = list(self.__class__.operations)
        self.dependencies = list(self.__class__.dependencies)
        self.run_before = list(self.__class__.run_before)
        self.replaces = list(self.__class__.replaces)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Migration) and self.name == other.name and self.app_label == other.app_label

    def __hash__(self) -> int:
        return hash(f"{self.app_label}.{self.name}")

    def __repr__(self) -> str:
        return f"<Migration {self.app_label}.{self.name}>"

    def __str__(self) -> str:
        return f"{self.app_label}.{self.name}"

    def mutate_state(self, project_state: Any, preserve: bool = True) -> Any:
        """The state after this migration; ``project_state`` stays as it is with ``preserve``."""
        state = project_state.clone() if preserve else project_state
        for operation in self.operations:
            operation.state_forwards(self.app_label, state)
        return state

    def apply(self, project_state: Any, schema_editor: Any, collect_sql: bool = False) -> Any:
        """Run the operations on the database; the state afterwards."""
        for operation in self.operations:
            before = project_state.clone()
            operation.state_forwards(self.app_label, project_state)
            with _announced(schema_editor, collect_sql, operation) as runs:
                if runs:
                    with _transaction(self, operation, schema_editor):
                        operation.database_forwards(self.app_label, schema_editor, before, project_state)
        return project_state

    def unapply(self, project_state: Any, schema_editor: Any, collect_sql: bool = False) -> Any:
        """Undo the operations on the database, the last first; ``IrreversibleError`` where one cannot be."""
        steps: list[tuple[Any, Any, Any]] = []
        state = project_state
        # Undoing goes from state to state backwards, and states only come forwards.
        for operation in self.operations:
            if not operation.reversible:
                raise IrreversibleError(f"Operation {operation} in {self} is not reversible")
            before = state.clone()
            after = state.clone()
            operation.state_forwards(self.app_label, after)
            steps.insert(0, (operation, before, after))
            state = after
        for operation, before, after in steps:
            with _announced(schema_editor, collect_sql, operation) as runs:
                if runs:
                    with _transaction(self, operation, schema_editor):
                        operation.database_backwards(self.app_label, schema_editor, after, before)
        return project_state

    def suggest_name(self) -> str:
        """A name for a new migration, from its operations."""
        if self.initial:
            return "initial"
        fragments = [
            re.sub(r"\W+", "_", fragment)
            for operation in self.operations
            if (fragment := operation.migration_name_fragment)
        ]
        if not fragments or len(fragments) != len(self.operations):
            return f"auto_{get_migration_name_timestamp()}"
        name = fragments[0]
        for fragment in fragments[1:]:
            longer = f"{name}_{fragment}"
            if len(longer) > MAX_NAME:
                return f"{name}_and_more"
            name = longer
        return name


class _NoTransaction:
    def __enter__(self) -> None:
        return None

    def __exit__(self, *details: object) -> None:
        return None


def _transaction(migration: Migration, operation: Any, schema_editor: Any) -> Any:
    """A transaction around one operation, where the migration has none around all."""
    wanted = operation.atomic or (migration.atomic and operation.atomic is not False)
    if not schema_editor.atomic_migration and wanted:
        return atomic(schema_editor.connection.alias)
    return _NoTransaction()


@contextmanager
def _announced(schema_editor: Any, collect_sql: bool, operation: Any) -> Generator[bool, None, None]:
    """Put a comment that describes the operation before its SQL; whether there is SQL to be run or collected."""
    if not collect_sql:
        yield True
        return
    collected = schema_editor.collected_sql
    collected.extend(["--", f"-- {operation.describe()}", "--"])
    if not operation.reduces_to_sql:
        collected.append("-- THIS OPERATION CANNOT BE WRITTEN AS SQL")
        yield False
        return
    length = len(collected)
    yield True
    if len(collected) == length:
        collected.append("-- (no-op)")


class SwappableTuple(tuple[str, str]):
    """A dependency that knows the setting it came from."""

    setting: str

    def __new__(cls, value: tuple[str, str], setting: str) -> SwappableTuple:
        made = super().__new__(cls, value)
        made.setting = setting
        return made


def swappable_dependency(value: str) -> SwappableTuple:
    """The dependency on the app of the model that a setting (``AUTH_USER_MODEL``) names."""
    return SwappableTuple((value.split(".", 1)[0], "__first__"), value)

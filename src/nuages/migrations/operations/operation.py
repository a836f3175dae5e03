"""``Operation``: one change of models and database (documentation: ref/migration-operations)."""

from __future__ import annotations

import enum
from typing import Any, Self

from nuages.db.routers import router


class OperationCategory(enum.StrEnum):
    """What kind of change an operation is; its symbol shows in the list of changes."""

    ADDITION, REMOVAL, ALTERATION = "+", "-", "~"
    PYTHON, SQL = "p", "s"
    MIXED = "?"


class Operation:
    """A step of a migration: it changes the state (``state_forwards``) and the database (``database_forwards``).

    ``reversible``: it can be undone. ``reduces_to_sql``: ``sqlmigrate`` can show it. ``atomic``: it wants a transaction of its
    own. ``elidable``: squashing may drop it.
    """

    reversible = True
    reduces_to_sql = True
    atomic: bool | None = False
    elidable = False
    serialization_expand_args: list[str] = []
    category: OperationCategory | None = None

    _constructor_args: tuple[tuple[Any, ...], dict[str, Any]]

    def __new__(cls, *args: Any, **kwargs: Any) -> Self:
        made = super().__new__(cls)
        made._constructor_args = (args, kwargs)
        return made

    def __replace__(self, /, **changes: Any) -> Self:
        args, kwargs = self._constructor_args
        return type(self)(*args, **{**kwargs, **changes})

    def deconstruct(self) -> tuple[str, list[Any], dict[str, Any]]:
        """``(name, args, kwargs)`` from which the operation can be made again."""
        return type(self).__name__, list(self._constructor_args[0]), dict(self._constructor_args[1])

    def state_forwards(self, app_label: str, state: Any) -> None:
        """Change the state."""
        raise NotImplementedError("subclasses of Operation must provide a state_forwards() method")

    def database_forwards(self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any) -> None:
        """Change the database from one state to the next."""
        raise NotImplementedError("subclasses of Operation must provide a database_forwards() method")

    def database_backwards(self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any) -> None:
        """Change the database back: ``from_state`` is the later state."""
        raise NotImplementedError("subclasses of Operation must provide a database_backwards() method")

    def describe(self) -> str:
        """What the operation does, in a line."""
        return f"{type(self).__name__}: {self._constructor_args}"

    def formatted_description(self) -> str:
        """The same behind the symbol of its category."""
        symbol = OperationCategory.MIXED if self.category is None else self.category
        return f"{symbol.value} {self.describe()}"

    @property
    def migration_name_fragment(self) -> str | None:
        """What the operation adds to the name of a migration; ``None`` if nothing."""
        return None

    def references_model(self, name: str, app_label: str) -> bool:
        """Whether the operation may have to do with a model; in doubt it has."""
        return True

    def references_field(self, model_name: str, name: str, app_label: str) -> bool:
        """Whether the operation may have to do with a field; in doubt it has."""
        return self.references_model(model_name, app_label)

    def allow_migrate_model(self, connection_alias: str, model: Any) -> bool:
        """Whether the model's table belongs in that database."""
        return bool(model._meta.can_migrate(connection_alias)) and router.allow_migrate_model(connection_alias, model)

    def reduce(self, operation: Any, app_label: str) -> Any:
        """What this and a later operation come to: a list of operations that does the same, ``True`` if the later may be moved
        before this, ``False`` if neither."""
        if self.elidable:
            return [operation]
        if operation.elidable:
            return [self]
        return False

    def __repr__(self) -> str:
        args, kwargs = self._constructor_args
        given = [*map(str, args), *(f"{name}={value}" for name, value in kwargs.items())]
        return f"<{type(self).__name__} {' '.join(given)}>"

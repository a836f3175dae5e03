"""What can go wrong with migrations."""

from __future__ import annotations

from typing import Any

from nuages.db.errors import DatabaseError


class AmbiguityError(Exception):
    """More than one migration begins with the given letters."""


class BadMigrationError(Exception):
    """A migration file holds no migration."""


class CircularDependencyError(Exception):
    """Migrations depend on each other in a circle."""


class InconsistentMigrationHistory(Exception):
    """A migration is recorded as applied before one that it depends on."""


class InvalidBasesError(ValueError):
    """A model's base class cannot be found."""


class IrreversibleError(RuntimeError):
    """A migration that cannot be undone was to be undone."""


class NodeNotFoundError(LookupError):
    """A migration depends on one that does not exist."""

    def __init__(self, message: str, node: Any, origin: Any = None) -> None:
        super().__init__(message)
        self.message, self.node, self.origin = message, node, origin

    def __str__(self) -> str:
        return self.message

    def __repr__(self) -> str:
        return f"NodeNotFoundError({self.node!r})"


class MigrationSchemaMissing(DatabaseError):
    """The table of applied migrations cannot be made."""


class InvalidMigrationPlan(ValueError):
    """A plan goes forwards and backwards at once."""

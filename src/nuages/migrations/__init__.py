"""Migrations: the history of a project's models, and the way of its databases through it (documentation: topics/migrations)."""

from nuages.migrations.migration import Migration, swappable_dependency
from nuages.migrations.operations import *  # noqa: F403
from nuages.migrations.operations import __all__ as _operations

__all__ = ["Migration", "swappable_dependency", *_operations]

"""The engine that is meant where none is named, as in ``Template("…")``.

The composition of engines from the settings stands above templates; it hands itself in here.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from nuages.template.engine import Engine

__all__ = ["default_engine", "find_default_with"]

_finders: list[Callable[[], Engine]] = []


def find_default_with(finder: Callable[[], Engine]) -> None:
    """Make ``finder`` the function that returns the default engine."""
    _finders[:] = [finder]


def default_engine() -> Engine:
    """Return the first engine of this language in the settings. Raises ImproperlyConfigured when there is none."""
    return _finders[0]()

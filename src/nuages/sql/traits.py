"""What stands anywhere in an expression or a tree of conditions."""

from __future__ import annotations

from functools import cached_property
from typing import Any


class Traits:
    """Answers from the sources, once: neither expressions nor resolved conditions change afterwards."""

    def get_source_expressions(self) -> list[Any]:
        """What it is made of; some may be None."""
        raise NotImplementedError(f"{type(self).__name__} does not say what it is made of.")

    def _any(self, trait: str) -> bool:
        return any(item is not None and getattr(item, trait, False) for item in self.get_source_expressions())

    @cached_property
    def contains_aggregate(self) -> bool:
        """Whether an aggregate stands anywhere in it."""
        return self._any("contains_aggregate")

    @cached_property
    def contains_over_clause(self) -> bool:
        """Whether a window function stands anywhere in it."""
        return self._any("contains_over_clause")

    @cached_property
    def contains_column_references(self) -> bool:
        """Whether it reads a column."""
        return self._any("contains_column_references")

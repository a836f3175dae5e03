"""Shortens lists of operations that come to the same."""

from __future__ import annotations

from typing import Any


class MigrationOptimizer:
    """Merges operations, pair by pair, until nothing changes any more."""

    def optimize(self, operations: Any, app_label: str) -> list[Any]:
        """A list, as short as could be found, that does the same. ``TypeError`` without an ``app_label``."""
        if app_label is None:
            raise TypeError("app_label must be a str.")
        current = list(operations)
        while True:
            shorter = self.optimize_inner(current, app_label)
            if shorter == current:
                return current
            current = shorter

    def optimize_inner(self, operations: list[Any], app_label: str) -> list[Any]:
        """The list after the first merger that is possible; the same list if there is none."""
        for start in range(len(operations)):
            merged = self._merge_from(operations, start, app_label)
            if merged is not None:
                return merged
        return operations

    @staticmethod
    def _merge_from(operations: list[Any], start: int, app_label: str) -> list[Any] | None:
        """Merge the operation at ``start`` with a later one: moved behind what lies between, or that moved before it."""
        first = operations[start]
        free_to_move = True
        for end in range(start + 1, len(operations)):
            other = operations[end]
            result = first.reduce(other, app_label)
            if isinstance(result, list):
                between = operations[start + 1 : end]
                if free_to_move:
                    middle = [*between, *result]
                elif all(each.reduce(other, app_label) is True for each in between):
                    middle = [*result, *between]
                else:
                    return None
                return [*operations[:start], *middle, *operations[end + 1 :]]
            if not result:
                free_to_move = False
        return None

"""ORDER BY, LIMIT, DISTINCT and locks."""

from __future__ import annotations

from typing import Any

from nuages.exceptions import FieldError
from nuages.sql.constants import LOOKUP_SEP
from nuages.sql.query.columns import Columns
from nuages.sql.where import NothingNode


class Ordering(Columns):
    """What decides which rows come, and in which order."""

    def add_ordering(self, *ordering: Any) -> None:
        """Order by names (``"-name"``, ``"?"``) or expressions, after what there is. Raises FieldError for bad ones."""
        for item in ordering:
            if isinstance(item, str):
                self._check_ordering_name(item)
            elif not hasattr(item, "resolve_expression"):
                raise FieldError(f"Invalid order_by arguments: {[item]}")
            if getattr(item, "contains_aggregate", False):
                raise FieldError(
                    f"Using an aggregate in order_by() without also including it in annotate() is not allowed: {item}"
                )
        if ordering:
            self.order_by += tuple(ordering)
        else:
            self.default_ordering = False

    def _check_ordering_name(self, item: str) -> None:
        if item == "?":
            return
        name = item.removeprefix("-")
        if name in self.annotations or name in self.extra:
            return
        first, *rest = name.split(LOOKUP_SEP)
        if rest and first in self.annotations:
            return
        self.walk(name.split(LOOKUP_SEP), self.model._meta)

    def clear_ordering(self, force: bool = False, clear_default: bool = True) -> None:
        """Drop ORDER BY, unless rows are chosen by it (``force`` drops it anyway)."""
        if not force and (self.is_sliced or self.distinct_fields or self.select_for_update):
            return
        self.order_by = ()
        self.extra_order_by = ()
        if clear_default:
            self.default_ordering = False

    def add_distinct_fields(self, *field_names: str) -> None:
        """DISTINCT, or DISTINCT ON these fields."""
        self.distinct_fields = field_names
        self.distinct = True

    # -- limits ----------------------------------------------------------------------------------------------------

    def set_limits(self, low: int | None = None, high: int | None = None) -> None:
        """Take rows ``low`` to ``high`` of those there are now."""
        if high is not None:
            top = self.low_mark + high
            self.high_mark = top if self.high_mark is None else min(self.high_mark, top)
        if low is not None:
            bottom = self.low_mark + low
            self.low_mark = bottom if self.high_mark is None else min(self.high_mark, bottom)
        if self.low_mark == self.high_mark:
            self.set_empty()

    def clear_limits(self) -> None:
        """Take all rows."""
        self.low_mark, self.high_mark = 0, None

    def can_filter(self) -> bool:
        """Whether conditions may be added: not after a slice."""
        return not self.is_sliced

    def has_limit_one(self) -> bool:
        """Whether it takes one row at most."""
        return self.high_mark is not None and (self.high_mark - self.low_mark) == 1

    def set_empty(self) -> None:
        """Match nothing."""
        self.where.add(NothingNode(), "AND")
        for query in self.combined_queries:
            query.set_empty()

    def is_empty(self) -> bool:
        """Whether it was made to match nothing."""
        return any(isinstance(child, NothingNode) for child in self.where.children)

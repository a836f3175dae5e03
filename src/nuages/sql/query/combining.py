"""Two queries as one: ``&``, ``|`` and ``^`` of querysets."""

from __future__ import annotations

from typing import Any

from nuages.sql.constants import AND, INNER, OR
from nuages.sql.query.ordering import Ordering


class Combining(Ordering):
    """Merging another query's conditions into this one."""

    def combine(self, rhs: Any, connector: str) -> None:
        """Add the conditions of ``rhs`` with AND, OR or XOR. Raises TypeError for queries that cannot be merged."""
        self._check_combinable(rhs)
        initial = self.get_initial_alias()
        rhs = rhs.clone()
        rhs_base = rhs.get_initial_alias()
        rhs.unref_alias(rhs_base)
        rhs.bump_prefix(self, exclude={initial})
        inner_before = {alias for alias, join in self.alias_map.items() if join.join_type == INNER}
        change_map, inner_after = self._take_joins(rhs, connector)
        if connector == AND:
            self.demote_joins(inner_after)
        else:
            shared = inner_before & inner_after
            self.promote_joins([alias for alias, join in self.alias_map.items() if join.join_type == INNER and alias not in shared])
        condition = rhs.where.clone()
        condition.relabel_aliases(change_map)
        self.where.add(condition, connector)
        self._take_selection(rhs, change_map, connector)

    def _check_combinable(self, rhs: Any) -> None:
        for wrong, what in (
            (self.model != rhs.model, "queries on two different base models"),
            (self.is_sliced or rhs.is_sliced, "queries once a slice has been taken"),
            (self.distinct != rhs.distinct, "a unique query with a non-unique query"),
            (self.distinct_fields != rhs.distinct_fields, "queries with different distinct fields"),
        ):
            if wrong:
                raise TypeError(f"Cannot combine {what}.")

    def _take_joins(self, rhs: Any, connector: str) -> tuple[dict[str, str], set[str]]:
        """Join what ``rhs`` joins. Under AND, relations of many are joined anew; else each join is used once more."""
        reuse: set[str] = set() if connector == AND else set(self.alias_map)
        change_map: dict[str, str] = {}
        inner: set[str] = set()
        for position, (alias, join) in enumerate(rhs.alias_map.items()):
            if position == 0:
                base = self.base_table
                assert base is not None
                new_alias = base
            else:
                copied = join.relabeled_clone(change_map)
                new_alias = self.join(copied, reuse=reuse)
                reuse.discard(new_alias)
                if join.join_type == INNER:
                    inner.add(new_alias)
                if not rhs.alias_refcount[alias]:
                    self.unref_alias(new_alias)
            if alias != new_alias:
                change_map[alias] = new_alias
        return change_map, inner

    def _take_selection(self, rhs: Any, change_map: dict[str, str], connector: str) -> None:
        if rhs.select:
            self.set_select([column.relabeled_clone(change_map) for column in rhs.select])
        else:
            self.select = ()
        if connector == OR and self.extra and rhs.extra:
            raise ValueError("When merging querysets using 'or', you cannot have extra(select=...) on both sides.")
        self.extra.update(rhs.extra)
        if self.extra_select_mask is not None or rhs.extra_select_mask is not None:
            self.set_extra_mask({*(self.extra_select_mask or ()), *(rhs.extra_select_mask or ())})
        self.extra_tables += rhs.extra_tables
        self.order_by = rhs.order_by or self.order_by
        self.extra_order_by = rhs.extra_order_by or self.extra_order_by

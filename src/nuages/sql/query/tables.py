"""The tables of a query: aliases, joins and their types."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import count, product
from string import ascii_uppercase
from typing import Any, NamedTuple

from nuages.sql.constants import INNER, LOUTER
from nuages.sql.expressions.columns import Col
from nuages.sql.joins import BaseTable, Join
from nuages.sql.query.state import QueryState


class MultiJoin(Exception):
    """A path goes through a relation of many where that is not wanted."""

    def __init__(self, names_position: int, path_with_names: list[Any]) -> None:
        super().__init__(names_position)
        self.level = names_position
        self.names_with_path = path_with_names


class JoinInfo(NamedTuple):
    """Where a path of names led."""

    final_field: Any
    targets: tuple[Any, ...]
    opts: Any
    joins: list[str]
    path: list[Any]
    transforms: list[str]


def _prefixes(start: str) -> Iterator[str]:
    """Alias prefixes after ``start``: U, V, …, Z, AA, AB, …"""
    letters = ascii_uppercase
    for size in count(len(start)):
        for parts in product(letters, repeat=size):
            prefix = "".join(parts)
            if size > len(start) or prefix > start:
                yield prefix


class Tables(QueryState):
    """Aliases and joins."""

    def get_initial_alias(self) -> str:
        """The alias of the first table, which is joined in if there is none."""
        if self.alias_map:
            alias = self.base_table
            assert alias is not None
            self.ref_alias(alias)
            return alias
        if self.model is None:
            raise ValueError("This query has no model to take columns from.")
        return self.join(BaseTable(self.get_meta().db_table, None))

    def table_alias(self, table_name: str, create: bool = False, filtered_relation: Any = None) -> tuple[str, bool]:
        """An alias for the table, and whether it is new."""
        existing = self.table_map.get(table_name)
        if not create and existing:
            alias = existing[0]
            self.alias_refcount[alias] += 1
            return alias, False
        if existing:
            alias = f"{self.alias_prefix}{len(self.alias_map) + 1}"
            existing.append(alias)
        else:
            alias = filtered_relation.alias if filtered_relation is not None else table_name
            self.table_map[table_name] = [alias]
        self.alias_refcount[alias] = 1
        return alias, True

    def ref_alias(self, alias: str) -> None:
        """Count one more use of the alias."""
        self.alias_refcount[alias] += 1

    def unref_alias(self, alias: str, amount: int = 1) -> None:
        """Count fewer uses: an alias without any is not joined."""
        self.alias_refcount[alias] -= amount

    def reset_refcounts(self, to_counts: dict[str, int]) -> None:
        """Set the counts back to earlier ones."""
        for alias, current in self.alias_refcount.copy().items():
            self.unref_alias(alias, current - to_counts.get(alias, 0))

    def count_active_tables(self) -> int:
        """How many tables are joined."""
        return sum(1 for uses in self.alias_refcount.values() if uses)

    def join(self, join: Any, reuse: Any = None) -> str:
        """The alias under which ``join`` is in the query, used again if allowed (``reuse``: None for any, else a set)."""
        candidates = [
            alias for alias, existing in self.alias_map.items() if (reuse is None or alias in reuse) and existing == join
        ]
        if candidates:
            alias = join.table_alias if join.table_alias in candidates else candidates[-1]
            self.ref_alias(alias)
            return alias  # type: ignore[no-any-return]
        alias, _ = self.table_alias(join.table_name, create=True, filtered_relation=join.filtered_relation)
        if isinstance(join, Join):
            parent_type = self.alias_map[join.parent_alias or ""].join_type
            join.join_type = LOUTER if parent_type == LOUTER or join.nullable else INNER
        join.table_alias = alias
        self.alias_map[alias] = join
        self.__dict__.pop("base_table", None)
        if join.filtered_relation is not None:
            self._resolve_filtered(join)
        return alias

    def _resolve_filtered(self, join: Any) -> None:
        """Bind the condition of a filtered relation to this query; the filters do it."""
        raise NotImplementedError

    # -- types of joins --------------------------------------------------------------------------------------------

    def _children_of(self, alias: str) -> list[str]:
        return [name for name, join in self.alias_map.items() if join.parent_alias == alias]

    def promote_joins(self, aliases: Iterable[str]) -> None:
        """Make joins LEFT OUTER where they can fail to match, and all that hang on them."""
        waiting = list(aliases)
        while waiting:
            alias = waiting.pop(0)
            join = self.alias_map[alias]
            if join.join_type is None or join.join_type == LOUTER:
                continue
            parent = self.alias_map[join.parent_alias or ""]
            if join.nullable or parent.join_type == LOUTER:
                self.alias_map[alias] = join.promote()  # type: ignore[attr-defined]
                waiting.extend(self._children_of(alias))

    def demote_joins(self, aliases: Iterable[str]) -> None:
        """Make joins INNER, and those they hang on."""
        waiting = list(aliases)
        while waiting:
            alias = waiting.pop(0)
            join = self.alias_map[alias]
            if join.join_type == LOUTER:
                self.alias_map[alias] = join.demote()  # type: ignore[attr-defined]
            parent = join.parent_alias
            if parent is not None and self.alias_map[parent].join_type == LOUTER:
                waiting.append(parent)

    # -- renaming --------------------------------------------------------------------------------------------------

    def change_aliases(self, change_map: dict[str, str]) -> None:
        """Rename aliases everywhere in the query."""
        if not change_map:
            return
        self.where.relabel_aliases(change_map)
        if isinstance(self.group_by, tuple):
            self.group_by = tuple(column.relabeled_clone(change_map) for column in self.group_by)
        self.select = tuple(column.relabeled_clone(change_map) for column in self.select)
        self.annotations = {
            name: value.relabeled_clone(change_map) if hasattr(value, "relabeled_clone") else value
            for name, value in self.annotations.items()
        }
        self._annotation_select_cache = None
        renamed_map: dict[str, BaseTable] = {}
        for alias, join in self.alias_map.items():
            renamed_map[change_map.get(alias, alias)] = join.relabeled_clone(change_map)
        self.alias_map = renamed_map
        self.alias_refcount = {change_map.get(alias, alias): uses for alias, uses in self.alias_refcount.items()}
        for table, aliases in self.table_map.items():
            self.table_map[table] = [change_map.get(alias, alias) for alias in aliases]
        self.external_aliases = {change_map.get(alias, alias): used for alias, used in self.external_aliases.items()}
        self.combined_queries = tuple(query.relabeled_clone(change_map) for query in self.combined_queries)
        self.used_aliases = {change_map.get(alias, alias) for alias in self.used_aliases}
        self.__dict__.pop("base_table", None)

    def bump_prefix(self, other_query: Any, exclude: Any = None) -> None:
        """Rename all aliases so that none clashes with those of ``other_query``, which holds this one."""
        if self.alias_prefix != other_query.alias_prefix:
            return
        taken = self.subq_aliases | other_query.subq_aliases
        for prefix in _prefixes(self.alias_prefix):
            if prefix not in taken:
                self.alias_prefix = prefix
                break
        self.subq_aliases = taken | {self.alias_prefix}
        other_query.subq_aliases = other_query.subq_aliases | self.subq_aliases
        skipped = exclude or {}
        self.change_aliases(
            {alias: f"{self.alias_prefix}{position}" for position, alias in enumerate(self.alias_map) if alias not in skipped}
        )

    def relabeled_clone(self, change_map: dict[str, str]) -> Any:
        clone = self.clone()
        clone.change_aliases(change_map)
        return clone

    def get_external_cols(self) -> list[Any]:
        """Columns of outer queries that this one reads."""
        expressions = [*self.annotation_select.values(), *self.where.leaves()]
        found: list[Any] = []
        for expression in expressions:
            for part in _parts(expression):
                if isinstance(part, Col) and part.alias in self.external_aliases:
                    found.append(part)
                elif isinstance(part, Tables) and part is not self:
                    found.extend(column for column in part.get_external_cols() if column.alias in self.external_aliases)
        return found

    def alias_usage(self) -> Counter[str]:
        """How often each alias is referred to by a WHERE column."""
        return Counter(part.alias for leaf in self.where.leaves() for part in _parts(leaf) if isinstance(part, Col) and part.alias)


def _parts(expression: Any) -> Iterator[Any]:
    """The expression and all parts of it, without entering subqueries."""
    yield expression
    if isinstance(expression, Tables) or not hasattr(expression, "get_source_expressions"):
        return
    for source in expression.get_source_expressions():
        if source is not None:
            yield from _parts(source)

"""What a query consists of, and how it is copied."""

from __future__ import annotations

import copy
from functools import cached_property
from typing import Any, ClassVar, NamedTuple, Self

from nuages.sql.expressions.expression import BaseExpression
from nuages.sql.joins import BaseTable
from nuages.sql.where import WhereNode


class ExplainInfo(NamedTuple):
    """What ``explain()`` was asked for."""

    format: str | None
    options: dict[str, Any]


class RawQuery:
    """A text with parameters, run as it is (``Manager.raw()``)."""

    def __init__(self, sql: str, using: str, params: Any = ()) -> None:
        self.params = params
        self.sql = sql
        self.using = using
        self.cursor: Any = None
        self.low_mark, self.high_mark = 0, None
        self.extra_select: dict[str, Any] = {}
        self.annotation_select: dict[str, Any] = {}

    def chain(self, using: str) -> RawQuery:
        """A copy for another database."""
        return RawQuery(self.sql, using, params=self.params)

    clone = chain

    @property
    def params_type(self) -> type | None:
        """``dict`` for named place-holders, ``tuple`` for positional ones."""
        if self.params is None:
            return None
        return dict if hasattr(self.params, "keys") else tuple

    def __str__(self) -> str:
        if self.params is None:
            return self.sql
        params = self.params if isinstance(self.params, dict) else tuple(self.params)
        return self.sql % params

    def __repr__(self) -> str:
        return f"<{type(self).__name__}: {self}>"


class QueryState(BaseExpression):
    """The attributes of a query. Class attributes are the defaults; ``clone`` copies what may change."""

    is_query: ClassVar[bool] = True
    alias_prefix = "T"
    empty_result_set_value: Any = None
    subq_aliases: frozenset[str] = frozenset({"T"})
    compiler: str = "SQLCompiler"

    select: tuple[Any, ...] = ()
    group_by: Any = None
    order_by: tuple[Any, ...] = ()
    low_mark = 0
    high_mark: int | None = None
    distinct = False
    distinct_fields: tuple[str, ...] = ()
    select_for_update = False
    select_for_update_nowait = False
    select_for_update_skip_locked = False
    select_for_update_of: tuple[str, ...] = ()
    select_for_no_key_update = False
    select_related: Any = False
    max_depth = 5
    default_cols = True
    default_ordering = True
    standard_ordering = True
    filter_is_sticky = False
    subquery = False
    keeps_order = False
    """Whether the order of rows means something even inside another query."""

    values_select: tuple[str, ...] = ()
    selected: dict[str, Any] | None = None
    annotation_select_mask: list[str] | None = None
    extra_select_mask: set[str] | None = None
    extra_tables: tuple[str, ...] = ()
    extra_order_by: tuple[Any, ...] = ()

    combinator: str | None = None
    combinator_all = False
    combined_queries: tuple[Any, ...] = ()

    deferred_loading: tuple[frozenset[str], bool] = (frozenset(), True)
    explain_info: ExplainInfo | None = None
    used_aliases: set[str] = set()
    aliased: frozenset[str] = frozenset()
    earlier_aggregates: dict[str, Any] = {}

    _annotation_select_cache: dict[str, Any] | None = None
    _extra_select_cache: dict[str, Any] | None = None

    def __init__(self, model: Any, alias_cols: bool = True) -> None:
        self.model = model
        self.alias_cols = alias_cols
        self.alias_refcount: dict[str, int] = {}
        self.alias_map: dict[str, BaseTable] = {}
        self.external_aliases: dict[str, bool] = {}
        self.table_map: dict[str, list[str]] = {}
        self.used_aliases = set()
        self.where: Any = WhereNode()
        self.annotations: dict[str, Any] = {}
        self.extra: dict[str, tuple[str, Any]] = {}
        self._filtered_relations: dict[str, Any] = {}

    def __deepcopy__(self, memo: dict[int, Any]) -> Self:
        twin = self.clone()
        memo[id(self)] = twin
        return twin

    def __eq__(self, other: object) -> bool:
        return self is other

    def __hash__(self) -> int:
        return id(self)

    def __getstate__(self) -> dict[str, Any]:
        state = super().__getstate__()
        state.pop("base_table", None)
        return state

    def clone(self) -> Self:
        """A copy that can be changed without changing this one."""
        twin = object.__new__(type(self))
        state = twin.__dict__
        state.update(self.__dict__)
        state.pop("base_table", None)
        twin.alias_refcount = self.alias_refcount.copy()
        twin.alias_map = self.alias_map.copy()
        twin.external_aliases = self.external_aliases.copy()
        twin.table_map = {name: aliases.copy() for name, aliases in self.table_map.items()}
        twin.where = self.where.clone()
        twin.annotations = self.annotations.copy()
        twin.extra = self.extra.copy()
        twin._filtered_relations = self._filtered_relations.copy()
        if self.annotation_select_mask is not None:
            twin.annotation_select_mask = self.annotation_select_mask.copy()
        if self.combined_queries:
            twin.combined_queries = tuple(query.clone() for query in self.combined_queries)
        twin._annotation_select_cache = None
        if not isinstance(self.select_related, bool):
            twin.select_related = copy.deepcopy(self.select_related)
        return twin

    def chain(self, klass: type[Any] | None = None) -> Any:
        """A copy to go on with, as ``klass`` if given. Sticky filters last one step."""
        twin = self.clone()
        if klass is not None and type(twin) is not klass:
            twin.__class__ = klass  # type: ignore[assignment]
        if not twin.filter_is_sticky:
            twin.used_aliases = set()
        twin.filter_is_sticky = False
        if hasattr(twin, "setup_query"):
            twin.setup_query()
        return twin

    def copy(self) -> Self:
        return self.clone()

    def get_meta(self) -> Any:
        """The options of the model, or None for a query without one."""
        return None if self.model is None else self.model._meta

    @cached_property
    def base_table(self) -> str | None:
        """The first table's alias."""
        return next(iter(self.alias_map), None)

    @property
    def is_sliced(self) -> bool:
        """Whether rows are left out at the start or the end."""
        return self.low_mark != 0 or self.high_mark is not None

    @property
    def has_select_fields(self) -> bool:
        """Whether it was told which columns to select."""
        if self.default_cols and self.selected is None:
            return False
        return bool(self.select or self.annotation_select_mask or self.extra_select_mask)

    @property
    def annotation_select(self) -> dict[str, Any]:
        """The annotations that are selected, by name."""
        if self._annotation_select_cache is not None:
            return self._annotation_select_cache
        if not self.annotations:
            return {}
        if self.annotation_select_mask is None:
            return self.annotations
        chosen = {name: self.annotations[name] for name in self.annotation_select_mask if name in self.annotations}
        self._annotation_select_cache = chosen
        return chosen

    @property
    def extra_select(self) -> dict[str, tuple[str, Any]]:
        """The columns of ``extra(select=…)`` that are selected."""
        if not self.extra:
            return {}
        if self.extra_select_mask is None:
            return self.extra
        return {name: value for name, value in self.extra.items() if name in self.extra_select_mask}

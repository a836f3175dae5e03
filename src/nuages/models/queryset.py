"""``QuerySet``: the public face of queries. See the QuerySet API reference."""

from __future__ import annotations

from typing import Any

from nuages.models.iteration import (
    BaseIterable,
    FlatValuesListIterable,
    ModelIterable,
    NamedValuesListIterable,
    RawModelIterable,
    ValuesIterable,
    ValuesListIterable,
)
from nuages.models.prefetch import (
    Prefetch,
    aprefetch_related_objects,
    get_prefetcher,
    normalize_prefetch_lookups,
    prefetch_one_level,
    prefetch_related_objects,
)
from nuages.models.raw import RawQuerySet
from nuages.models.resultset import EmptyQuerySet, InstanceCheckMeta, M
from nuages.models.storing import Storing
from nuages.sql.constants import MAX_GET_RESULTS, REPR_OUTPUT_SIZE


class QuerySet(Storing[M]):
    """Objects of a model that match conditions: lazy, chainable, iterable, sliceable."""

    @classmethod
    def as_manager(cls) -> Any:
        """A manager with the methods of this QuerySet class."""
        manager = _manager_class().from_queryset(cls)()
        manager._built_with_as_manager = True
        return manager

    as_manager.__func__.queryset_only = True  # type: ignore[attr-defined]


for _name in ("delete", "adelete", "_update", "_raw_delete", "_insert"):
    getattr(QuerySet, _name).queryset_only = _name not in ("_update", "_insert")

# A manager is no expression: as a field's value it counts as its text.
QuerySet.resolve_expression.queryset_only = True  # type: ignore[attr-defined]

for _name in ("create", "get_or_create", "update_or_create", "bulk_create", "bulk_update", "delete"):
    getattr(QuerySet, _name).alters_data = True
    getattr(QuerySet, f"a{_name}").alters_data = True
QuerySet.update.alters_data = True  # type: ignore[attr-defined]
QuerySet.aupdate.alters_data = True  # type: ignore[attr-defined, misc]
QuerySet._update.alters_data = True  # type: ignore[attr-defined]
QuerySet._raw_delete.alters_data = True  # type: ignore[attr-defined]

_managers: list[Any] = []


def set_manager_class(cls: Any) -> None:
    """Give ``as_manager()`` its class (the manager module does)."""
    _managers[:] = [cls]


def _manager_class() -> Any:
    return _managers[0]


__all__ = [
    "MAX_GET_RESULTS",
    "REPR_OUTPUT_SIZE",
    "BaseIterable",
    "EmptyQuerySet",
    "FlatValuesListIterable",
    "InstanceCheckMeta",
    "ModelIterable",
    "NamedValuesListIterable",
    "Prefetch",
    "QuerySet",
    "RawModelIterable",
    "RawQuerySet",
    "ValuesIterable",
    "ValuesListIterable",
    "aprefetch_related_objects",
    "get_prefetcher",
    "normalize_prefetch_lookups",
    "prefetch_one_level",
    "prefetch_related_objects",
]

"""Small steps that all prefetches share."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable
from typing import Any


def missing_error(missing: Any, model: Any, name: str) -> type:
    """The class of the error on an object that is not there: DoesNotExist of the model `missing`, and an AttributeError."""
    return type("RelatedObjectDoesNotExist", (missing.DoesNotExist, AttributeError), {
        "__module__": model.__module__,
        "__qualname__": f"{model.__qualname__}.{name}.RelatedObjectDoesNotExist",
    })


def base_queryset(model: Any, instance: Any, hints: dict[str, Any]) -> Any:
    """All objects of `model` through its base manager, to be read as `instance` was."""
    if instance is None:
        return model._base_manager.db_manager(hints=hints).all()
    queryset = model._base_manager.db_manager(hints={**hints, "instance": instance}).all()
    queryset._fetch_mode = instance._state.fetch_mode
    return queryset


def one_of(querysets: Any) -> Any:
    """The one queryset given, or None; raises ValueError for several."""
    if querysets and len(querysets) != 1:
        raise ValueError("get_prefetch_querysets() was given several querysets, where one is all that can be used.")
    return querysets[0] if querysets else None


def group_by(instances: Iterable[Any], key: Callable[[Any], Any]) -> dict[Any, list[Any]]:
    """`instances` by what `key` gives for each."""
    found: defaultdict[Any, list[Any]] = defaultdict(list)
    for instance in instances:
        found[key(instance)].append(instance)
    return found


def filter_prefetched(queryset: Any, name: str, instances: Any) -> Any:
    """`queryset` restricted to what belongs to `instances`; a sliced one is cut per instance, not as a whole."""
    return queryset._filter_prefetched(name, instances)

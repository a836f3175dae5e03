"""What a prefetch left on an instance, or on the objects of its parents that it has loaded."""

from __future__ import annotations

from collections.abc import Iterator
from types import MappingProxyType
from typing import Any

NOTHING: MappingProxyType[str, Any] = MappingProxyType({})


def with_loaded_parents(instance: Any, owner: Any) -> Iterator[Any]:
    """`instance`, then the objects of its parents on the way to the model `owner`, as far as they are loaded."""
    yield instance
    while (link := instance._meta.get_ancestor_link(owner)) is not None and link.is_cached(instance):
        instance = link.get_cached_value(instance)
        if instance is None:
            return
        yield instance


def find_prefetched(instance: Any, owner: Any, name: str) -> Any:
    """The queryset prefetched under `name`, or None."""
    found = instance.__dict__.get("_prefetched_objects_cache", NOTHING).get(name)
    if found is not None or not instance._meta.parents:
        return found
    caches = (one.__dict__.get("_prefetched_objects_cache", NOTHING) for one in with_loaded_parents(instance, owner))
    return next((cache[name] for cache in caches if name in cache), None)


def forget_prefetched(instance: Any, owner: Any, name: str) -> None:
    """Forget it: the relation is about to change."""
    for one in with_loaded_parents(instance, owner) if instance._meta.parents else (instance,):
        if cache := one.__dict__.get("_prefetched_objects_cache"):
            cache.pop(name, None)

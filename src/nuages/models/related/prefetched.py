"""What a prefetch left on an instance, or on the objects of its parents that it has loaded."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any


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
    for one in with_loaded_parents(instance, owner):
        found = getattr(one, "_prefetched_objects_cache", {}).get(name)
        if found is not None:
            return found
    return None


def forget_prefetched(instance: Any, owner: Any, name: str) -> None:
    """Forget it: the relation is about to change."""
    for one in with_loaded_parents(instance, owner):
        getattr(one, "_prefetched_objects_cache", {}).pop(name, None)

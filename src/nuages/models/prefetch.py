"""``prefetch_related``: related objects of many instances by one query for each relation."""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterable
from typing import Any

from nuages import bridge
from nuages.exceptions import ObjectDoesNotExist
from nuages.sql.constants import LOOKUP_SEP


class Prefetch:
    """One relation to prefetch, with a QuerySet of its own or an attribute to store the result in (as a list)."""

    def __init__(self, lookup: str, queryset: Any = None, to_attr: str | None = None) -> None:
        self.prefetch_through = lookup
        self.prefetch_to = lookup
        if queryset is not None and not _returns_instances(queryset):
            raise ValueError("Prefetch querysets cannot use raw(), values(), and values_list().")
        if to_attr:
            self.prefetch_to = LOOKUP_SEP.join([*lookup.split(LOOKUP_SEP)[:-1], to_attr])
        self.queryset = queryset
        self.to_attr = to_attr

    def __getstate__(self) -> dict[str, Any]:
        state = self.__dict__.copy()
        if self.queryset is not None:
            queryset = self.queryset._chain()
            queryset._result_cache = []
            queryset._prefetch_done = True
            state["queryset"] = queryset
        return state

    def add_prefix(self, prefix: str) -> None:
        """Begin further away: at ``prefix``."""
        self.prefetch_to = prefix + LOOKUP_SEP + self.prefetch_to
        self.prefetch_through = prefix + LOOKUP_SEP + self.prefetch_through

    def get_current_prefetch_to(self, level: int) -> str:
        """The attribute path up to a level."""
        return LOOKUP_SEP.join(self.prefetch_to.split(LOOKUP_SEP)[: level + 1])

    def get_current_to_attr(self, level: int) -> tuple[str, bool | None]:
        """The attribute at a level, and whether it is a list of the user's own."""
        parts = self.prefetch_to.split(LOOKUP_SEP)
        as_attr = self.to_attr and level == len(parts) - 1
        return parts[level], bool(as_attr)

    def get_current_querysets(self, level: int) -> list[Any] | None:
        """The QuerySet for a level: the user's at the end, none before."""
        if self.get_current_prefetch_to(level) == self.prefetch_to and self.queryset is not None:
            return [self.queryset]
        return None

    def __eq__(self, other: object) -> bool:
        return self.prefetch_to == other.prefetch_to if isinstance(other, Prefetch) else NotImplemented

    def __hash__(self) -> int:
        return hash((type(self), self.prefetch_to))

    def __repr__(self) -> str:
        return f"<{type(self).__name__}: {self.prefetch_to!r}>"


def _returns_instances(queryset: Any) -> bool:
    iterable = getattr(queryset, "_iterable_class", None)
    if iterable is None:
        return not hasattr(queryset, "raw_query")
    return any(cls.__name__ == "ModelIterable" for cls in iterable.__mro__)


def normalize_prefetch_lookups(lookups: Iterable[Any], prefix: str | None = None) -> list[Prefetch]:
    """Lookups as Prefetch objects, begun at ``prefix``."""
    found: list[Prefetch] = []
    for lookup in lookups:
        if not isinstance(lookup, Prefetch):
            lookup = Prefetch(lookup)
        if prefix:
            lookup.add_prefix(prefix)
        found.append(lookup)
    return found


class _Run:
    """One call of ``prefetch_related_objects``: what is waiting, what is done."""

    def __init__(self, instances: list[Any], lookups: Iterable[Any]) -> None:
        self.instances = instances
        self.done: dict[str, list[Any]] = {}
        self.auto: set[Prefetch] = set()
        self.followed: set[Any] = set()
        self.waiting: list[Prefetch] = normalize_prefetch_lookups(reversed(list(lookups)))

    def execute(self) -> None:
        """Work off the lookups, those that come up on the way included."""
        while self.waiting:
            lookup = self.waiting.pop()
            if lookup.prefetch_to in self.done:
                if lookup.queryset is not None:
                    raise ValueError(
                        f"'{lookup.prefetch_to}' lookup was already seen with a different queryset. Put the lookup that has a queryset before the others."
                    )
                continue
            self._follow(lookup)

    def _follow(self, lookup: Prefetch) -> None:
        objects = self.instances
        names = lookup.prefetch_through.split(LOOKUP_SEP)
        for level, name in enumerate(names):
            if not objects:
                return
            path = lookup.get_current_prefetch_to(level)
            if path in self.done:
                objects = self.done[path]
                continue
            if not self._can_hold(objects):
                return
            first = objects[0]
            to_attr = lookup.get_current_to_attr(level)[0]
            prefetcher, descriptor, found, is_fetched = get_prefetcher(first, name, to_attr)
            self._check(first, name, lookup, found, prefetcher, level == len(names) - 1)
            missing = [obj for obj in objects if not is_fetched(obj)] if prefetcher is not None else []
            if prefetcher is not None and missing:
                objects, more = prefetch_one_level(missing, prefetcher, lookup, level)
                if not (path in self.done and lookup in self.auto and descriptor in self.followed):
                    self.done[path] = objects
                    added = normalize_prefetch_lookups(reversed(more), path)
                    self.auto.update(added)
                    self.waiting.extend(added)
                self.followed.add(descriptor)
            else:
                objects = _already_there(objects, name, to_attr, level, lookup)

    @staticmethod
    def _can_hold(objects: list[Any]) -> bool:
        for obj in objects:
            if not hasattr(obj, "_prefetched_objects_cache"):
                try:
                    obj._prefetched_objects_cache = {}
                except (AttributeError, TypeError):
                    return False
        return True

    @staticmethod
    def _check(first: Any, name: str, lookup: Prefetch, found: bool, prefetcher: Any, last: bool) -> None:
        if not found:
            raise AttributeError(
                f"Cannot find '{name}' on {first.__class__.__name__} object, '{lookup.prefetch_through}' is an invalid parameter to prefetch_related()"
            )
        if last and prefetcher is None:
            raise ValueError(
                f"'{lookup.prefetch_through}' does not resolve to an item that supports prefetching - this is an invalid parameter to prefetch_related()."
            )


def _already_there(objects: list[Any], name: str, to_attr: str, level: int, lookup: Prefetch) -> list[Any]:
    """The related objects that the instances already have."""
    found: list[Any] = []
    for obj in objects:
        cache = getattr(obj, "_prefetched_objects_cache", {})
        if name in cache:
            found.extend(cache[name])
            continue
        attribute = to_attr if lookup.get_current_to_attr(level)[1] and hasattr(obj, to_attr) else name
        try:
            related = getattr(obj, attribute)
        except ObjectDoesNotExist:
            continue
        if related is None:
            continue
        if isinstance(related, list):
            found.extend(related)
        elif hasattr(related, "all") and not hasattr(related, "_meta"):
            found.extend(related.all())
        else:
            found.append(related)
    return found


def prefetch_related_objects(model_instances: Any, *related_lookups: Any) -> None:
    """Fill these relations of all instances. Raises AttributeError or ValueError for lookups that lead nowhere."""
    instances = model_instances if isinstance(model_instances, list) else list(model_instances)
    if not instances:
        return
    run = _Run(instances, related_lookups)
    run.execute()


aprefetch_related_objects = bridge.shell(prefetch_related_objects)


def get_prefetcher(instance: Any, through_attr: str, to_attr: str) -> tuple[Any, Any, bool, Any]:
    """``(prefetcher, descriptor, whether the attribute exists, function that says whether it is loaded)``."""
    missing: Any = object()
    descriptor: Any = getattr(type(instance), through_attr, missing)
    if descriptor is missing:
        found = hasattr(instance, through_attr)
        return None, None, found, lambda obj: through_attr in getattr(obj, "_prefetched_objects_cache", {})
    if hasattr(descriptor, "get_prefetch_querysets"):
        return descriptor, descriptor, True, descriptor.is_cached if through_attr == to_attr else _has_own(to_attr)
    manager = getattr(instance, through_attr)
    if not hasattr(manager, "get_prefetch_querysets"):
        return None, descriptor, True, lambda obj: False
    if through_attr == to_attr:
        return manager, descriptor, True, lambda obj: through_attr in obj._prefetched_objects_cache
    if isinstance(getattr(type(instance), to_attr, None), property):
        return manager, descriptor, True, lambda obj: False
    return manager, descriptor, True, _has_own(to_attr)


def _has_own(name: str) -> Callable[[Any], bool]:
    return lambda obj: name in obj.__dict__


def prefetch_one_level(instances: list[Any], prefetcher: Any, lookup: Prefetch, level: int) -> tuple[list[Any], list[Any]]:
    """Load one relation of all instances and give each its own. Returns the related objects and further lookups on them."""
    queryset, related_key, instance_key, single, cache_name, is_descriptor = prefetcher.get_prefetch_querysets(
        instances, lookup.get_current_querysets(level)
    )
    further = [copy.copy(one) for one in getattr(queryset, "_prefetch_related_lookups", ())]
    if further:
        queryset._prefetch_related_lookups = ()
    related = list(queryset)
    by_key: dict[Any, list[Any]] = {}
    for obj in related:
        by_key.setdefault(related_key(obj), []).append(obj)
    to_attr, as_attr = lookup.get_current_to_attr(level)
    if as_attr and instances:
        _check_to_attr(instances[0], to_attr)
    for instance in instances:
        own = by_key.get(instance_key(instance), [])
        if single:
            _set_single(instance, own[0] if own else None, as_attr, to_attr, cache_name, is_descriptor)
        elif as_attr:
            setattr(instance, to_attr, own)
        else:
            _set_many(instance, own, cache_name, to_attr, lookup, level)
    return related, further


def _check_to_attr(instance: Any, to_attr: str) -> None:
    names = {field.name for field in instance._meta.get_fields()}
    if to_attr in names:
        raise ValueError(f"to_attr={to_attr} conflicts with a field on the {instance.__class__.__name__} model.")


def _set_single(instance: Any, value: Any, as_attr: bool | None, to_attr: str, cache_name: str, is_descriptor: bool) -> None:
    if as_attr:
        setattr(instance, to_attr, value)
    elif is_descriptor:
        setattr(instance, cache_name, value)
    else:
        instance._state.fields_cache[cache_name] = value


def _set_many(instance: Any, own: list[Any], cache_name: str, to_attr: str, lookup: Prefetch, level: int) -> None:
    manager = getattr(instance, to_attr)
    leaf = lookup.get_current_querysets(level)
    if leaf is not None and hasattr(manager, "_apply_rel_filters"):
        queryset = manager._apply_rel_filters(leaf[0])
    else:
        queryset = manager.get_queryset()
    queryset._result_cache = own
    queryset._prefetch_done = True
    instance._prefetched_objects_cache[cache_name] = queryset

"""Registration of lookups and transforms on field and transform classes, or on one instance."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ClassVar


class _ClassOrInstance:
    """A method with one behaviour on the class and another on an instance."""

    def __init__(self, on_class: Callable[..., Any], on_instance: Callable[..., Any]) -> None:
        self.on_class = on_class
        self.on_instance = on_instance
        self.__doc__ = on_class.__doc__

    def __get__(self, instance: Any, owner: type) -> Callable[..., Any]:
        if instance is None:
            return self.on_class.__get__(owner, type(owner))  # type: ignore[no-any-return]
        return self.on_instance.__get__(instance, owner)  # type: ignore[no-any-return]


on_change: list[Callable[[], None]] = []
"""Called whenever any lookup is registered or removed: caches of resolved names empty themselves."""

_generation = 0


def _changed() -> None:
    global _generation
    _generation += 1
    for forget in on_change:
        forget()


def _merged_over_mro(cls: type) -> dict[str, type]:
    merged: dict[str, type] = {}
    for parent in reversed(_with_lookups(cls)):
        merged.update(parent.__dict__.get("class_lookups", ()))
    return merged


def _with_lookups(cls: type) -> list[type]:
    """The class and the parents whose lookups it has: none above one that sets ``lookups_of_parents`` to False."""
    found: list[type] = []
    for parent in cls.__mro__:
        found.append(parent)
        if parent.__dict__.get("lookups_of_parents") is False:
            break
    return found


def _class_lookups(cls: type) -> dict[str, type]:
    """All lookups and transforms of this class, its parents' included, by name."""
    cached: tuple[int, dict[str, type]] | None = cls.__dict__.get("_lookups_merged")
    if cached is None or cached[0] != _generation:
        cached = (_generation, _merged_over_mro(cls))
        cls._lookups_merged = cached  # type: ignore[attr-defined]
    return cached[1]


def _instance_lookups(self: Any) -> dict[str, type]:
    own = self.__dict__.get("instance_lookups")
    found: dict[str, type] = _class_lookups(type(self))
    return {**found, **own} if own else found


def _register_on_class(cls: Any, lookup: type, lookup_name: str | None = None) -> type:
    """Make ``lookup`` available under ``lookup_name`` (default: its own ``lookup_name``). Returns it: usable as decorator."""
    name = lookup.lookup_name if lookup_name is None else lookup_name  # type: ignore[attr-defined]
    if "class_lookups" not in cls.__dict__:
        cls.class_lookups = {}
    cls.class_lookups[name] = lookup
    _changed()
    return lookup


def _register_on_instance(self: Any, lookup: type, lookup_name: str | None = None) -> type:
    name = lookup.lookup_name if lookup_name is None else lookup_name  # type: ignore[attr-defined]
    self.__dict__.setdefault("instance_lookups", {})[name] = lookup
    _changed()
    return lookup


def _unregister_on_class(cls: Any, lookup: type, lookup_name: str | None = None) -> None:
    """Take back one registration (not thread-safe: for tests)."""
    del cls.class_lookups[lookup.lookup_name if lookup_name is None else lookup_name]  # type: ignore[attr-defined]
    _changed()


def _unregister_on_instance(self: Any, lookup: type, lookup_name: str | None = None) -> None:
    del self.instance_lookups[lookup.lookup_name if lookup_name is None else lookup_name]  # type: ignore[attr-defined]
    _changed()


class RegisterLookupMixin:
    """Gives a class the documented lookup registration API: ``register_lookup``, ``get_lookup``, ``get_transform``, ``get_lookups``.

    See the custom lookup reference, "Registration API".
    """

    class_lookups: ClassVar[dict[str, type]]

    register_lookup: _ClassOrInstance = _ClassOrInstance(_register_on_class, _register_on_instance)
    _unregister_lookup: _ClassOrInstance = _ClassOrInstance(_unregister_on_class, _unregister_on_instance)
    get_lookups: _ClassOrInstance = _ClassOrInstance(_class_lookups, _instance_lookups)
    get_class_lookups: Any = classmethod(_class_lookups)
    get_instance_lookups = _instance_lookups

    def _get_lookup(self, name: str) -> type | None:
        found: dict[str, type] = self.get_lookups()
        return found.get(name)

    def get_lookup(self, lookup_name: str) -> Any:
        """The Lookup class registered under that name, or None. An expression asks its output field next."""
        found = self._get_lookup(lookup_name)
        if found is None and hasattr(self, "output_field"):
            return self.output_field.get_lookup(lookup_name)
        if found is not None and getattr(found, "lookup_role", None) != "lookup":
            return None
        return found

    def get_transform(self, lookup_name: str) -> Any:
        """The Transform class registered under that name, or None. An expression asks its output field next."""
        found = self._get_lookup(lookup_name)
        if found is None and hasattr(self, "output_field"):
            return self.output_field.get_transform(lookup_name)
        if found is not None and getattr(found, "lookup_role", None) != "transform":
            return None
        return found

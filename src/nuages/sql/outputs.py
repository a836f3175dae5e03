"""The registry by which the model layer gives its field classes to the SQL engine.

The engine never imports a field class. ``models.fields`` calls ``register("IntegerField", IntegerField)`` for every class (by the
name of its internal type, plus ``"Field"`` and ``"ForeignObject"`` for the two roots); an expression that needs an output field
calls ``field("IntegerField")``. Lookups that belong to a field class are attached in either order: ``@class_lookup("Field")``
waits until that class is registered.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

LookupClass = TypeVar("LookupClass", bound=type)

_classes: dict[str, type] = {}
_waiting: dict[str, list[tuple[type, str | None]]] = {}


def register(name: str, cls: type) -> type:
    """Make ``cls`` the field class called ``name``, and attach the lookups that wait for it. Returns ``cls``."""
    _classes[name] = cls
    for lookup, lookup_name in _waiting.pop(name, ()):
        _attach(cls, lookup, lookup_name)
    return cls


def known(name: str) -> bool:
    """Whether a field class of that name has been registered."""
    return name in _classes


def cls(name: str) -> type:
    """The field class registered as ``name``. Raises LookupError if there is none."""
    try:
        return _classes[name]
    except KeyError:
        raise LookupError(f"No field class is registered as {name!r}: import nuages.models before resolving expressions.") from None


def field(name: str, **options: Any) -> Any:
    """A new, unbound field of the class registered as ``name``, made with ``options``."""
    return cls(name)(**options)


def is_instance(value: object, name: str) -> bool:
    """Whether ``value`` is a field of the class registered as ``name``; false while that class is unknown."""
    found = _classes.get(name)
    return found is not None and isinstance(value, found)


def class_lookup(*names: str, lookup_name: str | None = None) -> Callable[[LookupClass], LookupClass]:
    """Class decorator: register a lookup or transform on the field classes called ``names``, now or when they come."""

    def decorate(lookup: LookupClass) -> LookupClass:
        for name in names:
            if name in _classes:
                _attach(_classes[name], lookup, lookup_name)
            else:
                _waiting.setdefault(name, []).append((lookup, lookup_name))
        return lookup

    return decorate


def _attach(target: type, lookup: type, lookup_name: str | None) -> None:
    register_lookup: Any = getattr(target, "register_lookup")  # noqa: B009
    register_lookup(lookup, lookup_name)

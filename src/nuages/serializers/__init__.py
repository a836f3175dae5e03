"""Objects as text and back. See the serialization documentation.

``serialize("json", queryset)`` and ``deserialize("json", text)`` are all that most users need; formats of a project's
own are named in the ``SERIALIZATION_MODULES`` setting.
"""

from __future__ import annotations

import importlib
from collections.abc import Iterable
from typing import Any

from nuages.apps.registry import apps
from nuages.conf import settings
from nuages.serializers import records as base
from nuages.serializers.records import (
    DeserializationError, DeserializedObject, M2MDeserializationError, SerializationError, SerializerDoesNotExist,
)

BUILTIN_SERIALIZERS = {
    "xml": "nuages.serializers.xml",
    "python": "nuages.serializers.python",
    "json": "nuages.serializers.json",
    "yaml": "nuages.serializers.pyyaml",
    "jsonl": "nuages.serializers.jsonl",
}

#: format -> module with a ``Serializer`` and a ``Deserializer``; filled when first used
_serializers: dict[str, Any] = {}


class BadSerializer:
    """Stands in for a format whose module cannot be imported: using it raises the reason."""

    internal_use_only = False

    def __init__(self, exception: ImportError) -> None:
        self.exception = exception

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        raise self.exception


class _BadModule:
    """A module whose serializers raise the reason why it is missing."""

    def __init__(self, exception: ImportError) -> None:
        self.Serializer = self.Deserializer = BadSerializer(exception)


def register_serializer(format: str, serializer_module: str, serializers: dict[str, Any] | None = None) -> None:
    """Register the module of a format, in ``serializers`` if that is given.

    A module that cannot be imported is no error yet: using the format is.
    """
    if serializers is None and not _serializers:
        _load_serializers()
    try:
        module: Any = importlib.import_module(serializer_module)
    except ImportError as error:
        module = _BadModule(error)
    target = _serializers if serializers is None else serializers
    target[format] = module


def unregister_serializer(format: str) -> None:
    """Forget a format; raises ``SerializerDoesNotExist``."""
    _formats()
    if format not in _serializers:
        raise SerializerDoesNotExist(format)
    del _serializers[format]


def _load_serializers() -> None:
    global _serializers
    found: dict[str, Any] = {}
    modules = {**BUILTIN_SERIALIZERS, **getattr(settings, "SERIALIZATION_MODULES", {})}
    for format, module in modules.items():
        register_serializer(format, module, found)
    # All at once, so that no thread sees half of them.
    _serializers = found


def _formats() -> dict[str, Any]:
    if not _serializers:
        _load_serializers()
    return _serializers


def _module(format: str) -> Any:
    try:
        return _formats()[format]
    except KeyError:
        raise SerializerDoesNotExist(format) from None


def get_serializer(format: str) -> Any:
    """The serializer class of a format; raises ``SerializerDoesNotExist``."""
    return _module(format).Serializer


def get_deserializer(format: str) -> Any:
    """The deserializer class of a format; raises ``SerializerDoesNotExist``."""
    return _module(format).Deserializer


def get_serializer_formats() -> list[str]:
    """All formats."""
    return list(_formats())


def get_public_serializer_formats() -> list[str]:
    """The formats that users may ask for."""
    return [format for format, module in _formats().items() if not module.Serializer.internal_use_only]


def serialize(format: str, queryset: Iterable[Any], **options: Any) -> Any:
    """The objects in a format; options are those of the format's serializer, ``indent`` and ``fields`` for example."""
    serializer = get_serializer(format)()
    serializer.serialize(queryset, **options)
    return serializer.getvalue()


def deserialize(format: str, stream_or_string: Any, **options: Any) -> Any:
    """An iterator over the ``DeserializedObject`` instances in serialized data."""
    return get_deserializer(format)(stream_or_string, **options)


def _natural_dependencies(model: Any) -> list[Any]:
    """The models that an instance's natural key, or a relation written as one, needs beforehand."""
    found = [apps.get_model(label) for label in getattr(getattr(model, "natural_key", None), "dependencies", ())]
    for field in model._meta.fields:
        if field.remote_field and hasattr(field.remote_field.model, "natural_key") and field.remote_field.model != model:
            found.append(field.remote_field.model)
    for field in model._meta.many_to_many:
        relation = field.remote_field
        if relation.through._meta.auto_created and hasattr(relation.model, "natural_key") and relation.model != model:
            found.append(relation.model)
    return found


def sort_dependencies(app_list: Iterable[tuple[Any, Any]], allow_cycles: bool = False) -> list[Any]:
    """The models of the apps, those that natural keys need before those that need them.

    Raises ``RuntimeError`` if they need each other, unless ``allow_cycles``.
    """
    waiting: list[tuple[Any, list[Any]]] = []
    chosen: set[Any] = set()
    for config, models in app_list:
        for model in config.get_models() if models is None else models:
            chosen.add(model)
            waiting.append((model, _natural_dependencies(model)))
    waiting.reverse()
    done: list[Any] = []
    while waiting:
        skipped: list[tuple[Any, list[Any]]] = []
        placed = False
        while waiting:
            model, needs = waiting.pop()
            if all(need not in chosen or need in done for need in needs):
                done.append(model)
                placed = True
            else:
                skipped.append((model, needs))
        if not placed:
            done.extend(_break_cycle(skipped, allow_cycles))
            return done
        waiting = skipped[::-1]
    return done


def _break_cycle(skipped: list[tuple[Any, list[Any]]], allow_cycles: bool) -> list[Any]:
    if allow_cycles:
        return [model for model, _needs in skipped]
    names = ", ".join(model._meta.label for model, _needs in sorted(skipped, key=lambda item: item[0].__name__))
    raise RuntimeError(f"Can't resolve dependencies for {names} in serialized app list.")


__all__ = [
    "BUILTIN_SERIALIZERS", "BadSerializer", "DeserializationError", "DeserializedObject", "M2MDeserializationError",
    "SerializationError", "SerializerDoesNotExist", "base", "deserialize", "get_deserializer",
    "get_public_serializer_formats", "get_serializer", "get_serializer_formats", "register_serializer", "serialize",
    "sort_dependencies", "unregister_serializer",
]

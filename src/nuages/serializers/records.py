"""What all formats share: the errors, the walk over a model's fields, and deserialized objects.

See the serialization documentation.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from io import StringIO
from typing import Any, Self

from nuages import models
from nuages.db import DEFAULT_DB_ALIAS
from nuages.exceptions import ObjectDoesNotExist
from nuages.models.stableorder import fully_ordered

#: stands for a value that refers to an object which is not there yet
DEFER_FIELD = object()


class SerializerDoesNotExist(KeyError):
    """No serializer of that format is registered."""


class SerializationError(Exception):
    """An object cannot be serialized."""


class DeserializationError(Exception):
    """Serialized data cannot be read."""

    @classmethod
    def WithData(cls, original_exc: Any, model: Any, fk: Any, field_value: Any) -> Self:
        """The error with the model, primary key and value that caused it."""
        return cls(f"{original_exc}: ({model}:pk={fk}) field_value was '{field_value}'")


class M2MDeserializationError(Exception):
    """One of the keys of a many-to-many relation cannot be read."""

    def __init__(self, original_exc: Any, pk: Any) -> None:
        self.original_exc = original_exc
        self.pk = pk


class ProgressBar:
    """A line of dots that grows to ``progress_width`` as objects are serialized."""

    progress_width = 75

    def __init__(self, output: Any, total_count: int) -> None:
        self.output = output
        self.total_count = total_count
        self.prev_done = 0

    def update(self, count: int) -> None:
        """Draw the line anew if it has grown."""
        if not self.output:
            return
        done = self.progress_width * count // self.total_count
        if self.prev_done >= done:
            return
        self.prev_done = done
        start = "" if self.total_count == 1 else "\r"
        self.output.write(f"{start}[{'.' * done}{' ' * (self.progress_width - done)}]")
        if done == self.progress_width:
            self.output.write("\n")
        self.output.flush()


class Serializer:
    """Walks over objects and their fields; each format says what to write for them."""

    #: whether only code asks for this format, and no command offers it
    internal_use_only = False
    progress_class: Any = ProgressBar
    stream_class: Any = StringIO

    options: dict[str, Any]
    stream: Any
    first: bool

    def serialize(
        self,
        queryset: Iterable[Any],
        *,
        stream: Any = None,
        fields: Any = None,
        use_natural_foreign_keys: bool = False,
        use_natural_primary_keys: bool = False,
        progress_output: Any = None,
        object_count: int = 0,
        **options: Any,
    ) -> Any:
        """Write the objects to ``stream``, or to a new one whose content is returned."""
        self.options = options
        self.stream = stream if stream is not None else self.stream_class()
        self.selected_fields = fields
        self.use_natural_foreign_keys = use_natural_foreign_keys
        self.use_natural_primary_keys = use_natural_primary_keys
        progress = self.progress_class(progress_output, object_count)
        self.start_serialization()
        self.first = True
        for count, obj in enumerate(queryset, start=1):
            self.start_object(obj)
            self._handle_fields(obj)
            self.end_object(obj)
            progress.update(count)
            self.first = False
        self.end_serialization()
        return self.getvalue()

    def _handle_fields(self, obj: Any) -> None:
        # Of proxies the concrete model's, for proxies have no fields of their own.
        meta = obj._meta.concrete_model._meta
        pk = meta.pk
        # Without a key of its own, a child says by natural key which parent it extends.
        link = pk if self.use_natural_primary_keys and pk.remote_field and pk.remote_field.parent_link else None
        for field in meta.local_fields:
            if not field.serialize and field is not link:
                continue
            if field.remote_field is None:
                if self._selected(field.attname):
                    self.handle_field(obj, field)
            elif self._selected(field.attname[:-3]):
                self.handle_fk_field(obj, field)
        for field in meta.local_many_to_many:
            if field.serialize and self._selected(field.attname):
                self.handle_m2m_field(obj, field)

    def _selected(self, name: str) -> bool:
        return self.selected_fields is None or name in self.selected_fields

    def _shows_pk(self, obj: Any) -> bool:
        """Whether an object's primary key is written: not where its natural key will do."""
        return not self.use_natural_primary_keys or not hasattr(obj, "natural_key") or not obj.natural_key()

    def _related(self, obj: Any, field: Any) -> Any:
        """The objects of a many-to-many relation, with no more of them than their key if that is all it takes."""
        cached = getattr(obj, "_prefetched_objects_cache", {}).get(field.name)
        if cached is not None:
            return cached
        found = getattr(obj, field.name).select_related(None)
        if not self._by_natural_key(field):
            found = found.only("pk")
        return fully_ordered(found).iterator()

    def _by_natural_key(self, field: Any) -> bool:
        return self.use_natural_foreign_keys and hasattr(field.remote_field.model, "natural_key")

    def start_serialization(self) -> None:
        """Called before the first object."""
        raise NotImplementedError("subclasses of Serializer must provide a start_serialization() method")

    def end_serialization(self) -> None:
        """Called after the last object."""

    def start_object(self, obj: Any) -> None:
        """Called before the fields of an object."""
        raise NotImplementedError("subclasses of Serializer must provide a start_object() method")

    def end_object(self, obj: Any) -> None:
        """Called after the fields of an object."""

    def handle_field(self, obj: Any, field: Any) -> None:
        """Called for each field without a relation."""
        raise NotImplementedError("subclasses of Serializer must provide a handle_field() method")

    def handle_fk_field(self, obj: Any, field: Any) -> None:
        """Called for each foreign key."""
        raise NotImplementedError("subclasses of Serializer must provide a handle_fk_field() method")

    def handle_m2m_field(self, obj: Any, field: Any) -> None:
        """Called for each many-to-many relation."""
        raise NotImplementedError("subclasses of Serializer must provide a handle_m2m_field() method")

    def getvalue(self) -> Any:
        """What was written, ``None`` where the stream cannot tell."""
        read = getattr(self.stream, "getvalue", None)
        return read() if callable(read) else None


class Deserializer:
    """An iterator over the objects in serialized data."""

    def __init__(self, stream_or_string: Any, **options: Any) -> None:
        self.options = options
        self.stream: Any = StringIO(stream_or_string) if isinstance(stream_or_string, str) else stream_or_string

    def __iter__(self) -> Iterator[DeserializedObject]:
        return self

    def __next__(self) -> DeserializedObject:
        raise NotImplementedError("subclasses of Deserializer must provide a __next__() method")


class DeserializedObject:
    """An unsaved instance (``object``), the keys of its many-to-many relations, and values that must wait."""

    def __init__(self, obj: Any, m2m_data: Any = None, deferred_fields: Any = None) -> None:
        self.object = obj
        self.m2m_data = m2m_data
        self.deferred_fields = deferred_fields

    def __repr__(self) -> str:
        return f"<{type(self).__name__}: {self.object._meta.label}(pk={self.object.pk})>"

    def save(self, save_m2m: bool = True, using: str | None = None, **kwargs: Any) -> None:
        """Save the instance as it is, without its own ``save()``, and then its relations."""
        models.Model.save_base(self.object, using=using, raw=True, **kwargs)
        if self.m2m_data and save_m2m:
            for name, keys in self.m2m_data.items():
                getattr(self.object, name).set_base(keys, raw=True)
        # Saved twice, the relations would be set twice.
        self.m2m_data = None

    def save_deferred_fields(self, using: str | None = None) -> None:
        """Read the values that had to wait for other objects, and save the instance with them."""
        self.m2m_data = {}
        for field, value in self.deferred_fields.items():
            model = self.object._meta.label
            if isinstance(field.remote_field, models.ManyToManyRel):
                try:
                    keys = deserialize_m2m_values(field, value, using, handle_forward_references=False)
                except M2MDeserializationError as error:
                    raise DeserializationError.WithData(
                        error.original_exc, model, self.object.pk, error.pk
                    ) from error
                self.m2m_data[field.name] = keys
            elif isinstance(field.remote_field, models.ManyToOneRel):
                try:
                    key = deserialize_fk_value(field, value, using, handle_forward_references=False)
                except Exception as error:
                    raise DeserializationError.WithData(error, model, self.object.pk, value) from error
                setattr(self.object, field.attname, key)
        self.save()


def build_instance(model: Any, data: dict[str, Any], db: str | None) -> Any:
    """An unsaved instance; without a key, that of the stored object with the same natural key, if there is one."""
    manager = model._meta.default_manager
    key = model._meta.pk.attname
    if data.get(key) is None and hasattr(manager, "get_by_natural_key") and hasattr(model, "natural_key"):
        probe = model(**data)
        probe._state.db = db
        natural_key = probe.natural_key()
        if natural_key:
            try:
                stored = manager.db_manager(db).get_by_natural_key(*natural_key)
                data[key] = model._meta.pk.to_python(stored.pk)
            except model.DoesNotExist:
                pass
    return model(**data)


def _is_natural(manager: Any, value: Any) -> bool:
    return hasattr(manager, "get_by_natural_key") and hasattr(value, "__iter__") and not isinstance(value, str)


def deserialize_m2m_values(field: Any, field_value: Any, using: str | None, handle_forward_references: bool) -> Any:
    """The keys of a many-to-many relation, or ``DEFER_FIELD``. Raises ``M2MDeserializationError``."""
    model = field.remote_field.model
    manager = model._default_manager
    try:
        members = iter(field_value)
    except TypeError as error:
        raise M2MDeserializationError(error, field_value) from error
    keys = []
    member = None
    try:
        for member in members:
            if _is_natural(manager, member):
                keys.append(manager.db_manager(using).get_by_natural_key(*member).pk)
            else:
                keys.append(model._meta.pk.to_python(member))
    except Exception as error:
        if isinstance(error, ObjectDoesNotExist) and handle_forward_references:
            return DEFER_FIELD
        raise M2MDeserializationError(error, member) from error
    return keys


def deserialize_fk_value(field: Any, field_value: Any, using: str | None, handle_forward_references: bool) -> Any:
    """The value of a foreign key, or ``DEFER_FIELD``."""
    if field_value is None:
        return None
    model = field.remote_field.model
    manager = model._default_manager
    name = field.remote_field.field_name
    if not _is_natural(manager, field_value):
        return model._meta.get_field(name).to_python(field_value)
    try:
        target = manager.db_manager(using).get_by_natural_key(*field_value)
    except ObjectDoesNotExist:
        if handle_forward_references:
            return DEFER_FIELD
        raise
    value = getattr(target, name)
    # A key that is a foreign key itself gives an object.
    return value.pk if model._meta.pk.remote_field else value


__all__ = [
    "DEFAULT_DB_ALIAS",
    "DEFER_FIELD",
    "DeserializationError",
    "DeserializedObject",
    "Deserializer",
    "M2MDeserializationError",
    "ProgressBar",
    "SerializationError",
    "Serializer",
    "SerializerDoesNotExist",
    "build_instance",
    "deserialize_fk_value",
    "deserialize_m2m_values",
]

"""Objects as dictionaries: the base of the formats that write such."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from nuages import models
from nuages.apps.registry import apps
from nuages.db import DEFAULT_DB_ALIAS
from nuages.serializers import records
from nuages.text.encoding import is_protected_type


class Serializer(records.Serializer):
    """Gives a list of dictionaries with ``model``, ``pk`` and ``fields``."""

    internal_use_only = True
    objects: list[Any]
    _current: Any

    def start_serialization(self) -> None:
        """Start the list."""
        self._current = None
        self.objects = []

    def end_serialization(self) -> None:
        """Nothing more to write."""

    def start_object(self, obj: Any) -> None:
        """Start the fields."""
        self._current = {}

    def end_object(self, obj: Any) -> None:
        """Add the object."""
        self.objects.append(self.get_dump_object(obj))
        self._current = None

    def get_dump_object(self, obj: Any) -> dict[str, Any]:
        """The dictionary of an object."""
        data: dict[str, Any] = {"model": str(obj._meta)}
        if self._shows_pk(obj):
            data["pk"] = self._value_from_field(obj, obj._meta.pk)
        data["fields"] = self._current
        return data

    def _value_from_field(self, obj: Any, field: Any) -> Any:
        if isinstance(field, models.CompositePrimaryKey):
            return [self._value_from_field(obj, part) for part in field.fields]
        value = field.value_from_object(obj)
        # Dates and numbers stay what they are, for formats that can hold them.
        return value if is_protected_type(value) else field.value_to_string(obj)

    def handle_field(self, obj: Any, field: Any) -> None:
        """Keep the field's value."""
        self._current[field.name] = self._value_from_field(obj, field)

    def handle_fk_field(self, obj: Any, field: Any) -> None:
        """Keep the natural key of the related object, or the field's value."""
        value: Any = ()
        if self._by_natural_key(field):
            related = getattr(obj, field.name)
            value = related.natural_key() if related is not None else None
        # An empty natural key says that there is none.
        self._current[field.name] = self._value_from_field(obj, field) if value == () else value

    def handle_m2m_field(self, obj: Any, field: Any) -> None:
        """Keep the keys of the related objects."""
        if not field.remote_field.through._meta.auto_created:
            return
        natural = self._by_natural_key(field)
        self._current[field.name] = [self._key(related, natural) for related in self._related(obj, field)]

    def _key(self, related: Any, natural: bool) -> Any:
        key = related.natural_key() if natural else None
        return key or self._value_from_field(related, related._meta.pk)

    def getvalue(self) -> Any:
        """The list."""
        return self.objects


class Deserializer(records.Deserializer):
    """Reads a list of dictionaries.

    ``ignorenonexistent`` skips unknown models and fields; ``handle_forward_references`` lets values wait for objects
    that come later.
    """

    def __init__(
        self,
        object_list: Iterable[Any],
        *,
        using: str = DEFAULT_DB_ALIAS,
        ignorenonexistent: bool = False,
        **options: Any,
    ) -> None:
        super().__init__(object_list, **options)
        self.handle_forward_references = options.pop("handle_forward_references", False)
        self.using = using
        self.ignorenonexistent = ignorenonexistent
        self.field_names_cache: dict[Any, set[str]] = {}
        self._iterator: Iterator[Any] | None = None

    def __iter__(self) -> Iterator[records.DeserializedObject]:
        for obj in self.stream:
            yield from self._handle_object(obj)

    def __next__(self) -> records.DeserializedObject:
        if self._iterator is None:
            self._iterator = iter(self)
        return next(self._iterator)

    def _handle_object(self, obj: Any) -> Iterator[records.DeserializedObject]:
        try:
            model = self._get_model_from_node(obj["model"])
        except records.DeserializationError:
            if self.ignorenonexistent:
                return
            raise
        label, pk = obj["model"], obj.get("pk")
        data: dict[str, Any] = {}
        if "pk" in obj:
            try:
                data[model._meta.pk.attname] = model._meta.pk.to_python(pk)
            except Exception as error:
                raise records.DeserializationError.WithData(error, label, pk, None) from error
        m2m_data: dict[str, Any] = {}
        deferred: dict[Any, Any] = {}
        for name, value in obj["fields"].items():
            if self.ignorenonexistent and name not in self._field_names(model):
                continue
            field = model._meta.get_field(name)
            target, key, read = self._read(field, value, label, pk)
            if read is records.DEFER_FIELD:
                deferred[field] = value
            else:
                (m2m_data if target == "m2m" else data)[key] = read
        instance = records.build_instance(model, data, self.using)
        yield records.DeserializedObject(instance, m2m_data, deferred)

    def _read(self, field: Any, value: Any, label: str, pk: Any) -> tuple[str, str, Any]:
        """Where a value belongs, by what name, and the value itself as Python has it."""
        relation = field.remote_field
        try:
            if isinstance(relation, models.ManyToManyRel):
                waits = self.handle_forward_references
                return "m2m", field.name, records.deserialize_m2m_values(field, value, self.using, waits)
            if isinstance(relation, models.ManyToOneRel):
                waits = self.handle_forward_references
                return "data", field.attname, records.deserialize_fk_value(field, value, self.using, waits)
            return "data", field.name, field.to_python(value)
        except records.M2MDeserializationError as error:
            raise records.DeserializationError.WithData(error.original_exc, label, pk, error.pk) from error
        except Exception as error:
            raise records.DeserializationError.WithData(error, label, pk, value) from error

    def _field_names(self, model: Any) -> set[str]:
        names = self.field_names_cache.get(model)
        if names is None:
            names = self.field_names_cache[model] = {field.name for field in model._meta.get_fields()}
        return names

    @staticmethod
    def _get_model_from_node(model_identifier: str) -> Any:
        """The model of that label; raises ``DeserializationError``."""
        try:
            return apps.get_model(model_identifier)
        except (LookupError, TypeError) as error:
            raise records.DeserializationError(f"Invalid model identifier: '{model_identifier}'") from error

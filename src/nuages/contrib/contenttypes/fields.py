"""Relations to objects of any model: GenericForeignKey and GenericRelation."""

from __future__ import annotations

import json
from collections import defaultdict
from functools import partial
from typing import Any

from nuages import checks
from nuages.contrib.contenttypes.managers import create_generic_related_manager
from nuages.contrib.contenttypes.models import ContentType
from nuages.exceptions import FieldDoesNotExist, ObjectDoesNotExist
from nuages.models import CASCADE, DO_NOTHING, Field, ForeignObject, ForeignObjectRel
from nuages.models.deletion import DatabaseOnDelete
from nuages.models.fields.caching import FieldCacheMixin
from nuages.models.ordering import add_accessors
from nuages.models.references import lazy_related_operation
from nuages.models.related import ReverseManyToOneDescriptor
from nuages.sql.joins import PathInfo
from nuages.sql.lookups import Exact
from nuages.sql.where import WhereNode
from nuages.text.lazy import cached_property


class GenericForeignKeyDescriptor:
    """``tag.content_object``."""

    def __init__(self, field: Any) -> None:
        self.field = field

    def is_cached(self, instance: Any) -> bool:
        """Whether the object is there already."""
        return bool(self.field.is_cached(instance))

    def get_prefetch_querysets(self, instances: Any, querysets: Any = None) -> Any:
        """What ``prefetch_related`` needs: the objects of each type by one query. Raises ValueError for two querysets of one type."""
        field = self.field
        given: dict[Any, Any] = {}
        for queryset in querysets or ():
            kind = field.get_content_type(model=queryset.query.model, using=queryset.db)
            if kind.pk in given:
                raise ValueError(f"Two querysets are given for {kind}: one for each content type will do.")
            given[kind.pk] = queryset
        keys: defaultdict[Any, set[Any]] = defaultdict(set)
        examples = {}
        ct_attname = field.model._meta.get_field(field.ct_field).get_attname()
        for instance in instances:
            kind_id, key = getattr(instance, ct_attname), getattr(instance, field.fk_field)
            if kind_id is not None and key is not None:
                keys[kind_id].add(key)
                examples[kind_id] = instance
        found: list[Any] = []
        for kind_id, wanted in keys.items():
            if kind_id in given:
                found.extend(given[kind_id].filter(pk__in=wanted))
                continue
            instance = examples[kind_id]
            kind = field.get_content_type(id=kind_id, using=instance._state.db)
            found.extend(kind.get_all_objects_for_this_type(pk__in=wanted))

        def key_of(instance: Any) -> Any:
            kind_id = getattr(instance, ct_attname)
            if kind_id is None:
                return None
            model = field.get_content_type(id=kind_id, using=instance._state.db).model_class()
            return str(model._meta.pk.to_python(getattr(instance, field.fk_field))), model

        return (
            found,
            lambda obj: (str(obj.pk), obj._meta.concrete_model if field.for_concrete_model else obj.__class__),
            key_of,
            True,
            field.name,
            False,
        )

    def __get__(self, instance: Any, cls: Any = None) -> Any:
        if instance is None:
            return self
        field = self.field
        # The column is read, not the related type: that would cost a query.
        kind_id = getattr(instance, field.model._meta.get_field(field.ct_field).get_attname(), None)
        key = getattr(instance, field.fk_field)
        known = field.get_cached_value(instance, default=None)
        if known is None and field.is_cached(instance):
            return None
        if known is not None:
            same_type = kind_id == field.get_content_type(obj=known, using=instance._state.db).id
            if same_type and known._meta.pk.to_python(key) == known.pk:
                return known
        instance._state.fetch_mode.fetch(self, instance)
        return field.get_cached_value(instance, default=None)

    def fetch_one(self, instance: Any) -> None:
        """Load and cache the object of one instance; None if it does not exist."""
        field = self.field
        kind_id = getattr(instance, field.model._meta.get_field(field.ct_field).get_attname(), None)
        found = None
        if kind_id is not None:
            kind = field.get_content_type(id=kind_id, using=instance._state.db)
            try:
                found = kind.get_object_for_this_type(using=instance._state.db, pk=getattr(instance, field.fk_field))
            except (ObjectDoesNotExist, LookupError):
                found = None
        field.set_cached_value(instance, found)

    def fetch_many(self, instances: Any) -> None:
        """Load and cache those of many instances, with one query for each type."""
        waiting = [one for one in instances if not self.is_cached(one)]
        if not waiting:
            return
        found, key_of_object, key_of_instance, _single, name, _descriptor = self.get_prefetch_querysets(waiting)
        by_key = {key_of_object(one): one for one in found}
        for one in waiting:
            one._state.fields_cache[name] = by_key.get(key_of_instance(one))

    def __set__(self, instance: Any, value: Any) -> None:
        field = self.field
        kind = key = None
        if value is not None:
            kind, key = field.get_content_type(obj=value), value.pk
        setattr(instance, field.ct_field, kind)
        setattr(instance, field.fk_field, key)
        field.set_cached_value(instance, value)


class GenericForeignKey(FieldCacheMixin, Field):
    """A relation to an object of any model, kept in two other fields: its type and its key."""

    many_to_many = False
    many_to_one = True
    one_to_many = False
    one_to_one = False

    def __init__(
        self, ct_field: str = "content_type", fk_field: str = "object_id", for_concrete_model: bool = True
    ) -> None:
        super().__init__(editable=False)
        self.ct_field, self.fk_field, self.for_concrete_model = ct_field, fk_field, for_concrete_model
        self.is_relation = True

    def contribute_to_class(self, cls: Any, name: str, private_only: bool = True) -> None:
        super().contribute_to_class(cls, name, private_only=True)
        setattr(cls, self.attname, GenericForeignKeyDescriptor(self))

    def get_attname_column(self) -> tuple[str, Any]:
        attname, _column = super().get_attname_column()
        return attname, None

    @property
    def cache_name(self) -> str:  # type: ignore[override]
        """The key of the cached object."""
        return self.name

    def get_filter_kwargs_for_object(self, obj: Any) -> dict[str, Any]:
        """The filter for objects that point at the same one."""
        return {self.fk_field: getattr(obj, self.fk_field), self.ct_field: getattr(obj, self.ct_field)}

    def get_forward_related_filter(self, obj: Any) -> dict[str, Any]:
        """The filter for objects that point at `obj`."""
        return {self.fk_field: obj.pk, self.ct_field: ContentType.objects.get_for_model(obj).pk}

    @cached_property
    def ct_field_attname(self) -> str:
        """The raw name of the field of the type."""
        return str(self.model._meta.get_field(self.ct_field).attname)

    def get_content_type(self, obj: Any = None, id: Any = None, using: str | None = None, model: Any = None) -> Any:
        """The type of `obj`, of `model`, or with the key `id`."""
        if obj is not None:
            manager = ContentType.objects.db_manager(obj._state.db)
            return manager.get_for_model(obj, for_concrete_model=self.for_concrete_model)
        manager = ContentType.objects.db_manager(using)
        if id is not None:
            return manager.get_for_id(id)
        if model is not None:
            return manager.get_for_model(model, for_concrete_model=self.for_concrete_model)
        raise Exception("Impossible arguments to GFK.get_content_type!")

    # -- checks -----------------------------------------------------------------------------------------------

    def check(self, **kwargs: Any) -> list[Any]:
        return [
            *self._check_field_name(),
            *self._check_object_id_field(),
            *self._check_content_type_field(),
        ]

    def _check_object_id_field(self) -> list[Any]:
        try:
            self.model._meta.get_field(self.fk_field)
        except FieldDoesNotExist:
            return [
                checks.Error(
                    f"The GenericForeignKey object ID references the nonexistent field '{self.fk_field}'.",
                    obj=self,
                    id="contenttypes.E001",
                )
            ]
        return []

    def _check_content_type_field(self) -> list[Any]:
        label = f"'{self.model._meta.object_name}.{self.ct_field}'"
        try:
            field = self.model._meta.get_field(self.ct_field)
        except FieldDoesNotExist:
            return [
                checks.Error(
                    f"The GenericForeignKey content type references the nonexistent field {label}.",
                    obj=self,
                    id="contenttypes.E002",
                )
            ]
        hint = "GenericForeignKeys must use a ForeignKey to 'contenttypes.ContentType' as the 'content_type' field."
        if not (field.is_relation and field.many_to_one):
            return [checks.Error(f"{label} is not a ForeignKey.", hint=hint, obj=self, id="contenttypes.E003")]
        if field.remote_field.model != ContentType:
            return [
                checks.Error(
                    f"{label} is not a ForeignKey to 'contenttypes.ContentType'.",
                    hint=hint,
                    obj=self,
                    id="contenttypes.E004",
                )
            ]
        if isinstance(field.remote_field.on_delete, DatabaseOnDelete):
            return [
                checks.Error(
                    f"{label} cannot use the database-level on_delete variant: objects behind a GenericForeignKey would stay.",
                    hint="Let on_delete be the variant that Python carries out.",
                    obj=self,
                    id="contenttypes.E006",
                )
            ]
        return []


class GenericRel(ForeignObjectRel):
    """The other side of a GenericRelation; it has no name on the related model unless ``related_query_name`` gives one."""

    def __init__(
        self,
        field: Any,
        to: Any,
        related_name: Any = None,
        related_query_name: Any = None,
        limit_choices_to: Any = None,
    ) -> None:
        super().__init__(field, to, related_query_name or "+", related_query_name, limit_choices_to, on_delete=DO_NOTHING)


class GenericRelation(ForeignObject):
    """The objects that point here through a GenericForeignKey; they are deleted with the object."""

    rel_class = GenericRel
    one_to_many = True
    many_to_one = one_to_one = many_to_many = False
    auto_created = empty_strings_allowed = False
    mti_inherited = False

    def __init__(
        self,
        to: Any,
        object_id_field: str = "object_id",
        content_type_field: str = "content_type",
        for_concrete_model: bool = True,
        related_query_name: Any = None,
        limit_choices_to: Any = None,
        **kwargs: Any,
    ) -> None:
        kwargs["rel"] = self.rel_class(
            self, to, related_query_name=related_query_name, limit_choices_to=limit_choices_to
        )
        # A reverse relation is never required, never edited, never serialized.
        kwargs |= {"null": True, "blank": True, "on_delete": CASCADE, "editable": False, "serialize": False}
        super().__init__(to, from_fields=[object_id_field], to_fields=[], **kwargs)
        self.object_id_field_name, self.content_type_field_name = object_id_field, content_type_field
        self.for_concrete_model = for_concrete_model

    def check(self, **kwargs: Any) -> list[Any]:
        return [*super().check(**kwargs), *self._check_generic_foreign_key_existence()]

    def _check_unique_target(self) -> list[Any]:
        # The other side refers to it by content type and key, not to a column that must be unique.
        return []

    def _is_matching_generic_foreign_key(self, field: Any) -> bool:
        return isinstance(field, GenericForeignKey) and (field.ct_field, field.fk_field) == (
            self.content_type_field_name,
            self.object_id_field_name,
        )

    def _check_generic_foreign_key_existence(self) -> list[Any]:
        target = self.remote_field.model
        if isinstance(target, str) or any(
            self._is_matching_generic_foreign_key(one) for one in target._meta.private_fields
        ):
            return []
        return [
            checks.Error(
                f"The GenericRelation defines a relation with the model '{target._meta.label}', which has no GenericForeignKey to match.",
                obj=self,
                id="contenttypes.E004",
            )
        ]

    def resolve_related_fields(self) -> list[tuple[Any, Any]]:
        self.to_fields: list[Any] = [self.model._meta.pk.name]
        return [(self.remote_field.model._meta.get_field(self.object_id_field_name), self.model._meta.pk)]

    def get_local_related_value(self, instance: Any) -> tuple[Any, ...]:
        return self.get_instance_value_for_fields(instance, self.foreign_related_fields)

    def get_foreign_related_value(self, instance: Any) -> tuple[Any, ...]:
        # The key is kept as text or number there: it must compare equal to the key here.
        found = self.get_instance_value_for_fields(instance, self.local_related_fields)
        return tuple(far.to_python(value) for far, value in zip(self.foreign_related_fields, found, strict=True))

    def _get_path_info_with_parent(self, filtered_relation: Any) -> list[Any]:
        """The steps to a child of multi-table inheritance whose parent has the generic key."""
        options = self.remote_field.model._meta
        parent = options.get_field(self.object_id_field_name).model._meta
        first = PathInfo(
            from_opts=self.model._meta,
            to_opts=parent,
            target_fields=(parent.pk,),
            join_field=self.remote_field,
            m2m=True,
            direct=False,
            filtered_relation=filtered_relation,
        )
        return [first, *options.get_path_from_parent(parent.model)]

    def get_path_info(self, filtered_relation: Any = None) -> list[Any]:
        options = self.remote_field.model._meta
        if options.get_field(self.object_id_field_name).model != options.model:
            return self._get_path_info_with_parent(filtered_relation)
        return [
            PathInfo(
                from_opts=self.model._meta,
                to_opts=options,
                target_fields=(options.pk,),
                join_field=self.remote_field,
                m2m=True,
                direct=False,
                filtered_relation=filtered_relation,
            )
        ]

    def get_reverse_path_info(self, filtered_relation: Any = None) -> list[Any]:
        options = self.model._meta
        return [
            PathInfo(
                from_opts=self.remote_field.model._meta,
                to_opts=options,
                target_fields=(options.pk,),
                join_field=self,
                m2m=not self.unique,
                direct=False,
                filtered_relation=filtered_relation,
            )
        ]

    def value_to_string(self, obj: Any) -> str:
        found = getattr(obj, self.name).all()
        return json.dumps([one.pk for one in found])

    def contribute_to_class(self, cls: Any, name: str, private_only: bool = True) -> None:
        super().contribute_to_class(cls, name, private_only=True)
        self.model = cls
        if self.mti_inherited:
            # The relation belongs to the parent: here it must not be found by its query name.
            self.remote_field.related_name, self.remote_field.related_query_name = "+", None
        setattr(cls, self.name, ReverseGenericManyToOneDescriptor(self.remote_field))
        if not cls._meta.abstract:
            lazy_related_operation(partial(order_accessors), cls, self.remote_field.model)

    def set_attributes_from_rel(self) -> None:
        """The name was given with the attribute."""

    def get_internal_type(self) -> str:
        return "ManyToManyField"

    def get_content_type(self) -> Any:
        """The type of this field's model."""
        return ContentType.objects.get_for_model(self.model, for_concrete_model=self.for_concrete_model)

    def get_extra_restriction(self, alias: Any, remote_alias: Any) -> Any:
        """Only rows whose type is this model's."""
        field = self.remote_field.model._meta.get_field(self.content_type_field_name)
        lookup = Exact(field.get_col(remote_alias), self.get_content_type().pk)
        return WhereNode([lookup], connector="AND")

    def bulk_related_objects(self, objs: Any, using: str) -> Any:
        """All objects that point at one of `objs`."""
        kind = ContentType.objects.db_manager(using).get_for_model(
            self.model, for_concrete_model=self.for_concrete_model
        )
        return self.remote_field.model._base_manager.db_manager(using).filter(
            **{
                f"{self.content_type_field_name}__pk": kind.pk,
                f"{self.object_id_field_name}__in": [obj.pk for obj in objs],
            }
        )


def order_accessors(model: Any, related: Any) -> None:
    """Give `model` the methods of an order that goes by a generic key."""
    field = related._meta.order_with_respect_to
    if isinstance(field, GenericForeignKey) and any(
        getattr(one, "_is_matching_generic_foreign_key", lambda _field: False)(field)
        for one in model._meta.private_fields
    ):
        add_accessors(related, model)


class ReverseGenericManyToOneDescriptor(ReverseManyToOneDescriptor):
    """``post.tags`` for a GenericRelation."""

    @cached_property
    def related_manager_cls(self) -> Any:
        return create_generic_related_manager(self.rel.model._default_manager.__class__, self.rel)

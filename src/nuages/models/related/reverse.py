"""Attributes that lead from an object to those that point at it."""

from __future__ import annotations

from typing import Any

from nuages import bridge
from nuages.db import connections, router, transaction
from nuages.models.related.batches import base_queryset, filter_prefetched, group_by, missing_error, one_of
from nuages.models.related.forward import prefetch_into
from nuages.models.related.prefetched import find_prefetched, forget_prefetched
from nuages.text.lazy import cached_property


class ReverseOneToOneDescriptor:
    """``parent.child`` for a OneToOneField of the child."""

    def __init__(self, related: Any) -> None:
        self.related = related

    @property
    def field(self) -> Any:
        """The relation that is followed."""
        return self.related

    @cached_property
    def RelatedObjectDoesNotExist(self) -> type:
        """The exception for a missing object."""
        return missing_error(self.related.related_model, self.related.model, self.related.name)

    def is_cached(self, instance: Any) -> bool:
        """Whether the related object is there already."""
        return bool(self.related.is_cached(instance))

    def get_queryset(self, *, instance: Any = None, **hints: Any) -> Any:
        """All objects of the related model, through its base manager."""
        return base_queryset(self.related.related_model, instance, hints)

    def get_prefetch_querysets(self, instances: Any, querysets: Any = None) -> Any:
        """What ``prefetch_related`` needs; raises ValueError for more than one queryset."""
        queryset = one_of(querysets)
        if queryset is None:
            queryset = self.get_queryset(instance=instances[0])
        queryset._add_hints(instance=instances[0])
        field = self.related.field
        by_value = group_by(instances, field.get_foreign_related_value)
        queryset = queryset.filter(**{f"{field.name}__in": instances})
        if not queryset.query.is_sliced:
            queryset = queryset.order_by()
        for related in queryset:
            for instance in by_value.get(field.get_local_related_value(related), ())[:1]:
                field.set_cached_value(related, instance)
        return queryset, field.get_local_related_value, field.get_foreign_related_value, True, self.related.cache_name, False

    def __get__(self, instance: Any, cls: Any = None) -> Any:
        if instance is None:
            return self
        related = self.related
        try:
            found = related.get_cached_value(instance)
        except KeyError:
            found = self._find(instance)
        if found is None:
            raise self.RelatedObjectDoesNotExist(f"{instance.__class__.__name__} has no {related.get_accessor_name()}.")
        return found

    def _find(self, instance: Any) -> Any:
        related = self.related
        if instance._is_pk_set():
            instance._state.fetch_mode.fetch(self, instance)
        else:
            related.set_cached_value(instance, None)
        return related.get_cached_value(instance)

    def fetch_one(self, instance: Any) -> None:
        """Load and cache the related object of one instance; None if there is none."""
        related = self.related
        condition = related.field.get_forward_related_filter(instance)
        try:
            found = self.get_queryset(instance=instance).get(**condition)
        except related.related_model.DoesNotExist:
            found = None
        else:
            related.field.set_cached_value(found, instance)
        related.set_cached_value(instance, found)

    def fetch_many(self, instances: Any) -> None:
        """Load and cache those of many instances in one query."""
        waiting = [one for one in instances if not self.is_cached(one)]
        if waiting:
            prefetch_into(self, waiting)

    def __set__(self, instance: Any, value: Any) -> None:
        related = self.related
        if value is None:
            found = related.get_cached_value(instance, default=None)
            if found is not None:
                # The row of the other object is what ends: its column is set null when it is saved.
                related.delete_cached_value(instance)
                setattr(found, related.field.name, None)
            return
        if not isinstance(value, related.related_model):
            raise ValueError(
                f'Cannot assign "{value!r}": "{instance._meta.object_name}.{related.get_accessor_name()}" must be a '
                f'"{related.related_model._meta.object_name}" instance.'
            )
        mine, theirs = instance._state, value._state
        if mine.db is None:
            mine.db = router.db_for_write(instance.__class__, instance=value)
        if theirs.db is None:
            theirs.db = router.db_for_write(value.__class__, instance=instance)
        if not router.allow_relation(value, instance):
            raise ValueError(f'Cannot assign "{value!r}": the current database router prevents this relation.')
        for near, far in related.field.related_fields:
            setattr(value, near.attname, getattr(instance, far.attname))
        related.set_cached_value(instance, value)
        related.field.set_cached_value(value, instance)

    def __reduce__(self) -> Any:
        return getattr, (self.related.model, self.related.name)


class ReverseManyToOneDescriptor:
    """``parent.child_set``: gives a manager for the objects that point at the instance."""

    def __init__(self, rel: Any) -> None:
        self.rel, self.field = rel, rel.field

    @cached_property
    def related_manager_cls(self) -> Any:
        """The manager's class, made from that of the related model's default manager."""
        return create_reverse_many_to_one_manager(self.rel.related_model._default_manager.__class__, self.rel)

    def __get__(self, instance: Any, cls: Any = None) -> Any:
        return self if instance is None else self.related_manager_cls(instance)

    def _get_set_deprecation_msg_params(self) -> tuple[str, str]:
        return "reverse side of a related set", str(self.rel.get_accessor_name())

    def __set__(self, instance: Any, value: Any) -> None:
        side, name = self._get_set_deprecation_msg_params()
        raise TypeError(f"Direct assignment to the {side} is prohibited. Use {name}.set() instead.")


def create_reverse_many_to_one_manager(superclass: Any, rel: Any) -> Any:
    """The class of the managers for the objects that point at an instance through `rel`."""
    role = EndingReverseManager if rel.field.null else ReverseManager
    return type("RelatedManager", (role, superclass), {
        "rel": rel, "superclass": superclass, "__module__": superclass.__module__, "__doc__": ReverseManager.__doc__,
    })


class ReverseManager:
    """Objects that point at one instance; see "Related objects reference"."""

    rel: Any
    superclass: Any
    do_not_call_in_templates = True
    _db: Any

    def __init__(self, instance: Any) -> None:
        super().__init__()
        self.instance = instance
        self.model = self.rel.related_model
        self.field = self.rel.field
        self.core_filters = {self.field.name: instance}

    def __call__(self, *, manager: str) -> Any:
        other = getattr(self.model, manager)
        return create_reverse_many_to_one_manager(other.__class__, self.rel)(self.instance)

    def _check_fk_val(self) -> None:
        for field in self.field.foreign_related_fields:
            if getattr(self.instance, field.attname) is None:
                raise ValueError(f'"{self.instance!r}" needs to have a value for field "{field.attname}" before this relationship can be used.')

    def _apply_rel_filters(self, queryset: Any) -> Any:
        """Restrict `queryset` to what belongs to the instance, and let it know the instance."""
        instance, field = self.instance, self.field
        queryset._add_hints(instance=instance)
        if self._db:
            queryset = queryset.using(self._db)
        queryset._fetch_mode = instance._state.fetch_mode
        queryset = queryset.filter(**self.core_filters)
        alias = self._db or router.db_for_read(self.model, instance=instance)
        empty_is_null = connections[alias].features.interprets_empty_strings_as_nulls
        for far in field.foreign_related_fields:
            value = getattr(instance, far.attname)
            if value is None or (value == "" and empty_is_null):
                return queryset.none()
        if field.many_to_one:
            targets = field.path_infos[-1].target_fields
            values = tuple(getattr(instance, target.attname) for target in targets)
            queryset._known_related_objects = {field: {values if len(values) > 1 else values[0]: instance}}
        return queryset

    @property
    def _cache_name(self) -> str:
        return str(self.field.remote_field.cache_name)

    def _remove_prefetched_objects(self) -> None:
        forget_prefetched(self.instance, self.field.remote_field.model, self._cache_name)

    def get_queryset(self) -> Any:
        """The objects, from the prefetch cache if they are there."""
        if not self.instance._is_pk_set():
            raise ValueError(
                f"{self.instance.__class__.__name__!r} instance needs to have a primary key value before this relationship can be used."
            )
        cached = find_prefetched(self.instance, self.field.remote_field.model, self._cache_name)
        return cached if cached is not None else self._apply_rel_filters(super().get_queryset())  # type: ignore[misc]

    def get_prefetch_querysets(self, instances: Any, querysets: Any = None) -> Any:
        """What ``prefetch_related`` needs; raises ValueError for more than one queryset."""
        queryset = one_of(querysets)
        if queryset is None:
            queryset = super().get_queryset()  # type: ignore[misc]
        queryset._add_hints(instance=instances[0])
        queryset = queryset.using(queryset._db or self._db)
        field = self.field
        by_value = group_by(instances, field.get_foreign_related_value)
        queryset = filter_prefetched(queryset, f"{field.name}__in", instances)
        for related in queryset if field.many_to_one else ():
            if not field.is_cached(related):
                for instance in by_value.get(field.get_local_related_value(related), ())[-1:]:
                    setattr(related, field.name, instance)
        return queryset, field.get_local_related_value, field.get_foreign_related_value, False, self._cache_name, False

    def _of_right_type(self, obj: Any) -> None:
        if not isinstance(obj, self.model):
            raise TypeError(f"'{self.model._meta.object_name}' instance expected, got {obj!r}")

    def add(self, *objs: Any, bulk: bool = True) -> None:
        """Let `objs` point at the instance: one UPDATE, or a ``save()`` each without `bulk`."""
        self._check_fk_val()
        self._remove_prefetched_objects()
        db = router.db_for_write(self.model, instance=self.instance)
        for obj in objs:
            self._of_right_type(obj)
            setattr(obj, self.field.name, self.instance)
            if bulk and (obj._state.adding or obj._state.db != db):
                raise ValueError(f"{obj!r} instance isn't saved. Use bulk=False or save the object first.")
        if bulk:
            keys = [obj.pk for obj in objs]
            self.model._base_manager.using(db).filter(pk__in=keys).update(**{self.field.name: self.instance})
            return
        with transaction.atomic(using=db, savepoint=False):
            for obj in objs:
                obj.save()

    def _on_write_database(self) -> Any:
        """The manager proper, on the database that is written."""
        self._check_fk_val()
        self._remove_prefetched_objects()
        db = router.db_for_write(self.model, instance=self.instance)
        return super(ReverseManager, self.db_manager(db))  # type: ignore[attr-defined]

    def create(self, **kwargs: Any) -> Any:
        """Make and save an object that points at the instance."""
        return self._on_write_database().create(**{**kwargs, self.field.name: self.instance})

    def get_or_create(self, **kwargs: Any) -> tuple[Any, bool]:
        """As the queryset's, among the related objects."""
        found: tuple[Any, bool] = self._on_write_database().get_or_create(**{**kwargs, self.field.name: self.instance})
        return found

    def update_or_create(self, **kwargs: Any) -> tuple[Any, bool]:
        """As the queryset's, among the related objects."""
        found: tuple[Any, bool] = self._on_write_database().update_or_create(**{**kwargs, self.field.name: self.instance})
        return found

    def set(self, objs: Any, *, bulk: bool = True, clear: bool = False) -> None:
        """Make `objs` the related objects: ends and begins relations as needed."""
        self._check_fk_val()
        objs = tuple(objs)
        if not self.field.null:
            self.add(*objs, bulk=bulk)
            return
        db = router.db_for_write(self.model, instance=self.instance)
        with transaction.atomic(using=db, savepoint=False):
            if clear:
                self.clear(bulk=bulk)  # type: ignore[attr-defined]
                self.add(*objs, bulk=bulk)
                return
            gone = set(self.using(db).all())  # type: ignore[attr-defined]
            fresh = []
            for obj in objs:
                if obj in gone:
                    gone.remove(obj)
                else:
                    fresh.append(obj)
            self.remove(*gone, bulk=bulk)  # type: ignore[attr-defined]
            self.add(*fresh, bulk=bulk)

    aadd = bridge.shell(add)
    acreate = bridge.shell(create)
    aget_or_create = bridge.shell(get_or_create)
    aupdate_or_create = bridge.shell(update_or_create)
    aset = bridge.shell(set)


class EndingReverseManager(ReverseManager):
    """The manager of a relation that can be null, and therefore ended."""

    def remove(self, *objs: Any, bulk: bool = True) -> None:
        """End the relation of `objs` to the instance. Raises the related model's DoesNotExist for others."""
        if not objs:
            return
        self._check_fk_val()
        value = self.field.get_foreign_related_value(self.instance)
        keys = set()
        for obj in objs:
            self._of_right_type(obj)
            if self.field.get_local_related_value(obj) != value:
                raise self.field.remote_field.model.DoesNotExist(f"{obj!r} is not related to {self.instance!r}.")
            keys.add(obj.pk)
        self._clear(self.filter(pk__in=keys), bulk)  # type: ignore[attr-defined]

    def clear(self, *, bulk: bool = True) -> None:
        """End the relation of all objects to the instance."""
        self._check_fk_val()
        self._clear(self, bulk)

    def _clear(self, queryset: Any, bulk: bool) -> None:
        key = self.field.name
        db = router.db_for_write(self.model, instance=self.instance)
        self._remove_prefetched_objects()
        objs = queryset.using(db)
        if bulk:
            objs.update(**{key: None})
            return
        with transaction.atomic(using=db, savepoint=False):
            for obj in objs:
                setattr(obj, key, None)
                obj.save(update_fields=[key])

    aremove = bridge.shell(remove)
    aclear = bridge.shell(clear)

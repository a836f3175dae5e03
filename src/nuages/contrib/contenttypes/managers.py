"""The managers of a GenericRelation."""

from __future__ import annotations

from typing import Any

from nuages import bridge
from nuages.contrib.contenttypes.models import ContentType
from nuages.db import router, transaction
from nuages.models.related.batches import filter_prefetched, one_of


def create_generic_related_manager(superclass: Any, rel: Any) -> Any:
    """The class of the managers for the objects that point at an instance through a generic key."""
    return type(
        "GenericRelatedObjectManager",
        (GenericManager, superclass),
        {
            "rel": rel,
            "superclass": superclass,
            "__module__": superclass.__module__,
            "__doc__": GenericManager.__doc__,
        },
    )


class GenericManager:
    """Objects that point at one instance through a generic key."""

    rel: Any
    do_not_call_in_templates = True
    _db: Any

    def __init__(self, instance: Any = None) -> None:
        super().__init__()
        self.instance = instance
        field = self.rel.field
        self.model = self.rel.model
        self.content_type = self.get_content_type()
        self.content_type_field_name = field.content_type_field_name
        self.object_id_field_name = field.object_id_field_name
        self.prefetch_cache_name = field.attname
        self.pk_val = instance.pk
        self.core_filters = {
            f"{self.content_type_field_name}__pk": self.content_type.id,
            self.object_id_field_name: self.pk_val,
        }

    def get_content_type(self) -> Any:
        """The type of the instance, as the key on the other side holds it."""
        types = ContentType.objects.db_manager(self.instance._state.db)
        return types.get_for_model(self.instance, for_concrete_model=self.rel.field.for_concrete_model)

    def __call__(self, *, manager: str) -> Any:
        other = getattr(self.model, manager)
        return create_generic_related_manager(other.__class__, self.rel)(instance=self.instance)

    def __str__(self) -> str:
        return f"{type(self).__qualname__} of {self.instance!r}"

    def _apply_rel_filters(self, queryset: Any) -> Any:
        db = self._db or router.db_for_read(self.model, instance=self.instance)
        queryset._fetch_mode = self.instance._state.fetch_mode
        return queryset.using(db).filter(**self.core_filters)

    def _remove_prefetched_objects(self) -> None:
        try:
            self.instance._prefetched_objects_cache.pop(self.prefetch_cache_name)
        except (AttributeError, KeyError):
            pass

    def get_queryset(self) -> Any:
        """The objects, from the prefetch cache if they are there."""
        try:
            return self.instance._prefetched_objects_cache[self.prefetch_cache_name]
        except (AttributeError, KeyError):
            return self._apply_rel_filters(super().get_queryset())  # type: ignore[misc]

    def get_prefetch_querysets(self, instances: Any, querysets: Any = None) -> Any:
        """What ``prefetch_related`` needs; raises ValueError for more than one queryset."""
        queryset = one_of(querysets)
        if queryset is None:
            queryset = super().get_queryset()  # type: ignore[misc]
        queryset._add_hints(instance=instances[0])
        queryset = queryset.using(queryset._db or self._db)
        kinds: dict[Any, set[Any]] = {}
        concrete = self.rel.field.for_concrete_model
        for instance in instances:
            kind = ContentType.objects.db_manager(instance._state.db).get_for_model(
                instance, for_concrete_model=concrete
            )
            kinds.setdefault(kind.pk, set()).add(instance.pk)
        # All instances of a prefetch are of one model, and so of one type.
        ((kind_id, keys),) = kinds.items()
        queryset = queryset.filter(**{f"{self.content_type_field_name}__pk": kind_id})
        queryset = filter_prefetched(queryset, f"{self.object_id_field_name}__in", keys)
        to_key = self.model._meta.get_field(self.object_id_field_name)
        kind_attname = self.model._meta.get_field(self.content_type_field_name).attname

        def key_of(obj: Any) -> tuple[Any, Any]:
            return instances[0]._meta.pk.to_python(getattr(obj, to_key.attname)), getattr(obj, kind_attname)

        return queryset, key_of, lambda instance: (instance.pk, kind_id), False, self.prefetch_cache_name, False

    def _of_right_type(self, obj: Any) -> None:
        if not isinstance(obj, self.model):
            raise TypeError(f"'{self.model._meta.object_name}' instance expected, got {obj!r}")

    def add(self, *objs: Any, bulk: bool = True) -> None:
        """Let `objs` point at the instance."""
        self._remove_prefetched_objects()
        db = router.db_for_write(self.model, instance=self.instance)
        for obj in objs:
            self._of_right_type(obj)
            if bulk and (obj._state.adding or obj._state.db != db):
                raise ValueError(f"{obj!r} instance isn't saved. Use bulk=False or save the object first.")
        values = {self.content_type_field_name: self.content_type, self.object_id_field_name: self.pk_val}
        if bulk:
            self.model._base_manager.using(db).filter(pk__in={obj.pk for obj in objs}).update(**values)
            return
        with transaction.atomic(using=db, savepoint=False):
            for obj in objs:
                for name, value in values.items():
                    setattr(obj, name, value)
                obj.save()

    def remove(self, *objs: Any, bulk: bool = True) -> None:
        """Delete `objs`."""
        if objs:
            self._clear(self.filter(pk__in=[obj.pk for obj in objs]), bulk)  # type: ignore[attr-defined]

    def clear(self, *, bulk: bool = True) -> None:
        """Delete all objects that point at the instance."""
        self._clear(self, bulk)

    def _clear(self, queryset: Any, bulk: bool) -> None:
        db = router.db_for_write(self.model, instance=self.instance)
        self._remove_prefetched_objects()
        objs = queryset.using(db)
        if bulk:
            objs.delete()
            return
        with transaction.atomic(using=db, savepoint=False):
            for obj in objs:
                obj.delete()

    def set(self, objs: Any, *, bulk: bool = True, clear: bool = False) -> None:
        """Make `objs` the ones that point at the instance; others are deleted."""
        wanted = list(objs)
        db = router.db_for_write(self.model, instance=self.instance)
        with transaction.atomic(using=db, savepoint=False):
            present: set[Any] = set()
            if clear:
                self.clear()
            else:
                present.update(self.using(db).all())  # type: ignore[attr-defined]
                self.remove(*present.difference(wanted))
            self.add(*(obj for obj in wanted if obj not in present), bulk=bulk)

    def _pointing_here(self, kwargs: dict[str, Any]) -> tuple[Any, dict[str, Any]]:
        """The manager proper on the database that is written, and `kwargs` with what points at the instance."""
        self._remove_prefetched_objects()
        db = router.db_for_write(self.model, instance=self.instance)
        values = {self.content_type_field_name: self.content_type, self.object_id_field_name: self.pk_val}
        return super(GenericManager, self.using_manager(db)), {**kwargs, **values}

    def using_manager(self, db: str) -> Any:
        """This manager on another database."""
        return self.db_manager(db)  # type: ignore[attr-defined]

    def create(self, **kwargs: Any) -> Any:
        """Make and save an object that points at the instance."""
        manager, values = self._pointing_here(kwargs)
        return manager.create(**values)

    def get_or_create(self, **kwargs: Any) -> tuple[Any, bool]:
        """As the queryset's, among the objects that point here."""
        manager, values = self._pointing_here(kwargs)
        found: tuple[Any, bool] = manager.get_or_create(**values)
        return found

    def update_or_create(self, **kwargs: Any) -> tuple[Any, bool]:
        """As the queryset's, among the objects that point here."""
        manager, values = self._pointing_here(kwargs)
        found: tuple[Any, bool] = manager.update_or_create(**values)
        return found

    aadd = bridge.shell(add)
    aremove = bridge.shell(remove)
    aclear = bridge.shell(clear)
    aset = bridge.shell(set)
    acreate = bridge.shell(create)
    aget_or_create = bridge.shell(get_or_create)
    aupdate_or_create = bridge.shell(update_or_create)

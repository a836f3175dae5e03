"""Attributes that lead from an object to the one that it points at."""

from __future__ import annotations

from typing import Any

from nuages.db import router
from nuages.models.related.batches import base_queryset, group_by, missing_error, one_of
from nuages.models.related.prefetched import with_loaded_parents
from nuages.text.lazy import cached_property


class ForwardManyToOneDescriptor:
    """``child.parent`` for a ForeignKey."""

    def __init__(self, field_with_rel: Any) -> None:
        self.field = field_with_rel

    @cached_property
    def RelatedObjectDoesNotExist(self) -> type:
        """The exception for a missing object: the related model's DoesNotExist and an AttributeError."""
        return missing_error(self.field.remote_field.model, self.field.model, self.field.name)

    def is_cached(self, instance: Any) -> bool:
        """Whether the related object is there already."""
        return bool(self.field.is_cached(instance))

    def get_queryset(self, *, instance: Any = None, **hints: Any) -> Any:
        """All objects of the related model, through its base manager."""
        return base_queryset(self.field.remote_field.model, instance, hints)

    def get_prefetch_querysets(self, instances: Any, querysets: Any = None) -> Any:
        """What ``prefetch_related`` needs; raises ValueError for more than one queryset."""
        queryset = one_of(querysets)
        if queryset is None:
            queryset = self.get_queryset(instance=instances[0])
        queryset._add_hints(instance=instances[0])
        remote = self.field.remote_field
        far_value, near_value = self.field.get_foreign_related_value, self.field.get_local_related_value
        by_value = group_by(instances, near_value)
        related_field = self.field.foreign_related_fields[0]
        if remote.hidden or len(self.field.foreign_related_fields) == 1:
            # The near column suffices: no need to join back.
            query = {f"{related_field.name}__in": {near_value(one)[0] for one in instances}}
        else:
            query = {f"{self.field.related_query_name()}__in": instances}
        queryset = queryset.filter(**query)
        if not queryset.query.is_sliced:
            queryset = queryset.order_by()
        if not remote.multiple:
            for related in queryset:
                for instance in by_value.get(far_value(related), ())[:1]:
                    remote.set_cached_value(related, instance)
        return queryset, far_value, near_value, True, self.field.cache_name, False

    def get_object(self, instance: Any) -> Any:
        """Load the related object. Raises DoesNotExist."""
        return self.get_queryset(instance=instance).get(self.field.get_reverse_related_filter(instance))

    def __get__(self, instance: Any, cls: Any = None) -> Any:
        if instance is None:
            return self
        field = self.field
        try:
            related = instance._state.fields_cache[field.cache_name]
        except KeyError:
            related = self._find(instance)
        if related is None and not field.null:
            raise self.RelatedObjectDoesNotExist(f"{field.model.__name__} has no {field.name}.")
        return related

    def _find(self, instance: Any) -> Any:
        field = self.field
        related = None
        if None not in field.get_local_related_value(instance):
            if field.model is not instance.__class__:
                # The object of a parent may know it already.
                known = (field.get_cached_value(one, default=None) for one in with_loaded_parents(instance, field.model))
                related = next((one for one in known if one is not None), None)
            if related is None:
                instance._state.fetch_mode.fetch(self, instance)
                return field.get_cached_value(instance)
        field.set_cached_value(instance, related)
        return related

    def fetch_one(self, instance: Any) -> None:
        """Load and cache the related object of one instance."""
        related = self.get_object(instance)
        field = self.field
        field.set_cached_value(instance, related)
        if not field.remote_field.multiple:
            field.remote_field.set_cached_value(related, instance)

    def fetch_many(self, instances: Any) -> None:
        """Load and cache those of many instances in one query."""
        waiting = [one for one in instances if not self.is_cached(one)]
        if waiting:
            prefetch_into(self, waiting)

    def __set__(self, instance: Any, value: Any) -> None:
        field = self.field
        remote = field.remote_field
        if value is not None and not isinstance(value, remote.model._meta.concrete_model):
            options = instance._meta
            raise ValueError(
                f'Cannot assign "{value!r}": "{options.object_name}.{field.name}" must be a "{remote.model._meta.object_name}" instance.'
            )
        if value is not None:
            self._check_databases(instance, value)
        if value is None:
            self._let_go(instance)
        for near, far in field.related_fields:
            setattr(instance, near.attname, None if value is None else getattr(value, far.attname))
        field.set_cached_value(instance, value)
        if value is not None and not remote.multiple:
            remote.set_cached_value(value, instance)

    def _check_databases(self, instance: Any, value: Any) -> None:
        mine, theirs = instance._state, value._state
        if mine.db is None:
            mine.db = router.db_for_write(instance.__class__, instance=value)
        if theirs.db is None:
            theirs.db = router.db_for_write(value.__class__, instance=instance)
        if not router.allow_relation(value, instance):
            raise ValueError(f'Cannot assign "{value!r}": the current database router prevents this relation.')

    def _let_go(self, instance: Any) -> None:
        """The object pointed at until now must not go on believing that it is related."""
        related = self.field.get_cached_value(instance, default=None)
        if related is not None and not self.field.remote_field.multiple:
            self.field.remote_field.set_cached_value(related, None)

    def __reduce__(self) -> Any:
        return getattr, (self.field.model, self.field.name)


def prefetch_into(descriptor: Any, instances: list[Any]) -> None:
    """Run the prefetch of a single-object `descriptor`, and put what it finds on `instances`."""
    queryset, far_value, near_value, _single, cache_name, _is_descriptor = descriptor.get_prefetch_querysets(instances)
    found = {far_value(related): related for related in queryset}
    for instance in instances:
        related = found.get(near_value(instance))
        instance._state.fields_cache[cache_name] = related


class ForwardOneToOneDescriptor(ForwardManyToOneDescriptor):
    """``child.parent`` for a OneToOneField; a parent of multi-table inheritance is made from what the child has."""

    def get_object(self, instance: Any) -> Any:
        remote = self.field.remote_field
        if remote.parent_link:
            missing = instance.get_deferred_fields()
            options = remote.model._meta
            names = [field.attname for field in options.concrete_fields]
            if not any(name in missing for name in names):
                parent = remote.model(**{name: getattr(instance, name) for name in names})
                parent._state.adding = instance._state.adding
                parent._state.db = instance._state.db
                parent._state.fetch_mode = instance._state.fetch_mode
                return parent
        return super().get_object(instance)

    def __set__(self, instance: Any, value: Any) -> None:
        super().__set__(instance, value)
        field = self.field
        if field.primary_key and field.remote_field.parent_link:
            options = instance._meta
            # Keys of further parents follow the row that the child now belongs to.
            inherited = [one for one in options.concrete_fields if one.primary_key and one.remote_field is None]
            related_key = [(one, value) for one in inherited if one.model in value._meta.all_parents or one.model is value.__class__] if value is not None else [(one, None) for one in inherited]
            for one, source in related_key:
                setattr(instance, one.attname, None if source is None else getattr(source, one.attname))

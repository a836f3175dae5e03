"""Many-to-many relations as attributes of an object: the descriptor and its managers."""

from __future__ import annotations

from collections.abc import Iterable
from collections.abc import Set as AbstractSet
from typing import Any

from nuages import bridge
from nuages.db import connections, router, transaction
from nuages.models import signals
from nuages.models.related.batches import filter_prefetched, one_of
from nuages.models.related.prefetched import find_prefetched, forget_prefetched
from nuages.models.related.reverse import ReverseManyToOneDescriptor
from nuages.sql.joined import JoinedColumn
from nuages.sql.q import Q
from nuages.text.lazy import cached_property


class ManyToManyDescriptor(ReverseManyToOneDescriptor):
    """``pizza.toppings`` and, with `reverse`, ``topping.pizzas``."""

    def __init__(self, rel: Any, reverse: bool = False) -> None:
        super().__init__(rel)
        self.reverse = reverse

    @property
    def through(self) -> Any:
        """The model of the linking table."""
        return self.rel.through

    @cached_property
    def related_manager_cls(self) -> Any:
        related = self.rel.related_model if self.reverse else self.rel.model
        return create_forward_many_to_many_manager(related._default_manager.__class__, self.rel, reverse=self.reverse)

    def _get_set_deprecation_msg_params(self) -> tuple[str, str]:
        side = "reverse" if self.reverse else "forward"
        name = self.rel.get_accessor_name() if self.reverse else self.field.name
        return f"{side} side of a many-to-many set", str(name)


def create_forward_many_to_many_manager(superclass: Any, rel: Any, reverse: bool) -> Any:
    """The class of the managers for the objects linked to an instance."""
    return type("ManyRelatedManager", (ManyManager, superclass), {
        "rel": rel, "reverse_side": reverse, "__module__": superclass.__module__, "__doc__": ManyManager.__doc__,
    })


class ManyManager:
    """Objects linked to one instance by a table of links; see "Related objects reference"."""

    rel: Any
    reverse_side: bool
    _raw = False
    do_not_call_in_templates = True
    _db: Any

    def __init__(self, instance: Any = None) -> None:
        super().__init__()
        self.instance = instance
        rel = self.rel
        field = rel.field
        self.reverse = self.reverse_side
        self.through = rel.through
        if self.reverse:
            self.model = rel.related_model
            self.query_field_name = field.name
            self.prefetch_cache_name = rel.get_accessor_name()
            self.source_field_name, self.target_field_name = field.m2m_reverse_field_name(), field.m2m_field_name()
            self.symmetrical = False
        else:
            self.model = rel.model
            self.query_field_name = field.related_query_name()
            self.prefetch_cache_name = field.name
            self.source_field_name, self.target_field_name = field.m2m_field_name(), field.m2m_reverse_field_name()
            self.symmetrical = rel.symmetrical
        self.source_field = self.through._meta.get_field(self.source_field_name)
        self.target_field = self.through._meta.get_field(self.target_field_name)
        self._bind(instance)

    def _bind(self, instance: Any) -> None:
        """Check that the instance can have links, and note the filter for them."""
        self.core_filters = {}
        self.pk_field_names: dict[Any, Any] = {}
        for near, far in self.source_field.related_fields:
            self.core_filters[f"{self.query_field_name}__{far.name}"] = getattr(instance, far.attname)
            self.pk_field_names[near.name] = far.name
        self.related_val = self.source_field.get_foreign_related_value(instance)
        if None in self.related_val:
            raise ValueError(
                f'"{instance!r}" needs to have a value for field "{self.pk_field_names[self.source_field_name]}" before this '
                "many-to-many relationship can be used."
            )
        if not instance._is_pk_set():
            raise ValueError(
                f"{instance.__class__.__name__!r} instance needs to have a primary key value before a many-to-many "
                "relationship can be used."
            )

    def __call__(self, *, manager: str) -> Any:
        other = getattr(self.model, manager)
        return create_forward_many_to_many_manager(other.__class__, self.rel, self.reverse)(instance=self.instance)

    # -- reading ----------------------------------------------------------------------------------------------

    def _build_remove_filters(self, removed: Any) -> Q:
        """The condition on links to `removed` (a set of values or a queryset)."""
        condition = Q((self.source_field_name, self.related_val[0]))
        # A queryset of everything needs no condition on the target.
        unfiltered = hasattr(removed, "query") and not _is_narrowed(removed)
        if not unfiltered:
            condition &= Q((f"{self.target_field_name}__in", removed))
        if self.symmetrical:
            mirrored = Q((self.target_field_name, self.related_val[0]))
            if not unfiltered:
                mirrored &= Q((f"{self.source_field_name}__in", removed))
            condition |= mirrored
        return condition

    def _apply_rel_filters(self, queryset: Any) -> Any:
        queryset._add_hints(instance=self.instance)
        if self._db:
            queryset = queryset.using(self._db)
        queryset._fetch_mode = self.instance._state.fetch_mode
        return queryset._next_is_sticky().filter(**self.core_filters)

    def get_prefetch_cache(self) -> Any:
        """The objects that a prefetch left on the instance, or None."""
        return find_prefetched(self.instance, self.source_field.remote_field.model, self.prefetch_cache_name)

    def _remove_prefetched_objects(self) -> None:
        forget_prefetched(self.instance, self.source_field.remote_field.model, self.prefetch_cache_name)

    def get_queryset(self) -> Any:
        """The linked objects, from the prefetch cache if they are there."""
        cached = self.get_prefetch_cache()
        return cached if cached is not None else self._apply_rel_filters(super().get_queryset())  # type: ignore[misc]

    def get_prefetch_querysets(self, instances: Any, querysets: Any = None) -> Any:
        """What ``prefetch_related`` needs; raises ValueError for more than one queryset.

        The linking table's column is selected too: it tells to which instance each object belongs.
        """
        queryset = one_of(querysets)
        if queryset is None:
            queryset = super().get_queryset()  # type: ignore[misc]
        queryset._add_hints(instance=instances[0])
        queryset = queryset.using(queryset._db or self._db)
        queryset = filter_prefetched(queryset._next_is_sticky(), f"{self.query_field_name}__in", instances)
        link = self.through._meta.get_field(self.source_field_name)
        table = self.through._meta.db_table
        names = [f"_prefetch_related_val_{near.attname}" for near in link.local_related_fields]
        queryset = queryset.annotate(**{
            name: JoinedColumn(table, near) for name, near in zip(names, link.local_related_fields, strict=True)
        })
        connection = connections[queryset.db]

        def value_of_link(result: Any) -> tuple[Any, ...]:
            return tuple(
                near.get_db_prep_value(getattr(result, name), connection)
                for name, near in zip(names, link.local_related_fields, strict=True)
            )

        def value_of_instance(instance: Any) -> tuple[Any, ...]:
            return tuple(far.get_db_prep_value(getattr(instance, far.attname), connection) for far in link.foreign_related_fields)

        return queryset, value_of_link, value_of_instance, False, self.prefetch_cache_name, False

    @property
    def constrained_target(self) -> Any:
        """A queryset over the links alone, where the database guarantees that each link has its target."""
        if not self.target_field.db_constraint:
            return None
        db = router.db_for_read(self.through, instance=self.instance)
        if not connections[db].features.supports_foreign_keys:
            return None
        if type(self.model._default_manager).get_queryset is not plain_get_queryset(self.model):
            return None
        links = self.through._default_manager.using(db)
        links._add_hints(instance=self.instance)
        links = links.filter(**{self.source_field_name: self.related_val[0]})
        # A link to nothing leads to no object.
        return links.exclude(**{self.target_field_name: None}) if self.target_field.null else links

    def count(self) -> int:
        """The number of linked objects; asks the linking table alone where that suffices."""
        links = self.constrained_target if self.get_prefetch_cache() is None else None
        return int(links.count() if links is not None else super().count())  # type: ignore[misc]

    def exists(self) -> bool:
        """Whether there are linked objects; asks the linking table alone where that suffices."""
        links = self.constrained_target if self.get_prefetch_cache() is None else None
        return bool(links.exists() if links is not None else super().exists())  # type: ignore[misc]

    # -- writing ----------------------------------------------------------------------------------------------

    def _write_database(self) -> str:
        return str(router.db_for_write(self.through, instance=self.instance))

    def add(self, *objs: Any, through_defaults: Any = None) -> None:
        """Link `objs` (objects or keys); those linked already stay as they are."""
        self._remove_prefetched_objects()
        db = self._write_database()
        with transaction.atomic(using=db, savepoint=False):
            self._add_items(self.source_field_name, self.target_field_name, objs, through_defaults)
            if self.symmetrical:
                self._add_items(self.target_field_name, self.source_field_name, objs, through_defaults)

    def remove(self, *objs: Any) -> None:
        """End the links to `objs` (objects or keys)."""
        self._remove_prefetched_objects()
        self._remove_items(objs)

    def clear(self) -> None:
        """End all links."""
        db = self._write_database()
        with transaction.atomic(using=db, savepoint=False):
            self._signal("pre_clear", None, db)
            self._remove_prefetched_objects()
            condition = self._build_remove_filters(super().get_queryset().using(db))  # type: ignore[misc]
            self.through._default_manager.using(db).filter(condition).delete()
            self._signal("post_clear", None, db)

    def set(self, objs: Iterable[Any], *, clear: bool = False, through_defaults: Any = None) -> None:
        """Make `objs` the linked objects: ends and makes links as needed, or all anew with `clear`."""
        objs = tuple(objs)
        db = self._write_database()
        self._remove_prefetched_objects()
        with transaction.atomic(using=db, savepoint=False):
            if clear:
                self.clear()
                self.add(*objs, through_defaults=through_defaults)
                return
            gone = set(self.using(db).values_list(self.target_field.target_field.attname, flat=True))  # type: ignore[attr-defined]
            fresh = []
            for obj in objs:
                key = self._key_of(obj)
                if key in gone:
                    gone.remove(key)
                else:
                    fresh.append(obj)
            self.remove(*gone)
            self.add(*fresh, through_defaults=through_defaults)

    def set_base(
        self, objs: Iterable[Any], *, clear: bool = False, through_defaults: Any = None, raw: bool = False
    ) -> None:
        """As `set`; `raw` tells receivers of signals that a fixture is being loaded."""
        self._raw = raw
        try:
            self.set(objs, clear=clear, through_defaults=through_defaults)
        finally:
            self._raw = False

    def _key_of(self, obj: Any) -> Any:
        if isinstance(obj, self.model):
            return self.target_field.get_foreign_related_value(obj)[0]
        return self.target_field.get_prep_value(obj)

    def _on_write_database(self) -> Any:
        db = router.db_for_write(self.instance.__class__, instance=self.instance)
        return super(ManyManager, self.db_manager(db))  # type: ignore[attr-defined]

    def create(self, *, through_defaults: Any = None, **kwargs: Any) -> Any:
        """Make, save and link an object."""
        made = self._on_write_database().create(**kwargs)
        self.add(made, through_defaults=through_defaults)
        return made

    def get_or_create(self, *, through_defaults: Any = None, **kwargs: Any) -> tuple[Any, bool]:
        """As the queryset's, among the linked objects; a new one is linked."""
        found, created = self._on_write_database().get_or_create(**kwargs)
        if created:
            self.add(found, through_defaults=through_defaults)
        return found, created

    def update_or_create(self, *, through_defaults: Any = None, **kwargs: Any) -> tuple[Any, bool]:
        """As the queryset's, among the linked objects; a new one is linked."""
        found, created = self._on_write_database().update_or_create(**kwargs)
        if created:
            self.add(found, through_defaults=through_defaults)
        return found, created

    # -- the steps of writing ---------------------------------------------------------------------------------

    def _target_keys(self, objs: Iterable[Any]) -> AbstractSet[Any]:
        """The keys by which the linking table will name `objs`. Raises ValueError and TypeError."""
        keys = set()
        target = self.target_field
        for obj in objs:
            if isinstance(obj, self.model):
                if not router.allow_relation(obj, self.instance):
                    raise ValueError(
                        f'Cannot add "{obj!r}": instance is on database "{self.instance._state.db}", value is on database "{obj._state.db}"'
                    )
                key = target.get_foreign_related_value(obj)[0]
                if key is None:
                    raise ValueError(f'Cannot add "{obj!r}": the value for field "{target.name}" is None')
                keys.add(key)
            elif hasattr(obj, "_meta"):
                raise TypeError(f"'{self.model._meta.object_name}' instance expected, got {obj!r}")
            else:
                keys.add(target.get_prep_value(obj))
        return keys

    def _signal(self, action: str, keys: Any, db: str, reverse: bool | None = None) -> None:
        if signals.m2m_changed.receivers:
            signals.m2m_changed.send(
                sender=self.through, action=action, instance=self.instance, reverse=self.reverse if reverse is None else reverse,
                model=self.model, pk_set=keys, using=db, raw=self._raw,
            )

    def _present(self, source: str, target: str, db: str, keys: AbstractSet[Any]) -> AbstractSet[Any]:
        """Which of `keys` are linked already."""
        links = self.through._default_manager.using(db).values_list(target, flat=True)
        return set(links.filter(**{source: self.related_val[0], f"{target}__in": keys}))

    def _add_items(self, source: str, target: str, objs: Iterable[Any], through_defaults: Any) -> None:
        if not objs:
            return
        keys = self._target_keys(objs)
        if not keys:
            return
        defaults = {name: value() if callable(value) else value for name, value in (through_defaults or {}).items()}
        db = self._write_database()
        loud = source == self.source_field_name and signals.m2m_changed.has_listeners(self.through)
        features = connections[db].features
        lenient = bool(features.supports_ignore_conflicts) and self.through._meta.auto_created is not False
        fast = lenient and not loud
        missing = keys if fast else keys - self._present(source, target, db, keys)
        with transaction.atomic(using=db, savepoint=False):
            if loud:
                self._signal("pre_add", missing, db)
            self.through._default_manager.using(db).bulk_create(
                [
                    self.through(**defaults, **{f"{source}_id": self.related_val[0], f"{target}_id": key})
                    for key in missing
                ],
                ignore_conflicts=lenient,
            )
            if loud:
                self._signal("post_add", missing, db)

    def _remove_items(self, objs: Iterable[Any]) -> None:
        if not objs:
            return
        keys = {self._key_of(obj) for obj in objs}
        db = self._write_database()
        removed: Any = keys
        seen = super().get_queryset()  # type: ignore[misc]
        if _is_narrowed(seen):
            # What the manager does not show stays linked.
            removed = seen.using(db).filter(**{f"{self.target_field.target_field.attname}__in": keys})
        with transaction.atomic(using=db, savepoint=False):
            self._signal("pre_remove", keys, db)
            self.through._default_manager.using(db).filter(self._build_remove_filters(removed)).delete()
            self._signal("post_remove", keys, db)

    aadd = bridge.shell(add)
    aremove = bridge.shell(remove)
    aclear = bridge.shell(clear)
    aset = bridge.shell(set)
    acreate = bridge.shell(create)
    aget_or_create = bridge.shell(get_or_create)
    aupdate_or_create = bridge.shell(update_or_create)


def _is_narrowed(queryset: Any) -> bool:
    """Whether a queryset leaves out objects."""
    return bool(queryset.query.where) or queryset.query.is_sliced


def plain_get_queryset(model: Any) -> Any:
    """``get_queryset`` as the plain manager has it."""
    return type(model._base_manager).get_queryset

"""Deleting objects together with what depends on them; see "ForeignKey.on_delete"."""

from __future__ import annotations

import operator
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator
from functools import reduce
from itertools import chain
from typing import Any

from nuages.conf.names import public
from nuages.db import connections, transaction
from nuages.db.introspection import register_on_delete
from nuages.models import signals
from nuages.models.writing import delete_rows
from nuages.sql.errors import IntegrityError
from nuages.sql.q import Q


class ProtectedError(IntegrityError):
    """An object cannot go, since others point at it through a PROTECT relation."""

    def __init__(self, msg: str, protected_objects: Any) -> None:
        self.protected_objects = protected_objects
        super().__init__(msg, protected_objects)


class RestrictedError(IntegrityError):
    """An object cannot go, since others that stay point at it through a RESTRICT relation."""

    def __init__(self, msg: str, restricted_objects: Any) -> None:
        self.restricted_objects = restricted_objects
        super().__init__(msg, restricted_objects)


# -- what may be given as on_delete ---------------------------------------------------------------------------


def CASCADE(collector: Any, field: Any, sub_objs: Any, using: str) -> None:
    """Delete the objects that point at the deleted one."""
    collector.collect(
        sub_objs, source=field.remote_field.model, source_attr=field.name, nullable=field.null, fail_on_restricted=False,
    )
    if field.null and not connections[using].features.can_defer_constraint_checks:
        collector.add_field_update(field, None, sub_objs)


def PROTECT(collector: Any, field: Any, sub_objs: Any, using: str) -> None:
    """Refuse: raises ProtectedError."""
    raise ProtectedError(
        f"Cannot delete some instances of model '{field.remote_field.model.__name__}' because they are referenced through a "
        f"protected foreign key: '{sub_objs[0].__class__.__name__}.{field.name}'",
        sub_objs,
    )


def RESTRICT(collector: Any, field: Any, sub_objs: Any, using: str) -> None:
    """Refuse unless the objects go anyway, by another relation that cascades."""
    collector.add_restricted_objects(field, sub_objs)
    collector.add_dependency(field.remote_field.model, field.model)


def SET(value: Any) -> Callable[..., None]:
    """Set the relation to `value`, or to what it gives when it is callable."""

    def set_on_delete(collector: Any, field: Any, sub_objs: Any, using: str) -> None:
        collector.add_field_update(field, value() if callable(value) else value, sub_objs)

    role: Any = set_on_delete
    role.lazy_sub_objs = not callable(value)
    role.deconstruct = lambda: (public("nuages.models.SET"), (value,), {})
    return set_on_delete


def SET_NULL(collector: Any, field: Any, sub_objs: Any, using: str) -> None:
    """Set the relation to null."""
    collector.add_field_update(field, None, sub_objs)


def SET_DEFAULT(collector: Any, field: Any, sub_objs: Any, using: str) -> None:
    """Set the relation to its default."""
    collector.add_field_update(field, field.get_default(), sub_objs)


def DO_NOTHING(collector: Any, field: Any, sub_objs: Any, using: str) -> None:
    """Leave it to the database."""


LAZY = "lazy_sub_objs"
setattr(SET_NULL, LAZY, True)
setattr(SET_DEFAULT, LAZY, True)


class DatabaseOnDelete:
    """An ``on_delete`` that the database carries out: the words after ON DELETE."""

    def __init__(self, operation: str, name: str, forced_collector: Any = None) -> None:
        self.operation, self.name = operation, name
        self.forced_collector = forced_collector

    def __call__(self, collector: Any, field: Any, sub_objs: Any, using: str) -> None:
        """Nothing to do here, but for objects without a column of the database (generic relations)."""
        if self.forced_collector is not None:
            self.forced_collector(collector, field, sub_objs, using)

    def on_delete_sql(self, schema_editor: Any) -> str:
        """The clause of the constraint."""
        return f" ON DELETE {self.operation}"

    def __repr__(self) -> str:
        return self.name

    def __str__(self) -> str:
        return self.name

    def __copy__(self) -> DatabaseOnDelete:
        return self

    def __deepcopy__(self, memo: Any) -> DatabaseOnDelete:
        return self

    def __reduce__(self) -> str:
        return self.name


DB_CASCADE = DatabaseOnDelete("CASCADE", "DB_CASCADE", CASCADE)
DB_SET_NULL = DatabaseOnDelete("SET NULL", "DB_SET_NULL")
DB_SET_DEFAULT = DatabaseOnDelete("SET DEFAULT", "DB_SET_DEFAULT")
#: What Python need not look into.
register_on_delete("NO ACTION", DO_NOTHING)
register_on_delete("RESTRICT", DO_NOTHING)
register_on_delete("CASCADE", DB_CASCADE)
register_on_delete("SET NULL", DB_SET_NULL)
register_on_delete("SET DEFAULT", DB_SET_DEFAULT)

SKIPPED = (DO_NOTHING, DB_CASCADE, DB_SET_NULL, DB_SET_DEFAULT)


def get_candidate_relations_to_delete(options: Any) -> Iterator[Any]:
    """Relations that point at the model through a column."""
    return (
        one for one in options.get_fields(include_hidden=True)
        if one.auto_created and not one.concrete and (one.one_to_one or one.one_to_many)
    )


class Collector:
    """Gathers what must go, in which order, and what must be updated; then does it in one transaction."""

    def __init__(self, using: str, origin: Any = None, force_collection: bool = False) -> None:
        self.using, self.origin, self.force_collection = using, origin, force_collection
        self.data: dict[Any, Any] = {}
        self.field_updates: defaultdict[tuple[Any, Any], list[Any]] = defaultdict(list)
        self.restricted_objects: defaultdict[Any, defaultdict[Any, set[Any]]] = defaultdict(lambda: defaultdict(set))
        self.fast_deletes: list[Any] = []
        #: Model to the models whose rows must go before.
        self.dependencies: defaultdict[Any, set[Any]] = defaultdict(set)

    # -- recording --------------------------------------------------------------------------------------------

    def add(self, objs: Any, source: Any = None, nullable: bool = False, reverse_dependency: bool = False) -> list[Any]:
        """Record `objs`; gives those that were not recorded before."""
        if not objs:
            return []
        model = objs[0].__class__
        known = self.data.setdefault(model, {})
        # Unsaved objects have no hash: their identity stands for them.
        fresh = [obj for obj in objs if not self._knows(known, obj)]
        for obj in fresh:
            known[key_of(obj)] = obj
        if source is not None and not nullable:
            self.add_dependency(source, model, reverse_dependency=reverse_dependency)
        return fresh

    @staticmethod
    def _knows(known: dict[Any, Any], obj: Any) -> bool:
        return key_of(obj) in known

    def add_dependency(self, model: Any, dependency: Any, reverse_dependency: bool = False) -> None:
        """Rows of `dependency` must go before those of `model`."""
        if reverse_dependency:
            model, dependency = dependency, model
        self.dependencies[model._meta.concrete_model].add(dependency._meta.concrete_model)
        self.data.setdefault(dependency, self.data.get(dependency, {}))

    def add_field_update(self, field: Any, value: Any, objs: Any) -> None:
        """Record that `field` of `objs` becomes `value`; a queryset is kept as it is, to be one UPDATE."""
        self.field_updates[field, HashableValue(value)].append(objs)

    def add_restricted_objects(self, field: Any, objs: Iterable[Any]) -> None:
        """Record objects that forbid the deletion unless they go too."""
        for obj in objs:
            self.restricted_objects[obj.__class__][field].add(obj)

    def clear_restricted_objects_from_set(self, model: Any, objs: set[Any]) -> None:
        """These go after all."""
        for field, kept in self.restricted_objects.get(model, {}).items():
            self.restricted_objects[model][field] = kept - objs

    def clear_restricted_objects_from_queryset(self, model: Any, queryset: Any) -> None:
        """These go after all."""
        if model in self.restricted_objects:
            kept = [obj.pk for held in self.restricted_objects[model].values() for obj in held]
            self.clear_restricted_objects_from_set(model, set(queryset.filter(pk__in=kept)))

    # -- collecting -------------------------------------------------------------------------------------------

    def _has_signal_listeners(self, model: Any) -> bool:
        return signals.pre_delete.has_listeners(model) or signals.post_delete.has_listeners(model)

    def can_fast_delete(self, objs: Any, from_field: Any = None) -> bool:
        """Whether one DELETE by condition does: nobody listens, nothing cascades from the rows, no parent row must go."""
        if self.force_collection:
            return False
        if from_field is not None and from_field.remote_field.on_delete is not CASCADE:
            return False
        if hasattr(objs, "_meta"):
            model = objs._meta.model
        elif hasattr(objs, "model") and hasattr(objs, "_raw_delete"):
            model = objs.model
        else:
            return False
        if self._has_signal_listeners(model):
            return False
        options = model._meta
        if any(link != from_field for link in options.concrete_model._meta.parents.values()):
            return False
        if any(one.field.remote_field.on_delete not in SKIPPED for one in get_candidate_relations_to_delete(options)):
            return False
        return not any(hasattr(field, "bulk_related_objects") for field in options.private_fields)

    def get_del_batches(self, objs: Any, fields: Any) -> list[Any]:
        """`objs` in lots small enough for one query by `fields`."""
        names = [field.name for field in fields]
        size = max(connections[self.using].ops.bulk_batch_size(names, objs), 1)
        if len(objs) <= size:
            return [objs]
        return [objs[start:start + size] for start in range(0, len(objs), size)]

    def collect(
        self, objs: Any, source: Any = None, nullable: bool = False, collect_related: bool = True, source_attr: str | None = None,
        reverse_dependency: bool = False, keep_parents: bool = False, fail_on_restricted: bool = True,
    ) -> None:
        """Record `objs` (of one model) and what goes or changes with them. Raises ProtectedError and RestrictedError."""
        if self.can_fast_delete(objs):
            self.fast_deletes.append(objs)
            return
        fresh = self.add(objs, source, nullable, reverse_dependency=reverse_dependency)
        if not fresh:
            return
        model = fresh[0].__class__
        if not keep_parents:
            self._collect_parents(model, fresh)
        if not collect_related:
            return
        self._collect_related(model, fresh, keep_parents)
        for field in model._meta.private_fields:
            if hasattr(field, "bulk_related_objects"):
                found = field.bulk_related_objects(fresh, self.using)
                self.collect(found, source=model, nullable=True, fail_on_restricted=False)
        if fail_on_restricted:
            self._fail_on_restricted(model)

    def _collect_parents(self, model: Any, objs: list[Any]) -> None:
        for link in model._meta.concrete_model._meta.parents.values():
            if link:
                self.collect(
                    [getattr(obj, link.name) for obj in objs], source=model, source_attr=link.remote_field.related_name,
                    collect_related=False, reverse_dependency=True, fail_on_restricted=False,
                )

    def _collect_related(self, model: Any, objs: list[Any], keep_parents: bool) -> None:
        parents = set(model._meta.get_parent_list()) if keep_parents else set()
        swift: defaultdict[Any, list[Any]] = defaultdict(list)
        protected: defaultdict[str, list[Any]] = defaultdict(list)
        for related in get_candidate_relations_to_delete(model._meta):
            if related.model._meta.concrete_model in parents:
                continue
            field = related.field
            on_delete = field.remote_field.on_delete
            if on_delete in SKIPPED and not (self.force_collection and getattr(on_delete, "forced_collector", None)):
                continue
            if self.can_fast_delete(related.related_model, from_field=field):
                swift[related.related_model].append(field)
                continue
            for batch in self.get_del_batches(objs, [field]):
                found = self._referring(related, field, batch)
                if not (getattr(on_delete, LAZY, False) or found):
                    continue
                try:
                    on_delete(self, field, found, self.using)
                except ProtectedError as error:
                    protected[f"'{field.model.__name__}.{field.name}'"] += error.protected_objects
        if protected:
            raise ProtectedError(
                f"Cannot delete some instances of model {model.__name__!r} because they are referenced through protected "
                f"foreign keys: {', '.join(protected)}.",
                set(chain.from_iterable(protected.values())),
            )
        for related_model, fields in swift.items():
            for batch in self.get_del_batches(objs, fields):
                self.fast_deletes.append(self.related_objects(related_model, fields, batch))

    def _referring(self, related: Any, field: Any, batch: Any) -> Any:
        """The objects that point at `batch`; only the columns that matter are loaded if nobody listens."""
        found = self.related_objects(related.related_model, [field], batch)
        if self._has_signal_listeners(related.related_model) or not hasattr(found, "only"):
            return found
        wanted = {
            far.attname
            for one in get_candidate_relations_to_delete(related.related_model._meta)
            for far in one.field.foreign_related_fields
        }
        return found.only(*wanted) if wanted else found

    def related_objects(self, related_model: Any, related_fields: Any, objs: Any) -> Any:
        """A queryset of the objects of `related_model` that point at `objs`."""
        condition = reduce(operator.or_, (Q((f"{field.name}__in", objs)) for field in related_fields))
        return related_model._base_manager.using(self.using).filter(condition)

    def _fail_on_restricted(self, model: Any) -> None:
        """Raise RestrictedError if objects that stay forbid the deletion."""
        for related_model, instances in self.data.items():
            self.clear_restricted_objects_from_set(related_model, set(instances.values()))
        for queryset in self.fast_deletes:
            self.clear_restricted_objects_from_queryset(queryset.model, queryset)
        left: defaultdict[str, list[Any]] = defaultdict(list)
        for related_model, by_field in self.restricted_objects.items():
            for field, objs in by_field.items():
                if objs:
                    left[f"'{related_model.__name__}.{field.name}'"] += objs
        if left:
            raise RestrictedError(
                f"Cannot delete some instances of model {model.__name__!r} because they are referenced through restricted "
                f"foreign keys: {', '.join(left)}.",
                set(chain.from_iterable(left.values())),
            )

    # -- deleting ---------------------------------------------------------------------------------------------

    def instances_with_model(self) -> Iterator[tuple[Any, Any]]:
        """Pairs (model, object) of all that was collected."""
        for model, instances in self.data.items():
            for obj in instances.values():
                yield model, obj

    def sort(self) -> None:
        """Order the models so that rows go before those that they point at; leave them if there is a cycle."""
        ordered: list[Any] = []
        placed: set[Any] = set()
        models = list(self.data)
        while len(ordered) < len(models):
            progress = False
            for model in models:
                if model in ordered:
                    continue
                needed = self.dependencies.get(model._meta.concrete_model)
                if not (needed and needed - placed):
                    ordered.append(model)
                    placed.add(model._meta.concrete_model)
                    progress = True
            if not progress:
                return
        self.data = {model: self.data[model] for model in ordered}

    def delete(self) -> tuple[int, dict[str, int]]:
        """Carry out what was collected; gives the number of rows deleted, in all and by model."""
        connection = connections[self.using]
        # Models without objects count in the order: their rows may go by a fast delete.
        self.sort()
        self.data = {model: instances for model, instances in self.data.items() if instances}
        if len(self.data) == 1:
            done = self._delete_single(connection)
            if done is not None:
                return done
        if not self.data and not self.field_updates and len(self.fast_deletes) == 1:
            return self._delete_at_once(self.fast_deletes[0])
        for model, instances in self.data.items():
            self.data[model] = dict(sorted(instances.items(), key=lambda item: sort_key(item[1])))
        counts: Counter[str] = Counter()
        with transaction.atomic(using=self.using, savepoint=False):
            self._send(signals.pre_delete)
            for queryset in self.fast_deletes:
                count = queryset._raw_delete(using=self.using)
                if count:
                    counts[queryset.model._meta.label] += count
            self._update_fields()
            for model, instances in self.data.items():
                rows = list(reversed(instances.values()))
                count = delete_rows(model, connection, [obj._get_pk_val(model._meta) for obj in rows])
                if count:
                    counts[model._meta.label] += count
                if not model._meta.auto_created and signals.post_delete.receivers:
                    for obj in rows:
                        signals.post_delete.send(sender=model, instance=obj, using=self.using, origin=self.origin)
        self._forget_keys()
        return sum(counts.values()), dict(counts)

    def _delete_single(self, connection: Any) -> tuple[int, dict[str, int]] | None:
        """One object on which nothing depends: one statement, no transaction."""
        ((model, instances),) = self.data.items()
        if len(instances) != 1 or self.fast_deletes or self.field_updates or not self.can_fast_delete(model):
            return None
        obj = next(iter(instances.values()))
        with transaction.mark_for_rollback_on_error(self.using):
            count = delete_rows(model, connection, [obj.pk])
        self._clear_key(model, obj)
        return count, {model._meta.label: count}

    def _delete_at_once(self, queryset: Any) -> tuple[int, dict[str, int]]:
        """All rows that match, on which nothing depends: one statement, no transaction."""
        with transaction.mark_for_rollback_on_error(self.using):
            count = queryset._raw_delete(using=self.using)
        return count, {queryset.model._meta.label: count} if count else {}

    def _send(self, signal: Any) -> None:
        if not signal.receivers:
            return
        for model, obj in self.instances_with_model():
            if not model._meta.auto_created:
                signal.send(sender=model, instance=obj, using=self.using, origin=self.origin)

    def _update_fields(self) -> None:
        for (field, holder), groups in self.field_updates.items():
            value = holder.value
            querysets = [one for one in groups if hasattr(one, "_raw_delete") and one._result_cache is None]
            rows = [obj for one in groups if not any(one is queryset for queryset in querysets) for obj in one]
            if querysets:
                reduce(operator.or_, querysets).update(**{field.name: value})
            if rows:
                manager = rows[0].__class__._base_manager.using(self.using)
                for batch in self.get_del_batches([obj.pk for obj in rows], [field]):
                    manager.filter(pk__in=batch).update(**{field.name: value})

    def _forget_keys(self) -> None:
        """Give the objects in memory the values that follow: changed relations, and no key."""
        for (field, holder), groups in self.field_updates.items():
            for one in groups:
                if not hasattr(one, "_raw_delete") or one._result_cache is not None:
                    for obj in one:
                        setattr(obj, field.attname, getattr(holder.value, "pk", holder.value))
        for model, obj in self.instances_with_model():
            self._clear_key(model, obj)

    @staticmethod
    def _clear_key(model: Any, obj: Any) -> None:
        for field in model._meta.pk_fields:
            setattr(obj, field.attname, None)


class HashableValue:
    """A value as part of a key, whatever it is."""

    __slots__ = ("value",)

    def __init__(self, value: Any) -> None:
        self.value = value

    def __eq__(self, other: object) -> bool:
        return isinstance(other, HashableValue) and (self.value is other.value or bool(self.value == other.value))

    def __hash__(self) -> int:
        try:
            return hash(self.value)
        except TypeError:
            return 0


def key_of(obj: Any) -> Any:
    """What stands for `obj` in a set of objects of one model."""
    return (obj.__class__, obj.pk) if obj._is_pk_set() else id(obj)


def sort_key(obj: Any) -> Any:
    """Objects are deleted in the order of their keys, so that concurrent deletions lock rows alike."""
    try:
        return (0, obj.pk) if isinstance(obj.pk, (int, str)) else (1, str(obj.pk))
    except TypeError:
        return (2, str(obj))

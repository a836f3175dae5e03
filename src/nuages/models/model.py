"""The Model class: what every instance can do; see "Model instance reference"."""

from __future__ import annotations

import copy
import warnings
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, ClassVar, Self

import nuages
from nuages import bridge, exceptions
from nuages.apps.registry import apps
from nuages.db import router
from nuages.models import signals
from nuages.models.checks import ModelChecks
from nuages.models.deletion import Collector
from nuages.models.fields.field import Field
from nuages.models.fields.markers import NOT_PROVIDED
from nuages.models.initplan import init_plan
from nuages.models.metaclass import ModelBase
from nuages.models.saving import Saving
from nuages.models.state import ModelState
from nuages.models.validating import Validating
from nuages.sql.expressions import DatabaseDefault
from nuages.sql.q import Q
from nuages.text.encoding import force_str
from nuages.text.hashable import make_hashable

if TYPE_CHECKING:
    from nuages.models.manager import Manager

VERSION_KEY = "_nuages_version"


class Deferred:
    """Stands for a value that the query left out."""

    def __repr__(self) -> str:
        return "<Deferred field>"

    __str__ = __repr__


DEFERRED: Any = Deferred()


class Model(Validating, Saving, ModelChecks, metaclass=ModelBase):
    """Base class of all models. A subclass is a table, its instances are rows."""

    _state: ModelState
    objects: ClassVar[Manager[Self]]
    _default_manager: ClassVar[Manager[Self]]
    DoesNotExist: ClassVar[type[exceptions.ObjectDoesNotExist]]
    MultipleObjectsReturned: ClassVar[type[exceptions.MultipleObjectsReturned]]
    NotUpdated: ClassVar[type[exceptions.ObjectNotUpdated]]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Positional values in the order of the fields, or values by name. Raises TypeError or IndexError."""
        cls = self.__class__
        if cls._meta.abstract:
            raise TypeError("Abstract models cannot be instantiated.")
        if signals.pre_init.receivers:
            signals.pre_init.send(sender=cls, args=args, kwargs=kwargs)
        self._state = ModelState()
        entries, all_direct = init_plan(cls)
        if args:
            if not kwargs and all_direct and len(args) == len(entries):
                data = self.__dict__
                for entry, value in zip(entries, args, strict=True):
                    if value is not DEFERRED:
                        data[entry.attname] = value
                entries = []
            else:
                entries = self._take_positional(args, kwargs, entries)
        if entries:
            self._take_named(kwargs, entries)
        if kwargs:
            self._take_rest(kwargs)
        super().__init__()
        if signals.post_init.receivers:
            signals.post_init.send(sender=cls, instance=self)

    def _take_positional(self, args: tuple[Any, ...], kwargs: dict[str, Any], entries: list[Any]) -> list[Any]:
        """Set positional values; gives the entries that are left."""
        candidates = entries if kwargs else [entry for entry in entries if entry.field.concrete]
        if len(args) > len(candidates):
            raise IndexError("Number of args exceeds number of fields")
        for entry, value in zip(candidates, args, strict=False):
            if value is DEFERRED:
                continue
            setattr(self, entry.attname, value)
            if kwargs and kwargs.pop(entry.name, NOT_PROVIDED) is not NOT_PROVIDED:
                raise TypeError(
                    f"{self.__class__.__qualname__}() got both positional and keyword arguments for field '{entry.name}'."
                )
        return candidates[len(args):]

    def _take_named(self, kwargs: dict[str, Any], entries: list[Any]) -> None:
        """Set values by name, and defaults for what has none."""
        data = self.__dict__
        for entry in entries:
            if entry.skip and not entry.related:
                # Set after all others, since it may set several of them.
                continue
            attname = entry.attname
            if kwargs:
                if entry.related and entry.name in kwargs:
                    related = kwargs.pop(entry.name)
                    if related is not DEFERRED:
                        setattr(self, entry.name, related)
                    continue
                if attname in kwargs:
                    value = kwargs.pop(attname)
                    if value is DEFERRED:
                        continue
                    if entry.direct:
                        data[attname] = value
                    else:
                        setattr(self, attname, value)
                    continue
            if entry.skip:
                continue
            value = entry.constant if entry.make is None else entry.make()
            if entry.direct:
                data[attname] = value
            else:
                setattr(self, attname, value)

    def _take_rest(self, kwargs: dict[str, Any]) -> None:
        """Keywords that are no column: properties and relations; others are refused."""
        options = self._meta
        unexpected = []
        for name, value in kwargs.items():
            if name not in options._property_names:
                try:
                    options.get_field(name)
                except exceptions.FieldDoesNotExist:
                    unexpected.append(name)
                    continue
            if value is not DEFERRED:
                setattr(self, name, value)
        if unexpected:
            names = ", ".join(repr(name) for name in unexpected)
            raise TypeError(f"{self.__class__.__name__}() got unexpected keyword arguments: {names}")

    @classmethod
    def from_db(cls, db: str | None, field_names: Iterable[str], values: Any, *, fetch_mode: Any = None) -> Self:
        """Make an instance from a row; see "Customizing model loading"."""
        fields = cls._meta.concrete_fields
        if len(values) != len(fields):
            loaded = iter(values)
            names = set(field_names)
            values = [next(loaded) if field.attname in names else DEFERRED for field in fields]
        instance = cls(*values)
        state = instance._state
        state.adding = False
        state.db = db
        if fetch_mode is not None:
            state.fetch_mode = fetch_mode
        return instance

    # -- identity ---------------------------------------------------------------------------------------------

    def __repr__(self) -> str:
        return f"<{self.__class__.__name__}: {self}>"

    def __str__(self) -> str:
        return f"{self.__class__.__name__} object ({self.pk})"

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Model):
            return NotImplemented
        if self._meta.concrete_model != other._meta.concrete_model:
            return False
        mine = self.pk
        return self is other if mine is None else bool(mine == other.pk)

    def __hash__(self) -> int:
        if not self._is_pk_set():
            raise TypeError("Model instances without primary key value are unhashable")
        return hash(self.pk)

    def __reduce__(self) -> Any:
        data = self.__getstate__()
        data[VERSION_KEY] = nuages.__version__
        return model_unpickle, ((self._meta.app_label, self._meta.object_name),), data

    def __getstate__(self) -> dict[str, Any]:
        """What is pickled; override to change it."""
        state = self.__dict__.copy()
        state["_state"] = copy.copy(state["_state"])
        if "fields_cache" in state["_state"].__dict__:
            state["_state"].fields_cache = state["_state"].fields_cache.copy()
        # A memoryview cannot be pickled: its bytes can.
        views = [(name, bytes(value)) for name, value in state.items() if isinstance(value, memoryview)]
        if views:
            state["_memoryview_attrs"] = views
            for name, _content in views:
                state.pop(name)
        return state

    def __setstate__(self, state: dict[str, Any]) -> None:
        pickled = state.get(VERSION_KEY)
        if pickled is None:
            warnings.warn("Pickled model instance's version is not specified.", RuntimeWarning, stacklevel=2)
        elif pickled != nuages.__version__:
            warnings.warn(
                f"Pickled model instance's version {pickled} does not match the current version {nuages.__version__}.",
                RuntimeWarning, stacklevel=2,
            )
        for name, content in state.pop("_memoryview_attrs", ()):
            state[name] = memoryview(content)
        self.__dict__.update(state)

    def _get_pk_val(self, meta: Any = None) -> Any:
        return getattr(self, (meta or self._meta).pk.attname)

    def _set_pk_val(self, value: Any) -> None:
        pk = self._meta.pk
        for link in self._meta.parents.values():
            if link and link != pk:
                setattr(self, link.target_field.attname, value)
        setattr(self, pk.attname, value)

    pk = property(_get_pk_val, _set_pk_val)

    def _is_pk_set(self, meta: Any = None) -> bool:
        key = self._get_pk_val(meta)
        if key is None or isinstance(key, DatabaseDefault):
            return False
        return not (isinstance(key, tuple) and any(part is None or isinstance(part, DatabaseDefault) for part in key))

    # -- values -----------------------------------------------------------------------------------------------

    def get_deferred_fields(self) -> set[str]:
        """Raw names of the fields that are not loaded."""
        data = self.__dict__
        return {field.attname for field in self._meta.concrete_fields if field.attname not in data}

    def refresh_from_db(self, using: str | None = None, fields: Iterable[str] | None = None, from_queryset: Any = None) -> None:
        """Read values afresh: all of them, or the `fields` named; see "Refreshing objects from database"."""
        if fields is None:
            self._prefetched_objects_cache: dict[str, Any] = {}
        else:
            fields = self._without_prefetched(fields)
            if not fields:
                return
            if any("__" in name for name in fields):
                raise ValueError('Found "__" in fields argument. Relations and transforms are not allowed in fields.')
        if from_queryset is None:
            query = self.__class__._base_manager.db_manager(using, hints={"instance": self})
        else:
            query = from_queryset if using is None else from_queryset.using(using)
        query = query.filter(pk=self.pk)
        deferred = self.get_deferred_fields()
        if fields is not None:
            query = query.only(*fields)
        elif deferred:
            query = query.only(*(field.attname for field in self._meta.concrete_fields if field.attname not in deferred))
        self._take_over(query.get(), fields)

    def _without_prefetched(self, fields: Iterable[str]) -> list[str]:
        cache: Any = getattr(self, "_prefetched_objects_cache", {})
        kept = []
        for name in fields:
            if name in cache:
                del cache[name]
            else:
                kept.append(name)
        return kept

    def _take_over(self, fresh: Any, fields: Iterable[str] | None) -> None:
        """Copy what `fresh` has loaded, and forget the related objects that may be stale."""
        missing = fresh.get_deferred_fields()
        for field in self._meta.concrete_fields:
            if field.attname in missing:
                continue
            setattr(self, field.attname, getattr(fresh, field.attname))
            if field.is_relation and field.is_cached(fresh):
                field.set_cached_value(self, field.get_cached_value(fresh))
            elif field.is_relation and field.is_cached(self):
                field.delete_cached_value(self)
        named = None if fields is None else set(fields)
        for field in (*self._meta.related_objects, *self._meta.private_fields):
            if (named is None or field.name in named) and field.is_relation and hasattr(field, "is_cached") and field.is_cached(self):
                field.delete_cached_value(self)
        self._state.db = fresh._state.db

    def serializable_value(self, field_name: str) -> Any:
        """The raw value of the field called `field_name` (the key, for a relation)."""
        try:
            field = self._meta.get_field(field_name)
        except exceptions.FieldDoesNotExist:
            return getattr(self, field_name)
        return getattr(self, field.attname)

    def _get_FIELD_display(self, field: Field) -> Any:
        value = getattr(self, field.attname)
        pairs: Any = make_hashable(field.flatchoices)
        labels = dict(pairs)
        return force_str(labels.get(make_hashable(value), value), strings_only=True)

    def _get_next_or_previous_by_FIELD(self, field: Field, is_next: bool, **kwargs: Any) -> Any:
        if not self._is_pk_set():
            message = "get_next/get_previous cannot be used on unsaved objects."
            raise ValueError(message)
        beyond, sign = ("gt", "") if is_next else ("lt", "-")
        value = getattr(self, field.attname)
        further = Q((f"{field.name}__{beyond}", value)) | Q((field.name, value), (f"pk__{beyond}", self.pk))
        query = self.__class__._default_manager.using(self._state.db).filter(**kwargs).filter(further)
        for found in query.order_by(f"{sign}{field.name}", f"{sign}pk")[:1]:
            return found
        raise self.DoesNotExist(f"{self.__class__._meta.object_name} matching query does not exist.")

    def _get_next_or_previous_in_order(self, is_next: bool) -> Any:
        cache = f"__{is_next}_order_cache"
        if cache not in self.__dict__:
            beyond, sign = ("gt", "") if is_next else ("lt", "-")
            manager = self.__class__._default_manager
            siblings = manager.filter(**self._meta.order_with_respect_to.get_filter_kwargs_for_object(self))
            own = manager.values("_order").filter(pk=self.pk)
            self.__dict__[cache] = siblings.filter(**{f"_order__{beyond}": own}).order_by(f"{sign}_order")[:1].get()
        return self.__dict__[cache]

    # -- deletion ---------------------------------------------------------------------------------------------

    def delete(self, using: str | None = None, keep_parents: bool = False) -> tuple[int, dict[str, int]]:
        """Delete the row and what depends on it; gives the number of rows, in all and by model."""
        if not self._is_pk_set():
            raise ValueError(
                f"{self._meta.object_name} object can't be deleted because its {self._meta.pk.attname} attribute is set to None."
            )
        using = using or router.db_for_write(self.__class__, instance=self)
        collector = Collector(using=using, origin=self)
        collector.collect([self], keep_parents=keep_parents)
        return collector.delete()

    def prepare_database_save(self, field: Any) -> Any:
        """The value that stands for this object in a column of `field`."""
        if not self._is_pk_set():
            raise ValueError(f"Unsaved model instance {self!r} cannot be used in an ORM query.")
        return getattr(self, field.remote_field.get_related_field().attname)

    adelete = bridge.shell(delete)
    arefresh_from_db = bridge.shell(refresh_from_db)


def model_unpickle(model_id: Any) -> Any:
    """An empty instance of the model that was pickled as ``(app_label, name)``."""
    model = apps.get_model(*model_id) if isinstance(model_id, tuple) else model_id
    return model.__new__(model)


model_unpickle.__safe_for_unpickle__ = True  # type: ignore[attr-defined]

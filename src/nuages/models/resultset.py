"""The lazy side of a QuerySet: when it reads the database, what it keeps, and how it is copied."""

from __future__ import annotations

import copy
from collections.abc import AsyncIterator, Iterator, Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Generic, Self, TypeVar, overload

from nuages import bridge
from nuages.db import connections, router
from nuages.exceptions import EmptyResultSet
from nuages.models.iteration import PACKING, ModelIterable, ValuesIterable
from nuages.models.prefetch import prefetch_related_objects
from nuages.models.shapes import MAX_LIMIT, Shape, fetch, fetch_packed, root_shape
from nuages.sql.constants import CHUNK_SIZE, REPR_OUTPUT_SIZE
from nuages.sql.q import Q
from nuages.sql.query import Query, set_connections
from nuages.sql.slots import Rebind

set_connections(lambda alias: connections[alias])


M = TypeVar("M")

# What a queryset is made of; anything else in its __dict__ is not its own.
_STATE = frozenset(
    {
        "_db",
        "_defer_next_filter",
        "_deferred_filter",
        "_fetch_mode",
        "_fields",
        "_for_write",
        "_hints",
        "_iterable_class",
        "_known_related_objects",
        "_prefetch_done",
        "_prefetch_related_lookups",
        "_query",
        "_result_cache",
        "_shape",
        "_sticky_filter",
        "_values_given",
        "model",
    }
)


class ResultSet(Generic[M]):
    """A query that runs when its results are first needed, and keeps them."""

    model: Any
    _db: str | None

    _query: Any = None
    _shape: Shape | None = None
    _values_given: tuple[Any, ...] = ()
    _result_cache: list[Any] | None = None
    _sticky_filter = False
    _for_write = False
    _prefetch_related_lookups: tuple[Any, ...] = ()
    _prefetch_done = False
    _known_related_objects: Mapping[Any, dict[Any, Any]] = MappingProxyType({})
    _iterable_class: Any = ModelIterable
    _fields: tuple[str, ...] | None = None
    _defer_next_filter = False
    _deferred_filter: tuple[bool, tuple[Any, ...], dict[str, Any]] | None = None
    _fetch_mode: Any = None

    def __init__(self, model: Any = None, query: Any = None, using: str | None = None, hints: dict[str, Any] | None = None) -> None:
        self.model = model
        self._db = using
        self._hints = hints or {}
        if query is not None:
            self._query = query
        elif model is not None:
            self._shape = root_shape(model)

    @property
    def query(self) -> Any:
        """The query behind it (not part of the documented API, but what many projects look at)."""
        if self._query is None:
            self._query = Query(self.model) if self._shape is None else self._shape.replay(self._values_given)
            self._shape = None
        if self._deferred_filter is not None:
            negate, args, kwargs = self._deferred_filter
            self._deferred_filter = None
            self._add_condition(negate, args, kwargs)
        return self._query

    @query.setter
    def query(self, value: Any) -> None:
        if getattr(value, "values_select", ()) and self._iterable_class is ModelIterable:
            self._iterable_class = ValuesIterable
        self._query = value
        self._shape = None

    def _add_condition(self, negate: bool, args: tuple[Any, ...], kwargs: dict[str, Any]) -> None:
        condition = Q(*args, **kwargs)
        self.query.add_q(~condition if negate else condition)

    @property
    def db(self) -> str:
        """The database that would be used if it ran now."""
        if self._for_write:
            return self._db or router.db_for_write(self.model, **self._hints)
        return self._db or router.db_for_read(self.model, **self._hints)

    # -- copies ----------------------------------------------------------------------------------------------------

    def _clone(self) -> Self:
        """A copy without results."""
        twin = object.__new__(type(self))
        state = twin.__dict__
        state.update(self.__dict__)
        if not _STATE.issuperset(state):
            # Attributes that others set on this queryset, and cached properties of subclasses, are not for its copies.
            for name in state.keys() - _STATE:
                del state[name]
        if self._shape is None or self._deferred_filter is not None:
            state["_query"] = self.query.chain()
            state["_shape"] = None
        state["_result_cache"] = None
        state["_prefetch_done"] = False
        state["_sticky_filter"] = self._sticky_filter
        state["_defer_next_filter"] = False
        return twin

    def _chain(self) -> Self:
        """A copy to go on with."""
        twin = self._clone()
        if twin._sticky_filter:
            twin.query.filter_is_sticky = True
            twin._sticky_filter = False
        return twin

    def _next_is_sticky(self) -> Self:
        """Let the next filter share joins of many with the one after it."""
        self._sticky_filter = True
        return self

    def _add_hints(self, **hints: Any) -> None:
        self._hints = {**self._hints, **hints}

    def __deepcopy__(self, memo: dict[int, Any]) -> Self:
        twin = object.__new__(type(self))
        for name, value in self.__dict__.items():
            if name == "_result_cache":
                value = None
            twin.__dict__[name] = value if name in ("model", "_shape") else copy.deepcopy(value, memo)
        return twin

    def __getstate__(self) -> dict[str, Any]:
        self._fetch_all()
        state = {**self.__dict__, "_query": self.query, "_shape": None}
        state["_values_given"] = ()
        return state

    # -- results ---------------------------------------------------------------------------------------------------

    def _fetch_all(self) -> None:
        if self._result_cache is None:
            self._result_cache = self._fetched()
        if self._prefetch_related_lookups and not self._prefetch_done:
            self._prefetch_related_objects()

    def _fetched(self) -> list[Any]:
        shape = self._shape
        kind = self._iterable_class
        if shape is not None and self._deferred_filter is None and (kind is ModelIterable or kind in PACKING):
            alias = self.db
            mode = self._fetch_mode
            try:
                if kind in PACKING:
                    return fetch_packed(kind.form, shape, self._values_given, connections[alias])
                if mode is None or not mode.track_peers:
                    return fetch(self, shape, self._values_given, connections[alias], alias)
            except Rebind:
                pass
            except EmptyResultSet:
                return []
        return list(kind(self))

    def _is_sliced(self) -> bool:
        return self._shape.sliced if self._shape is not None else self.query.is_sliced

    def _changed(self, key: Any, apply: Any) -> Self:
        """A copy whose query went through ``apply``; ``key`` names the change, for its shape."""
        clone = self._chain()
        shape = clone._shape
        if shape is not None:
            further = shape.change(key, apply)
            if further is not None:
                clone._shape = further
                return clone
        apply(clone.query)
        return clone

    def _prefetch_related_objects(self) -> None:
        prefetch_related_objects(self._result_cache or [], *self._prefetch_related_lookups)
        self._prefetch_done = True

    def __iter__(self) -> Iterator[M]:
        self._fetch_all()
        return iter(self._result_cache or ())

    def __aiter__(self) -> AsyncIterator[M]:
        async def generator() -> AsyncIterator[Any]:
            if self._result_cache is None or (self._prefetch_related_lookups and not self._prefetch_done):
                await bridge.run(self._fetch_all)
            for item in self._result_cache or ():
                yield item

        return generator()

    def __len__(self) -> int:
        self._fetch_all()
        return len(self._result_cache or ())

    def __bool__(self) -> bool:
        self._fetch_all()
        return bool(self._result_cache)

    def __repr__(self) -> str:
        data: list[Any] = list(self[: REPR_OUTPUT_SIZE + 1])
        if len(data) > REPR_OUTPUT_SIZE:
            data[-1] = "...(remaining elements truncated)..."
        return f"<{type(self).__name__} {data!r}>"

    if not TYPE_CHECKING:

        def __class_getitem__(cls, *args, **kwargs):
            # Parameters are for type checkers: the class stays itself.
            return cls

    @overload
    def __getitem__(self, key: int) -> M: ...
    @overload
    def __getitem__(self, key: slice) -> Self: ...

    def __getitem__(self, key: Any) -> Any:
        """A slice (lazy, unless the results are there) or one result. Raises TypeError, ValueError and IndexError as lists do."""
        if not isinstance(key, (int, slice)):
            raise TypeError(f"QuerySet indices must be integers or slices, not {type(key).__name__}.")
        bounds = (key.start, key.stop) if isinstance(key, slice) else (key,)
        if any(bound is not None and bound < 0 for bound in bounds):
            raise ValueError("Negative indexing is not supported.")
        if self._result_cache is not None:
            return self._result_cache[key]
        if isinstance(key, slice):
            part = self._limited(
                None if key.start is None else int(key.start), None if key.stop is None else int(key.stop)
            )
            return list(part)[:: key.step] if key.step else part
        part = self._limited(key, key + 1)
        part._fetch_all()
        return (part._result_cache or [])[0]

    def _limited(self, low: int | None, high: int | None) -> Self:
        if not low and high is not None and 0 < high <= MAX_LIMIT:
            return self._changed(("limit", high), lambda query: query.set_limits(None, high))
        part = self._chain()
        part.query.set_limits(low, high)
        return part

    def iterator(self, chunk_size: int | None = None) -> Iterator[M]:
        """The results as they come, without keeping them; ``chunk_size`` at a time. Raises ValueError for a bad size."""
        if chunk_size is None:
            if self._prefetch_related_lookups:
                raise ValueError("chunk_size must be provided when using QuerySet.iterator() after prefetch_related().")
        elif chunk_size <= 0:
            raise ValueError("Chunk size must be strictly positive.")
        settings = connections[self.db].settings_dict
        chunked = not settings.get("DISABLE_SERVER_SIDE_CURSORS")
        return self._iterate(chunked, chunk_size)

    def _iterate(self, chunked: bool, chunk_size: int | None) -> Iterator[Any]:
        iterable = self._iterable_class(self, chunked_fetch=chunked, chunk_size=chunk_size or CHUNK_SIZE)
        if not self._prefetch_related_lookups or chunk_size is None:
            yield from iterable
            return
        batch: list[Any] = []
        for item in iterable:
            batch.append(item)
            if len(batch) == chunk_size:
                prefetch_related_objects(batch, *self._prefetch_related_lookups)
                yield from batch
                batch = []
        if batch:
            prefetch_related_objects(batch, *self._prefetch_related_lookups)
            yield from batch

    def aiterator(self, chunk_size: int = CHUNK_SIZE) -> AsyncIterator[M]:
        """The results as they come, on an event loop. Raises ValueError for a bad size."""
        if chunk_size <= 0:
            raise ValueError("Chunk size must be strictly positive.")
        chunked = not connections[self.db].settings_dict.get("DISABLE_SERVER_SIDE_CURSORS")
        return bridge.iterate(self._iterate(chunked, chunk_size))

    # -- as a part of another query ---------------------------------------------------------------------------------

    def resolve_expression(self, *args: Any, **kwargs: Any) -> Any:
        """The query, as a subquery."""
        query = self.query.resolve_expression(*args, **kwargs)
        query._db = self._db
        return query

    @property
    def ordered(self) -> bool:
        """Whether the results have an order: by ``order_by()`` or the model's Meta."""
        if isinstance(self, EmptyQuerySet):
            return True
        query = self._shape.query if self._shape is not None else self.query
        if query.extra_order_by or query.order_by:
            return True
        return bool(query.default_ordering and query.get_meta().ordering and not query.group_by)


class InstanceCheckMeta(type):
    """``isinstance(queryset, EmptyQuerySet)`` asks whether it was made by ``none()``."""

    def __instancecheck__(cls, instance: Any) -> bool:
        return isinstance(instance, ResultSet) and instance._shape is None and bool(instance.query.is_empty())


class EmptyQuerySet(metaclass=InstanceCheckMeta):
    """What ``isinstance()`` recognises a QuerySet from ``none()`` by; it cannot be instantiated."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        raise TypeError("EmptyQuerySet can't be instantiated")

"""The methods of a QuerySet that ask the database for something else than a QuerySet."""

from __future__ import annotations

from typing import Any

from nuages import bridge
from nuages.db import connections
from nuages.exceptions import EmptyResultSet
from nuages.models.bulk import aggregate_rows
from nuages.models.iteration import (
    FlatValuesListIterable,
    ModelIterable,
    NamedValuesListIterable,
    ValuesIterable,
    ValuesListIterable,
)
from nuages.models.raw import RawQuerySet
from nuages.models.refining import Refining
from nuages.models.resultset import M
from nuages.models.shapes import fetch
from nuages.sql.constants import MAX_GET_RESULTS
from nuages.sql.errors import NotSupportedError
from nuages.sql.slots import Rebind


class Retrieving(Refining[M]):
    """Single objects, numbers and mappings."""

    _plain_get: bool

    def get(self, *args: Any, **kwargs: Any) -> M:
        """The only object that matches. Raises the model's DoesNotExist or MultipleObjectsReturned."""
        if self._shape is not None and kwargs and not args and self._may_get_quickly():
            narrowed = self._shape.narrow("get", kwargs)
            if narrowed is not None:
                return self._get_quickly(*narrowed)  # type: ignore[no-any-return]
        if self.query.combinator and (args or kwargs):
            raise NotSupportedError(
                f"Calling QuerySet.get(...) with filters after {self.query.combinator}() is not supported."
            )
        clone: Any = self._chain() if self.query.combinator else self.filter(*args, **kwargs)
        if self.query.can_filter() and not self.query.distinct_fields:
            clone = clone.order_by()
        limit = None
        if not clone.query.select_for_update or connections[clone.db].features.supports_select_for_update_with_limit:
            limit = MAX_GET_RESULTS
            clone.query.set_limits(high=limit)
        number = len(clone)
        if number == 1:
            return clone._result_cache[0]  # type: ignore[no-any-return]
        raise self._not_one(number, limit)

    aget = bridge.shell(get)

    def _not_one(self, number: int, limit: int | None) -> Exception:
        name = self.model._meta.object_name
        if not number:
            return self.model.DoesNotExist(f"{name} matching query does not exist.")  # type: ignore[no-any-return]
        shown = number if not limit or number < limit else f"more than {limit - 1}"
        return self.model.MultipleObjectsReturned(  # type: ignore[no-any-return]
            f"get() returned more than one {name} -- it returned {shown}!"
        )

    @classmethod
    def _gets_plainly(cls) -> bool:
        """Whether the class has the methods that ``get()`` goes through as they are here."""
        names = ("filter", "_filter_or_exclude", "_chain", "_clone", "_fetch_all", "order_by")
        found = cls._plain_get = all(getattr(cls, name) is getattr(Retrieving, name) for name in names)
        return found

    def _may_get_quickly(self) -> bool:
        """Whether nothing of this queryset's own has a say in ``get()``."""
        cls = type(self)
        plain = cls.__dict__.get("_plain_get")
        return bool(
            (cls._gets_plainly() if plain is None else plain)
            and not self._shape.sliced  # type: ignore[union-attr]
            and self._iterable_class is ModelIterable
            and not self._sticky_filter
            and not self._defer_next_filter
            and self._deferred_filter is None
        )

    def _get_quickly(self, shape: Any, given: tuple[Any, ...]) -> Any:
        """``get()`` by a shape: no copy of the queryset is needed."""
        mode = self._fetch_mode
        if self._prefetch_related_lookups or (mode is not None and mode.track_peers):
            return self._one_of_clone(shape, given)
        alias = self.db
        try:
            found = fetch(self, shape, self._values_given + given, connections[alias], alias)
        except Rebind:
            return self._one_of_clone(shape, given)
        if len(found) == 1:
            return found[0]
        raise self._not_one(len(found), MAX_GET_RESULTS)

    def _one_of_clone(self, shape: Any, given: tuple[Any, ...]) -> Any:
        clone = self._chain()
        clone._shape, clone._values_given = shape, self._values_given + given
        number = len(clone)
        if number == 1:
            return (clone._result_cache or [])[0]
        raise self._not_one(number, MAX_GET_RESULTS)

    def first(self) -> M | None:
        """The first object, by primary key if there is no order; None without any."""
        queryset: Any = self
        if not self.ordered and self._may_order_by_pk():
            self._check_ordering_first_last_queryset_aggregation("first")
            queryset = self.order_by("pk")
        return next(iter(queryset[:1]), None)

    afirst = bridge.shell(first)

    def last(self) -> M | None:
        """The last object, by primary key if there is no order; None without any."""
        queryset: Any
        if self.ordered:
            queryset = self.reverse()
        elif self._may_order_by_pk():
            self._check_ordering_first_last_queryset_aggregation("last")
            queryset = self.order_by("-pk")
        else:
            queryset = self.reverse()
        return next(iter(queryset[:1]), None)

    alast = bridge.shell(last)

    def _may_order_by_pk(self) -> bool:
        """Whether no order was ever asked for: ``order_by()`` without arguments asks for none."""
        query = self._shape.query if self._shape is not None else self.query
        return bool(query.default_ordering)

    def _check_ordering_first_last_queryset_aggregation(self, method: str) -> None:
        query = self._shape.query if self._shape is not None else self.query
        if isinstance(query.group_by, tuple) and not any(column.output_field is self.model._meta.pk for column in query.group_by):
            raise TypeError(
                f"Cannot use QuerySet.{method}() on an unordered queryset performing aggregation. Add an ordering with order_by()."
            )

    def _extreme(self, method: str, fields: tuple[Any, ...]) -> Any:
        if fields:
            order = fields
        else:
            configured = self.model._meta.get_latest_by
            if not configured:
                raise ValueError(
                    "earliest() and latest() require either fields as positional arguments or 'get_latest_by' in the model's Meta."
                )
            order = (configured,) if isinstance(configured, str) else tuple(configured)
        self._not_sliced("change a query")
        clone = self._chain()
        clone.query.set_limits(high=1)
        clone.query.clear_ordering(force=True)
        clone.query.add_ordering(*order)
        if method == "latest":
            clone.query.standard_ordering = not clone.query.standard_ordering
        return clone.get()

    def earliest(self, *fields: Any) -> M:
        """The first object by these fields, or by ``get_latest_by`` of the model's Meta. Raises DoesNotExist."""
        self._not_combined("earliest")
        return self._extreme("earliest", fields)  # type: ignore[no-any-return]

    aearliest = bridge.shell(earliest)

    def latest(self, *fields: Any) -> M:
        """The last object by these fields, or by ``get_latest_by`` of the model's Meta. Raises DoesNotExist."""
        self._not_combined("latest")
        return self._extreme("latest", fields)  # type: ignore[no-any-return]

    alatest = bridge.shell(latest)

    def count(self) -> int:
        """How many results there are."""
        if self._result_cache is not None:
            return len(self._result_cache)
        if self._shape is not None and self._deferred_filter is None:
            connection = connections[self.db]
            try:
                return self._shape.answer("count", self._values_given, connection) or 0
            except Rebind:
                pass
            except EmptyResultSet:
                return 0
        return self.query.get_count(using=self.db)  # type: ignore[no-any-return]

    acount = bridge.shell(count)

    def exists(self) -> bool:
        """Whether there is any result."""
        if self._result_cache is None:
            if self._shape is not None and self._deferred_filter is None:
                try:
                    return self._shape.answer("exists", self._values_given, connections[self.db]) is not None
                except Rebind:
                    pass
                except EmptyResultSet:
                    return False
            return self.query.has_results(using=self.db)  # type: ignore[no-any-return]
        return bool(self._result_cache)

    aexists = bridge.shell(exists)

    def contains(self, obj: Any) -> bool:
        """Whether this object is among the results. Raises TypeError for other values, ValueError for unsaved objects."""
        self._not_combined("contains")
        if self._fields is not None:
            raise TypeError("Cannot call QuerySet.contains() after .values() or .values_list().")
        meta: Any = getattr(obj, "_meta", None)
        if not hasattr(meta, "concrete_model"):
            raise TypeError("'obj' must be a model instance.")
        if meta.concrete_model != self.model._meta.concrete_model:
            return False
        if not obj._is_pk_set():
            raise ValueError("QuerySet.contains() cannot be used on unsaved objects.")
        if self._result_cache is not None:
            return obj in self._result_cache
        return self.filter(pk=obj.pk).exists()

    acontains = bridge.shell(contains)

    def aggregate(self, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """Aggregates over all results, by name. Raises TypeError for expressions that need a name and have none."""
        query = self._shape.query if self._shape is not None else self.query
        if query.distinct_fields:
            raise NotImplementedError("aggregate() + distinct(fields) not implemented.")
        self._validate_values_are_expressions((*args, *kwargs.values()), method_name="aggregate")
        for item in args:
            try:
                name = item.default_alias
            except (AttributeError, TypeError):
                raise TypeError("Complex aggregates require an alias") from None
            kwargs[name] = item
        if self._shape is not None and self._deferred_filter is None:
            try:
                found = aggregate_rows(self._shape, self._values_given, kwargs, connections[self.db])
            except (Rebind, EmptyResultSet):
                found = None
            if found is not None:
                return found
        return self.query.chain().get_aggregation(self.db, kwargs)  # type: ignore[no-any-return]

    aaggregate = bridge.shell(aggregate)

    def in_bulk(self, id_list: Any = None, *, field_name: str = "pk") -> dict[Any, M]:
        """Results by the value of a unique field. Raises TypeError after a slice, ValueError for a field that is not unique."""
        self._not_limited("in_bulk")
        self._check_unique(field_name)
        if id_list is not None:
            if not id_list:
                return {}
            queryset: Any = self._by_ids(id_list, field_name)
        else:
            queryset = self._chain()
        if queryset._iterable_class is ModelIterable:
            return {getattr(obj, field_name): obj for obj in queryset}
        return self._bulk_values(queryset, field_name)

    ain_bulk = bridge.shell(in_bulk)

    def _check_unique(self, field_name: str) -> None:
        opts = self.model._meta
        unique = {constraint.fields[0] for constraint in opts.total_unique_constraints if len(constraint.fields) == 1}
        if field_name == "pk" or opts.get_field(field_name).unique or field_name in unique or self.query.distinct_fields == (field_name,):
            return
        raise ValueError(f"in_bulk()'s field_name must be a unique field but {field_name!r} isn't.")

    def _by_ids(self, id_list: Any, field_name: str) -> Any:
        lookup = f"{field_name}__in"
        ids = tuple(id_list)
        fields = self.model._meta.pk_fields if field_name == "pk" else [self.model._meta.get_field(field_name)]
        limit = connections[self.db].ops.bulk_batch_size(fields, ids)
        if not limit or len(ids) <= limit:
            return self.filter(**{lookup: ids})
        found: list[Any] = []
        for start in range(0, len(ids), limit):
            found.extend(self.filter(**{lookup: ids[start : start + limit]}))
        queryset: Any = self._chain()
        queryset._result_cache = found
        queryset._prefetch_done = True
        return queryset

    def _bulk_values(self, queryset: Any, field_name: str) -> dict[Any, Any]:
        """Rows of ``values()`` or ``values_list()`` by the field, which is selected for the purpose where it is not."""
        name = self.model._meta.pk.name if field_name == "pk" else field_name
        names = list(queryset.query.selected or ()) or [field.attname for field in self.model._meta.concrete_fields]
        iterable = queryset._iterable_class
        if iterable is ValuesIterable:
            key = field_name if field_name in names else (name if name in names else None)
            if key is not None:
                return {row[key]: row for row in queryset}
            return {row.pop(field_name): row for row in queryset.values(field_name, *names)}
        if issubclass(iterable, NamedValuesListIterable):
            if field_name in names:
                return {getattr(row, field_name): row for row in queryset}
            return {row[0]: row for row in queryset.values_list(field_name, *names, named=True)}
        keyed = queryset.values_list(field_name, *names)
        if iterable is FlatValuesListIterable:
            return {row[0]: row[1] for row in keyed}
        if issubclass(iterable, ValuesListIterable):
            return {row[0]: row[1:] for row in keyed}
        raise TypeError(f"in_bulk() cannot be used with {iterable.__name__}.")

    def explain(self, *, format: str | None = None, **options: Any) -> str:
        """How the database would execute this query, in its own words."""
        return self.query.explain(using=self.db, format=format, **options)  # type: ignore[no-any-return]

    aexplain = bridge.shell(explain)

    def raw(self, raw_query: str, params: Any = (), translations: Any = None, using: str | None = None) -> RawQuerySet:
        """Instances from the rows of a SQL text."""
        alias = using if using is not None else self.db
        queryset = RawQuerySet(raw_query, model=self.model, params=params, translations=translations, using=alias)
        queryset._prefetch_related_lookups = self._prefetch_related_lookups[:]
        queryset._fetch_mode = self._fetch_mode
        return queryset


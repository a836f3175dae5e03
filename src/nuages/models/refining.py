"""The methods of a QuerySet that return another one. See the QuerySet API reference."""

from __future__ import annotations

import datetime
import warnings
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, Self

from nuages.models.iteration import FlatValuesListIterable, NamedValuesListIterable, ValuesIterable, ValuesListIterable
from nuages.models.resultset import EmptyQuerySet, M, ResultSet
from nuages.sql import outputs
from nuages.sql.constants import LOOKUP_SEP, OR, XOR
from nuages.sql.errors import NotSupportedError
from nuages.sql.expressions import F, OrderBy, Ref, Window
from nuages.sql.functions import RowNumber, Trunc
from nuages.sql.joins import FilteredRelation
from nuages.sql.lookups import GreaterThan, LessThanOrEqual
from nuages.sql.q import Q
from nuages.text.deprecation import RemovedInNextVersionWarning

if TYPE_CHECKING:
    from nuages.models.queryset import QuerySet

_KINDS_OF_DATES = ("year", "month", "week", "day")
_KINDS_OF_MOMENTS = (*_KINDS_OF_DATES, "hour", "minute", "second")


def _check_kind(kind: str, kinds: tuple[str, ...]) -> None:
    if kind not in kinds:
        *names, last = map(repr, kinds)
        raise ValueError(f"'kind' must be one of {', '.join(names)}, or {last}.")


class Refining(ResultSet[M]):
    """Everything that narrows, orders, annotates or combines."""

    # -- conditions ------------------------------------------------------------------------------------------------

    def all(self) -> Self:
        """A copy."""
        return self._chain()

    def filter(self, *args: Any, **kwargs: Any) -> Self:
        """Only rows that match all of these. Raises FieldError for unknown names, ValueError or TypeError for bad values."""
        self._check_names(kwargs)
        self._not_combined("filter")
        return self._filter_or_exclude(False, args, kwargs)

    def exclude(self, *args: Any, **kwargs: Any) -> Self:
        """Only rows that do not match all of these."""
        self._check_names(kwargs)
        self._not_combined("exclude")
        return self._filter_or_exclude(True, args, kwargs)

    @staticmethod
    def _check_names(kwargs: dict[str, Any]) -> None:
        if "_connector" in kwargs or "_negated" in kwargs:
            wrong = ", ".join(f"'{name}'" for name in ("_connector", "_negated") if name in kwargs)
            raise TypeError(f"The following kwargs are invalid: {wrong}")

    def _not_sliced(self, action: str) -> None:
        """Raises TypeError for what makes sense only before LIMIT and OFFSET."""
        if self._is_sliced():
            raise TypeError(f"Cannot {action} once a slice has been taken.")

    def _not_limited(self, method: str) -> None:
        """Raises TypeError for a method that works on all results."""
        if self._is_sliced():
            raise TypeError(f"Cannot use 'limit' or 'offset' with {method}().")

    def _filter_or_exclude(self, negate: bool, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Self:
        if args or kwargs:
            self._not_sliced("filter a query")
        clone = self._chain()
        if clone._shape is not None and not args and kwargs and not self._defer_next_filter:
            narrowed = clone._shape.narrow("exclude" if negate else "filter", kwargs)
            if narrowed is not None:
                clone._shape, given = narrowed
                clone._values_given = self._values_given + given
                return clone
        if self._defer_next_filter:
            self._defer_next_filter = False
            clone._deferred_filter = negate, args, kwargs
        else:
            clone._add_condition(negate, args, kwargs)
        return clone

    def _filter_or_exclude_inplace(self, negate: bool, args: tuple[Any, ...], kwargs: dict[str, Any]) -> None:
        self._add_condition(negate, args, kwargs)

    def complex_filter(self, filter_obj: Any) -> Self:
        """``filter()`` by a Q object or a dictionary of lookups."""
        if isinstance(filter_obj, Q):
            clone = self._chain()
            clone.query.add_q(filter_obj)
            return clone
        return self._filter_or_exclude(False, (), filter_obj)

    def _filter_prefetched(self, lookup: str, instances: Any) -> Self:
        """What belongs to these instances. Joins that the QuerySet has are used again; a slice is taken for each instance by itself."""
        name = lookup.removesuffix("__in")
        clone = self._chain()
        query = clone.query
        if not query.is_sliced:
            query.add_q(Q(**{lookup: instances}), reuse_all=True)
            return clone
        low, high = query.low_mark, query.high_mark
        compiler = query.clone().get_compiler(clone.db)
        compiler.setup_query()
        order_by = [expression for expression, _ in compiler.get_order_by()]
        number = Window(RowNumber(), partition_by=name, order_by=order_by)
        condition = Q(**{lookup: instances}) & GreaterThan(number, low)
        if high is not None:
            condition &= LessThanOrEqual(number, high)
        query.clear_limits()
        query.add_q(condition, reuse_all=True)
        return clone

    def none(self) -> Self:
        """No rows, without asking the database."""
        clone = self._chain()
        clone.query.set_empty()
        return clone

    # -- combinations ----------------------------------------------------------------------------------------------

    def _combinator_query(self, combinator: str, *other_qs: Any, all: bool = False) -> Self:
        clone = self._chain()
        clone.query.clear_ordering(force=True, clear_default=False)
        clone.query.clear_limits()
        clone.query.combined_queries = (self.query, *(other.query for other in other_qs))
        clone.query.combinator = combinator
        clone.query.combinator_all = all
        return clone

    def union(self, *other_qs: Any, all: bool = False) -> Self:
        """The rows of all these QuerySets; ``all`` keeps repetitions."""
        if isinstance(self, EmptyQuerySet):
            filled = [queryset for queryset in other_qs if not isinstance(queryset, EmptyQuerySet)]
            if not filled:
                return self
            if len(filled) == 1:
                return filled[0]  # type: ignore[no-any-return]
            return filled[0]._combinator_query("union", *filled[1:], all=all)  # type: ignore[no-any-return]
        return self._combinator_query("union", *other_qs, all=all)

    def intersection(self, *other_qs: Any) -> Self:
        """The rows that all these QuerySets have."""
        if isinstance(self, EmptyQuerySet):
            return self
        for other in other_qs:
            if isinstance(other, EmptyQuerySet):
                return other  # type: ignore[no-any-return, return-value]
        return self._combinator_query("intersection", *other_qs)

    def difference(self, *other_qs: Any) -> Self:
        """The rows of this QuerySet that none of the others has."""
        if isinstance(self, EmptyQuerySet):
            return self
        return self._combinator_query("difference", *other_qs)

    def _not_combined(self, method: str) -> None:
        query = self._query
        if query is not None and query.combinator:
            raise NotSupportedError(
                f"Calling QuerySet.{method}() after {query.combinator}() is not supported."
            )

    # The name by which querysets of third-party packages know it.
    _not_support_combined_queries = _not_combined

    def _refuse_combined(self, other: Any, operator: str) -> None:
        if self.query.combinator or other.query.combinator:
            raise TypeError(f"Cannot use {operator} operator with combined queryset.")

    def __and__(self, other: Any) -> Any:
        self._refuse_combined(other, "&")
        self._merge_sanity_check(other)
        for one in (other, self):
            if isinstance(one, EmptyQuerySet):
                return one
        combined = self._chain()
        combined._merge_known_related_objects(other)
        combined.query.combine(other.query, "AND")
        return combined

    def _either(self, other: Any, connector: str) -> Any:
        self._refuse_combined(other, "|" if connector == OR else "^")
        self._merge_sanity_check(other)
        if isinstance(self, EmptyQuerySet):
            return other
        if isinstance(other, EmptyQuerySet):
            return self
        query = self if self.query.can_filter() else self.model._base_manager.filter(pk__in=self.values("pk"))
        combined = query._chain()
        combined._merge_known_related_objects(other)
        if not other.query.can_filter():
            other = other.model._base_manager.filter(pk__in=other.values("pk"))
        combined.query.combine(other.query, connector)
        return combined

    def __or__(self, other: Any) -> Any:
        return self._either(other, OR)

    def __xor__(self, other: Any) -> Any:
        return self._either(other, XOR)

    def _merge_sanity_check(self, other: Any) -> None:
        mine, theirs = self.query, other.query
        if self._fields is not None and (
            set(mine.values_select) != set(theirs.values_select)
            or set(mine.extra_select) != set(theirs.extra_select)
            or set(mine.annotation_select) != set(theirs.annotation_select)
        ):
            raise TypeError(f"Merging '{type(self).__name__}' classes must involve the same values in each case.")

    def _merge_known_related_objects(self, other: Any) -> None:
        known = {field: dict(objects) for field, objects in self._known_related_objects.items()}
        for field, objects in other._known_related_objects.items():
            known.setdefault(field, {}).update(objects)
        self._known_related_objects = known

    # -- order -----------------------------------------------------------------------------------------------------

    def order_by(self, *field_names: Any) -> Self:
        """In this order: names, ``-name`` for descending, ``"?"`` for random, or expressions; without arguments, in none."""
        self._not_sliced("reorder a query")

        def apply(query: Any) -> None:
            query.clear_ordering(force=True, clear_default=False)
            query.add_ordering(*field_names)

        if all(type(name) is str for name in field_names):
            return self._changed(("order_by", field_names), apply)
        clone = self._chain()
        apply(clone.query)
        return clone

    def reverse(self) -> Self:
        """In the opposite order."""
        self._not_sliced("reverse a query")

        def apply(query: Any) -> None:
            query.standard_ordering = not query.standard_ordering

        return self._changed(("reverse",), apply)

    def distinct(self, *field_names: str) -> Self:
        """Each row once; with names (on PostgreSQL), the first row for each combination of these."""
        self._not_combined("distinct")
        self._not_sliced("create distinct fields")
        return self._changed(("distinct", field_names), lambda query: query.add_distinct_fields(*field_names))

    @property
    def totally_ordered(self) -> bool:
        """Whether the order leaves no two rows equal: it includes unique columns that are never NULL."""
        query = self.query
        if query.extra_order_by or query.combinator:
            return False
        ordering = query.order_by or (query.get_meta().ordering if query.default_ordering and query.group_by is None else ())
        if not ordering:
            return False
        opts = query.get_meta()
        names = {name for item in ordering if (name := _plain_order_name(item)) is not None}
        columns = {field.attname: field.attname for field in opts.concrete_fields}
        columns.update({field.name: field.attname for field in opts.concrete_fields if not (field.is_relation and field.related_model._meta.ordering)})
        fields: set[str] = set()
        for name in names:
            if name == "pk":
                fields.update(field.attname for field in opts.pk_fields)
            elif name in columns:
                fields.add(columns[name])
        return _covers_unique(opts, fields)

    # -- columns ---------------------------------------------------------------------------------------------------

    def values(self, *fields: Any, **expressions: Any) -> QuerySet[dict[str, Any]]:
        """Dictionaries instead of instances: of these names and expressions, or of all fields."""
        self._not_combined_values(expressions)
        names = tuple(dict.fromkeys(fields + tuple(expressions)))
        clone = self._values(*names, **expressions)
        clone._iterable_class = ValuesIterable
        return clone  # type: ignore[no-any-return]

    def _not_combined_values(self, expressions: dict[str, Any]) -> None:
        if expressions:
            self._not_combined("annotate")

    def _values(self, *fields: Any, **expressions: Any) -> Any:
        def apply(query: Any) -> None:
            query.set_values(fields)

        clone = self.annotate(**expressions) if expressions else self
        if all(type(name) is str for name in fields):
            clone = clone._changed(("values", fields), apply)
        else:
            clone = clone._chain()
            apply(clone.query)
        clone._fields = fields
        return clone

    def values_list(self, *fields: Any, flat: bool = False, named: bool = False) -> QuerySet[Any]:
        """Tuples instead of instances; ``flat`` gives the values of one field alone, ``named`` gives named tuples."""
        if flat and named:
            raise TypeError("'flat' and 'named' can't be used together.")
        if flat and len(fields) > 1:
            raise TypeError("'flat' gives the values of one field, and values_list() was called with several.")
        if flat and not fields:
            warnings.warn(
                "values_list(flat=True) without a field name is deprecated: name the field, such as 'pk'.",
                RemovedInNextVersionWarning,
                stacklevel=2,
            )
            fields = (self.model._meta.concrete_fields[0].attname,)
        taken = {name for name in fields if not hasattr(name, "resolve_expression")}
        names: list[str] = []
        expressions: dict[str, Any] = {}
        for item in fields:
            if not hasattr(item, "resolve_expression"):
                names.append(item)
                continue
            stem = getattr(item, "default_alias", None) if _has_default_alias(item) else type(item).__name__.lower()
            number = 1
            while (name := f"{stem}{number}") in taken:
                number += 1
            taken.add(name)
            expressions[name] = item
            names.append(name)
        clone = self._values(*names, **expressions)
        clone._iterable_class = (
            NamedValuesListIterable if named else FlatValuesListIterable if flat else ValuesListIterable
        )
        return clone  # type: ignore[no-any-return]

    def dates(self, field_name: str, kind: str, order: str = "ASC") -> QuerySet[datetime.date]:
        """The different dates in a field, as ``datetime.date``, at the start of their year, month, week or day."""
        _check_kind(kind, _KINDS_OF_DATES)
        return self._moments(field_name, kind, order, Trunc(field_name, kind, output_field=_date_field()))  # type: ignore[no-any-return]

    def datetimes(self, field_name: str, kind: str, order: str = "ASC", tzinfo: datetime.tzinfo | None = None) -> QuerySet[datetime.datetime]:
        """The different moments in a field, as ``datetime.datetime``, at the start of their year … second."""
        _check_kind(kind, _KINDS_OF_MOMENTS)
        return self._moments(field_name, kind, order, Trunc(field_name, kind, output_field=_datetime_field(), tzinfo=tzinfo))  # type: ignore[no-any-return]

    def _moments(self, field_name: str, kind: str, order: str, expression: Any) -> Any:
        if order not in ("ASC", "DESC"):
            raise ValueError("'order' must be either 'ASC' or 'DESC'.")
        name = "datefield" if kind and expression.output_field.get_internal_type() == "DateField" else "datetimefield"
        annotated = self.annotate(**{name: expression, "plain_field": F(field_name)})
        chosen = annotated.values_list(name, flat=True).distinct().filter(plain_field__isnull=False)
        return chosen.order_by(("-" if order == "DESC" else "") + name)

    def annotate(self, *args: Any, **kwargs: Any) -> Self:
        """Each result with these expressions as attributes. Raises ValueError for names that are taken."""
        self._not_combined("annotate")
        return self._annotate(args, kwargs, select=True)

    def alias(self, *args: Any, **kwargs: Any) -> Self:
        """These expressions for use in later calls, without selecting them."""
        self._not_combined("alias")
        return self._annotate(args, kwargs, select=False)

    def _annotate(self, args: tuple[Any, ...], kwargs: dict[str, Any], select: bool) -> Self:
        self._validate_values_are_expressions((*args, *kwargs.values()), "annotate" if select else "alias")
        annotations = _named_expressions(args, kwargs)
        clone = self._chain()
        taken = _taken_names(clone.model) if clone._fields is None else set(clone._fields)
        for alias, annotation in annotations.items():
            if alias in taken and not (clone._fields is not None and alias in clone.query.annotations):
                raise ValueError(f"The annotation '{alias}' conflicts with a field on the model.")
            if isinstance(annotation, FilteredRelation):
                clone.query.add_filtered_relation(annotation.clone(), alias)
            else:
                clone.query.add_annotation(annotation, alias, select=select)
        for alias, annotation in clone.query.annotations.items():
            if alias in annotations and getattr(annotation, "contains_aggregate", False):
                if clone._fields is None:
                    clone.query.group_by = True
                else:
                    clone.query.set_group_by()
                break
        return clone

    @staticmethod
    def _validate_values_are_expressions(values: Iterable[Any], method_name: str) -> None:
        wrong = sorted(str(value) for value in values if not hasattr(value, "resolve_expression") and not isinstance(value, FilteredRelation))
        if wrong:
            raise TypeError(f"QuerySet.{method_name}() received non-expression(s): {', '.join(wrong)}.")

    def extra(
        self, select: Any = None, where: Any = None, params: Any = None, tables: Any = None, order_by: Any = None, select_params: Any = None
    ) -> Self:
        """Raw parts of SQL; a last resort."""
        self._not_combined("extra")
        self._not_sliced("change a query")
        clone = self._chain()
        clone.query.add_extra(select, select_params, where, params, tables, order_by)
        return clone

    def defer(self, *fields: Any) -> Self:
        """Leave these fields out until they are read; ``defer(None)`` loads all."""
        self._not_combined("defer")
        if self._fields is not None:
            raise TypeError("Cannot call defer() after .values() or .values_list()")

        def apply(query: Any) -> None:
            if fields == (None,):
                query.clear_deferred_loading()
            else:
                query.add_deferred_loading(fields)

        return self._changed(("defer", fields), apply)

    def only(self, *fields: Any) -> Self:
        """Load only these fields; others when they are read."""
        self._not_combined("only")
        if self._fields is not None:
            raise TypeError("Cannot call only() after .values() or .values_list()")
        if fields == (None,):
            raise TypeError("Cannot pass None as an argument to only().")
        self._not_filtered_relation(fields, "only")
        return self._changed(("only", fields), lambda query: query.add_immediate_loading(fields))

    def _not_filtered_relation(self, names: Iterable[str], method: str) -> None:
        if self._shape is not None:
            return
        for name in names:
            if name.split(LOOKUP_SEP, 1)[0] in self.query._filtered_relations:
                raise ValueError(f"{method}() is not supported with FilteredRelation.")

    # -- relations, databases, locks -------------------------------------------------------------------------------

    def select_related(self, *fields: Any) -> Self:
        """With these related objects in the same query; without names, all that are never NULL; ``None`` for none."""
        self._not_combined("select_related")
        if self._fields is not None:
            raise TypeError("Cannot call select_related() after .values() or .values_list()")

        if not fields:
            warnings.warn(
                "Calling select_related() with no arguments is deprecated. Name the relations to load.",
                RemovedInNextVersionWarning,
                stacklevel=2,
            )

        def apply(query: Any) -> None:
            if fields == (None,):
                query.select_related = False
            elif fields:
                query.add_select_related(fields)
            else:
                query.select_related = True

        return self._changed(("select_related", fields), apply)

    def prefetch_related(self, *lookups: Any) -> Self:
        """With these related objects, by one more query for each; ``None`` forgets earlier ones."""
        self._not_combined("prefetch_related")
        clone = self._chain()
        if lookups == (None,):
            clone._prefetch_related_lookups = ()
            return clone
        self._not_filtered_relation((getattr(lookup, "prefetch_to", lookup) for lookup in lookups), "prefetch_related")
        clone._prefetch_related_lookups = clone._prefetch_related_lookups + lookups
        return clone

    def fetch_mode(self, mode: Any) -> Self:
        """Instances that load what is missing as ``mode`` says. See "Fetch modes"."""
        clone = self._chain()
        clone._fetch_mode = mode
        return clone

    def select_for_update(
        self, nowait: bool = False, skip_locked: bool = False, of: Iterable[str] = (), no_key: bool = False
    ) -> Self:
        """Lock the rows until the end of the transaction. Raises ValueError for options that exclude each other."""
        if nowait and skip_locked:
            message = "The nowait option cannot be used with skip_locked."
            raise ValueError(message)
        clone = self._chain()
        clone._for_write = True
        query = clone.query
        query.select_for_update = True
        query.select_for_update_nowait = nowait
        query.select_for_update_skip_locked = skip_locked
        query.select_for_update_of = tuple(of)
        query.select_for_no_key_update = no_key
        return clone

    def using(self, alias: str | None) -> Self:
        """From this database."""
        clone = self._chain()
        clone._db = alias
        return clone


def _has_default_alias(item: Any) -> bool:
    try:
        return bool(getattr(item, "default_alias", None))
    except TypeError:
        return False


def _named_expressions(args: tuple[Any, ...], kwargs: dict[str, Any]) -> dict[str, Any]:
    annotations: dict[str, Any] = {}
    for item in args:
        try:
            name = item.default_alias
        except (AttributeError, TypeError):
            raise TypeError("Complex annotations require an alias") from None
        if name in kwargs:
            raise ValueError(f"The named annotation '{name}' conflicts with the default name for another annotation.")
        annotations[name] = item
    annotations.update(kwargs)
    return annotations


def _taken_names(model: Any) -> set[str]:
    names: set[str] = set()
    for field in model._meta.get_fields():
        names.add(field.name)
        if hasattr(field, "attname"):
            names.add(field.attname)
    return names


def _plain_order_name(item: Any) -> str | None:
    if isinstance(item, str):
        return item.lstrip("-")
    if isinstance(item, OrderBy):
        item = item.expression
    return item.name if isinstance(item, F) and not isinstance(item, Ref) else None


def _covers_unique(opts: Any, attnames: set[str]) -> bool:
    if {field.attname for field in opts.pk_fields} <= attnames:
        return True
    by_name = {field.name: field for field in opts.concrete_fields}
    groups: list[tuple[str, ...]] = [(field.name,) for field in opts.concrete_fields if field.unique]
    groups += [tuple(group) for group in opts.unique_together]
    groups += [constraint.fields for constraint in opts.total_unique_constraints]
    return any(
        all(by_name[name].attname in attnames and not by_name[name].null for name in group) for group in groups if group
    )


def _date_field() -> Any:
    return outputs.field("DateField")


def _datetime_field() -> Any:
    return outputs.field("DateTimeField")

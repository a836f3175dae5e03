"""Lookups on relations: model instances, lists of them and querysets as values."""

from __future__ import annotations

from typing import Any

from nuages.sql import outputs
from nuages.sql import tuple_lookups as tuples
from nuages.sql.expressions.columns import ColPairs
from nuages.sql.expressions.expression import SQL
from nuages.sql.lookups import Exact, GreaterThan, GreaterThanOrEqual, In, IsNull, LessThan, LessThanOrEqual
from nuages.sql.slots import Slot


def is_model_instance(value: Any) -> bool:
    """Whether ``value`` is an instance of a model (not the class)."""
    return not isinstance(value, type) and hasattr(value, "_meta")


def get_normalized_value(value: Any, lhs: Any) -> tuple[Any, ...]:
    """The values of the columns that a model instance stands for in a comparison with ``lhs``.

    Raises ValueError for an instance that is not saved.
    """
    if is_model_instance(value):
        if value.pk is None:
            raise ValueError("Model instances passed to related filters must be saved.")
        targets = lhs.output_field.path_infos[-1].target_fields
        sources = [part for target in targets for part in getattr(target, "fields", (target,))]
        return tuple(_value_of(value, source) for source in sources)
    return value if isinstance(value, tuple) else (value,)


def _value_of(instance: Any, source: Any) -> Any:
    while not isinstance(instance, source.model) and source.remote_field:
        source = source.remote_field.model._meta.get_field(source.remote_field.field_name)
    try:
        return getattr(instance, source.attname)
    except AttributeError:
        return instance.pk


class RelatedLookupMixin:
    """A comparison of a relation's key with an instance or a key."""

    lhs: Any
    rhs: Any
    prepare_rhs: bool

    def get_prep_lookup(self) -> Any:
        """The key of an instance; a plain value as the relation's target prepares it."""
        if isinstance(self.lhs, ColPairs) or hasattr(self.rhs, "resolve_expression"):
            return super().get_prep_lookup()  # type: ignore[misc]
        self.rhs = get_normalized_value(self.rhs, self.lhs)[0]
        target = self.lhs.output_field.path_infos[-1].target_fields[-1]
        if self.prepare_rhs and hasattr(target, "get_prep_value"):
            return target.get_prep_value(self.rhs)
        return super().get_prep_lookup()  # type: ignore[misc]

    def as_sql(self, compiler: Any, connection: Any) -> SQL:
        """The plain comparison, or one of several columns for a composite relation."""
        if isinstance(self.lhs, ColPairs):
            kept = hasattr(self.rhs, "resolve_expression") or type(self.rhs) in (Slot, bool)
            rhs = self.rhs if kept else get_normalized_value(self.rhs, self.lhs)
            twin = TUPLE_LOOKUPS[self.lookup_name](self.lhs, rhs)  # type: ignore[attr-defined]
            return compiler.compile(twin)  # type: ignore[no-any-return]
        return super().as_sql(compiler, connection)  # type: ignore[misc, no-any-return]


@outputs.class_lookup("ForeignObject")
class RelatedExact(RelatedLookupMixin, Exact):
    """The relation points to this object."""


@outputs.class_lookup("ForeignObject")
class RelatedLessThan(RelatedLookupMixin, LessThan):
    """The relation's key is less."""


@outputs.class_lookup("ForeignObject")
class RelatedGreaterThan(RelatedLookupMixin, GreaterThan):
    """The relation's key is greater."""


@outputs.class_lookup("ForeignObject")
class RelatedGreaterThanOrEqual(RelatedLookupMixin, GreaterThanOrEqual):
    """The relation's key is greater or equal."""


@outputs.class_lookup("ForeignObject")
class RelatedLessThanOrEqual(RelatedLookupMixin, LessThanOrEqual):
    """The relation's key is less or equal."""


@outputs.class_lookup("ForeignObject")
class RelatedIsNull(RelatedLookupMixin, IsNull):
    """The relation is empty."""

    def get_prep_lookup(self) -> Any:
        return self.rhs


@outputs.class_lookup("ForeignObject")
class RelatedIn(In):
    """The relation points to one of these."""

    def get_prep_lookup(self) -> Any:
        if isinstance(self.lhs, ColPairs):
            if getattr(self.rhs, "is_query", False) and not self.rhs.has_select_fields:
                self._select_targets([field.name for field in self.lhs.sources])
            return self.rhs
        if hasattr(self.rhs, "resolve_expression"):
            if getattr(self.rhs, "is_query", False):
                return self._prepared_query()
            return self.rhs
        target = self.lhs.output_field.path_infos[-1].target_fields[-1]
        keys = [item if hasattr(item, "resolve_expression") else get_normalized_value(item, self.lhs)[0] for item in self.rhs]
        return [item if hasattr(item, "resolve_expression") else target.get_prep_value(item) for item in keys]

    def _prepared_query(self) -> Any:
        field = self.lhs.output_field
        if not getattr(self.rhs, "has_select_fields", True) and not getattr(field.target_field, "primary_key", False):
            own_key = getattr(field, "primary_key", False) and field.model == self.rhs.model
            self._select_targets([field.name if own_key else field.target_field.name])
        return super().get_prep_lookup()

    def _select_targets(self, names: list[str]) -> None:
        self.rhs.clear_ordering(clear_default=True)
        self.rhs.clear_select_clause()
        self.rhs.add_fields(names, True)

    def as_sql(self, compiler: Any, connection: Any) -> SQL:
        """``key IN (…)``, or rows of several columns."""
        if isinstance(self.lhs, ColPairs):
            rhs = self.rhs if hasattr(self.rhs, "resolve_expression") else [get_normalized_value(item, self.lhs) for item in self.rhs]
            return compiler.compile(tuples.TupleIn(self.lhs, rhs))  # type: ignore[no-any-return]
        return super().as_sql(compiler, connection)


TUPLE_LOOKUPS: dict[str, Any] = {
    one.lookup_name: one
    for one in (
        tuples.TupleExact, tuples.TupleIsNull, tuples.TupleGreaterThan, tuples.TupleGreaterThanOrEqual,
        tuples.TupleLessThan, tuples.TupleLessThanOrEqual,
    )
}

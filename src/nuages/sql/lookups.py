"""Lookups and transforms. See the lookup API reference and the custom lookups guide."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from functools import cached_property
from typing import Any, ClassVar

from nuages.exceptions import EmptyResultSet, FullResultSet
from nuages.sql import outputs
from nuages.sql.expressions.expression import SQL, Expression, F, Value
from nuages.sql.expressions.functional import Func
from nuages.sql.keeping import hands_on_only
from nuages.sql.registering import RegisterLookupMixin
from nuages.sql.slots import Bound, Rebind, Slot, applied
from nuages.text.hashable import make_hashable

__all__ = [
    "BuiltinLookup",
    "Contains",
    "EndsWith",
    "Exact",
    "FieldGetDbPrepValueIterableMixin",
    "FieldGetDbPrepValueMixin",
    "GreaterThan",
    "GreaterThanOrEqual",
    "IContains",
    "IEndsWith",
    "IExact",
    "IRegex",
    "IStartsWith",
    "In",
    "IntegerFieldExact",
    "IntegerGreaterThan",
    "IntegerGreaterThanOrEqual",
    "IntegerLessThan",
    "IntegerLessThanOrEqual",
    "IsNull",
    "LessThan",
    "LessThanOrEqual",
    "Lookup",
    "PatternLookup",
    "PostgresOperatorLookup",
    "Range",
    "Regex",
    "RegisterLookupMixin",
    "StartsWith",
    "Transform",
    "UUIDTextMixin",
]


class Lookup(Expression):
    """A comparison of an expression (``lhs``) with a value or expression (``rhs``). Subclasses define ``lookup_name`` and ``as_sql``."""

    lhs: Any
    rhs: Any
    lookup_name: ClassVar[str]
    lookup_role: ClassVar[str] = "lookup"
    prepare_rhs: bool = True
    can_use_none_as_rhs: ClassVar[bool] = False

    def __init__(self, lhs: Any, rhs: Any) -> None:
        self.lhs, self.rhs = lhs, rhs
        self.rhs = rhs if type(rhs) is Slot else self.get_prep_lookup()
        self.lhs = self.get_prep_lhs()
        self.bilateral_transforms: list[Any] = []
        if hasattr(self.lhs, "get_bilateral_transforms"):
            self.bilateral_transforms = self.lhs.get_bilateral_transforms()
        if self.bilateral_transforms and getattr(rhs, "is_query", False):
            raise NotImplementedError("Bilateral transformations on nested querysets are not implemented.")

    @cached_property
    def identity(self) -> tuple[Any, ...]:
        return (type(self), self.lhs, make_hashable(self.rhs))

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Lookup) and self.identity == other.identity

    def __hash__(self) -> int:
        return hash((type(self), self.lhs, make_hashable(self.rhs)))

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self.lhs!r}, {self.rhs!r})"

    def apply_bilateral_transforms(self, value: Any) -> Any:
        """``value`` under the transforms that apply to both sides."""
        for transform in self.bilateral_transforms:
            value = transform(value)
        return value

    def batch_process_rhs(self, compiler: Any, connection: Any, rhs: Any = None) -> tuple[Any, Any]:
        """Place-holders and parameters for a right-hand side of several values."""
        values = self.rhs if rhs is None else rhs
        if not self.bilateral_transforms:
            _, params = self.get_db_prep_lookup(values, connection)
            return ["%s"] * len(params), params
        compiled = [self._transformed(Value(item, output_field=self.lhs.output_field), compiler) for item in values]
        return tuple(sql for sql, _ in compiled), tuple(param for _, params in compiled for param in params)

    def _transformed(self, value: Any, compiler: Any) -> SQL:
        resolved = self.apply_bilateral_transforms(value).resolve_expression(compiler.query)
        return compiler.compile(resolved)  # type: ignore[no-any-return]

    def get_source_expressions(self) -> list[Any]:
        return [self.lhs] if self.rhs_is_direct_value() else [self.lhs, self.rhs]

    def set_source_expressions(self, exprs: Sequence[Any]) -> None:
        if len(exprs) == 1:
            self.lhs = exprs[0]
        else:
            self.lhs, self.rhs = exprs

    def get_prep_lookup(self) -> Any:
        """The right-hand side as a Python value of the left-hand side's type. Raises ValueError or TypeError for a bad value."""
        if not self.prepare_rhs or hasattr(self.rhs, "resolve_expression"):
            return self.rhs
        field = getattr(self.lhs, "output_field", None)
        if field is not None:
            return field.get_prep_value(self.rhs) if hasattr(field, "get_prep_value") else self.rhs
        return Value(self.rhs)

    def get_prep_lhs(self) -> Any:
        """The left-hand side as an expression."""
        return self.lhs if hasattr(self.lhs, "resolve_expression") else Value(self.lhs)

    def get_db_prep_lookup(self, value: Any, connection: Any) -> tuple[str, Any]:
        """Place-holder and parameters for a direct value."""
        return "%s", (value,)

    def process_lhs(self, compiler: Any, connection: Any, lhs: Any = None) -> SQL:
        """SQL of the left-hand side."""
        target = self.lhs if lhs is None else lhs
        if isinstance(target, F):
            target = target.resolve_expression(compiler.query)
        sql, params = compiler.compile(target)
        if isinstance(target, Lookup):
            sql = f"({sql})"
        return sql, tuple(params)

    def process_rhs(self, compiler: Any, connection: Any) -> SQL:
        """SQL of the right-hand side: a place-holder for a value, or the expression's own."""
        value = self.rhs
        if type(value) is Slot:
            return "%s", (Bound(value.index, self.slot_converter(connection)),)
        if self.bilateral_transforms:
            if self.rhs_is_direct_value():
                value = Value(value, output_field=self.lhs.output_field)
            value = self.apply_bilateral_transforms(value).resolve_expression(compiler.query)
        if hasattr(value, "as_sql"):
            sql, params = compiler.compile(value)
            # Parentheses keep the precedence of what users wrote, and the text of constraints that databases already hold.
            return (sql if not sql or sql.startswith("(") else f"({sql})"), tuple(params)
        return self.get_db_prep_lookup(value, connection)

    def slot_converter(self, connection: Any) -> Callable[[Any, Any], Any] | None:
        """What turns a value for this lookup's slot into the database's; None where nothing is to do."""
        return lambda value, connection: self.get_db_prep_lookup(value, connection)[1][0]

    def rhs_is_direct_value(self) -> bool:
        """Whether the right-hand side is a plain value, not an expression."""
        return not hasattr(self.rhs, "as_sql")

    def get_group_by_cols(self) -> list[Any]:
        found = list(self.lhs.get_group_by_cols())
        if hasattr(self.rhs, "get_group_by_cols"):
            found.extend(self.rhs.get_group_by_cols())
        return found

    @property
    def contains_aggregate(self) -> bool:  # type: ignore[override]
        """Whether either side holds an aggregate."""
        return bool(self.lhs.contains_aggregate or getattr(self.rhs, "contains_aggregate", False))

    @property
    def contains_over_clause(self) -> bool:  # type: ignore[override]
        """Whether either side holds a window function."""
        return bool(self.lhs.contains_over_clause or getattr(self.rhs, "contains_over_clause", False))

    @property
    def is_summary(self) -> bool:  # type: ignore[override]
        """Whether either side belongs to a terminal aggregate."""
        return bool(getattr(self.lhs, "is_summary", False) or getattr(self.rhs, "is_summary", False))

    @is_summary.setter
    def is_summary(self, value: bool) -> None:
        pass

    @cached_property
    def output_field(self) -> Any:
        """A boolean."""
        return outputs.field("BooleanField")

    def relabeled_clone(self, change_map: dict[str, str]) -> Any:
        clone = self.copy()
        clone.__dict__.pop("identity", None)
        clone.lhs = self.lhs.relabeled_clone(change_map)
        if hasattr(self.rhs, "relabeled_clone"):
            clone.rhs = self.rhs.relabeled_clone(change_map)
        elif isinstance(self.rhs, (list, tuple)) and any(hasattr(item, "relabeled_clone") for item in self.rhs):
            clone.rhs = [item.relabeled_clone(change_map) if hasattr(item, "relabeled_clone") else item for item in self.rhs]
        return clone

    def resolve_expression(
        self, query: Any = None, allow_joins: bool = True, reuse: Any = None, summarize: bool = False, for_save: bool = False
    ) -> Any:
        clone = self.copy()
        clone.__dict__.pop("identity", None)
        clone.lhs = self.lhs.resolve_expression(query, allow_joins, reuse, summarize, for_save)
        clone.rhs = _resolved_rhs(self.rhs, query, allow_joins, reuse, summarize, for_save)
        return clone

    def select_format(self, compiler: Any, sql: str, params: Any) -> SQL:
        if not compiler.connection.features.supports_boolean_expr_in_select_clause:
            sql = f"CASE WHEN {sql} THEN 1 ELSE 0 END"
        return sql, params

    @property
    def allowed_default(self) -> bool:  # type: ignore[override]
        """Whether both sides may stand in a column default."""
        return bool(self.lhs.allowed_default and getattr(self.rhs, "allowed_default", True))


def _resolved_rhs(rhs: Any, query: Any, allow_joins: bool, reuse: Any, summarize: bool, for_save: bool) -> Any:
    if hasattr(rhs, "resolve_expression"):
        return rhs.resolve_expression(query, allow_joins, reuse, summarize, for_save)
    if isinstance(rhs, (list, tuple)) and any(hasattr(item, "resolve_expression") for item in rhs):
        return type(rhs)(
            [
                item.resolve_expression(query, allow_joins, reuse, summarize, for_save) if hasattr(item, "resolve_expression") else item
                for item in rhs
            ]
        )
    return rhs


class Transform(RegisterLookupMixin, Func):
    """A function of one expression that lookup paths can name: ``name__lower``. ``bilateral`` applies it to both sides."""

    bilateral: ClassVar[bool] = False
    arity = 1
    lookup_name: ClassVar[str]
    lookup_role: ClassVar[str] = "transform"

    @property
    def lhs(self) -> Any:
        """The transformed expression."""
        return self.get_source_expressions()[0]

    def get_bilateral_transforms(self) -> list[Any]:
        """The transforms of this path that apply to both sides, innermost first."""
        inner = self.lhs.get_bilateral_transforms() if hasattr(self.lhs, "get_bilateral_transforms") else []
        return [*inner, type(self)] if self.bilateral else list(inner)


class BuiltinLookup(Lookup):
    """A lookup whose operator and casts the database's ``ops`` know by ``lookup_name``."""

    def process_lhs(self, compiler: Any, connection: Any, lhs: Any = None) -> SQL:
        sql, params = super().process_lhs(compiler, connection, lhs)
        field = self.lhs.output_field
        sql = connection.ops.lookup_cast(self.lookup_name, field.get_internal_type()) % sql
        return sql, tuple(params)

    def as_sql(self, compiler: Any, connection: Any) -> SQL:
        """``left operator right``."""
        left, params = self.process_lhs(compiler, connection)
        right, right_params = self.process_rhs(compiler, connection)
        return f"{left} {self.get_rhs_op(connection, right)}", (*params, *right_params)

    def get_rhs_op(self, connection: Any, rhs: str) -> str:
        """The operator with the right-hand side in it."""
        return connection.ops.operators[self.lookup_name] % rhs  # type: ignore[no-any-return]


class FieldGetDbPrepValueMixin:
    """Values go to the database as the left-hand side's field prepares them."""

    get_db_prep_lookup_value_is_iterable = False
    lhs: Any
    rhs: Any

    def slot_converter(self, connection: Any) -> Callable[[Any, Any], Any] | None:
        """The field's own preparation, unless it does nothing."""
        field = self.lhs.output_field
        field = getattr(field, "target_field", None) or field
        if hands_on_only(type(field).get_db_prep_value, connection):
            return None
        prepare = field.get_db_prep_value
        return lambda value, connection: prepare(value, connection, prepared=True)

    def get_db_prep_lookup(self, value: Any, connection: Any) -> tuple[str, Any]:
        """Place-holder and parameters."""
        field = self.lhs.output_field
        prepare = getattr(getattr(field, "target_field", None), "get_db_prep_value", None) or field.get_db_prep_value
        if not self.get_db_prep_lookup_value_is_iterable:
            return "%s", (prepare(value, connection, prepared=True),)
        return "%s", tuple(item if hasattr(item, "as_sql") else prepare(item, connection, prepared=True) for item in value)


class FieldGetDbPrepValueIterableMixin(FieldGetDbPrepValueMixin):
    """The same for lookups that take several values."""

    get_db_prep_lookup_value_is_iterable = True
    prepare_rhs: bool
    bilateral_transforms: list[Any]

    def get_prep_lookup(self) -> Any:
        """Each value prepared by the field; expressions stay as they are."""
        if hasattr(self.rhs, "resolve_expression"):
            return self.rhs
        field: Any = getattr(self.lhs, "output_field", None)
        prepared: list[Any] = []
        for item in self.rhs:
            if hasattr(item, "resolve_expression"):
                prepared.append(item)
            elif self.prepare_rhs and hasattr(field, "get_prep_value"):
                prepared.append(field.get_prep_value(item))
            elif self.prepare_rhs and field is None:
                prepared.append(Value(item))
            else:
                prepared.append(item)
        return prepared

    def get_source_expressions(self) -> list[Any]:
        """The left-hand side, and the expressions among the values."""
        if hasattr(self.rhs, "as_sql"):
            return [self.lhs, self.rhs]
        if not isinstance(self.rhs, (list, tuple)):
            return [self.lhs]
        return [self.lhs, *(item for item in self.rhs if hasattr(item, "resolve_expression"))]

    def set_source_expressions(self, exprs: Sequence[Any]) -> None:
        """Put them back where they were."""
        if hasattr(self.rhs, "as_sql"):
            self.lhs, self.rhs = exprs
            return
        self.lhs, *others = exprs
        if others:
            remaining = iter(others)
            self.rhs = [next(remaining) if hasattr(item, "resolve_expression") else item for item in self.rhs]

    def process_rhs(self, compiler: Any, connection: Any) -> Any:
        """SQL for each value, or the expression's own."""
        if not hasattr(self.rhs, "as_sql"):
            return self.batch_process_rhs(compiler, connection)  # type: ignore[attr-defined]
        return super().process_rhs(compiler, connection)  # type: ignore[misc]

    def batch_process_rhs(self, compiler: Any, connection: Any, rhs: Any = None) -> tuple[Any, Any]:
        """As the plain one; expressions among the values are compiled where they stand."""
        texts, params = super().batch_process_rhs(compiler, connection, rhs)  # type: ignore[misc]
        if not any(hasattr(item, "as_sql") for item in params):
            return texts, params
        parts = [compiler.compile(item) if hasattr(item, "as_sql") else (text, [item]) for text, item in zip(texts, params, strict=True)]
        return tuple(sql for sql, _ in parts), tuple(param for _, item_params in parts for param in item_params)


def unfit_query(lookup: str, demand: str) -> ValueError:
    """The error on a right-hand side that a lookup ("an exact") cannot use."""
    return ValueError(f"The QuerySet value for {lookup} lookup must be {demand}.")


def _select_one(lookup: Lookup, query: Any) -> None:
    """Let a subquery select its primary key, unless it was told what to select. Raises ValueError for several columns."""
    if not query.has_select_fields:
        query.clear_select_clause()
        query.add_fields(["pk"])
        return
    found = len(query.selected_expressions())
    if found > 1 and not getattr(lookup.lhs, "is_composite_columns", False):
        raise ValueError(
            f"The QuerySet value for the {lookup.lookup_name!r} lookup must have 1 selected fields (received {found})"
        )


@outputs.class_lookup("Field")
class Exact(FieldGetDbPrepValueMixin, BuiltinLookup):
    """``=``."""

    lookup_name = "exact"

    def get_prep_lookup(self) -> Any:
        if getattr(self.rhs, "is_query", False):
            return self._single_row_query()
        return super().get_prep_lookup()

    def _single_row_query(self) -> Any:
        if not self.rhs.has_limit_one():
            raise unfit_query("an exact", "limited to one result using slicing")
        _select_one(self, self.rhs)
        return self.rhs

    def as_sql(self, compiler: Any, connection: Any) -> SQL:
        """``left = right``; a condition compared with True or False stands alone where the database lets it."""
        if isinstance(self.rhs, bool) and getattr(self.lhs, "conditional", False):
            base = self.lhs
            while hasattr(base, "expression"):
                base = base.expression
            if hasattr(base, "target") and not connection.features.has_native_boolean_field:
                left, params = self.process_lhs(compiler, connection)
                return f"{left} = {self.rhs}", params
            if connection.ops.conditional_expression_supported_in_where_clause(self.lhs):
                left, params = self.process_lhs(compiler, connection)
                return (left if self.rhs else f"NOT {left}"), params
        return super().as_sql(compiler, connection)


@outputs.class_lookup("Field")
class IExact(BuiltinLookup):
    """Equal but for the case of letters."""

    lookup_name = "iexact"
    prepare_rhs = False

    def process_rhs(self, compiler: Any, connection: Any) -> SQL:
        sql, params = super().process_rhs(compiler, connection)
        if params and self.rhs_is_direct_value():
            params = (applied(connection.ops.prep_for_iexact_query, params[0]), *params[1:])
        return sql, params


@outputs.class_lookup("Field")
class GreaterThan(FieldGetDbPrepValueMixin, BuiltinLookup):
    """``>``."""

    lookup_name = "gt"


@outputs.class_lookup("Field")
class GreaterThanOrEqual(FieldGetDbPrepValueMixin, BuiltinLookup):
    """``>=``."""

    lookup_name = "gte"


@outputs.class_lookup("Field")
class LessThan(FieldGetDbPrepValueMixin, BuiltinLookup):
    """``<``."""

    lookup_name = "lt"


@outputs.class_lookup("Field")
class LessThanOrEqual(FieldGetDbPrepValueMixin, BuiltinLookup):
    """``<=``."""

    lookup_name = "lte"


class IntegerFieldOverflow:
    """Comparisons with numbers outside of the column's range are decided here: drivers refuse such numbers."""

    underflow_exception: ClassVar[type[Exception]] = EmptyResultSet
    overflow_exception: ClassVar[type[Exception]] = EmptyResultSet
    lhs: Any
    rhs: Any

    def process_rhs(self, compiler: Any, connection: Any) -> SQL:
        """As usual, for numbers within the range. Raises EmptyResultSet or FullResultSet for others."""
        internal_type = self.lhs.output_field.get_internal_type()
        lowest, highest = connection.ops.integer_field_range(internal_type)
        rhs = self.rhs
        if type(rhs) is Slot:
            sql, params = super().process_rhs(compiler, connection)  # type: ignore[misc]
            return sql, (params[0].checked(_range_check(lowest, highest)),)
        if isinstance(rhs, int):
            if lowest is not None and rhs < lowest:
                raise self.underflow_exception
            if highest is not None and rhs > highest:
                raise self.overflow_exception
        return super().process_rhs(compiler, connection)  # type: ignore[misc, no-any-return]


def _range_check(lowest: int | None, highest: int | None) -> Callable[[Any, Any], Any] | None:
    """A conversion that lets whole numbers of a range through."""
    if lowest is None and highest is None:
        return None
    low, high = -math.inf if lowest is None else lowest, math.inf if highest is None else highest

    def check(value: Any, connection: Any) -> Any:
        if value is not None and not low <= value <= high:
            raise Rebind
        return value

    return check


class IntegerFieldFloatRounding:
    """Comparisons of whole numbers with fractions: the fraction is rounded up to the number that gives the same answer."""

    rhs: Any

    def get_prep_lookup(self) -> Any:
        """The rounded value."""
        if isinstance(self.rhs, float):
            self.rhs = math.ceil(self.rhs)
        return super().get_prep_lookup()  # type: ignore[misc]


@outputs.class_lookup("IntegerField")
class IntegerFieldExact(IntegerFieldOverflow, Exact):
    """``=`` on whole numbers."""


@outputs.class_lookup("IntegerField")
class IntegerGreaterThan(IntegerFieldOverflow, GreaterThan):
    """``>`` on whole numbers."""

    underflow_exception = FullResultSet


@outputs.class_lookup("IntegerField")
class IntegerGreaterThanOrEqual(IntegerFieldOverflow, IntegerFieldFloatRounding, GreaterThanOrEqual):
    """``>=`` on whole numbers."""

    underflow_exception = FullResultSet


@outputs.class_lookup("IntegerField")
class IntegerLessThan(IntegerFieldOverflow, IntegerFieldFloatRounding, LessThan):
    """``<`` on whole numbers."""

    overflow_exception = FullResultSet


@outputs.class_lookup("IntegerField")
class IntegerLessThanOrEqual(IntegerFieldOverflow, LessThanOrEqual):
    """``<=`` on whole numbers."""

    overflow_exception = FullResultSet


@outputs.class_lookup("Field")
class In(FieldGetDbPrepValueIterableMixin, BuiltinLookup):
    """Membership in a list of values or the rows of a subquery."""

    lookup_name = "in"

    def get_prep_lookup(self) -> Any:
        rhs = self.rhs
        if getattr(rhs, "is_query", False):
            rhs.clear_ordering(clear_default=True)
            _select_one(self, rhs)
            return rhs
        if not hasattr(rhs, "resolve_expression") and not isinstance(rhs, Iterable):
            raise TypeError(f"The 'in' lookup needs an iterable of values, not {type(rhs).__name__!r}.")
        return super().get_prep_lookup()

    def process_rhs(self, compiler: Any, connection: Any) -> Any:
        if not self.rhs_is_direct_value():
            other = getattr(self.rhs, "_db", None)
            if other is not None and other != connection.alias:
                raise ValueError(
                    f"A subquery cannot read the database {other!r} inside a query for {connection.alias!r}: "
                    "evaluate it first, with list(queryset)."
                )
            return super().process_rhs(compiler, connection)
        texts, params = self.batch_process_rhs(compiler, connection, self._values(connection))
        return f"({', '.join(texts)})", params

    def _values(self, connection: Any) -> list[Any]:
        """What can be found in the column at all: no NULL, and no number beyond its range, which drivers refuse."""
        kind = getattr(self.lhs.output_field, "get_internal_type", str)()
        lowest, highest = connection.ops.integer_field_range(kind)
        values = [item for item in self.rhs if item is not None]
        if lowest is not None and highest is not None:
            values = [item for item in values if not isinstance(item, int) or lowest <= item <= highest]
        if not values:
            raise EmptyResultSet
        return _distinct(values)

    def get_rhs_op(self, connection: Any, rhs: str) -> str:
        return f"IN {rhs}"

    def as_sql(self, compiler: Any, connection: Any) -> SQL:
        """``left IN (…)``; several of them where the database limits the list."""
        limit = connection.ops.max_in_list_size()
        if not (self.rhs_is_direct_value() and limit and len(self.rhs) > limit):
            return super().as_sql(compiler, connection)
        left, left_params = self.process_lhs(compiler, connection)
        texts, params = self.batch_process_rhs(compiler, connection, self._values(connection))
        parts: list[str] = []
        all_params: list[Any] = []
        for start in range(0, len(texts), limit):
            parts.append(f"{left} IN ({', '.join(texts[start : start + limit])})")
            all_params += [*left_params, *params[start : start + limit]]
        return f"({' OR '.join(parts)})", all_params


def _distinct(values: Iterable[Any]) -> list[Any]:
    found = list(values)
    try:
        return list(dict.fromkeys(found))
    except TypeError:
        return found


class PatternLookup(BuiltinLookup):
    """Lookups that use LIKE: the value becomes a pattern, an expression is escaped by the database."""

    param_pattern: ClassVar[str] = "%%%s%%"
    prepare_rhs = False

    def get_rhs_op(self, connection: Any, rhs: str) -> str:
        if hasattr(self.rhs, "as_sql") or self.bilateral_transforms:
            ops = connection.ops
            return ops.pattern_ops[self.lookup_name].format(ops.pattern_esc).format(rhs)  # type: ignore[no-any-return]
        return super().get_rhs_op(connection, rhs)

    def process_rhs(self, compiler: Any, connection: Any) -> SQL:
        sql, params = super().process_rhs(compiler, connection)
        if self.rhs_is_direct_value() and params and not self.bilateral_transforms:
            escape = connection.ops.prep_for_like_query
            pattern = self.param_pattern
            params = (applied(lambda value: pattern % escape(value), params[0]),)
        return sql, params


@outputs.class_lookup("Field")
class Contains(PatternLookup):
    """A part of the text."""

    lookup_name = "contains"


@outputs.class_lookup("Field")
class IContains(Contains):
    """A part of the text, whatever the case."""

    lookup_name = "icontains"


@outputs.class_lookup("Field")
class StartsWith(PatternLookup):
    """The beginning of the text."""

    lookup_name = "startswith"
    param_pattern = "%s%%"


@outputs.class_lookup("Field")
class IStartsWith(StartsWith):
    """The beginning of the text, whatever the case."""

    lookup_name = "istartswith"


@outputs.class_lookup("Field")
class EndsWith(PatternLookup):
    """The end of the text."""

    lookup_name = "endswith"
    param_pattern = "%%%s"


@outputs.class_lookup("Field")
class IEndsWith(EndsWith):
    """The end of the text, whatever the case."""

    lookup_name = "iendswith"


@outputs.class_lookup("Field")
class Range(FieldGetDbPrepValueIterableMixin, BuiltinLookup):
    """Between two values, both included."""

    lookup_name = "range"

    def get_rhs_op(self, connection: Any, rhs: Any) -> str:
        return f"BETWEEN {rhs[0]} AND {rhs[1]}"


@outputs.class_lookup("Field")
class IsNull(BuiltinLookup):
    """Whether there is no value. The right-hand side must be True or False."""

    lookup_name = "isnull"
    prepare_rhs = False

    def as_sql(self, compiler: Any, connection: Any) -> SQL:
        """``left IS NULL`` or ``IS NOT NULL``. Raises ValueError for anything but a boolean."""
        if not isinstance(self.rhs, bool):
            raise unfit_query("an isnull", "True or False")
        if isinstance(self.lhs, Value):
            if (self.lhs.value is None) is self.rhs:
                raise FullResultSet
            raise EmptyResultSet
        sql, params = self.process_lhs(compiler, connection)
        return (f"{sql} IS NULL" if self.rhs else f"{sql} IS NOT NULL"), params


@outputs.class_lookup("Field")
class Regex(BuiltinLookup):
    """A regular expression, in the database's own dialect."""

    lookup_name = "regex"
    prepare_rhs = False

    def as_sql(self, compiler: Any, connection: Any) -> SQL:
        """The database's operator, or its function where it has none."""
        if self.lookup_name in connection.ops.operators:
            return super().as_sql(compiler, connection)
        left, left_params = self.process_lhs(compiler, connection)
        right, right_params = self.process_rhs(compiler, connection)
        return connection.ops.regex_lookup(self.lookup_name) % (left, right), (*left_params, *right_params)


@outputs.class_lookup("Field")
class IRegex(Regex):
    """A regular expression, whatever the case."""

    lookup_name = "iregex"


class PostgresOperatorLookup(Lookup):
    """A lookup that is one of PostgreSQL's operators: ``postgres_operator``."""

    postgres_operator: ClassVar[str]

    def as_postgresql(self, compiler: Any, connection: Any) -> SQL:
        """``left operator right``."""
        left, left_params = self.process_lhs(compiler, connection)
        right, right_params = self.process_rhs(compiler, connection)
        return f"{left} {self.postgres_operator} {right}", (*left_params, *right_params)


class _ReplaceHyphens(Func):
    function = "REPLACE"


class UUIDTextMixin:
    """Text lookups on UUIDs, which some databases keep without hyphens: those of the value are dropped."""

    lhs: Any
    rhs: Any

    def process_rhs(self, compiler: Any, connection: Any) -> SQL:
        """The value without hyphens where the column has none."""
        if connection.features.has_native_uuid_field:
            return super().process_rhs(compiler, connection)  # type: ignore[misc, no-any-return]
        if self.rhs_is_direct_value():  # type: ignore[attr-defined]
            if type(self.rhs) is not Slot:
                self.rhs = str(self.rhs).replace("-", "")
                return super().process_rhs(compiler, connection)  # type: ignore[misc, no-any-return]
            raise Rebind
        text = outputs.field("CharField")
        stripped = _ReplaceHyphens(self.rhs, Value("-"), Value(""), output_field=text)
        self.rhs = stripped.resolve_expression(compiler.query)
        return super().process_rhs(compiler, connection)  # type: ignore[misc, no-any-return]


def _register_uuid_lookups() -> None:
    for parent in (IExact, Contains, IContains, StartsWith, IStartsWith, EndsWith, IEndsWith):
        made = type(f"UUID{parent.__name__}", (UUIDTextMixin, parent), {"__module__": __name__, "__doc__": parent.__doc__})
        globals()[made.__name__] = made
        outputs.class_lookup("UUIDField")(made)


_register_uuid_lookups()

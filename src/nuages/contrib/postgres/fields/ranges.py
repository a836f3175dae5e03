"""Fields of ranges: of numbers, days and moments."""

from __future__ import annotations

import datetime
import json
from typing import Any, ClassVar

from psycopg.types.range import Range

from nuages import models
from nuages.contrib.postgres import forms
from nuages.contrib.postgres.fields.owning import OwningField
from nuages.contrib.postgres.fields.registering import lookup_of
from nuages.i18n.translation import gettext_lazy as _
from nuages.sql.expressions import Expression
from nuages.sql.lookups import PostgresOperatorLookup, Transform
from nuages.sql.slots import Slot

BOUNDS = ("[)", "(]", "()", "[]")
# What the database makes of all ranges of whole numbers and of days.
CANONICAL_BOUNDS = "[)"


class RangeBoundary(Expression):
    """The bounds of a range, ``'[)'`` unless said otherwise, as functions that make ranges take them."""

    def __init__(self, inclusive_lower: bool = True, inclusive_upper: bool = False) -> None:
        super().__init__()
        self.lower = "[" if inclusive_lower else "("
        self.upper = "]" if inclusive_upper else ")"

    def as_sql(self, compiler: Any, connection: Any) -> Any:
        """A literal."""
        return f"'{self.lower}{self.upper}'", []


class RangeOperators:
    """The operators of ranges, by the names of their look-ups."""

    ADJACENT_TO = "-|-"
    CONTAINED_BY = "<@"
    CONTAINS = "@>"
    EQUAL = "="
    FULLY_GT = ">>"
    FULLY_LT = "<<"
    NOT_EQUAL = "<>"
    NOT_GT = "&<"
    NOT_LT = "&>"
    OVERLAPS = "&&"


class RangeField(OwningField[Any]):
    """A range. Subclasses name ``base_field``, the class of field that its bounds belong to, and ``form_field``."""

    empty_strings_allowed = False
    default_error_messages: ClassVar[dict[str, Any]] = {"invalid_json": _("A range as text must be a JSON object.")}
    base_field: Any
    form_field: Any
    range_type: Any = Range
    column_type: ClassVar[str]
    default_bounds = CANONICAL_BOUNDS

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        if "default_bounds" in kwargs:
            raise TypeError(
                f"Cannot use 'default_bounds' with {type(self).__name__}: its ranges always become '{CANONICAL_BOUNDS}'."
            )
        # The class names a class; each field has one of its own.
        if isinstance(self.base_field, type):
            self.base_field = self.base_field()
        super().__init__(*args, **kwargs)

    @classmethod
    def _choices_is_value(cls, candidate: Any) -> bool:
        return isinstance(candidate, (list, tuple, cls.range_type)) or super()._choices_is_value(candidate)

    def db_type(self, connection: Any) -> str:
        return self.column_type

    def get_placeholder_sql(self, value: Any, compiler: Any, connection: Any) -> tuple[str, Any]:
        """The value with its type, which its bounds do not always tell."""
        if hasattr(value, "as_sql"):
            return compiler.compile(value)  # type: ignore[no-any-return]
        return f"%s::{self.db_type(connection)}", (value,)

    def get_prep_value(self, value: Any) -> Any:
        if isinstance(value, (list, tuple)):
            return self.range_type(value[0], value[1], self.default_bounds)
        return super().get_prep_value(value)

    def to_python(self, value: Any) -> Any:
        """A range; pairs are taken for bounds, and the JSON that serializers write is read. ``ValidationError`` for other text."""
        if isinstance(value, str):
            try:
                parts = json.loads(value)
            except ValueError:
                raise self._failure("invalid_json") from None
            if not isinstance(parts, dict):
                raise self._failure("invalid_json")
            for name in ("lower", "upper"):
                if name in parts:
                    parts[name] = self.base_field.to_python(parts[name])
            return self.range_type(**parts)
        if isinstance(value, (list, tuple)):
            lower, upper = (self.base_field.to_python(bound) for bound in value)
            return self.range_type(lower, upper, self.default_bounds)
        return value

    def value_to_string(self, obj: Any) -> str | None:  # type: ignore[override]
        """JSON, with the bounds as the base field writes them."""
        value = self.value_from_object(obj)
        if value is None:
            return None
        if value.isempty:
            return json.dumps({"empty": True})
        bounds = {"lower": self._written(value.lower), "upper": self._written(value.upper)}
        return json.dumps({"bounds": value.bounds, **bounds})

    def formfield(self, **kwargs: Any) -> Any:
        return super().formfield(**{"form_class": self.form_field, **kwargs})


class ContinuousRangeField(RangeField):
    """A range that keeps the bounds it is given; pairs get ``default_bounds``."""

    def __init__(self, *args: Any, default_bounds: Any = CANONICAL_BOUNDS, **kwargs: Any) -> None:
        if default_bounds not in BOUNDS:
            raise ValueError("default_bounds must be one of '[)', '(]', '()', or '[]'.")
        self.default_bounds = default_bounds
        super().__init__(*args, **kwargs)

    def deconstruct(self) -> Any:
        name, path, args, kwargs = super().deconstruct()
        if self.default_bounds != CANONICAL_BOUNDS:
            kwargs["default_bounds"] = self.default_bounds
        return name, path, args, kwargs

    def formfield(self, **kwargs: Any) -> Any:
        return super().formfield(**{"default_bounds": self.default_bounds, **kwargs})


class IntegerRangeField(RangeField):
    """A range of whole numbers."""

    base_field = models.IntegerField
    form_field = forms.IntegerRangeField
    column_type = "int4range"


class BigIntegerRangeField(RangeField):
    """A range of large whole numbers."""

    base_field = models.BigIntegerField
    form_field = forms.IntegerRangeField
    column_type = "int8range"


class DecimalRangeField(ContinuousRangeField):
    """A range of decimal numbers."""

    base_field = models.DecimalField
    form_field = forms.DecimalRangeField
    column_type = "numrange"


class DateTimeRangeField(ContinuousRangeField):
    """A range of moments."""

    base_field = models.DateTimeField
    form_field = forms.DateTimeRangeField
    column_type = "tstzrange"


class DateRangeField(RangeField):
    """A range of days."""

    base_field = models.DateField
    form_field = forms.DateRangeField
    column_type = "daterange"


# -- look-ups ---------------------------------------------------------------------------------------------------


@lookup_of(RangeField)
class RangeContains(PostgresOperatorLookup):
    """The range has a value in it, or all of another range."""

    lookup_name = "contains"
    postgres_operator = RangeOperators.CONTAINS

    def get_prep_lookup(self) -> Any:
        """A range or a pair as the field takes it; a single value as its base field does."""
        rhs = self.rhs
        field: RangeField = self.lhs.output_field
        if rhs is None or hasattr(rhs, "resolve_expression") or isinstance(rhs, (list, tuple, field.range_type)):
            return super().get_prep_lookup()
        if isinstance(rhs, datetime.date) and not isinstance(rhs, datetime.datetime):
            return rhs  # the database finds the midnight of the connection's zone
        return field.base_field.get_prep_value(rhs)

    def process_rhs(self, compiler: Any, connection: Any) -> Any:
        """Ranges as they are, single values with a cast to the type of the bounds."""
        sql, params = super().process_rhs(compiler, connection)
        field: RangeField = self.lhs.output_field
        rhs = self.rhs
        if rhs is None or type(rhs) is Slot or isinstance(rhs, field.range_type):
            return sql, params
        if isinstance(getattr(rhs, "_output_field_or_none", None), RangeField):
            return sql, params
        if self.rhs_is_direct_value():
            sql = f"({sql})"
        return f"{sql}::{field.base_field.cast_db_type(connection)}", params


@lookup_of(RangeField)
class ContainedBy(PostgresOperatorLookup):
    """The range lies within another."""

    lookup_name = "contained_by"
    postgres_operator = RangeOperators.CONTAINED_BY


@lookup_of(RangeField)
class Overlap(PostgresOperatorLookup):
    """The range has a value in common with another."""

    lookup_name = "overlap"
    postgres_operator = RangeOperators.OVERLAPS


@lookup_of(RangeField)
class FullyLessThan(PostgresOperatorLookup):
    """The range ends before another starts."""

    lookup_name = "fully_lt"
    postgres_operator = RangeOperators.FULLY_LT


@lookup_of(RangeField)
class FullyGreaterThan(PostgresOperatorLookup):
    """The range starts after another ends."""

    lookup_name = "fully_gt"
    postgres_operator = RangeOperators.FULLY_GT


@lookup_of(RangeField)
class NotLessThan(PostgresOperatorLookup):
    """The range does not start before another."""

    lookup_name = "not_lt"
    postgres_operator = RangeOperators.NOT_LT


@lookup_of(RangeField)
class NotGreaterThan(PostgresOperatorLookup):
    """The range does not end after another."""

    lookup_name = "not_gt"
    postgres_operator = RangeOperators.NOT_GT


@lookup_of(RangeField)
class AdjacentTo(PostgresOperatorLookup):
    """The range shares a bound with another, and no value."""

    lookup_name = "adjacent_to"
    postgres_operator = RangeOperators.ADJACENT_TO


class _Bound(Transform):
    @property
    def output_field(self) -> Any:  # type: ignore[override]
        """What the bounds are."""
        return self.lhs.output_field.base_field


@lookup_of(RangeField)
class RangeStartsWith(_Bound):
    """The lower bound."""

    lookup_name = "startswith"
    function = "lower"


@lookup_of(RangeField)
class RangeEndsWith(_Bound):
    """The upper bound."""

    lookup_name = "endswith"
    function = "upper"


@lookup_of(RangeField)
class IsEmpty(Transform):
    """Whether no value lies in the range."""

    lookup_name = "isempty"
    function = "isempty"
    output_field = models.BooleanField()


@lookup_of(RangeField)
class LowerInclusive(Transform):
    """Whether the lower bound belongs to the range."""

    lookup_name = "lower_inc"
    function = "LOWER_INC"
    output_field = models.BooleanField()


@lookup_of(RangeField)
class LowerInfinite(Transform):
    """Whether the range has no lower bound."""

    lookup_name = "lower_inf"
    function = "LOWER_INF"
    output_field = models.BooleanField()


@lookup_of(RangeField)
class UpperInclusive(Transform):
    """Whether the upper bound belongs to the range."""

    lookup_name = "upper_inc"
    function = "UPPER_INC"
    output_field = models.BooleanField()


@lookup_of(RangeField)
class UpperInfinite(Transform):
    """Whether the range has no upper bound."""

    lookup_name = "upper_inf"
    function = "UPPER_INF"
    output_field = models.BooleanField()


_NUMBERS = (models.IntegerField, models.DecimalField, models.FloatField)
_TIMES = (models.DateField, models.DateTimeField)
# The range that values of a column type lie in, and the type that they must be cast to first.
_RANGES = {
    "smallint": ("int4range", "integer"),
    "integer": ("int4range", None),
    "bigint": ("int8range", None),
    "numeric": ("numrange", None),
    "double precision": ("numrange", "numeric"),
    "date": ("daterange", None),
    "timestamp with time zone": ("tstzrange", None),
}


@lookup_of(models.AutoField, models.BigAutoField, models.SmallAutoField, *_NUMBERS, *_TIMES)
class ValueContainedBy(PostgresOperatorLookup):
    """A number, day or moment lies in a range."""

    lookup_name = "contained_by"
    postgres_operator = RangeOperators.CONTAINED_BY
    prepare_rhs = False

    def get_prep_lookup(self) -> Any:
        """A range; pairs are taken for bounds."""
        return Range(self.rhs[0], self.rhs[1]) if isinstance(self.rhs, (list, tuple)) else super().get_prep_lookup()

    def _types(self, connection: Any) -> tuple[str, str | None]:
        column: str = self.lhs.output_field.db_type(connection)
        return _RANGES[column.partition("(")[0]]

    def process_lhs(self, compiler: Any, connection: Any, lhs: Any = None) -> Any:
        """The value, cast where the database has no ranges of its type."""
        sql, params = super().process_lhs(compiler, connection, lhs)
        _, cast = self._types(connection)
        return (sql if cast is None else f"{sql}::{cast}"), params

    def process_rhs(self, compiler: Any, connection: Any) -> Any:
        """The range with its type."""
        sql, params = super().process_rhs(compiler, connection)
        return f"{sql}::{self._types(connection)[0]}", params

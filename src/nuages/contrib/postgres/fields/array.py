"""``ArrayField``: lists in one column, their look-ups, items and slices."""

from __future__ import annotations

import json
import re
from typing import Any, ClassVar

from nuages import checks
from nuages.conf import names
from nuages.contrib.postgres.fields.owning import OwningField
from nuages.contrib.postgres.fields.registering import lookup_of
from nuages.contrib.postgres.forms.array import SimpleArrayField
from nuages.contrib.postgres.items import ITEM_INVALID, item_error
from nuages.contrib.postgres.validators import ArrayMaxLengthValidator
from nuages.exceptions import ValidationError
from nuages.i18n.translation import gettext_lazy as _
from nuages.models.fields.numbers import IntegerField
from nuages.sql.expressions import Func, Value
from nuages.sql.lookups import (
    Exact,
    GreaterThan,
    GreaterThanOrEqual,
    In,
    LessThan,
    LessThanOrEqual,
    PostgresOperatorLookup,
    Transform,
)
from nuages.text.lazy import cached_property

_RELATED = "Base field for array cannot be a related field."
_SLICE = re.compile(r"(\d+)_(\d+)")


class ArrayField(OwningField[list[Any]]):
    """A list of values, each as ``base_field`` stores it.

    Args:
        base_field: A field of nearly any type, an ``ArrayField`` too; not one for relations or files.
        size: How many items are allowed; checked by validation, written into the type.
    """

    empty_strings_allowed = False
    default_error_messages: ClassVar[dict[str, Any]] = {
        "item_invalid": ITEM_INVALID,
        "nested_array_mismatch": _("Nested arrays must have the same length."),
        "invalid_json": _("An array as text must be a JSON list."),
    }
    _default_hint = ("list", "[]")

    def __init__(self, base_field: Any, size: int | None = None, **kwargs: Any) -> None:
        self.base_field = base_field
        self.size = size
        if size:
            self.default_validators = [*self.default_validators, ArrayMaxLengthValidator(size)]
        if hasattr(base_field, "from_db_value"):
            self.from_db_value = self._each_from_db
        super().__init__(**kwargs)

    # -- description ------------------------------------------------------------------------------------------

    @classmethod
    def _choices_is_value(cls, candidate: Any) -> bool:
        return isinstance(candidate, (list, tuple)) or super()._choices_is_value(candidate)

    @property
    def description(self) -> str:
        """What the documentation of a model says of it."""
        return f"Array of {self.base_field.description}"

    def deconstruct(self) -> Any:
        name, path, args, kwargs = super().deconstruct()
        if path == names.public(f"{__name__}.ArrayField"):
            path = names.public("nuages.contrib.postgres.fields") + ".ArrayField"
        kwargs["base_field"] = self.base_field.clone()
        if self.size is not None:
            kwargs["size"] = self.size
        return name, path, args, kwargs

    # -- column -----------------------------------------------------------------------------------------------

    def _array_of(self, base_type: str | None) -> str:
        return f"{base_type}[{self.size or ''}]"

    def db_type(self, connection: Any) -> str | None:
        return self._array_of(self.base_field.db_type(connection))

    def cast_db_type(self, connection: Any) -> str | None:
        return self._array_of(self.base_field.cast_db_type(connection))

    def db_parameters(self, connection: Any) -> dict[str, Any]:
        return {**super().db_parameters(connection), "collation": getattr(self.base_field, "db_collation", None)}

    def get_placeholder_sql(self, value: Any, compiler: Any, connection: Any) -> tuple[str, Any]:
        """The value with its type: an empty list has none of its own."""
        if hasattr(value, "as_sql"):
            sql, params = compiler.compile(value)
            return f"{sql}::{self.db_type(connection)}", params
        return f"%s::{self.db_type(connection)}", (value,)

    # -- conversion -------------------------------------------------------------------------------------------

    def get_db_prep_value(self, value: Any, connection: Any, prepared: bool = False) -> Any:
        if not isinstance(value, (list, tuple)):
            return value
        return [None if item is None else self.base_field.get_db_prep_value(item, connection) for item in value]

    def _each_from_db(self, value: Any, expression: Any, connection: Any) -> Any:
        if value is None:
            return None
        convert = self.base_field.from_db_value
        return [convert(item, expression, connection) for item in value]

    def to_python(self, value: Any) -> Any:
        """A list of values as the base field has them; the JSON that serializers write is read. Raises ``ValidationError``."""
        if isinstance(value, str):
            try:
                value = json.loads(value)
            except ValueError:
                raise self._failure("invalid_json") from None
        return self._for_each(value, self.base_field.to_python) if isinstance(value, (list, tuple)) else value

    def value_to_string(self, obj: Any) -> str:
        """JSON, with each item as the base field writes it."""
        items = self.value_from_object(obj)
        return json.dumps(None if items is None else [self._written(item) for item in items])

    def get_transform(self, name: str) -> Any:
        """A registered transform, an item (``0``) or a slice (``0_2``); counted from 0, as in Python."""
        found = super().get_transform(name)
        if found is not None:
            return found
        if name.isdigit():
            # The database counts from 1.
            return _Made(IndexTransform, int(name) + 1, self.base_field)
        bounds = _SLICE.fullmatch(name)
        return _Made(SliceTransform, int(bounds[1]) + 1, int(bounds[2])) if bounds else None

    def slice_expression(self, expression: Any, start: Any, length: Any) -> Any:
        """A part of the array; for ``F("field")[0:2]``."""
        return SliceTransform(start, None if length is None else start + length - 1, expression)

    # -- validation -------------------------------------------------------------------------------------------

    def clean(self, value: Any, model_instance: Any) -> Any:
        """The list, each item cleaned by the base field."""
        value = super().clean(value, model_instance)
        if value is None:
            return None
        return self._for_each(value, lambda item: self.base_field.clean(item, model_instance))

    def validate(self, value: Any, model_instance: Any) -> None:
        super().validate(value, model_instance)
        self._for_each(value, lambda item: self.base_field.validate(item, model_instance))
        if isinstance(self.base_field, ArrayField) and len({len(item) for item in value}) > 1:
            raise self._failure("nested_array_mismatch")

    def run_validators(self, value: Any) -> None:
        super().run_validators(value)
        self._for_each(value, self.base_field.run_validators)

    def _for_each(self, items: Any, step: Any) -> list[Any]:
        done: list[Any] = []
        for index, item in enumerate(items or ()):
            try:
                done.append(step(item))
            except ValidationError as error:
                raise item_error(error, index, self.error_messages["item_invalid"]) from None
        return done

    def formfield(self, **kwargs: Any) -> Any:
        options = {"form_class": SimpleArrayField, "base_field": self.base_field.formfield(), "max_length": self.size}
        return super().formfield(**{**options, **kwargs})

    # -- checks -----------------------------------------------------------------------------------------------

    def check(self, **kwargs: Any) -> list[Any]:
        """postgres.E001, E002, W004 and E005, and fields.E010."""
        found = [*super().check(**kwargs), *self._check_default_is_shared()]
        if self.base_field.remote_field:
            return [
                *found,
                checks.Error(_RELATED, obj=self, id="postgres.E002"),
            ]
        below = self.base_field.check(**kwargs)
        errors = [message for message in below if message.level >= checks.ERROR]
        warnings = [message for message in below if checks.INFO < message.level < checks.ERROR]
        if errors:
            found.append(checks.Error(_told("errors", errors), obj=self, id="postgres.E001"))
        if warnings:
            found.append(checks.Warning(_told("warnings", warnings), obj=self, id="postgres.W004"))
        return found


def _told(kind: str, messages: list[Any]) -> str:
    lines = "\n    ".join(f"{message.msg} ({message.id})" for message in messages)
    return f"Base field for array has {kind}:\n    {lines}"


class _Made:
    """What look-ups call with the expression to transform: it knows the rest."""

    def __init__(self, transform: Any, *arguments: Any) -> None:
        self.transform, self.arguments = transform, arguments

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        return self.transform(*self.arguments, *args, **kwargs)


# -- look-ups ---------------------------------------------------------------------------------------------------


class ArrayConstructor(Func):
    """``ARRAY[…]``: a list with expressions in it."""

    function = "ARRAY"
    template = "%(function)s[%(expressions)s]"


class TypedArrayMixin:
    """The right-hand side is cast to the type of the column, which an empty or a computed list does not tell."""

    def __init__(self, lhs: Any, rhs: Any) -> None:
        if isinstance(rhs, (list, tuple)) and any(hasattr(item, "resolve_expression") for item in rhs):
            base = getattr(getattr(lhs, "output_field", None), "base_field", None)
            rhs = ArrayConstructor(
                *(item if hasattr(item, "resolve_expression") else Value(item, base) for item in rhs)
            )
        super().__init__(lhs, rhs)  # type: ignore[call-arg]

    def process_rhs(self, compiler: Any, connection: Any) -> Any:
        """The value or expression, and a cast."""
        sql, params = super().process_rhs(compiler, connection)  # type: ignore[misc]
        return f"{sql}::{self.lhs.output_field.cast_db_type(connection)}", params  # type: ignore[attr-defined]

    def get_db_prep_lookup(self, value: Any, connection: Any) -> tuple[str, Any]:
        """The list as the field prepares it, one parameter."""
        return "%s", (self.lhs.output_field.get_db_prep_value(value, connection),)  # type: ignore[attr-defined]


@lookup_of(ArrayField)
class ArrayContains(TypedArrayMixin, PostgresOperatorLookup):
    """All the given items are there."""

    lookup_name = "contains"
    postgres_operator = "@>"


@lookup_of(ArrayField)
class ArrayContainedBy(TypedArrayMixin, PostgresOperatorLookup):
    """No other than the given items is there."""

    lookup_name = "contained_by"
    postgres_operator = "<@"


@lookup_of(ArrayField)
class ArrayOverlap(TypedArrayMixin, PostgresOperatorLookup):
    """One of the given items is there; they may come from a queryset."""

    lookup_name = "overlap"
    postgres_operator = "&&"

    def get_prep_lookup(self) -> Any:
        rhs = self.rhs
        if getattr(rhs, "is_query", False):
            # Arrays of one subquery, joined to one.
            self.rhs = ArraySelection(rhs)
            return self.rhs
        return super().get_prep_lookup()


class ArraySelection(Func):
    """``ARRAY(SELECT …)``."""

    function = "ARRAY"


@lookup_of(ArrayField)
class ArrayExact(TypedArrayMixin, Exact):
    """The same items in the same order."""


def _register_comparisons() -> None:
    for parent in (GreaterThan, GreaterThanOrEqual, LessThan, LessThanOrEqual):
        made = type(
            f"Array{parent.__name__}", (TypedArrayMixin, parent), {"__module__": __name__, "__doc__": parent.__doc__}
        )
        lookup_of(ArrayField)(made)


_register_comparisons()


@lookup_of(ArrayField)
class ArrayIn(In):
    """One of several lists."""

    def process_rhs(self, compiler: Any, connection: Any) -> Any:
        """Each list with its type."""
        sql, params = super().process_rhs(compiler, connection)
        if self.rhs_is_direct_value():
            cast = f"%s::{self.lhs.output_field.cast_db_type(connection)}"
            sql = f"({', '.join([cast] * len(params))})"
        return sql, params


@lookup_of(ArrayField)
class ArrayLenTransform(Transform):
    """How many items there are; NULL for no array at all."""

    lookup_name = "len"

    @cached_property
    def output_field(self) -> Any:
        """A number."""
        return IntegerField()

    def as_sql(self, compiler: Any, connection: Any, **extra: Any) -> Any:  # type: ignore[override]
        """``array_length``, which knows no empty arrays, with a branch for these."""
        sql, params = compiler.compile(self.lhs)
        return f"CASE WHEN {sql} IS NULL THEN NULL ELSE coalesce(array_length({sql}, 1), 0) END", (*params, *params)


class IndexTransform(Transform):
    """One item of an array."""

    def __init__(self, index: int, base_field: Any, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.index = index
        self.base_field = base_field

    def as_sql(self, compiler: Any, connection: Any, **extra: Any) -> Any:  # type: ignore[override]
        """``(array)[1]``; items of items without further brackets."""
        sql, params = compiler.compile(self.lhs)
        nested = isinstance(self.lhs, IndexTransform)
        return f"{sql if nested else f'({sql})'}[{self.index:d}]", params

    @property
    def output_field(self) -> Any:  # type: ignore[override]
        """What the array holds."""
        return self.base_field


class SliceTransform(Transform):
    """A part of an array."""

    def __init__(self, start: int, end: int | None, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.start = start
        self.end = end

    def as_sql(self, compiler: Any, connection: Any, **extra: Any) -> Any:  # type: ignore[override]
        """``(array)[1:2]``; without an end, all that follows."""
        sql, params = compiler.compile(self.lhs)
        return f"({sql})[{self.start:d}:{'' if self.end is None else format(self.end, 'd')}]", params

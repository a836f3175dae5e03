"""The expression protocol, and the expressions that every other one is built with.

See the query expressions reference, "Expression API". ``Combinable`` gives operators, ``BaseExpression`` the protocol,
``Expression`` equality; they need ``Value``, ``CombinedExpression`` and ``OrderBy``, so these stand here too.
"""

from __future__ import annotations

import copy
import inspect
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cached_property
from typing import Any, ClassVar, Self, TypeAlias

from nuages.exceptions import EmptyResultSet, FieldError, FullResultSet
from nuages.sql import outputs
from nuages.sql.expressions.identity import comparable, expression_path, keep, to_decimal, to_float, to_int
from nuages.sql.expressions.types import combined_field, field_for_value
from nuages.sql.q import Q
from nuages.sql.traits import Traits

SQL: TypeAlias = "tuple[str, Any]"


class Combinable:
    """Operators that build expressions: arithmetic, and ``& | ^ ~`` between conditions."""

    ADD: ClassVar[str] = "+"
    SUB: ClassVar[str] = "-"
    MUL: ClassVar[str] = "*"
    DIV: ClassVar[str] = "/"
    POW: ClassVar[str] = "^"
    MOD: ClassVar[str] = "%%"
    BITAND: ClassVar[str] = "&"
    BITOR: ClassVar[str] = "|"
    BITLEFTSHIFT: ClassVar[str] = "<<"
    BITRIGHTSHIFT: ClassVar[str] = ">>"
    BITXOR: ClassVar[str] = "#"

    conditional: Any

    def _combine(self, other: Any, connector: str, reversed: bool) -> CombinedExpression:
        operand = other if hasattr(other, "resolve_expression") else Value(other)
        return CombinedExpression(operand, connector, self) if reversed else CombinedExpression(self, connector, operand)

    def _logical(self, other: Any, connector: str) -> Any:
        if not (getattr(self, "conditional", False) and getattr(other, "conditional", False)):
            raise NotImplementedError("Use .bitand(), .bitor(), and .bitxor() for bitwise logical operations.")
        mine: Any = Q(self)
        return mine._combine(Q(other), connector)

    def __neg__(self) -> CombinedExpression:
        return self._combine(-1, self.MUL, False)

    def __add__(self, other: Any) -> CombinedExpression:
        return self._combine(other, self.ADD, False)

    def __sub__(self, other: Any) -> CombinedExpression:
        return self._combine(other, self.SUB, False)

    def __mul__(self, other: Any) -> CombinedExpression:
        return self._combine(other, self.MUL, False)

    def __truediv__(self, other: Any) -> CombinedExpression:
        return self._combine(other, self.DIV, False)

    def __mod__(self, other: Any) -> CombinedExpression:
        return self._combine(other, self.MOD, False)

    def __pow__(self, other: Any) -> CombinedExpression:
        return self._combine(other, self.POW, False)

    def __radd__(self, other: Any) -> CombinedExpression:
        return self._combine(other, self.ADD, True)

    def __rsub__(self, other: Any) -> CombinedExpression:
        return self._combine(other, self.SUB, True)

    def __rmul__(self, other: Any) -> CombinedExpression:
        return self._combine(other, self.MUL, True)

    def __rtruediv__(self, other: Any) -> CombinedExpression:
        return self._combine(other, self.DIV, True)

    def __rmod__(self, other: Any) -> CombinedExpression:
        return self._combine(other, self.MOD, True)

    def __rpow__(self, other: Any) -> CombinedExpression:
        return self._combine(other, self.POW, True)

    def bitand(self, other: Any) -> CombinedExpression:
        """Bitwise AND."""
        return self._combine(other, self.BITAND, False)

    def bitor(self, other: Any) -> CombinedExpression:
        """Bitwise OR."""
        return self._combine(other, self.BITOR, False)

    def bitxor(self, other: Any) -> CombinedExpression:
        """Bitwise exclusive OR."""
        return self._combine(other, self.BITXOR, False)

    def bitleftshift(self, other: Any) -> CombinedExpression:
        """Shift bits to the left."""
        return self._combine(other, self.BITLEFTSHIFT, False)

    def bitrightshift(self, other: Any) -> CombinedExpression:
        """Shift bits to the right."""
        return self._combine(other, self.BITRIGHTSHIFT, False)

    def __and__(self, other: Any) -> Any:
        return self._logical(other, Q.AND)

    def __or__(self, other: Any) -> Any:
        return self._logical(other, Q.OR)

    def __xor__(self, other: Any) -> Any:
        return self._logical(other, Q.XOR)

    def __rand__(self, other: Any) -> Any:
        raise NotImplementedError("Use .bitand(), .bitor(), and .bitxor() for bitwise logical operations.")

    def __ror__(self, other: Any) -> Any:
        return self.__rand__(other)

    def __rxor__(self, other: Any) -> Any:
        return self.__rand__(other)

    def __invert__(self) -> Any:
        return NegatedExpression(self)


class OutputFieldIsNoneError(FieldError):
    """An expression was asked for its output field and has no way to know it."""


class BaseExpression(Traits):
    """What every part of a query offers: sources, resolution against a query, SQL, and an output field."""

    empty_result_set_value: Any = NotImplemented
    is_summary = False
    filterable: Any = True
    window_compatible = False
    allowed_default: Any = False
    constraint_validation_compatible = True
    set_returning = False
    allows_composite_expressions = False

    def __init__(self, output_field: Any = None) -> None:
        if output_field is not None:
            self.output_field = output_field

    def __getstate__(self) -> dict[str, Any]:
        state = self.__dict__.copy()
        state.pop("convert_value", None)
        return state

    # -- sources ---------------------------------------------------------------------------------------------------

    def get_source_expressions(self) -> list[Any]:
        """The expressions this one is made of."""
        return []

    def set_source_expressions(self, exprs: Sequence[Any]) -> None:
        """Replace them, in the order in which ``get_source_expressions`` gave them."""
        if exprs:
            raise ValueError(f"{type(self).__name__} has no source expressions to set.")

    def _parse_expressions(self, *expressions: Any) -> list[Any]:
        return [
            item if hasattr(item, "resolve_expression") else (F(item) if isinstance(item, str) else Value(item))
            for item in expressions
        ]

    def _mapped(self, change: Callable[[Any], Any]) -> Self:
        """A copy whose sources went through ``change`` (None stays None)."""
        clone = self.copy()
        clone.set_source_expressions([None if item is None else change(item) for item in self.get_source_expressions()])
        return clone

    @cached_property
    def contains_subquery(self) -> bool:
        """Whether a subquery stands anywhere in it."""
        return any(item is not None and (getattr(item, "subquery", False) or getattr(item, "contains_subquery", False)) for item in self.get_source_expressions())

    # -- resolution and SQL ----------------------------------------------------------------------------------------

    def resolve_expression(
        self, query: Any = None, allow_joins: bool = True, reuse: Any = None, summarize: bool = False, for_save: bool = False
    ) -> Any:
        """A copy bound to ``query``: names replaced by columns, joins made where ``allow_joins`` says so.

        ``reuse`` is the set of joins that may be used again, ``summarize`` is true for a terminal aggregate, ``for_save``
        when the value goes into a column. Raises FieldError for unknown names.
        """
        clone = self.copy()
        clone.is_summary = summarize
        sources = [
            item.resolve_expression(query, allow_joins, reuse, summarize, for_save) if hasattr(item, "resolve_expression") else item
            for item in clone.get_source_expressions()
        ]
        self._refuse_composite(sources)
        clone.set_source_expressions(sources)
        return clone

    def _refuse_composite(self, sources: Iterable[Any]) -> None:
        """Raise ValueError where one of the arguments is several columns and the expression takes single ones."""
        if not self.allows_composite_expressions and any(is_composite(item) for item in sources):
            raise ValueError(f"{type(self).__name__} expression does not support composite primary keys.")

    def as_sql(self, compiler: Any, connection: Any) -> SQL:
        """The SQL text, with ``%s`` for parameters, and the parameters. Subclasses must define it."""
        raise NotImplementedError("Subclasses must implement as_sql()")

    @property
    def conditional(self) -> bool:
        """Whether it can stand as a condition: its output is a boolean."""
        return outputs.is_instance(self.output_field, "BooleanField")

    @property
    def field(self) -> Any:
        """The output field, under the name that lookups use."""
        return self.output_field

    @cached_property
    def output_field(self) -> Any:
        """The field that tells the type of the result. Raises FieldError if it cannot be known."""
        resolved = self._resolve_output_field()
        if resolved is None:
            raise OutputFieldIsNoneError("Cannot resolve expression type, unknown output_field")
        return resolved

    @property
    def _output_field_or_none(self) -> Any:
        try:
            return self.output_field
        except OutputFieldIsNoneError:
            return None

    def get_source_fields(self) -> list[Any]:
        """The output fields of the sources; None for those that have none."""
        return [getattr(item, "_output_field_or_none", None) for item in self.get_source_expressions()]

    def _resolve_output_field(self) -> Any:
        """The common type of the sources, or None without any. Raises FieldError where they differ."""
        found = [item for item in self.get_source_fields() if item is not None]
        for item in found[1:]:
            if not isinstance(found[0], type(item)):
                names = ", ".join(sorted({type(one).__name__ for one in found}))
                raise FieldError(
                    f"Expression contains mixed types: {names}. You must set output_field."
                )
        return found[0] if found else None

    @cached_property
    def convert_value(self) -> Callable[[Any, Any, Any], Any]:
        """What makes the driver's number the Python type that the output field promises."""
        name = self.output_field.get_internal_type()
        if name == "FloatField":
            return to_float
        if name.endswith("IntegerField"):
            return to_int
        return to_decimal if name == "DecimalField" else keep

    def get_db_converters(self, connection: Any) -> list[Any]:
        """Functions ``(value, expression, connection) -> value`` that turn a database value into a Python one."""
        own = self.convert_value
        return [*([] if own is keep else [own]), *self.output_field.get_db_converters(connection)]

    def select_format(self, compiler: Any, sql: str, params: Any) -> SQL:
        """Change the SQL for its place in a SELECT list, where the output field wants that."""
        if hasattr(self.output_field, "select_format"):
            return self.output_field.select_format(compiler, sql, params)  # type: ignore[no-any-return]
        return sql, params

    def get_lookup(self, lookup: str) -> Any:
        """The lookup class of that name, as the output field knows it."""
        return self.output_field.get_lookup(lookup)

    def get_transform(self, name: str) -> Any:
        """The transform class of that name, as the output field knows it."""
        return self.output_field.get_transform(name)

    # -- rewriting -------------------------------------------------------------------------------------------------

    def copy(self) -> Self:
        """A shallow copy."""
        return copy.copy(self)

    def relabeled_clone(self, change_map: dict[str, str]) -> Any:
        """A copy with table aliases renamed."""
        return self._mapped(lambda item: item.relabeled_clone(change_map))

    def replace_expressions(self, replacements: dict[Any, Any]) -> Any:
        """A copy in which expressions that are keys of ``replacements`` are replaced."""
        if not replacements:
            return self
        if (found := replacements.get(self)) is not None:
            return found
        if not self.get_source_expressions():
            return self
        return self._mapped(lambda item: item.replace_expressions(replacements))

    def get_refs(self) -> set[str]:
        """The names of the annotations it refers to."""
        found: set[str] = set()
        for item in self.get_source_expressions():
            if item is not None and hasattr(item, "get_refs"):
                found |= item.get_refs()
        return found

    def prefix_references(self, prefix: str) -> Self:
        """A copy whose unresolved names begin with ``prefix``."""

        def change(item: Any) -> Any:
            return F(prefix + item.name) if isinstance(item, F) else item.prefix_references(prefix)

        return self._mapped(change)

    def get_group_by_cols(self) -> list[Any]:
        """What GROUP BY must list so that this may stand in SELECT or HAVING."""
        if not self.contains_aggregate:
            return [self]
        return [column for item in self.get_source_expressions() if item is not None for column in item.get_group_by_cols()]

    def flatten(self) -> Iterator[Any]:
        """This expression and, depth first, all in it."""
        yield self
        for item in self.get_source_expressions():
            if item is None:
                continue
            if hasattr(item, "flatten"):
                yield from item.flatten()
            else:
                yield item

    def get_expression_for_validation(self) -> Any:
        """What to evaluate when a constraint is validated in Python: the source, for what only matters to an index."""
        if self.constraint_validation_compatible:
            return self
        sources = [item for item in self.get_source_expressions() if item is not None]
        if len(sources) != 1:
            raise ValueError(
                "Expressions with constraint_validation_compatible set to False must have only one source expression."
            )
        return sources[0].get_expression_for_validation() if hasattr(sources[0], "get_expression_for_validation") else sources[0]

    # -- ordering --------------------------------------------------------------------------------------------------

    def asc(self, **kwargs: Any) -> OrderBy:
        """Ascending order by this; ``nulls_first`` or ``nulls_last`` say where NULL goes."""
        return OrderBy(self, **kwargs)

    def desc(self, **kwargs: Any) -> OrderBy:
        """Descending order by this; ``nulls_first`` or ``nulls_last`` say where NULL goes."""
        return OrderBy(self, descending=True, **kwargs)

    def reverse_ordering(self) -> Any:
        """What orders the other way round."""
        return self


def is_composite(expression: Any) -> bool:
    """Whether an expression stands for several columns (a composite primary key)."""
    return bool(getattr(expression, "is_composite_columns", False))


class Expression(BaseExpression, Combinable):
    """A BaseExpression with operators; two are equal if their classes and constructor arguments are."""

    _constructor_args: tuple[tuple[Any, ...], dict[str, Any]]

    def __new__(cls, *args: Any, **kwargs: Any) -> Self:
        made = super().__new__(cls)
        made._constructor_args = (args, kwargs)
        return made

    @classmethod
    def _signature(cls) -> inspect.Signature:
        found = cls.__dict__.get("_cached_signature")
        if found is None:
            found = cls._cached_signature = inspect.signature(cls.__init__)  # type: ignore[attr-defined]
        return found  # type: ignore[no-any-return]

    @cached_property
    def identity(self) -> tuple[Any, ...]:
        """Class and constructor arguments in a hashable form: what equality compares."""
        args, kwargs = self._constructor_args
        bound = self._signature().bind_partial(self, *args, **kwargs)
        bound.apply_defaults()
        parts: list[Any] = [type(self)]
        for name, value in list(bound.arguments.items())[1:]:
            parts.append((name, comparable(value)))
        return tuple(parts)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Expression):
            return NotImplemented
        return other.identity == self.identity

    def __hash__(self) -> int:
        return hash(self.identity)

    def __getstate__(self) -> dict[str, Any]:
        state = super().__getstate__()
        state.pop("identity", None)
        return state

    def deconstruct(self) -> tuple[str, tuple[Any, ...], dict[str, Any]]:
        """Path, positional and keyword arguments that make an equal expression (for migrations)."""
        args, kwargs = self._constructor_args
        return expression_path(type(self)), args, kwargs


class F(Combinable):
    """A reference to a field (or annotation, or a path through relations and transforms) by name."""

    allowed_default = False
    is_field_reference = True

    def __init__(self, name: str) -> None:
        self.name = name

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self.name})"

    def __getitem__(self, subscript: Any) -> Any:
        return Sliced(self, subscript)

    __iter__: ClassVar[None] = None

    def __contains__(self, other: object) -> bool:
        raise TypeError(f"argument of type '{type(self).__name__}' is not iterable")

    def resolve_expression(
        self, query: Any = None, allow_joins: bool = True, reuse: Any = None, summarize: bool = False, for_save: bool = False
    ) -> Any:
        """The column or annotation that the name means in ``query``. Raises FieldError if it means nothing."""
        return query.resolve_ref(self.name, allow_joins, reuse, summarize)

    def replace_expressions(self, replacements: dict[Any, Any]) -> Any:
        """What ``replacements`` has for this name; an expression found under the first part of a path keeps the rest."""
        if (found := replacements.get(self)) is not None:
            return found
        first, *rest = self.name.split("__")
        found = replacements.get(F(first)) if rest else None
        if found is None:
            return self
        for name in rest:
            transform = getattr(found, "get_transform", lambda _: None)(name)
            if transform is None:
                return self
            found = transform(found)
        return found

    def asc(self, **kwargs: Any) -> OrderBy:
        """Ascending order by this."""
        return OrderBy(self, **kwargs)

    def desc(self, **kwargs: Any) -> OrderBy:
        """Descending order by this."""
        return OrderBy(self, descending=True, **kwargs)

    def __eq__(self, other: object) -> bool:
        return type(self) is type(other) and self.name == other.name  # type: ignore[attr-defined]

    def __hash__(self) -> int:
        return hash(self.name)

    def copy(self) -> Self:
        """A copy."""
        return copy.copy(self)

    def deconstruct(self) -> tuple[str, tuple[Any, ...], dict[str, Any]]:
        """Path and arguments that make an equal reference (for migrations)."""
        return expression_path(type(self)), (self.name,), {}


class Sliced(F):
    """``F("name")[0]`` or ``F("name")[1:3]``: a part of a text or an array."""

    def __init__(self, obj: F, subscript: Any) -> None:
        super().__init__(obj.name)
        self.obj = obj
        self.length: int | None = 1
        if isinstance(subscript, slice):
            self._set_slice(subscript)
        elif not isinstance(subscript, int):
            raise TypeError("A part of F() is named by a whole number or a slice.")
        elif subscript < 0:
            raise ValueError("Negative indexing is not supported.")
        else:
            self.start = subscript + 1

    def _set_slice(self, part: slice) -> None:
        if (part.start is not None and part.start < 0) or (part.stop is not None and part.stop < 0):
            raise ValueError("Negative indexing is not supported.")
        if part.step is not None:
            raise ValueError("Step argument is not supported.")
        if part.stop is not None and part.start is not None and part.stop < part.start:
            message = "Slice stop must be greater than slice start."
            raise ValueError(message)
        self.start = 1 if part.start is None else part.start + 1
        self.length = None if part.stop is None else part.stop - (part.start or 0)

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self.obj!r}, start={self.start}, length={self.length})"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Sliced) and (self.obj, self.start, self.length) == (other.obj, other.start, other.length)

    def __hash__(self) -> int:
        return hash((self.obj, self.start, self.length))

    def resolve_expression(
        self, query: Any = None, allow_joins: bool = True, reuse: Any = None, summarize: bool = False, for_save: bool = False
    ) -> Any:
        resolved = self.obj.resolve_expression(query, allow_joins, reuse, summarize, for_save)
        if isinstance(resolved, F):
            waiting = copy.copy(self)
            waiting.obj = resolved
            waiting.contains_aggregate = waiting.contains_over_clause = False  # type: ignore[attr-defined]
            return waiting
        field = resolved.output_field
        if not hasattr(field, "slice_expression"):
            raise NotSupportedSlice("This field does not support slicing.")
        return field.slice_expression(resolved, self.start, self.length)


def as_numeric(self: Any, compiler: Any, connection: Any, **extra_context: Any) -> SQL:
    """SQLite compares decimals as text unless they are cast: columns have an affinity, expressions have none."""
    sql, params = self.as_sql(compiler, connection, **extra_context)
    try:
        decimal = outputs.is_instance(self._output_field_or_none, "DecimalField")
    except FieldError:
        decimal = False
    return (f"(CAST({sql} AS NUMERIC))" if decimal else sql), params


class NotSupportedSlice(NotImplementedError):
    """A field whose values have no parts was sliced."""


class Value(Expression):
    """A Python value as a parameter of the query."""

    for_save = False
    allowed_default = True

    def __init__(self, value: Any, output_field: Any = None) -> None:
        super().__init__(output_field=output_field)
        self.value = value

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self.value!r})"

    def as_sql(self, compiler: Any, connection: Any) -> SQL:
        """``%s`` and the value as the database takes it; ``NULL`` for None."""
        connection.ops.check_expression_support(self)
        value = self.value
        field = self._output_field_or_none
        if field is not None:
            prepare = field.get_db_prep_save if self.for_save else field.get_db_prep_value
            value = prepare(value, connection=connection)
            if hasattr(field, "get_placeholder_sql"):
                return field.get_placeholder_sql(value, compiler, connection)  # type: ignore[no-any-return]
            if hasattr(field, "get_placeholder"):
                return field.get_placeholder(value, compiler, connection), (value,)
        return ("NULL", ()) if value is None else ("%s", (value,))

    def as_sqlite(self, compiler: Any, connection: Any, **extra_context: Any) -> SQL:
        """A decimal reaches SQLite as text, which would compare as text: it is cast, in the parentheses that a default needs."""
        sql, params = self.as_sql(compiler, connection, **extra_context)
        if outputs.is_instance(self._output_field_or_none, "DecimalField"):
            sql = f"(CAST({sql} AS REAL))"
        return sql, params

    def resolve_expression(
        self, query: Any = None, allow_joins: bool = True, reuse: Any = None, summarize: bool = False, for_save: bool = False
    ) -> Any:
        clone = super().resolve_expression(query, allow_joins, reuse, summarize, for_save)
        clone.for_save = for_save
        return clone

    def get_group_by_cols(self) -> list[Any]:
        return []

    def _resolve_output_field(self) -> Any:
        return field_for_value(self.value)

    @property
    def empty_result_set_value(self) -> Any:  # type: ignore[override]
        """The value itself: it does not depend on rows."""
        return self.value


class NegatedExpression(Expression):
    """``NOT`` of a condition; as a value it is a boolean."""

    def __init__(self, expression: Any) -> None:
        super().__init__(output_field=outputs.field("BooleanField"))
        self.expression = expression if hasattr(expression, "resolve_expression") else Value(expression)

    def __repr__(self) -> str:
        return f"~{self.expression!r}"

    def __invert__(self) -> Any:
        return self.expression.copy()

    def get_source_expressions(self) -> list[Any]:
        return [self.expression]

    def set_source_expressions(self, exprs: Sequence[Any]) -> None:
        (self.expression,) = exprs

    def as_sql(self, compiler: Any, connection: Any) -> SQL:
        """``NOT expression``, wrapped where the database has no booleans in that place."""
        try:
            sql, params = compiler.compile(self.expression)
        except EmptyResultSet:
            if not connection.features.supports_boolean_expr_in_select_clause:
                return "1=1", ()
            return compiler.compile(Value(True))  # type: ignore[no-any-return]
        except FullResultSet:
            raise EmptyResultSet from None
        return connection.ops.negated_sql(self.expression, sql), params

    def resolve_expression(
        self, query: Any = None, allow_joins: bool = True, reuse: Any = None, summarize: bool = False, for_save: bool = False
    ) -> Any:
        resolved = super().resolve_expression(query, allow_joins, reuse, summarize, for_save)
        if not getattr(resolved.expression, "conditional", False):
            raise TypeError("Cannot negate non-conditional expressions.")
        return resolved

    def select_format(self, compiler: Any, sql: str, params: Any) -> SQL:
        ops = compiler.connection.ops
        if not compiler.connection.features.supports_boolean_expr_in_select_clause:
            sql = f"CASE WHEN {sql} THEN 1 ELSE 0 END"
        return ops.format_for_select(self.output_field, sql), params


class OrderBy(Expression):
    """An expression with a direction, for ORDER BY."""

    expression: Any
    descending: bool
    template: ClassVar[str] = "%(expression)s %(ordering)s"
    conditional = False
    constraint_validation_compatible = False
    allows_composite_expressions = True

    def __init__(self, expression: Any, descending: bool = False, nulls_first: bool | None = None, nulls_last: bool | None = None) -> None:
        if False in (nulls_first, nulls_last):
            raise ValueError("nulls_first and nulls_last values must be True or None.")
        if nulls_first and nulls_last:
            raise ValueError("nulls_first and nulls_last are mutually exclusive")
        if not hasattr(expression, "resolve_expression"):
            raise ValueError("expression must be an expression type")
        super().__init__()
        self.nulls_first = nulls_first
        self.nulls_last = nulls_last
        self.descending = descending
        self.expression = expression

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self.expression}, descending={self.descending})"

    def set_source_expressions(self, exprs: Sequence[Any]) -> None:
        (self.expression,) = exprs

    def get_source_expressions(self) -> list[Any]:
        return [self.expression]

    def as_sql(self, compiler: Any, connection: Any, template: str | None = None, **extra_context: Any) -> SQL:
        """``expression ASC`` or ``DESC``, with NULLS FIRST/LAST or what the database has in its stead."""
        if is_composite(self.expression):
            parts = [
                OrderBy(column, self.descending, self.nulls_first, self.nulls_last) for column in self.expression.get_cols()
            ]
            compiled = [compiler.compile(part) for part in parts]
            return ", ".join(sql for sql, _ in compiled), [value for _, params in compiled for value in params]
        template = template or self.template
        repeats = 1
        if self.nulls_last or self.nulls_first:
            template = connection.ops.nulls_ordering_template(template, bool(self.nulls_first), self.descending)
            repeats = template.count("%(expression)s")
        sql, params = compiler.compile(self.expression)
        context = {"expression": sql, "ordering": "DESC" if self.descending else "ASC", **extra_context}
        return (template % context).rstrip(), [*params] * repeats

    def get_group_by_cols(self) -> list[Any]:
        return [column for item in self.get_source_expressions() for column in item.get_group_by_cols()]

    def reverse_ordering(self) -> Self:
        """Turn this one round, NULL's place included. Returns it."""
        self.descending = not self.descending
        if self.nulls_first or self.nulls_last:
            self.nulls_first, self.nulls_last = self.nulls_last, self.nulls_first
        return self

    def asc(self, **kwargs: Any) -> Any:
        self.descending = False
        return self

    def desc(self, **kwargs: Any) -> Any:
        self.descending = True
        return self


class CombinedExpression(Expression):
    """Two expressions and an operator between them."""

    lhs: Any
    rhs: Any
    specialise: ClassVar[Callable[[Any], Any] | None] = None
    """Set by the temporal expressions: gives their own class to sums and differences of times."""

    def __init__(self, lhs: Any, connector: str, rhs: Any, output_field: Any = None) -> None:
        super().__init__(output_field=output_field)
        self.connector = connector
        self.lhs = lhs
        self.rhs = rhs

    def __repr__(self) -> str:
        return f"<{type(self).__name__}: {self}>"

    def __str__(self) -> str:
        return f"{self.lhs} {self.connector} {self.rhs}"

    def get_source_expressions(self) -> list[Any]:
        return [self.lhs, self.rhs]

    def set_source_expressions(self, exprs: Sequence[Any]) -> None:
        self.lhs, self.rhs = exprs

    def _resolve_output_field(self) -> Any:
        left, right = self.lhs._output_field_or_none, self.rhs._output_field_or_none
        return combined_field(self.connector, left, right)

    def as_sql(self, compiler: Any, connection: Any) -> SQL:
        """``(left operator right)`` in the database's own way."""
        left, left_params = compiler.compile(self.lhs)
        right, right_params = compiler.compile(self.rhs)
        return f"({connection.ops.combine_expression(self.connector, [left, right])})", (*left_params, *right_params)

    def as_sqlite(self, compiler: Any, connection: Any, **extra_context: Any) -> SQL:
        """SQLite would divide two whole decimals as whole numbers."""
        divided = self.connector == self.DIV and type(self) is CombinedExpression
        if divided and outputs.is_instance(self._safe_output_field(), "DecimalField"):
            left, left_params = compiler.compile(self.lhs)
            right, right_params = compiler.compile(self.rhs)
            return f"CAST(({left} * 1.0 / {right}) AS NUMERIC)", (*left_params, *right_params)
        return as_numeric(self, compiler, connection, **extra_context)

    def _safe_output_field(self) -> Any:
        try:
            return self._output_field_or_none
        except FieldError:
            return None

    def resolve_expression(
        self, query: Any = None, allow_joins: bool = True, reuse: Any = None, summarize: bool = False, for_save: bool = False
    ) -> Any:
        resolved = super().resolve_expression(query, allow_joins, reuse, summarize, for_save)
        specialise = type(self).specialise
        if type(self) is not CombinedExpression or specialise is None:
            return resolved
        made = specialise(resolved)
        made.is_summary = summarize
        return made

    @cached_property
    def allowed_default(self) -> bool:  # type: ignore[override]
        """Whether both sides may stand in a column default."""
        return bool(self.lhs.allowed_default and self.rhs.allowed_default)

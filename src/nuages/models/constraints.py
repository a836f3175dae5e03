"""Constraints of a model: CheckConstraint and UniqueConstraint; see "Constraints reference"."""

from __future__ import annotations

from collections.abc import Iterable
from enum import Enum
from types import NoneType
from typing import Any, ClassVar

from nuages import checks
from nuages.conf.names import public_home
from nuages.db import DEFAULT_DB_ALIAS, connections
from nuages.exceptions import FieldDoesNotExist, FieldError, ValidationError
from nuages.i18n.translation import gettext_lazy as _
from nuages.models.indexes import IndexExpression, condition_sql
from nuages.models.refchecks import check_field_names, expression_field_names, nothing_named
from nuages.sql.expressions import Exists, ExpressionList, F, RawSQL, Value
from nuages.sql.lookups import Exact, IsNull
from nuages.sql.q import Q
from nuages.sql.query import Query


class Deferrable(Enum):
    """When a unique constraint is checked."""

    DEFERRED = "deferred"
    IMMEDIATE = "immediate"

    def __repr__(self) -> str:
        return f"{self.__class__.__qualname__}.{self._name_}"


class BaseConstraint:
    """What all constraints have: a name and the error of a violation."""

    default_violation_error_message: ClassVar[Any] = _("Constraint “%(name)s” is violated.")
    violation_error_code: str | None = None
    violation_error_message: Any = None
    non_db_attrs: ClassVar[tuple[str, ...]] = ("violation_error_code", "violation_error_message")

    def __init__(self, *, name: str, violation_error_code: str | None = None, violation_error_message: Any = None) -> None:
        self.name = name
        if violation_error_code is not None:
            self.violation_error_code = violation_error_code
        self.violation_error_message = (
            self.default_violation_error_message if violation_error_message is None else violation_error_message
        )

    @property
    def contains_expressions(self) -> bool:
        """Whether it is over expressions."""
        return False

    def constraint_sql(self, model: Any, schema_editor: Any) -> Any:
        """The constraint as a part of CREATE TABLE."""
        raise NotImplementedError("This method must be implemented by a subclass.")

    def create_sql(self, model: Any, schema_editor: Any) -> Any:
        """The statement that adds the constraint."""
        raise NotImplementedError("This method must be implemented by a subclass.")

    def remove_sql(self, model: Any, schema_editor: Any) -> Any:
        """The statement that drops the constraint."""
        raise NotImplementedError("This method must be implemented by a subclass.")

    def validate(self, model: Any, instance: Any, exclude: Any = None, using: str = DEFAULT_DB_ALIAS) -> None:
        """Raise ValidationError if `instance` would break the constraint; look no further if it needs an excluded field."""
        raise NotImplementedError("This method must be implemented by a subclass.")

    def check(self, model: Any, connection: Any) -> list[Any]:
        """System checks."""
        return []

    def get_violation_error_message(self) -> Any:
        """The message of a violation."""
        return self.violation_error_message % {"name": self.name}

    def _violation(self) -> ValidationError:
        return ValidationError(self.get_violation_error_message(), code=self.violation_error_code)

    def _meets_row(self, condition: Any, queryset: Any, instance: Any, excluded: set[str], using: str) -> bool:
        """Whether `queryset` has another row than that of `instance`, where `condition` is true of both, or None."""
        model = queryset.model
        if not instance._state.adding and instance._is_pk_set(model._meta):
            queryset = queryset.exclude(pk=instance._get_pk_val(model._meta))
        if condition is None:
            return bool(queryset.exists())
        if excluded and self._expression_refs_exclude(model, condition, excluded):
            return False
        against = instance._get_field_expression_map(model._meta, excluded)
        # Asked the other way round, since what is neither true nor false counts as true.
        free = ~(condition & Exists(queryset.filter(condition)))
        try:
            return not free.check(against, using=using)
        except FieldError:
            # A field that the condition needs is excluded from validation.
            return False

    @classmethod
    def _expression_refs_exclude(cls, model: Any, expression: Any, exclude: Any) -> bool:
        """Whether `expression` needs a field that is excluded from validation, through generated fields too."""
        names = {name.split("__")[0] for name in expression_field_names(expression)}
        for name in names:
            if name in exclude or (name == "pk" and any(field.name in exclude for field in model._meta.pk_fields)):
                return True
            try:
                field = model._meta.get_field(name)
            except FieldDoesNotExist:
                continue
            if field.name in exclude or (field.generated and cls._expression_refs_exclude(model, field.expression, exclude)):
                return True
        return False

    def deconstruct(self) -> tuple[str, Any, dict[str, Any]]:
        """Path and arguments from which the constraint can be made again."""
        kwargs: dict[str, Any] = {"name": self.name}
        if self.violation_error_message is not None and self.violation_error_message != self.default_violation_error_message:
            kwargs["violation_error_message"] = self.violation_error_message
        if self.violation_error_code is not None:
            kwargs["violation_error_code"] = self.violation_error_code
        return public_home(self.__class__), (), kwargs

    def clone(self) -> Any:
        """An equal constraint."""
        _path, args, kwargs = self.deconstruct()
        return self.__class__(*args, **kwargs)

    def _shown(self, *parts: Any) -> str:
        every = [
            *parts,
            self.violation_error_code is not None and f"violation_error_code={self.violation_error_code!r}",
            self.violation_error_message is not None and self.violation_error_message != self.default_violation_error_message
            and f"violation_error_message={self.violation_error_message!r}",
        ]
        return f"<{self.__class__.__qualname__}: {' '.join(str(part) for part in every if part)}>"


class CheckConstraint(BaseConstraint):
    """A condition that every row meets."""

    def __init__(
        self, *, condition: Any, name: str, violation_error_code: str | None = None, violation_error_message: Any = None
    ) -> None:
        if not getattr(condition, "conditional", False):
            raise TypeError("CheckConstraint.condition must be a Q instance or boolean expression.")
        self.condition = condition
        super().__init__(name=name, violation_error_code=violation_error_code, violation_error_message=violation_error_message)

    def _get_check_sql(self, model: Any, schema_editor: Any) -> str:
        return condition_sql(self.condition, model, schema_editor)

    def constraint_sql(self, model: Any, schema_editor: Any) -> Any:
        return schema_editor._check_sql(self.name, self._get_check_sql(model, schema_editor))

    def create_sql(self, model: Any, schema_editor: Any) -> Any:
        return schema_editor._create_check_sql(model, self.name, self._get_check_sql(model, schema_editor))

    def remove_sql(self, model: Any, schema_editor: Any) -> Any:
        return schema_editor._delete_check_sql(model, self.name)

    def check(self, model: Any, connection: Any) -> list[Any]:
        """models.W027, W045 and those about the fields."""
        found: list[Any] = []
        required = model._meta.required_db_features
        if not (connection.features.supports_table_check_constraints or "supports_table_check_constraints" in required):
            return [checks.Warning(
                f"{connection.display_name} does not support check constraints.",
                hint="The constraint will be left out there. Where that does no harm, silence the warning.",
                obj=model, id="models.W027",
            )]
        names = expression_field_names(self.condition)
        if any(isinstance(one, RawSQL) for one in self.condition.flatten()):
            found.append(checks.Warning(
                f"Check constraint {self.name!r} contains RawSQL() expression, so full_clean() on the model cannot validate it.",
                hint="Where the database's own check is enough, silence the warning.",
                obj=model, id="models.W045",
            ))
        return found + check_field_names(model, sorted(set(names)), "constraints")

    def validate(self, model: Any, instance: Any, exclude: Any = None, using: str = DEFAULT_DB_ALIAS) -> None:
        against = instance._get_field_expression_map(model._meta, exclude)
        try:
            if exclude and self._expression_refs_exclude(model, self.condition, set(exclude)):
                return
            if not Q(self.condition).check(against, using=using):
                raise self._violation()
        except FieldError:
            # A field that it needs is excluded from validation.
            pass

    def __repr__(self) -> str:
        return self._shown(f"condition={self.condition}", f"name={self.name!r}")

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, CheckConstraint):
            return NotImplemented
        return (self.name, self.condition, self.violation_error_code, self.violation_error_message) == (
            other.name, other.condition, other.violation_error_code, other.violation_error_message,
        )

    __hash__: ClassVar[None] = None  # type: ignore[assignment]

    def deconstruct(self) -> Any:
        path, args, kwargs = super().deconstruct()
        kwargs["condition"] = self.condition
        return path, args, kwargs


class UniqueConstraint(BaseConstraint):
    """Fields or expressions whose values no two rows share."""

    def __init__(
        self, *expressions: Any, fields: Any = (), name: str | None = None, condition: Any = None,
        deferrable: Deferrable | None = None, include: Any = None, opclasses: Any = (), nulls_distinct: bool | None = None,
        violation_error_code: str | None = None, violation_error_message: Any = None,
    ) -> None:
        self._check_arguments(expressions, fields, name, condition, deferrable, include, opclasses, nulls_distinct)
        self.fields = tuple(fields)
        self.condition, self.deferrable, self.opclasses = condition, deferrable, opclasses
        self.include = tuple(include) if include else ()
        self.nulls_distinct = nulls_distinct
        self.expressions = tuple(F(one) if isinstance(one, str) else one for one in expressions)
        super().__init__(
            name=name or "", violation_error_code=violation_error_code, violation_error_message=violation_error_message,
        )

    @staticmethod
    def _check_arguments(
        expressions: Any, fields: Any, name: Any, condition: Any, deferrable: Any, include: Any, opclasses: Any, nulls_distinct: Any
    ) -> None:
        for wrong, message in (
            (not name, "A unique constraint must be named."),
            (not expressions and not fields, nothing_named("a unique constraint")),
            (expressions and fields, "UniqueConstraint.fields and expressions are mutually exclusive."),
            (not isinstance(condition, (NoneType, Q)), "UniqueConstraint.condition must be a Q instance."),
            (condition and deferrable, "UniqueConstraint with conditions cannot be deferred."),
            (include and deferrable, "UniqueConstraint with include fields cannot be deferred."),
            (opclasses and deferrable, "UniqueConstraint with opclasses cannot be deferred."),
            (expressions and deferrable, "UniqueConstraint with expressions cannot be deferred."),
            (expressions and opclasses, "UniqueConstraint.opclasses cannot be used with expressions. Use OpClass() in an expression."),
        ):
            if wrong:
                raise ValueError(message)
        for wrong, message in (
            (not isinstance(deferrable, (NoneType, Deferrable)), "UniqueConstraint.deferrable must be a Deferrable instance."),
            (not isinstance(include, (NoneType, list, tuple)), "UniqueConstraint.include must be a list or tuple."),
            (not isinstance(opclasses, (list, tuple)), "UniqueConstraint.opclasses must be a list or tuple."),
            (not isinstance(nulls_distinct, (NoneType, bool)), "UniqueConstraint.nulls_distinct must be a bool."),
        ):
            if wrong:
                raise TypeError(message)
        if opclasses and len(fields) != len(opclasses):
            raise ValueError("UniqueConstraint.fields and UniqueConstraint.opclasses must have the same number of elements.")

    @property
    def contains_expressions(self) -> bool:
        return bool(self.expressions)

    # -- SQL --------------------------------------------------------------------------------------------------

    def _parts(self, model: Any, schema_editor: Any) -> dict[str, Any]:
        """What the schema editor needs to write the constraint."""
        options = model._meta
        expressions = None
        if self.expressions:
            wrapped = [IndexExpression.wrapped(one, schema_editor.connection) for one in self.expressions]
            expressions = ExpressionList(*wrapped).resolve_expression(Query(model, alias_cols=False))
        return {
            "model": model,
            "fields": [options.get_field(name) for name in self.fields],
            "name": self.name,
            "condition": None if self.condition is None else condition_sql(self.condition, model, schema_editor),
            "deferrable": self.deferrable,
            "include": [options.get_field(name).column for name in self.include],
            "opclasses": self.opclasses,
            "expressions": expressions,
            "nulls_distinct": self.nulls_distinct,
        }

    def constraint_sql(self, model: Any, schema_editor: Any) -> Any:
        return schema_editor._unique_sql(**self._parts(model, schema_editor))

    def create_sql(self, model: Any, schema_editor: Any) -> Any:
        return schema_editor._create_unique_sql(**self._parts(model, schema_editor))

    def remove_sql(self, model: Any, schema_editor: Any) -> Any:
        parts = self._parts(model, schema_editor)
        del parts["fields"]
        return schema_editor._delete_unique_sql(**parts)

    # -- checks -----------------------------------------------------------------------------------------------

    def check(self, model: Any, connection: Any) -> list[Any]:
        """models.W036, W038, W039, W044, W047 and those about the fields."""
        found = list(self._check_support(model, connection))
        names: list[str] = []
        if self.condition is not None and connection.features.supports_partial_indexes:
            names += expression_field_names(self.condition)
        for expression in self.expressions:
            names += expression_field_names(expression)
        return found + check_field_names(model, [*self.fields, *self.include, *sorted(set(names))], "constraints")

    def _check_support(self, model: Any, connection: Any) -> Iterable[Any]:
        features, required = connection.features, model._meta.required_db_features
        for used, feature, what, code in (
            (self.condition is not None, "supports_partial_indexes", "unique constraints with conditions", "models.W036"),
            (self.deferrable is not None, "supports_deferrable_unique_constraints", "deferrable unique constraints", "models.W038"),
            (self.include, "supports_covering_indexes", "unique constraints with non-key columns", "models.W039"),
            (self.expressions, "supports_expression_indexes", "unique constraints on expressions", "models.W044"),
            (self.nulls_distinct is not None, "supports_nulls_distinct_unique_constraints", "UniqueConstraint.nulls_distinct", "models.W047"),
        ):
            if used and not getattr(features, feature) and feature not in required:
                yield checks.Warning(
                    f"{connection.display_name} does not support {what}.",
                    hint="The constraint will be left out there. Where that does no harm, silence the warning.",
                    obj=model, id=code,
                )

    # -- validation -------------------------------------------------------------------------------------------

    def validate(self, model: Any, instance: Any, exclude: Any = None, using: str = DEFAULT_DB_ALIAS) -> None:
        excluded = set(exclude or ())
        queryset = model._default_manager.using(using)
        filters = self._field_filters(model, instance, excluded, using) if self.fields else self._expression_filters(model, instance, excluded)
        if filters is None:
            return
        queryset = queryset.filter(*filters)
        if self._meets_row(self.condition, queryset, instance, excluded, using):
            raise self._broken(model, instance)

    def _broken(self, model: Any, instance: Any) -> ValidationError:
        """Over fields, all rows and with nothing worded by the user, the model's own message of uniqueness."""
        custom = self.violation_error_code is not None or self.violation_error_message != self.default_violation_error_message
        if self.fields and self.condition is None and not custom:
            error: ValidationError = instance.unique_error_message(model, self.fields)
            return error
        return self._violation()

    def _field_filters(self, model: Any, instance: Any, excluded: set[str], using: str) -> list[Any] | None:
        """Conditions on rows with the same values; None if there is nothing to compare."""
        filters: list[Any] = []
        empty_is_null = connections[using].features.interprets_empty_strings_as_nulls
        for name in self.fields:
            if name in excluded:
                return None
            field = model._meta.get_field(name)
            if field.generated:
                if excluded and self._expression_refs_exclude(model, field.expression, excluded):
                    return None
                filters.append(self._same(F(name), instance._get_field_expression_map(model._meta, excluded)[name]))
                continue
            value = getattr(instance, field.attname)
            if value is None or (value == "" and empty_is_null):
                if self.nulls_distinct is not False:
                    return None
                filters.append(Q((f"{field.name}__isnull", True)))
            else:
                filters.append(Q((field.name, value)))
        return filters

    def _expression_filters(self, model: Any, instance: Any, excluded: set[str]) -> list[Any] | None:
        if excluded and any(self._expression_refs_exclude(model, one, excluded) for one in self.expressions):
            return None
        replacements = {
            F(name): value for name, value in instance._get_field_expression_map(model._meta, excluded).items()
        }
        filters: list[Any] = []
        for expression in self.expressions:
            if hasattr(expression, "get_expression_for_validation"):
                expression = expression.get_expression_for_validation()
            filters.append(self._same(expression, expression.replace_expressions(replacements)))
        return filters

    def _same(self, there: Any, here: Any) -> Any:
        """Whether a row's expression equals that of the instance; two NULLs do only where they are not distinct."""
        same = Exact(there, here)
        return Q(same) | Q(IsNull(there, True), IsNull(here, True)) if self.nulls_distinct is False else same

    # -- description ------------------------------------------------------------------------------------------

    def __repr__(self) -> str:
        return self._shown(
            self.fields and f"fields={self.fields!r}",
            self.expressions and f"expressions={self.expressions!r}",
            f"name={self.name!r}",
            self.condition is not None and f"condition={self.condition}",
            self.deferrable is not None and f"deferrable={self.deferrable!r}",
            self.include and f"include={self.include!r}",
            self.opclasses and f"opclasses={self.opclasses!r}",
            self.nulls_distinct is not None and f"nulls_distinct={self.nulls_distinct!r}",
        )

    def _identity(self) -> tuple[Any, ...]:
        return (
            self.name, self.fields, self.condition, self.deferrable, self.include, self.opclasses, self.expressions,
            self.nulls_distinct, self.violation_error_code, self.violation_error_message,
        )

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, UniqueConstraint):
            return NotImplemented
        return self._identity() == other._identity()

    __hash__: ClassVar[None] = None  # type: ignore[assignment]

    def deconstruct(self) -> Any:
        path, _args, kwargs = super().deconstruct()
        for option in ("fields", "condition", "deferrable", "include", "opclasses"):
            value = getattr(self, option)
            if value:
                kwargs[option] = value
        if self.nulls_distinct is not None:
            kwargs["nulls_distinct"] = self.nulls_distinct
        return path, self.expressions, kwargs


def field_expressions(instance: Any, meta: Any, excluded: set[str]) -> dict[str, Any]:
    """The values of `instance` as expressions, by name, raw name and ``pk``; what is excluded is missing."""
    found: dict[str, Any] = {}
    generated = []
    for field in meta.local_concrete_fields:
        if field.name in excluded:
            continue
        if field.generated:
            if not any(name.split("__")[0] in excluded for name in expression_field_names(field.expression)):
                generated.append(field)
            continue
        value = getattr(instance, field.attname)
        if not hasattr(value, "resolve_expression"):
            value = Value(value, field)
        found[field.name] = found[field.attname] = value
    if "pk" not in excluded and meta.pk is not None and meta.pk.name in found:
        found["pk"] = found[meta.pk.name]
    references = {F(name): value for name, value in found.items()}
    for field in generated:
        found[field.name] = field.expression.replace_expressions(references)
    return found

"""Fields of numbers: the integers, AutoFields, FloatField, DecimalField and BooleanField."""

from __future__ import annotations

import decimal
import math
import operator
from typing import Any

from nuages import checks, forms, validators
from nuages.db import connection as default_connection
from nuages.i18n.translation import gettext_lazy as _
from nuages.models.fields.checking import removed_details
from nuages.models.fields.deconstructing import with_options
from nuages.models.fields.field import Field
from nuages.sql.keeping import hands_on, keeps
from nuages.text.lazy import cached_property


class BooleanField(Field[bool]):
    """True or False; with ``null=True`` also None."""

    empty_strings_allowed = False
    default_error_messages = {
        "invalid": _("“%(value)s” value must be either True or False."),
        "invalid_nullable": _("“%(value)s” value must be either True, False, or None."),
    }
    description = _("Boolean (Either True or False)")

    def get_internal_type(self) -> str:
        return "BooleanField"

    @keeps(bool)
    def to_python(self, value: Any) -> Any:
        if self.null and value in self.empty_values:
            return None
        if value in (True, False):
            return bool(value)
        known = {"t": True, "True": True, "1": True, "f": False, "False": False, "0": False}
        if isinstance(value, str) and value in known:
            return known[value]
        raise self._failure("invalid_nullable" if self.null else "invalid", value=value)

    @hands_on()
    def get_prep_value(self, value: Any) -> Any:
        value = super().get_prep_value(value)
        return None if value is None else self.to_python(value)

    def formfield(self, **kwargs: Any) -> Any:
        if self.choices is not None:
            include_blank = not (self.has_default() or "initial" in kwargs)
            options: dict[str, Any] = {"choices": self.get_choices(include_blank=include_blank)}
        else:
            options = {"form_class": forms.NullBooleanField if self.null else forms.BooleanField, "required": False}
        return super().formfield(**{**options, **kwargs})


class NullBooleanField(BooleanField):
    """Removed; it exists for old migrations only."""

    system_check_removed_details = removed_details("NullBooleanField is", "BooleanField(null=True, blank=True)", "E903")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs["null"] = kwargs["blank"] = True
        super().__init__(*args, **kwargs)

    def deconstruct(self) -> Any:
        name, path, args, kwargs = super().deconstruct()
        del kwargs["null"], kwargs["blank"]
        return name, path, args, kwargs


class IntegerField(Field[int]):
    """A whole number within the range of the database's type."""

    empty_strings_allowed = False
    default_error_messages = {"invalid": _("“%(value)s” value must be an integer.")}
    description: Any = _("Integer")

    def check(self, **kwargs: Any) -> list[Any]:
        return [*super().check(**kwargs), *self._check_max_length_warning()]

    @cached_property
    def validators(self) -> list[Any]:
        """Those of the field, and the limits of the database where the field sets none as tight."""
        own = [*self.default_validators, *self._validators]
        low, high = default_connection.ops.integer_field_range(self.get_internal_type())
        if low is not None and not self._bounded(own, validators.MinValueValidator, low, operator.ge):
            own.append(validators.MinValueValidator(low))
        if high is not None and not self._bounded(own, validators.MaxValueValidator, high, operator.le):
            own.append(validators.MaxValueValidator(high))
        return own

    @staticmethod
    def _bounded(present: list[Any], kind: Any, limit: int, tighter: Any) -> bool:
        for one in present:
            if isinstance(one, kind):
                value = one.limit_value() if callable(one.limit_value) else one.limit_value
                if tighter(value, limit):
                    return True
        return False

    @keeps(int)
    def get_prep_value(self, value: Any) -> Any:
        value = super().get_prep_value(value)
        if value is None:
            return None
        try:
            return int(value)
        except (TypeError, ValueError) as error:
            raise error.__class__(f"Field '{self.name}' expected a number but got {value!r}.") from error

    @hands_on("adapt_integerfield_value")
    def get_db_prep_value(self, value: Any, connection: Any, prepared: bool = False) -> Any:
        value = super().get_db_prep_value(value, connection, prepared)
        return connection.ops.adapt_integerfield_value(value, self.get_internal_type())

    def get_internal_type(self) -> str:
        return "IntegerField"

    def to_python(self, value: Any) -> Any:
        if value is None:
            return None
        try:
            return int(value)
        except (TypeError, ValueError):
            raise self._failure("invalid", value=value) from None

    def formfield(self, **kwargs: Any) -> Any:
        return super().formfield(**{"form_class": forms.IntegerField, **kwargs})


class BigIntegerField(IntegerField):
    """A whole number of 64 bits."""

    description = _("Big (8 byte) integer")
    MAX_BIGINT = 2**63 - 1

    def get_internal_type(self) -> str:
        return "BigIntegerField"

    def formfield(self, **kwargs: Any) -> Any:
        return super().formfield(**{"min_value": -self.MAX_BIGINT - 1, "max_value": self.MAX_BIGINT, **kwargs})


class SmallIntegerField(IntegerField):
    """A whole number of 16 bits."""

    description = _("Small integer")

    def get_internal_type(self) -> str:
        return "SmallIntegerField"


class PositiveIntegerRelDbTypeMixin:
    """A column that refers to a positive integer has the plain signed type, unless the database has unsigned ones."""

    integer_field_class: Any

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        if "integer_field_class" not in cls.__dict__ and not hasattr(cls, "integer_field_class"):
            cls.integer_field_class = next(
                parent for parent in cls.__mro__[1:] if issubclass(parent, IntegerField)
            )

    def rel_db_type(self, connection: Any) -> str | None:
        """The type of a referring column."""
        if connection.features.related_fields_match_type:
            return self.db_type(connection)  # type: ignore[attr-defined, no-any-return]
        kind: str | None = self.integer_field_class().db_type(connection=connection)
        return kind


class PositiveBigIntegerField(PositiveIntegerRelDbTypeMixin, BigIntegerField):
    """A whole number of 64 bits, not below zero."""

    description = _("Positive big integer")

    def get_internal_type(self) -> str:
        return "PositiveBigIntegerField"

    def formfield(self, **kwargs: Any) -> Any:
        return super().formfield(**{"min_value": 0, **kwargs})


class PositiveIntegerField(PositiveIntegerRelDbTypeMixin, IntegerField):
    """A whole number, not below zero."""

    description = _("Positive integer")

    def get_internal_type(self) -> str:
        return "PositiveIntegerField"

    def formfield(self, **kwargs: Any) -> Any:
        return super().formfield(**{"min_value": 0, **kwargs})


class PositiveSmallIntegerField(PositiveIntegerRelDbTypeMixin, SmallIntegerField):
    """A whole number of 16 bits, not below zero."""

    description = _("Positive small integer")

    def get_internal_type(self) -> str:
        return "PositiveSmallIntegerField"

    def formfield(self, **kwargs: Any) -> Any:
        return super().formfield(**{"min_value": 0, **kwargs})


class AutoFieldMixin:
    """What the fields have in common whose value the database makes."""

    db_returning = True

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs["blank"] = True
        super().__init__(*args, **kwargs)

    def check(self, **kwargs: Any) -> list[Any]:
        """Adds E100: such a field must be the primary key."""
        found: list[Any] = super().check(**kwargs)  # type: ignore[misc]
        if not self.primary_key:  # type: ignore[attr-defined]
            found.append(checks.Error("AutoFields must set primary_key=True.", obj=self, id="fields.E100"))
        return found

    def deconstruct(self) -> Any:
        """Leaves out `blank`, which is always set, and states `primary_key`."""
        name, path, args, kwargs = super().deconstruct()  # type: ignore[misc]
        del kwargs["blank"]
        kwargs["primary_key"] = True
        return name, path, args, kwargs

    def validate(self, value: Any, model_instance: Any) -> None:
        """Nothing to validate: the database makes the value."""

    @hands_on("validate_autopk_value")
    def get_db_prep_save(self, value: Any, connection: Any) -> Any:
        """The value as it is written, which some databases refuse (zero in MySQL)."""
        value = super().get_db_prep_save(value, connection)  # type: ignore[misc]
        return value if hasattr(value, "as_sql") else connection.ops.validate_autopk_value(value)

    def contribute_to_class(self, cls: Any, name: str, private_only: bool = False) -> None:
        """Record the field as the one whose value the database makes; raises ValueError for a second one."""
        if cls._meta.auto_field:
            raise ValueError(f"Model {cls._meta.label} can't have more than one auto-generated field.")
        super().contribute_to_class(cls, name, private_only)  # type: ignore[misc]
        cls._meta.auto_field = self

    def formfield(self, **kwargs: Any) -> Any:
        """No form shows it."""
        return None


class AutoFieldMeta(type):
    """Lets all auto fields count as AutoField in isinstance and issubclass, whatever integer they are made of."""

    def __instancecheck__(cls, instance: Any) -> bool:
        return cls.__subclasscheck__(type(instance))

    def __subclasscheck__(cls, subclass: type) -> bool:
        if cls.__dict__.get("_family"):
            return issubclass(subclass, AutoFieldMixin)
        return super().__subclasscheck__(subclass)


class AutoField(AutoFieldMixin, IntegerField, metaclass=AutoFieldMeta):
    """An integer primary key that counts by itself."""

    _family = True
    description = _("Integer")

    def get_internal_type(self) -> str:
        return "AutoField"

    def rel_db_type(self, connection: Any) -> str | None:
        return IntegerField().db_type(connection=connection)


class BigAutoField(AutoFieldMixin, BigIntegerField):
    """An AutoField of 64 bits."""

    def get_internal_type(self) -> str:
        return "BigAutoField"

    def rel_db_type(self, connection: Any) -> str | None:
        return BigIntegerField().db_type(connection=connection)


class SmallAutoField(AutoFieldMixin, SmallIntegerField):
    """An AutoField of 16 bits."""

    def get_internal_type(self) -> str:
        return "SmallAutoField"

    def rel_db_type(self, connection: Any) -> str | None:
        return SmallIntegerField().db_type(connection=connection)


class FloatField(Field[float]):
    """A floating-point number."""

    empty_strings_allowed = False
    default_error_messages = {"invalid": _("“%(value)s” value must be a float.")}
    description = _("Floating point number")

    def get_prep_value(self, value: Any) -> Any:
        value = super().get_prep_value(value)
        if value is None:
            return None
        try:
            return float(value)
        except (TypeError, ValueError) as error:
            raise error.__class__(f"Field '{self.name}' expected a number but got {value!r}.") from error

    def get_internal_type(self) -> str:
        return "FloatField"

    def to_python(self, value: Any) -> Any:
        if value is None:
            return None
        try:
            return float(value)
        except (TypeError, ValueError):
            raise self._failure("invalid", value=value) from None

    def formfield(self, **kwargs: Any) -> Any:
        return super().formfield(**{"form_class": forms.FloatField, **kwargs})


class DecimalField(Field[decimal.Decimal]):
    """A number of fixed precision, as ``decimal.Decimal``."""

    empty_strings_allowed = False
    default_error_messages = {"invalid": _("“%(value)s” value must be a decimal number.")}
    description = _("Decimal number")

    def __init__(
        self,
        verbose_name: Any = None,
        name: str | None = None,
        max_digits: int | None = None,
        decimal_places: int | None = None,
        **kwargs: Any,
    ) -> None:
        self.max_digits, self.decimal_places = max_digits, decimal_places
        super().__init__(verbose_name, name, **kwargs)

    def check(self, **kwargs: Any) -> list[Any]:
        found = super().check(**kwargs)
        own = [*self._check_decimal_places(), *self._check_max_digits()]
        databases = kwargs.get("databases") or []
        if not own and (self.max_digits is None) != (self.decimal_places is None):
            return [*found, checks.Error(
                "A DecimalField takes max_digits and decimal_places together, or neither of them.",
                obj=self, id="fields.E135",
            )]
        if not own and self.max_digits is None and self.decimal_places is None:
            return [*found, *self._check_unlimited(databases)]
        if own:
            return [*found, *own]
        assert self.max_digits is not None and self.decimal_places is not None
        if int(self.decimal_places) > int(self.max_digits):
            problem = "'max_digits' must be greater or equal to 'decimal_places'."
            found.append(checks.Error(problem, obj=self, id="fields.E134"))
        return found

    def _check_unlimited(self, databases: Any) -> list[Any]:
        """E130 and E132 where a database needs both numbers."""
        for connection in self._databases(databases):
            if not self._requires("supports_no_precision_decimalfield", connection):
                return [
                    checks.Error("DecimalFields must define a 'decimal_places' attribute.", obj=self, id="fields.E130"),
                    checks.Error("DecimalFields must define a 'max_digits' attribute.", obj=self, id="fields.E132"),
                ]
        return []

    def _check_decimal_places(self) -> list[Any]:
        if self.decimal_places is None:
            return []
        try:
            valid = int(self.decimal_places) >= 0
        except (TypeError, ValueError):
            valid = False
        if valid:
            return []
        return [checks.Error("'decimal_places' must be a non-negative integer.", obj=self, id="fields.E131")]

    def _check_max_digits(self) -> list[Any]:
        if self.max_digits is None:
            return []
        try:
            valid = int(self.max_digits) > 0
        except (TypeError, ValueError):
            valid = False
        if valid:
            return []
        return [checks.Error("'max_digits' must be a positive integer.", obj=self, id="fields.E133")]

    @cached_property
    def validators(self) -> list[Any]:
        """Those of the field, and the limits on digits."""
        return [
            *self.default_validators, *self._validators,
            validators.DecimalValidator(self.max_digits, self.decimal_places),
        ]

    @cached_property
    def context(self) -> decimal.Context:
        """The decimal context that rounds to the field's precision."""
        return decimal.Context(prec=self.max_digits) if self.max_digits is not None else decimal.Context()

    def deconstruct(self) -> Any:
        return with_options(super().deconstruct(), max_digits=self.max_digits, decimal_places=self.decimal_places)

    def get_internal_type(self) -> str:
        return "DecimalField"

    def to_python(self, value: Any) -> Any:
        if value is None:
            return None
        try:
            if isinstance(value, float):
                number = self.context.create_decimal_from_float(value) if math.isfinite(value) else decimal.Decimal("nan")
            else:
                number = decimal.Decimal(value)
        except (decimal.InvalidOperation, TypeError, ValueError):
            raise self._failure("invalid", value=value) from None
        if not number.is_finite():
            raise self._failure("invalid", value=value)
        return number

    def get_db_prep_value(self, value: Any, connection: Any, prepared: bool = False) -> Any:
        value = value if prepared else self.get_prep_value(value)
        if hasattr(value, "as_sql"):
            return value
        return connection.ops.adapt_decimalfield_value(value, self.max_digits, self.decimal_places)

    def get_prep_value(self, value: Any) -> Any:
        return self.to_python(super().get_prep_value(value))

    def formfield(self, **kwargs: Any) -> Any:
        return super().formfield(**{
            "max_digits": self.max_digits, "decimal_places": self.decimal_places, "form_class": forms.DecimalField, **kwargs,
        })


__all__ = [
    "AutoField", "AutoFieldMixin", "BigAutoField", "BigIntegerField", "BooleanField", "DecimalField", "FloatField", "IntegerField",
    "NullBooleanField", "PositiveBigIntegerField", "PositiveIntegerField", "PositiveIntegerRelDbTypeMixin",
    "PositiveSmallIntegerField", "SmallAutoField", "SmallIntegerField",
]

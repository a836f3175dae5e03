"""The field: one attribute of a model, its column, its validation, its form and its description for migrations."""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterable
from functools import partialmethod, total_ordering
from types import NoneType
from typing import TYPE_CHECKING, Any, ClassVar, Generic, Literal, Self, TypeVar, overload

from nuages import exceptions, validators
from nuages.apps.registry import apps
from nuages.conf import names, settings
from nuages.db import connection as default_connection
from nuages.i18n.translation import gettext_lazy as _
from nuages.models.fields.attributes import DeferredAttribute
from nuages.models.fields.checking import FieldChecks
from nuages.models.fields.markers import BLANK_CHOICE_DASH, NOT_PROVIDED
from nuages.models.fields.presenting import FieldPresentation
from nuages.sql.errors import NotSupportedError
from nuages.sql.expressions import Col, DatabaseDefault, Value
from nuages.sql.keeping import hands_on, reads
from nuages.sql.lookups import RegisterLookupMixin
from nuages.text.choices import CallableChoiceIterator, flatten_choices, normalize_choices
from nuages.text.lazy import Promise, cached_property, plain

if TYPE_CHECKING:
    from nuages.models.model import Model

T = TypeVar("T")

#: Constructor keyword, attribute it is kept in, and the value that needs no mention in a migration.
OPTIONS: tuple[tuple[str, str, Any], ...] = (
    ("verbose_name", "_verbose_name", None),
    ("primary_key", "primary_key", False),
    ("max_length", "max_length", None),
    ("unique", "_unique", False),
    ("blank", "blank", False),
    ("null", "null", False),
    ("db_index", "db_index", False),
    ("default", "default", NOT_PROVIDED),
    ("db_default", "db_default", NOT_PROVIDED),
    ("editable", "editable", True),
    ("serialize", "serialize", True),
    ("unique_for_date", "unique_for_date", None),
    ("unique_for_month", "unique_for_month", None),
    ("unique_for_year", "unique_for_year", None),
    ("choices", "choices", None),
    ("help_text", "help_text", ""),
    ("db_column", "db_column", None),
    ("db_comment", "db_comment", None),
    ("db_tablespace", "_db_tablespace", None),
    ("auto_created", "auto_created", False),
    ("validators", "_validators", []),
    ("error_messages", "_error_messages", None),
)
BY_VALUE = frozenset({"unique", "choices", "validators"})


class TypeParameters(dict[str, Any]):
    """What a column type's text may name: the field's attributes; ``qn_X`` is X quoted as an identifier."""

    def __init__(self, attributes: dict[str, Any], quote: Callable[[str], str]) -> None:
        super().__init__(attributes)
        self.quote = quote

    def __missing__(self, key: str) -> Any:
        if key.startswith("qn_"):
            return self.quote(self[key[3:]])
        raise KeyError(key)


def load_field(model_label: str, field_name: str) -> Any:
    """Find a field again after unpickling."""
    return apps.get_model(model_label)._meta.get_field(field_name)


def make_empty(cls: Any) -> Any:
    """An instance of `cls` without running its constructor; used by copy and pickle."""
    return cls.__new__(cls)


@total_ordering
class Field(FieldChecks, FieldPresentation, RegisterLookupMixin, Generic[T]):
    """Ancestor of all model fields; see "Model field reference" for its options.

    Fields are ordered by the moment of their creation, so that columns follow their order in the class.
    """

    verbose_name: Any
    primary_key: bool
    null: bool
    blank: bool
    default: Any
    db_default: Any
    editable: bool
    serialize: bool
    db_index: bool
    db_column: str | None
    db_comment: str | None
    remote_field: Any
    empty_strings_allowed = True
    empty_values: Any = list(validators.EMPTY_VALUES)
    creation_counter: int = 0
    auto_creation_counter: ClassVar[int] = -1
    default_validators: list[Any] = []
    default_error_messages: ClassVar[dict[str, Any]] = {
        "invalid_choice": _("Value %(value)r is not a valid choice."),
        "null": _("This field cannot be null."),
        "blank": _("This field cannot be blank."),
        "unique": _("%(model_name)s with this %(field_label)s already exists."),
        "unique_for_date": _("%(field_label)s must be unique for %(date_field_label)s %(lookup_type)s."),
    }
    system_check_deprecated_details: Any = None
    system_check_removed_details: Any = None
    #: Options that ask for no change of the database when they change.
    non_db_attrs: tuple[str, ...] = (
        "blank", "choices", "db_column", "editable", "error_messages", "help_text", "limit_choices_to",
        "on_delete", "related_name", "related_query_name", "validators", "verbose_name",
    )
    hidden = False
    many_to_many: bool | None = None
    many_to_one: bool | None = None
    one_to_many: bool | None = None
    one_to_one: bool | None = None
    related_model: Any = None
    generated = False
    descriptor_class: Any = DeferredAttribute
    _default_hint: tuple[str, str] = ("a function", "None")

    if TYPE_CHECKING:

        # The value's type as type checkers see it on an instance; with null=True it may be None.
        @overload
        def __new__(cls, *args: Any, null: Literal[True], **kwargs: Any) -> Field[T | None]: ...
        @overload
        def __new__(cls, *args: Any, **kwargs: Any) -> Self: ...
        def __new__(cls, *args: Any, **kwargs: Any) -> Any: ...
        @overload
        def __get__(self, instance: None, owner: Any) -> Self: ...
        @overload
        def __get__(self, instance: object, owner: Any) -> T: ...
        def __get__(self, instance: Any, owner: Any) -> Any: ...
        def __set__(self, instance: Any, value: Any) -> None: ...

    name: str
    attname: str
    column: Any
    model: Any
    concrete: bool

    def __init__(
        self,
        verbose_name: Any = None,
        name: str | None = None,
        primary_key: bool = False,
        max_length: int | None = None,
        unique: bool = False,
        blank: bool = False,
        null: bool = False,
        db_index: bool = False,
        rel: Any = None,
        default: Any = NOT_PROVIDED,
        editable: bool = True,
        serialize: bool = True,
        unique_for_date: str | None = None,
        unique_for_month: str | None = None,
        unique_for_year: str | None = None,
        choices: Any = None,
        help_text: Any = "",
        db_column: str | None = None,
        db_tablespace: str | None = None,
        auto_created: bool = False,
        validators: Iterable[Any] = (),
        error_messages: dict[str, Any] | None = None,
        db_comment: str | None = None,
        db_default: Any = NOT_PROVIDED,
    ) -> None:
        self.remote_field, self.is_relation = rel, rel is not None
        self.name = name  # type: ignore[assignment]
        self.verbose_name = self._verbose_name = verbose_name
        self.primary_key, self._unique = primary_key, unique
        self.null, self.blank, self.max_length = null, blank, max_length
        self.default, self.db_default = default, db_default
        self.editable, self.serialize = editable, serialize
        self.unique_for_date = unique_for_date
        self.unique_for_month = unique_for_month
        self.unique_for_year = unique_for_year
        self.choices = choices
        self.help_text = help_text
        self.db_index, self.db_column, self.db_comment = db_index, db_column, db_comment
        self._db_tablespace = db_tablespace
        self.auto_created = auto_created
        self._validators = list(validators)
        self._error_messages = error_messages
        self._take_number(auto_created)

    def _take_number(self, auto_created: bool) -> None:
        """Fields made by the framework stand before those that a user declares."""
        if auto_created:
            self.creation_counter = Field.auto_creation_counter
            Field.auto_creation_counter -= 1
        else:
            self.creation_counter = Field.creation_counter
            Field.creation_counter += 1

    # -- identity ---------------------------------------------------------------------------------------------

    def __str__(self) -> str:
        """``app_label.Model.field``, or the class when the field is not yet in a model."""
        if not hasattr(self, "model"):
            return super().__str__()
        return f"{self.model._meta.label}.{self.name}"

    def __repr__(self) -> str:
        cls = self.__class__
        path = f"{cls.__module__}.{cls.__qualname__}"
        name = getattr(self, "name", None)
        return f"<{path}: {name}>" if name is not None else f"<{path}>"

    def __eq__(self, other: object) -> Any:
        if not isinstance(other, Field):
            return NotImplemented
        return self.creation_counter == other.creation_counter and (
            getattr(self, "model", None) == getattr(other, "model", None)
        )

    def __lt__(self, other: object) -> Any:
        if not isinstance(other, Field):
            return NotImplemented
        if self.creation_counter != other.creation_counter:
            return self.creation_counter < other.creation_counter
        mine, theirs = getattr(self, "model", None), getattr(other, "model", None)
        if (mine is None) or (theirs is None):
            return mine is None and theirs is not None
        return mine._meta.label_lower < theirs._meta.label_lower

    def __hash__(self) -> int:
        return hash(self.creation_counter)

    def __deepcopy__(self, memo: dict[int, Any]) -> Field:
        twin = copy.copy(self)
        if self.remote_field:
            twin.remote_field = copy.copy(self.remote_field)
            if self.remote_field.field is self:
                twin.remote_field.field = twin
        memo[id(self)] = twin
        return twin

    def __copy__(self) -> Field:
        twin: Field = make_empty(self.__class__)
        twin.__dict__ = {key: value for key, value in self.__dict__.items() if key not in NOT_COPIED}
        return twin

    def __reduce__(self) -> Any:
        if not hasattr(self, "model"):
            state = {key: value for key, value in self.__dict__.items() if key not in NOT_COPIED}
            return make_empty, (self.__class__,), state
        return load_field, (self.model._meta.label, self.name)

    # -- description for migrations ---------------------------------------------------------------------------

    def deconstruct(self) -> tuple[str, str, list[Any], dict[str, Any]]:
        """``(name, path, args, kwargs)`` from which the field can be made again; only what differs from defaults."""
        keywords: dict[str, Any] = {}
        for keyword, attribute, default in OPTIONS:
            value = getattr(self, attribute)
            if keyword == "choices" and isinstance(value, CallableChoiceIterator):
                value = value.func
            elif keyword == "choices" and value is not None and not isinstance(value, (list, tuple, str)):
                value = list(value)
            if (value != default) if keyword in BY_VALUE else (value is not default):
                keywords[keyword] = value
        return self.name, self._public_path(), [], keywords

    def _public_path(self) -> str:
        """The dotted name by which a project imports this class."""
        return names.public_home(self.__class__)

    def clone(self) -> Any:
        """A field equal to this one, bound to no model."""
        _name, _path, args, kwargs = self.deconstruct()
        return self.__class__(*args, **kwargs)

    # -- properties -------------------------------------------------------------------------------------------

    @property
    def choices(self) -> Any:
        """Pairs ``(value, label)``, groups of pairs, or what a callable gives afresh each time."""
        return self._choices

    @choices.setter
    def choices(self, value: Any) -> None:
        self._choices = normalize_choices(value)

    @property
    def flatchoices(self) -> list[tuple[Any, Any]]:
        """The choices with their groups dissolved."""
        return list(flatten_choices(self.choices))

    def _get_flatchoices(self) -> list[tuple[Any, Any]]:
        return self.flatchoices

    @property
    def unique(self) -> bool:
        """Whether the column alone identifies a row."""
        return self._unique or self.primary_key

    @property
    def db_tablespace(self) -> str:
        """The tablespace of the field's index."""
        return self._db_tablespace or settings.DEFAULT_INDEX_TABLESPACE

    @property
    def db_returning(self) -> bool:
        """Whether an INSERT must hand back what the database put into the column."""
        return self.has_db_default()

    @property
    def unique_for(self) -> list[tuple[str, str]]:
        """``(lookup, date field)`` for each unique_for_… option."""
        named = {"date": self.unique_for_date, "year": self.unique_for_year, "month": self.unique_for_month}
        return [(lookup, name) for lookup, name in named.items() if name]

    @cached_property
    def error_messages(self) -> dict[str, Any]:
        """Messages by code: those of all ancestors, then the field's own."""
        messages: dict[str, Any] = {}
        for cls in reversed(self.__class__.__mro__):
            messages.update(getattr(cls, "default_error_messages", {}))
        messages.update(self._error_messages or {})
        return messages

    @cached_property
    def validators(self) -> list[Any]:
        """The validators of the class and those given to the field."""
        return [*self.default_validators, *self._validators]

    @cached_property
    def cached_col(self) -> Any:
        """The column expression over the model's own table."""
        return Col(self.model._meta.db_table, self)

    @property
    def target_field(self) -> Any:
        """For relations, the field at the other end."""
        return None

    def get_col(self, alias: str, output_field: Any = None) -> Any:
        """The expression ``alias.column``."""
        if alias == self.model._meta.db_table and (output_field is None or output_field == self):
            return self.cached_col
        return Col(alias, self, output_field)

    def select_format(self, compiler: Any, sql: str, params: Any) -> tuple[str, Any]:
        """How the column is written in a SELECT list; a hook for fields that need a function around it."""
        return sql, params

    # -- conversion -------------------------------------------------------------------------------------------

    def to_python(self, value: Any) -> Any:
        """`value` as the Python type of the field. Raises ValidationError."""
        return value

    def get_prep_value(self, value: Any) -> Any:
        """`value` as the query side wants it, without regard to the database."""
        return plain(value) if isinstance(value, Promise) else value

    @hands_on()
    def get_db_prep_value(self, value: Any, connection: Any, prepared: bool = False) -> Any:
        """`value` as the driver of `connection` wants it."""
        return value if prepared else self.get_prep_value(value)

    @hands_on()
    def get_db_prep_save(self, value: Any, connection: Any) -> Any:
        """`value` as it is written by INSERT and UPDATE; expressions pass untouched."""
        if hasattr(value, "as_sql"):
            return value
        return self.get_db_prep_value(value, connection=connection, prepared=False)

    @reads()
    def pre_save(self, model_instance: Model, add: bool) -> Any:
        """The value to save; fields that compute their value do so here."""
        return getattr(model_instance, self.attname)

    def get_db_converters(self, connection: Any) -> list[Any]:
        """Functions applied in turn to what the driver returns."""
        return [self.from_db_value] if hasattr(self, "from_db_value") else []

    def value_from_object(self, obj: Model) -> Any:
        """The value that `obj` carries."""
        return getattr(obj, self.attname)

    def value_to_string(self, obj: Model) -> Any:
        """The value of `obj` as serializers write it."""
        return str(self.value_from_object(obj))

    def save_form_data(self, instance: Model, data: Any) -> None:
        """Put a form's cleaned value on `instance`."""
        setattr(instance, self.name, data)

    # -- defaults ---------------------------------------------------------------------------------------------

    def has_default(self) -> bool:
        """Whether a Python default was given."""
        return self.default is not NOT_PROVIDED

    def has_db_default(self) -> bool:
        """Whether the database supplies a default."""
        return self.db_default is not NOT_PROVIDED

    def get_default(self) -> Any:
        """A fresh default value."""
        return self._get_default()

    def get_pk_value_on_save(self, instance: Model) -> Any:
        """A key for an instance that has none, or None to let the database make it."""
        return self.get_default() if self.has_default() else None

    @cached_property
    def _get_default(self) -> Callable[[], Any]:
        if self.has_default():
            default = self.default
            return default if callable(default) else lambda: default
        if self.has_db_default():
            return lambda: DatabaseDefault(self._db_default_expression, output_field=self)
        return str if self._empty_is_text() else NoneType

    def _empty_is_text(self) -> bool:
        if not self.empty_strings_allowed:
            return False
        return not self.null or bool(default_connection.features.interprets_empty_strings_as_nulls)

    @cached_property
    def _db_default_expression(self) -> Any:
        expression = self.db_default
        return expression if hasattr(expression, "resolve_expression") else Value(expression, self)

    # -- validation -------------------------------------------------------------------------------------------

    def run_validators(self, value: Any) -> None:
        """Run all validators on `value`; raises one ValidationError that holds all failures."""
        if value in self.empty_values:
            return
        failures: list[Any] = []
        for validator in self.validators:
            try:
                validator(value)
            except exceptions.ValidationError as error:
                code = getattr(error, "code", None)
                if code is not None and code in self.error_messages:
                    error.message = self.error_messages[code]
                failures.extend(error.error_list)
        if failures:
            raise exceptions.ValidationError(failures)

    def validate(self, value: Any, model_instance: Any) -> None:
        """Refuse values that are not among the choices, and null or blank ones where these are not allowed."""
        if not self.editable:
            return
        if self.choices is not None and value not in self.empty_values:
            if not any(value == key for key, _label in self.flatchoices):
                raise self._failure("invalid_choice", value=value)
        if value is None and not self.null:
            raise self._failure("null")
        if not self.blank and value in self.empty_values:
            raise self._failure("blank")

    def _failure(self, code: str, **params: Any) -> exceptions.ValidationError:
        return exceptions.ValidationError(self.error_messages[code], code=code, params=params or None)

    def clean(self, value: Any, model_instance: Any) -> Any:
        """Convert and validate; gives the converted value or raises ValidationError."""
        value = self.to_python(value)
        self.validate(value, model_instance)
        self.run_validators(value)
        return value

    # -- column -----------------------------------------------------------------------------------------------

    def get_internal_type(self) -> str:
        """The name under which the data of the back ends know the type."""
        return self.__class__.__name__

    def db_type_parameters(self, connection: Any) -> TypeParameters:
        """What the text of a column type may refer to."""
        return TypeParameters(self.__dict__, connection.ops.quote_name)

    def _from_data(self, table: Any, parameters: TypeParameters) -> str | None:
        text = table.get(self.get_internal_type())
        if text is None:
            return None
        return str(text(parameters) if callable(text) else text % parameters)

    def db_type(self, connection: Any) -> str | None:
        """The column's type on `connection`; None when the field has no column there."""
        return self._from_data(connection.data_types, self.db_type_parameters(connection))

    def db_check(self, connection: Any) -> str | None:
        """The CHECK expression that belongs to the type, or None."""
        return self._from_data(connection.data_type_check_constraints, self.db_type_parameters(connection))

    def db_parameters(self, connection: Any) -> dict[str, Any]:
        """Type and check of the column together."""
        return {"type": self.db_type(connection), "check": self.db_check(connection)}

    def rel_db_type(self, connection: Any) -> str | None:
        """The type of a column that refers to this one."""
        return self.db_type(connection)

    def cast_db_type(self, connection: Any) -> str | None:
        """The type to write in a CAST."""
        text = connection.ops.cast_data_types.get(self.get_internal_type())
        if text:
            return str(text % self.db_type_parameters(connection))
        return self.db_type(connection)

    def db_type_suffix(self, connection: Any) -> str | None:
        """What follows the type in a column definition (AUTOINCREMENT and the like)."""
        suffix: str | None = connection.data_types_suffix.get(self.get_internal_type())
        return suffix

    # -- joining a model --------------------------------------------------------------------------------------

    def set_attributes_from_name(self, name: str) -> None:
        """Derive attribute name, column and label from `name`."""
        self.name = self.name or name
        self.attname, self.column = self.get_attname_column()
        self.concrete = self.column is not None
        if self.verbose_name is None and self.name:
            self.verbose_name = self.name.replace("_", " ")

    def get_attname(self) -> str:
        """The attribute that holds the raw value."""
        return self.name

    def get_attname_column(self) -> tuple[str, Any]:
        """Attribute and column name."""
        attname = self.get_attname()
        return attname, self.db_column or attname

    def contribute_to_class(self, cls: Any, name: str, private_only: bool = False) -> None:
        """Record the field on the model `cls` under `name`."""
        self.set_attributes_from_name(name)
        self.model = cls
        cls._meta.add_field(self, private=private_only)
        if (self.column and not (name in cls.__dict__ and not isinstance(cls.__dict__[name], DeferredAttribute))) or (self.column and self.attname not in cls.__dict__):
            setattr(cls, self.attname, self.descriptor_class(self))
        if self.choices is not None and f"get_{self.name}_display" not in cls.__dict__:
            setattr(cls, f"get_{self.name}_display", partialmethod(cls._get_FIELD_display, field=self))

    def get_filter_kwargs_for_object(self, obj: Model) -> dict[str, Any]:
        """The filter that finds objects with the same value."""
        return {self.name: getattr(obj, self.attname)}

    def slice_expression(self, expression: Any, start: Any, length: Any) -> Any:
        """The expression of a slice; for fields that can be sliced in a query."""
        raise NotSupportedError("This field does not support slicing.")


#: Computed on first use and bound to one instance: a copy must compute its own.
NOT_COPIED = frozenset({"_get_default", "cached_col", "error_messages", "validators", "path_infos", "reverse_path_infos"})


__all__ = ["BLANK_CHOICE_DASH", "NOT_PROVIDED", "Field"]

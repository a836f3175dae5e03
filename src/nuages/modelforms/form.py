"""Forms made from models. See the model forms documentation."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import chain
from typing import Any, ClassVar

from nuages.exceptions import NON_FIELD_ERRORS, FieldError, ImproperlyConfigured, ValidationError
from nuages.forms.errors import ErrorList
from nuages.forms.form import BaseForm, DeclarativeFieldsMetaclass
from nuages.modelforms.fields import InlineForeignKeyField
from nuages.modelforms.mapping import (
    ALL_FIELDS,
    apply_limit_choices_to_to_formfield,
    construct_instance,
    fields_for_model,
    model_to_dict,
    names_of,
    wanted,
)

_OPTIONS = (
    "model",
    "fields",
    "exclude",
    "widgets",
    "localized_fields",
    "labels",
    "help_texts",
    "error_messages",
    "field_classes",
    "formfield_callback",
)


class ModelFormOptions:
    """The options of a model form, from its inner ``Meta`` class: each is ``None`` if not given."""

    model: Any
    fields: Any
    exclude: Any
    widgets: Any
    localized_fields: Any
    labels: Any
    help_texts: Any
    error_messages: Any
    field_classes: Any
    formfield_callback: Any

    def __init__(self, options: Any = None) -> None:
        for name in _OPTIONS:
            setattr(self, name, getattr(options, name, None))


def _refuse_strings(owner: str, options: ModelFormOptions) -> None:
    for name in ("fields", "exclude", "localized_fields"):
        value = getattr(options, name)
        if isinstance(value, str) and value != ALL_FIELDS:
            raise TypeError(f"{owner}.Meta.{name} cannot be a string. Did you mean to type: ('{value}',)?")


class ModelFormMetaclass(DeclarativeFieldsMetaclass):
    """Makes form fields for the model that ``Meta`` names; those that the class declares come first in rank."""

    _meta: ModelFormOptions

    def __new__(mcs, name: str, bases: tuple[type, ...], attrs: dict[str, Any], **kwargs: Any) -> Any:
        cls = super().__new__(mcs, name, bases, attrs, **kwargs)
        if bases == (BaseModelForm,):
            return cls
        options = cls._meta = ModelFormOptions(getattr(cls, "Meta", None))
        _refuse_strings(cls.__name__, options)
        cls.base_fields = mcs._fields_of(cls, options) if options.model else cls.declared_fields
        return cls

    @staticmethod
    def _fields_of(cls: Any, options: ModelFormOptions) -> dict[str, Any]:
        if options.fields is None and options.exclude is None:
            raise ImproperlyConfigured(
                f"{cls.__name__}.Meta needs 'fields' or 'exclude', so that no field of the model slips in unseen; "
                f"fields = '{ALL_FIELDS}' takes them all."
            )
        if options.fields == ALL_FIELDS:
            options.fields = None
        made = fields_for_model(
            options.model,
            **{name: getattr(options, name) for name in _OPTIONS if name != "model"},
            # Limits are applied for each form, for callables may change their mind.
            apply_limit_choices_to=False,
            form_declared_fields=cls.declared_fields,
        )
        unknown = [name for name, field in made.items() if not field and name not in cls.declared_fields]
        if unknown:
            raise FieldError(f"Unknown field(s) ({names_of(unknown)}) specified for {options.model.__name__}")
        return {**made, **cls.declared_fields}


class BaseModelForm(BaseForm):
    """What model forms do, apart from how their fields are made; see ``ModelForm``."""

    _meta: ClassVar[ModelFormOptions]

    def __init__(
        self,
        data: Mapping[str, Any] | None = None,
        files: Mapping[str, Any] | None = None,
        auto_id: Any = "id_%s",
        prefix: str | None = None,
        initial: Mapping[str, Any] | None = None,
        error_class: type[ErrorList] = ErrorList,
        label_suffix: Any = None,
        empty_permitted: bool = False,
        instance: Any = None,
        use_required_attribute: bool | None = None,
        renderer: Any = None,
        bound_field_class: Any = None,
    ) -> None:
        options = self._meta
        if options.model is None:
            raise ValueError(f"{type(self).__name__} has no model: its Meta must name one.")
        if instance is None:
            self.instance = options.model()
            values: dict[str, Any] = {}
        else:
            self.instance = instance
            values = model_to_dict(instance, options.fields, options.exclude)
        values.update(initial or {})
        # clean() turns it on; a form that overrides that without calling it takes care of itself.
        self._validate_unique = False
        super().__init__(
            data,
            files,
            auto_id,
            prefix,
            values,
            error_class,
            label_suffix,
            empty_permitted,
            use_required_attribute=use_required_attribute,
            renderer=renderer,
            bound_field_class=bound_field_class,
        )
        for field in self.fields.values():
            apply_limit_choices_to_to_formfield(field)

    def _get_validation_exclusions(self) -> set[str]:
        """The model fields that the instance should not validate: those that the form lacks, or found wrong."""
        return {field.name for field in self.instance._meta.fields if self._skips_validation(field)}

    def _skips_validation(self, field: Any) -> bool:
        name = field.name
        if name not in self.fields or name in (self._errors or {}):
            return True
        if not wanted(name, self._meta.fields or None, self._meta.exclude):
            return True
        # The form may let a field stay empty that the model does not: then the view fills it in.
        formfield = self.fields[name]
        lenient = not field.blank and not formfield.required
        return lenient and self.cleaned_data.get(name) in formfield.empty_values

    def clean(self) -> dict[str, Any] | None:
        """Validation across fields; uniqueness is checked if this is called."""
        self._validate_unique = True
        return self.cleaned_data

    def _update_errors(self, errors: ValidationError) -> None:
        """Add the instance's errors, with the messages that the form has for their codes."""
        own = self._meta.error_messages or {}
        by_field = getattr(errors, "error_dict", None) or {NON_FIELD_ERRORS: errors.error_list}
        for name, found in by_field.items():
            if name == NON_FIELD_ERRORS:
                messages = own.get(NON_FIELD_ERRORS, {})
            elif name in self.fields:
                messages = self.fields[name].error_messages
            else:
                continue
            for error in found:
                if isinstance(error, ValidationError) and error.code in messages:
                    error.message = messages[error.code]
        self.add_error(None, errors)

    def _post_clean(self) -> None:
        options = self._meta
        exclude = self._get_validation_exclusions()
        # A foreign key to the parent of an inline formset is no field of the user's to be wrong.
        exclude |= {name for name, field in self.fields.items() if isinstance(field, InlineForeignKeyField)}
        try:
            self.instance = construct_instance(self, self.instance, options.fields, options.exclude)
        except ValidationError as error:
            self._update_errors(error)
        try:
            self.instance.full_clean(exclude=exclude, validate_unique=False, validate_constraints=False)
        except ValidationError as error:
            self._update_errors(error)
        if self._validate_unique:
            self.validate_unique()
        self.validate_constraints()

    def validate_unique(self) -> None:
        """Check the instance's uniqueness, and add what is found to the errors."""
        try:
            self.instance.validate_unique(exclude=self._get_validation_exclusions())
        except ValidationError as error:
            self._update_errors(error)

    def validate_constraints(self) -> None:
        """Check the constraints of the instance's model, and add what is found to the errors."""
        try:
            self.instance.validate_constraints(exclude=self._get_validation_exclusions())
        except ValidationError as error:
            self._update_errors(error)

    def _save_m2m(self) -> None:
        """Save what needs the instance's primary key: many-to-many relations, and private fields with data."""
        meta = self.instance._meta
        for field in chain(meta.many_to_many, meta.private_fields):
            if not hasattr(field, "save_form_data") or field.name not in self.cleaned_data:
                continue
            if wanted(field.name, self._meta.fields or None, self._meta.exclude):
                field.save_form_data(self.instance, self.cleaned_data[field.name])

    def save(self, commit: bool = True) -> Any:
        """Save the instance and return it; without ``commit``, call its ``save()`` and the form's ``save_m2m()`` later.

        Raises ``ValueError`` if the form has errors.
        """
        if self.errors:
            done = "created" if self.instance._state.adding else "changed"
            name = self.instance._meta.object_name
            raise ValueError(f"The {name} could not be {done}: the data didn't validate.")
        if not commit:
            self.save_m2m = self._save_m2m
            return self.instance
        self.instance.save()
        self._save_m2m()
        return self.instance

    save.alters_data = True  # type: ignore[attr-defined]


class ModelForm(BaseModelForm, metaclass=ModelFormMetaclass):
    """A form made from a model, which its inner class ``Meta`` names along with the fields; saves an instance."""


def modelform_factory(
    model: Any,
    form: Any = ModelForm,
    fields: Any = None,
    exclude: Any = None,
    formfield_callback: Any = None,
    widgets: Any = None,
    localized_fields: Any = None,
    labels: Any = None,
    help_texts: Any = None,
    error_messages: Any = None,
    field_classes: Any = None,
) -> Any:
    """A model form class for a model. Raises ``ImproperlyConfigured`` without ``fields`` or ``exclude``."""
    given = {
        "fields": fields,
        "exclude": exclude,
        "widgets": widgets,
        "localized_fields": localized_fields,
        "labels": labels,
        "help_texts": help_texts,
        "error_messages": error_messages,
        "field_classes": field_classes,
    }
    attrs: dict[str, Any] = {"model": model, **{name: value for name, value in given.items() if value is not None}}
    if formfield_callback is not None:
        # Else it would be bound to Meta like a method.
        attrs["formfield_callback"] = staticmethod(formfield_callback) if callable(formfield_callback) else formfield_callback
    parent = getattr(form, "Meta", None)
    meta = type("Meta", () if parent is None else (parent,), attrs)
    if getattr(meta, "fields", None) is None and getattr(meta, "exclude", None) is None:
        raise ImproperlyConfigured(
            f"modelform_factory() needs 'fields' or 'exclude' for {model.__name__}, as an argument or in the form's Meta."
        )
    return type(form)(f"{model.__name__}Form", (form,), {"Meta": meta})


def modelform_defines_fields(form_class: Any) -> bool:
    """Whether a form's options say which fields of the model it has."""
    options = getattr(form_class, "_meta", None)
    return options is not None and (options.fields is not None or options.exclude is not None)

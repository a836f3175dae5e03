"""From models to forms and back: form fields for model fields, and values in both directions."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from itertools import chain
from typing import Any

from nuages.exceptions import FieldError
from nuages.models import AutoField, Exists, FileField, OuterRef, Q
from nuages.models.fields.field import Field as ModelField

#: stands for all fields of a model in ``fields`` and ``localized_fields``
ALL_FIELDS = "__all__"


def wanted(name: str, fields: Collection[str] | None, exclude: Collection[str] | None) -> bool:
    """Whether a field is among ``fields`` (``None`` for all) and not among ``exclude``."""
    return (fields is None or name in fields) and not (exclude and name in exclude)


def construct_instance(form: Any, instance: Any, fields: Any = None, exclude: Any = None) -> Any:
    """Put a form's cleaned data into a model instance, and return it; nothing is saved.

    A field that the submitted data leaves out keeps the model's default.
    """
    cleaned = form.cleaned_data
    files = []
    for field in instance._meta.fields:
        name = field.name
        if not field.editable or isinstance(field, AutoField) or name not in cleaned:
            continue
        if not wanted(name, fields, exclude):
            continue
        if field.has_default() and _left_out(form, name) and cleaned.get(name) in form[name].field.empty_values:
            continue
        if isinstance(field, FileField):
            files.append(field)
        else:
            field.save_form_data(instance, cleaned[name])
    # Last, for upload_to may look at the other fields.
    for field in files:
        field.save_form_data(instance, cleaned[field.name])
    return instance


def _left_out(form: Any, name: str) -> bool:
    widget = form[name].field.widget
    return bool(widget.value_omitted_from_data(form.data, form.files, form.add_prefix(name)))


def model_to_dict(instance: Any, fields: Any = None, exclude: Any = None) -> dict[str, Any]:
    """The values of an instance's editable fields, as the ``initial`` of a form."""
    meta = instance._meta
    return {
        field.name: field.value_from_object(instance)
        for field in chain(meta.concrete_fields, meta.private_fields, meta.many_to_many)
        if getattr(field, "editable", False) and wanted(field.name, fields, exclude)
    }


def apply_limit_choices_to_to_formfield(formfield: Any) -> None:
    """Narrow a form field's queryset by its ``limit_choices_to``."""
    if not (hasattr(formfield, "queryset") and hasattr(formfield, "get_limit_choices_to")):
        return
    limit = formfield.get_limit_choices_to()
    if not limit:
        return
    condition = limit if isinstance(limit, Q) else Q(**limit)
    # A subquery, since a join over many rows would give an object several times.
    inner = formfield.queryset.model._base_manager.filter(condition & Q(pk=OuterRef("pk")))
    formfield.queryset = formfield.queryset.filter(Exists(inner))


def _model_fields(meta: Any) -> list[Any]:
    private = [field for field in meta.private_fields if isinstance(field, ModelField)]
    return sorted(chain(meta.concrete_fields, private, meta.many_to_many))


def fields_for_model(
    model: Any,
    fields: Collection[str] | None = None,
    exclude: Collection[str] | None = None,
    widgets: Mapping[str, Any] | None = None,
    formfield_callback: Callable[..., Any] | None = None,
    localized_fields: Any = None,
    labels: Mapping[str, Any] | None = None,
    help_texts: Mapping[str, Any] | None = None,
    error_messages: Mapping[str, Any] | None = None,
    field_classes: Mapping[str, Any] | None = None,
    *,
    apply_limit_choices_to: bool = True,
    form_declared_fields: Mapping[str, Any] | None = None,
) -> dict[str, Any]:
    """Form fields for the editable fields of a model, by name.

    Names in ``fields`` that the model does not have stand in the result with ``None``. Raises ``FieldError`` for one
    that is not editable.
    """
    if formfield_callback is not None and not callable(formfield_callback):
        raise TypeError("formfield_callback must be a function or callable")
    declared = form_declared_fields or {}
    options = {"widget": widgets, "label": labels, "help_text": help_texts, "error_messages": error_messages}
    options["form_class"] = field_classes
    made: dict[str, Any] = {}
    without: list[str] = []
    for field in _model_fields(model._meta):
        name = field.name
        if not getattr(field, "editable", False):
            _refuse_if_named(field, model, fields, exclude)
            continue
        if not wanted(name, fields, exclude):
            continue
        if name in declared:
            made[name] = declared[name]
            continue
        kwargs = {option: given[name] for option, given in options.items() if given and name in given}
        if localized_fields == ALL_FIELDS or (localized_fields and name in localized_fields):
            kwargs["localize"] = True
        formfield = field.formfield(**kwargs) if formfield_callback is None else formfield_callback(field, **kwargs)
        if not formfield:
            without.append(name)
            continue
        if apply_limit_choices_to:
            apply_limit_choices_to_to_formfield(formfield)
        made[name] = formfield
    if fields is None:
        return made
    return {name: made.get(name) for name in fields if wanted(name, None, exclude) and name not in without}


def _refuse_if_named(field: Any, model: Any, fields: Any, exclude: Any) -> None:
    if fields is not None and wanted(field.name, fields, exclude):
        raise FieldError(
            f"'{field.name}' cannot be specified for {model.__name__} model form: it is a non-editable field"
        )


def names_of(fields: Iterable[str]) -> str:
    """Field names as text, for messages."""
    return ", ".join(fields)

"""Questions about models: what a name of a list or a form means, where a path leads, what a model is called."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import suppress
from typing import Any

from nuages import models
from nuages.contrib.auth.logins import get_permission_codename
from nuages.exceptions import FieldDoesNotExist
from nuages.i18n.translation import ngettext
from nuages.models.constants import LOOKUP_SEP


class FieldIsAForeignKeyColumnName(Exception):
    """A name is that of a foreign key's column, not of a field."""


def flatten(fields: Iterable[Any]) -> list[Any]:
    """The names of a list in which some stand in groups."""
    return [name for entry in fields for name in (entry if isinstance(entry, (list, tuple)) else (entry,))]


def flatten_fieldsets(fieldsets: Iterable[tuple[Any, dict[str, Any]]]) -> list[Any]:
    """The names of all fields of ``fieldsets``."""
    return [name for _title, options in fieldsets for name in flatten(options["fields"])]


def lookup_field(name: Any, obj: Any, model_admin: Any = None) -> tuple[Any, Any, Any]:
    """(field or ``None``, attribute or callable, value) of what a column or a read-only field names.

    The name is a field, a callable, an attribute or method of the admin, an attribute or method of the model, or a path of these.
    """
    try:
        field = _get_non_gfk_field(obj._meta, name)
    except (FieldDoesNotExist, FieldIsAForeignKeyColumnName):
        pass
    else:
        return field, None, getattr(obj, name)
    if callable(name):
        return None, name, name(obj)
    if model_admin is not None and name != "__str__" and hasattr(model_admin, name):
        attribute = getattr(model_admin, name)
        return None, attribute, attribute(obj) if callable(attribute) else attribute
    value = obj
    attribute = None
    for part in [name] if name == "__str__" or not isinstance(name, str) else name.split(LOOKUP_SEP):
        attribute = getattr(value, part)
        value = attribute() if callable(attribute) else attribute
        if value is None:
            break
    if hasattr(obj, "_meta") and LOOKUP_SEP in name and name != "__str__":
        with suppress(FieldDoesNotExist, AttributeError, NotRelationField):
            field = get_fields_from_path(type(obj), name)[-1]
            if value is not None and not field.is_relation:
                return field, attribute, value
    if hasattr(type(obj), name) and isinstance(getattr(type(obj), name), property):
        attribute = getattr(type(obj), name).fget
    return None, attribute, value


def _get_non_gfk_field(opts: Any, name: Any) -> Any:
    """The field of that name, unless it stands for several objects or is just a foreign key's column."""
    if callable(name):
        raise FieldDoesNotExist
    field = opts.get_field(name)
    if field.is_relation and ((field.many_to_one and not field.related_model) or field.one_to_many):
        raise FieldDoesNotExist
    if (
        field.is_relation
        and not field.many_to_many
        and hasattr(field, "attname")
        and field.attname == name != field.name
    ):
        raise FieldIsAForeignKeyColumnName
    return field


def label_for_field(name: Any, model: Any, model_admin: Any = None, return_attr: bool = False, form: Any = None) -> Any:
    """The title of what ``name`` names, and with ``return_attr`` the attribute or callable behind it.

    Raises ``AttributeError`` for a name that means nothing.
    """
    attribute: Any = None
    try:
        field = _get_non_gfk_field(model._meta, name)
        label = getattr(field, "verbose_name", None) or field.related_model._meta.verbose_name
    except FieldIsAForeignKeyColumnName:
        label, attribute = pretty_name(name), name
    except FieldDoesNotExist:
        if name == "__str__":
            label, attribute = str(model._meta.verbose_name), str
        else:
            attribute, label = _attribute_and_label(name, model, model_admin, form)
    return (label, attribute) if return_attr else label


def _attribute_and_label(name: Any, model: Any, model_admin: Any, form: Any) -> tuple[Any, Any]:
    if callable(name):
        attribute = name
    elif hasattr(model_admin, name):
        attribute = getattr(model_admin, name)
    elif hasattr(model, name):
        attribute = getattr(model, name)
    elif form is not None and name in form.fields:
        attribute = form.fields[name]
    else:
        try:
            attribute = get_fields_from_path(model, name)[-1]
        except (FieldDoesNotExist, NotRelationField):
            where = model._meta.object_name
            if model_admin:
                where += f" or {model_admin.__class__.__name__}"
            if form is not None:
                where += f" or {form.__class__.__name__}"
            raise AttributeError(f"Unable to lookup '{name}' on {where}") from None
    described: Any = attribute.fget if isinstance(attribute, property) else attribute
    if hasattr(described, "short_description"):
        return attribute, described.short_description
    if callable(attribute):
        return attribute, "--" if attribute.__name__ == "<lambda>" else pretty_name(attribute.__name__)
    return attribute, pretty_name(name)


def pretty_name(name: str) -> str:
    """``first_name`` as "First name"."""
    return name.replace("_", " ").capitalize() if name else ""


def help_text_for_field(name: str, model: Any) -> Any:
    """The field's help text, or an empty text."""
    try:
        field = _get_non_gfk_field(model._meta, name)
    except (FieldDoesNotExist, FieldIsAForeignKeyColumnName):
        return ""
    return getattr(field, "help_text", "")


# Relations and paths


class NotRelationField(Exception):
    """A path goes on behind a field that leads nowhere."""


def get_model_from_relation(field: Any) -> Any:
    """The model to which a field leads; ``NotRelationField`` if it leads nowhere."""
    if not hasattr(field, "path_infos"):
        raise NotRelationField
    return field.path_infos[-1].to_opts.model


def reverse_field_path(model: Any, path: str) -> tuple[Any, str]:
    """The model at the path's end, and the path from there back to ``model``."""
    back: list[str] = []
    parent = model
    pieces = path.split(LOOKUP_SEP)
    for piece in pieces:
        field = parent._meta.get_field(piece)
        # The last field is no step when it leads nowhere: only what leads to another model is walked back.
        if len(back) == len(pieces) - 1 and not hasattr(field, "path_infos"):
            break
        if field.is_relation and not (field.auto_created and not field.concrete):
            name = field.related_query_name()
        else:
            name = field.field.name
        back.insert(0, name)
        parent = get_model_from_relation(field)
    return parent, LOOKUP_SEP.join(back)


def get_fields_from_path(model: Any, path: str) -> list[Any]:
    """The fields that a path goes through."""
    fields: list[Any] = []
    for piece in path.split(LOOKUP_SEP):
        parent = get_model_from_relation(fields[-1]) if fields else model
        fields.append(parent._meta.get_field(piece))
    return fields


def model_format_dict(obj: Any) -> dict[str, Any]:
    """``verbose_name`` and ``verbose_name_plural`` of a model, an instance, a QuerySet or options, for messages."""
    if isinstance(obj, (models.Model, type)):
        opts: Any = obj._meta  # type: ignore[union-attr]
    elif isinstance(obj, models.QuerySet):
        opts = obj.model._meta
    else:
        opts = obj
    return {"verbose_name": opts.verbose_name, "verbose_name_plural": opts.verbose_name_plural}


def model_ngettext(obj: Any, n: int | None = None) -> str:
    """The model's name in the number of the objects."""
    if isinstance(obj, models.QuerySet):
        n = obj.count() if n is None else n
        obj = obj.model
    names = model_format_dict(obj)
    return ngettext(names["verbose_name"], names["verbose_name_plural"], n or 0)


def permission_codename(action: str, opts: Any) -> str:
    """``"app.add_model"``."""
    return f"{opts.app_label}.{get_permission_codename(action, opts)}"

"""What a model offers: its fields, those of its relations, its properties and methods."""

from __future__ import annotations

import inspect
from collections.abc import Iterator
from functools import cached_property as standard_cached_property
from typing import Any

from nuages import models
from nuages.contrib.admindocs.describing import parse_docstring, parse_rst
from nuages.i18n.translation import gettext as _
from nuages.text.lazy import cached_property

MODEL_METHODS_EXCLUDE = ("_", "add_", "delete", "save", "set_")
"""How the names of methods begin that templates have no use for."""

_BY_SUFFIX = {"_list": "List", "_count": "Integer"}


def get_return_data_type(func_name: str) -> str:
    """What a method named like this gives, as far as a name like ``get_…_list`` or ``get_…_count`` says."""
    if func_name.startswith("get_"):
        for suffix, kind in _BY_SUFFIX.items():
            if func_name.endswith(suffix):
                return kind
    return ""


def get_readable_field_data_type(field: Any) -> str:
    """A field's ``description``, with the field's attributes filled in."""
    return str(field.description % field.__dict__)


def _related(model: Any) -> tuple[str, str]:
    """The application's label and the link to a model, as reStructuredText."""
    return model._meta.app_label, f":model:`{model._meta.app_label}.{model._meta.object_name}`"


def _several(name: str, model: Any, source: str) -> Iterator[dict[str, Any]]:
    """The rows of a relation to many objects."""
    app_label, link = _related(model)
    kind = _("list of %s objects") % f"{app_label}.{model._meta.object_name}"
    texts = (
        ("all", kind, _("all related %s objects") % link),
        ("count", _("Integer"), _("number of related %s objects") % link),
    )
    for attribute, data_type, text in texts:
        yield {"name": f"{name}.{attribute}", "data_type": data_type, "verbose": parse_rst(text, "model", source)}


def _own_fields(model: Any) -> Iterator[dict[str, Any]]:
    for field in model._meta.fields:
        row = {"name": field.name, "data_type": get_readable_field_data_type(field), "help_text": field.help_text}
        row["verbose"] = field.verbose_name or ""
        if isinstance(field, models.ForeignKey):
            app_label, link = _related(field.remote_field.model)
            row["data_type"] = f"{app_label}.{field.remote_field.model._meta.object_name}"
            row["verbose"] = parse_rst(_("the related %s object") % link, "model", f"field:{field.name}")
        yield row
    for field in model._meta.many_to_many:
        yield from _several(field.name, field.remote_field.model, f"field:{field.name}")


def _relations_to(model: Any) -> Iterator[dict[str, Any]]:
    for relation in model._meta.related_objects:
        if relation.hidden:
            continue
        yield from _several(relation.accessor_name, relation.related_model, f"relation:{relation.accessor_name}")


def _members(model: Any) -> Iterator[tuple[str, Any]]:
    """What the model's class and its bases define, short of what every model has."""
    seen: set[str] = set()
    for base in model.__mro__:
        if base is models.Model or base in models.Model.__mro__:
            continue
        for name, member in vars(base).items():
            if name not in seen and not name.startswith(MODEL_METHODS_EXCLUDE):
                seen.add(name)
                yield name, member


def _described(member: Any, source: str) -> Any:
    title, body, _metadata = parse_docstring(inspect.getdoc(member))
    text = "\n\n".join(part for part in (title, body) if part)
    return parse_rst(text, "model", source) if text else ""


def _arguments(function: Any) -> list[str]:
    """The parameters behind ``self``, with their defaults and stars but without annotations."""
    parameters = list(inspect.signature(function).parameters.values())[1:]
    return [str(parameter.replace(annotation=inspect.Parameter.empty)) for parameter in parameters]


def describe_fields(model: Any) -> list[dict[str, Any]]:
    """Rows with ``name``, ``data_type``, ``verbose`` and ``help_text``: what a template can read from an object."""
    rows = list(_own_fields(model))
    for name, member in _members(model):
        readable = isinstance(member, (property, cached_property, standard_cached_property))
        if readable or (inspect.isfunction(member) and not _arguments(member)):
            text = _described(member, f"{model._meta.object_name}.{name}")
            rows.append({"name": name, "data_type": get_return_data_type(name), "verbose": text})
    return rows + list(_relations_to(model))


def describe_methods(model: Any) -> list[dict[str, Any]]:
    """Rows with ``name``, ``arguments`` and ``verbose`` of the methods that take arguments."""
    return [
        {
            "name": name,
            "arguments": ", ".join(arguments),
            "verbose": _described(member, f"{model._meta.object_name}.{name}"),
        }
        for name, member in _members(model)
        if inspect.isfunction(member) and (arguments := _arguments(member))
    ]

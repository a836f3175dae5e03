"""Checks of the field names that indexes, constraints and ``unique_together`` mention; models.E012, E013, E016, E041, E048, E049."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from nuages import checks
from nuages.exceptions import FieldDoesNotExist
from nuages.sql.outputs import is_instance
from nuages.sql.q import Q


def expression_field_names(expression: Any) -> list[str]:
    """The names of all fields that an unresolved expression or condition refers to, look-ups included."""
    if isinstance(expression, Q):
        found = []
        for child in expression.flatten():
            if isinstance(child, Q):
                found += [pair[0] for pair in child.children if isinstance(pair, tuple)]
            elif getattr(child, "is_field_reference", False) or type(child).__name__ == "F":
                found.append(child.name)
        return found
    inner = expression.flatten() if hasattr(expression, "flatten") else [expression]
    return [one.name for one in inner if hasattr(one, "name") and isinstance(one.name, str) and not hasattr(one, "target")]


def nothing_named(what: str) -> str:
    """The message on a constraint or index without fields and expressions."""
    return f"At least one field or expression is required to define {what}."


def check_field_names(model: Any, names: Iterable[str], option: str) -> list[Any]:
    """One message for each name that cannot stand in `option`."""
    options = model._meta
    forward: dict[str, Any] = {}
    for field in options._get_fields(reverse=False):
        forward[field.name] = field
        if hasattr(field, "attname"):
            forward[field.attname] = field
    found: list[Any] = []
    for name in names:
        if name == "pk":
            continue
        if "__" in name:
            found += _check_joined(model, name, option)
            continue
        field = forward.get(name)
        if field is None:
            found.append(checks.Error(f"'{option}' refers to the nonexistent field '{name}'.", obj=model, id="models.E012"))
        else:
            found += _check_kind(model, name, field, option)
    return found


def _check_kind(model: Any, name: str, field: Any, option: str) -> list[Any]:
    options = model._meta
    if field.is_relation and isinstance_many(field):
        return [checks.Error(
            f"'{option}' refers to a ManyToManyField '{name}', which has no column and so no place in '{option}'.",
            obj=model, id="models.E013",
        )]
    if is_instance(field, "CompositePrimaryKey"):
        return [checks.Error(
            f"'{option}' refers to a CompositePrimaryKey '{name}': name its fields one by one instead.",
            obj=model, id="models.E048",
        )]
    if field.is_relation and len(getattr(field, "from_fields", ())) > 1:
        return [checks.Error(
            f"'{option}' refers to a ForeignObject '{name}' over several 'from_fields': name these fields instead.",
            obj=model, id="models.E049",
        )]
    if field not in options.local_fields:
        return [checks.Error(
            f"'{option}' refers to field '{name}' which is not local to model '{options.object_name}'.",
            hint="The field comes from a parent model, whose table has the column.",
            obj=model, id="models.E016",
        )]
    return []


def isinstance_many(field: Any) -> bool:
    """Whether `field` is a many-to-many field."""
    return bool(field.many_to_many)


def _check_joined(model: Any, name: str, option: str) -> list[Any]:
    """A name with look-ups: its first part must be a field, and none of it may lead to another table."""
    current: Any = model
    first, *rest = name.split("__")
    try:
        field = current._meta.pk if first == "pk" else current._meta.get_field(first)
    except FieldDoesNotExist:
        return [checks.Error(f"'{option}' refers to the nonexistent field '{first}'.", obj=model, id="models.E012")]
    if not rest or not field.is_relation:
        return []
    step = rest[0]
    if field.get_transform(step) is None and field.get_lookup(step) is None:
        return [checks.Error(f"'{option}' refers to the joined field '{name}'.", obj=model, id="models.E041")]
    return []

"""How a model's constructor fills an instance: decided once per class."""

from __future__ import annotations

from typing import Any

from nuages.models.fields.attributes import DeferredAttribute, ForeignKeyDeferredAttribute
from nuages.models.fields.field import Field

DIRECT = (DeferredAttribute, ForeignKeyDeferredAttribute)


class Entry:
    """One field: its names, whether its value may go straight into ``__dict__``, and its default."""

    __slots__ = ("attname", "constant", "direct", "field", "make", "name", "related", "skip")

    def __init__(self, field: Any, model: Any) -> None:
        self.field, self.name, self.attname = field, field.name, field.attname
        self.related = field.remote_field is not None and field.is_relation
        self.skip = field.column is None or field.generated
        self.direct = model.__setattr__ is object.__setattr__ and type(model.__dict__.get(field.attname, inherited(model, field.attname))) in DIRECT
        plain = type(field).get_default is Field.get_default and not callable(field.default) and not field.has_db_default()
        self.constant = field.get_default() if plain and not self.skip else None
        self.make = None if plain else field.get_default


def inherited(model: Any, name: str) -> Any:
    """The attribute `name` of the class, descriptors not asked."""
    for base in model.__mro__:
        if name in base.__dict__:
            return base.__dict__[name]
    return None


def init_plan(model: Any) -> tuple[list[Entry], bool]:
    """The entries of all fields of `model`, and whether all are written directly."""
    plans = model._meta._plans
    plan = plans.get(("init", model))
    if plan is None:
        entries = [Entry(field, model) for field in model._meta.fields]
        plan = plans["init", model] = entries, all(entry.direct and not entry.skip for entry in entries)
    found: tuple[list[Entry], bool] = plan
    return found

"""Which model does a field mean? Names of models in migrations, resolved and compared."""

from __future__ import annotations

import datetime
import re
from collections import namedtuple
from typing import Any

from nuages.models.references import RECURSIVE_RELATIONSHIP_CONSTANT

FieldReference = namedtuple("FieldReference", "to through")

COMPILED_REGEX_TYPE = type(re.compile(""))

ModelKey = tuple[str, str]


class RegexObject:
    """A compiled regular expression that equals another with the same pattern and flags."""

    def __init__(self, obj: Any) -> None:
        self.pattern, self.flags = obj.pattern, obj.flags

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, RegexObject):
            return NotImplemented
        return (self.pattern, self.flags) == (other.pattern, other.flags)

    def __hash__(self) -> int:
        return hash((self.pattern, self.flags))


def get_migration_name_timestamp() -> str:
    """The present moment as a part of a file's name."""
    return datetime.datetime.now().strftime("%Y%m%d_%H%M")


def resolve_relation(model: Any, app_label: str | None = None, model_name: str | None = None) -> ModelKey:
    """``(app_label, model_name)`` of a model class, ``"app.Model"``, ``"Model"`` (of ``app_label``) or ``"self"``."""
    if not isinstance(model, str):
        return model._meta.app_label, model._meta.model_name
    if model == RECURSIVE_RELATIONSHIP_CONSTANT:
        if app_label is None or model_name is None:
            raise TypeError("a relation to 'self' is resolved by app_label and model_name, and one is missing.")
        return app_label, model_name
    if "." in model:
        label, name = model.split(".", 1)
        return label, name.lower()
    if app_label is None:
        raise TypeError("a name without an app is looked up in app_label, which is missing.")
    return app_label, model.lower()


def field_references(
    model_tuple: ModelKey,
    field: Any,
    reference_model_tuple: ModelKey,
    reference_field_name: str | None = None,
    reference_field: Any = None,
) -> Any:
    """How a field of one model refers to another (or to a field of it); ``False`` where it does not."""
    remote = field.remote_field
    if not remote:
        return False
    to: Any = None
    through: Any = None
    if resolve_relation(remote.model, *model_tuple) == reference_model_tuple:
        targets = getattr(field, "to_fields", None)
        meant = (
            reference_field_name is None
            or targets is None
            or (None in targets and (reference_field is None or reference_field.primary_key))
            or reference_field_name in targets
        )
        if meant:
            to = (remote, targets)
    between = getattr(remote, "through", None)
    if between and resolve_relation(between, *model_tuple) == reference_model_tuple:
        names = remote.through_fields
        meant = (
            reference_field_name is None
            or names is None
            or reference_field_name in names
        )
        if meant:
            through = (remote, names)
    return FieldReference(to, through) if to or through else False


def get_references(state: Any, model_tuple: ModelKey, field_tuple: Any = ()) -> Any:
    """All fields of a state that refer to a model (or a field of it): ``(model state, name, field, reference)``."""
    for key, model_state in state.models.items():
        for name, field in model_state.fields.items():
            reference = field_references(key, field, model_tuple, *field_tuple)
            if reference:
                yield model_state, name, field, reference


def field_is_referenced(state: Any, model_tuple: ModelKey, field_tuple: Any) -> bool:
    """Whether any field of a state refers to a field."""
    return next(get_references(state, model_tuple, field_tuple), None) is not None

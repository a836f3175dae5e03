"""How relations name models, and how they wait for models that do not exist yet."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

RECURSIVE_RELATIONSHIP_CONSTANT = "self"


def resolve_relation(scope_model: Any, relation: Any) -> Any:
    """The model class, or ``"app_label.Model"``, that `relation` means when written in `scope_model`."""
    if relation == RECURSIVE_RELATIONSHIP_CONSTANT:
        return scope_model
    if isinstance(relation, str) and "." not in relation:
        return f"{scope_model._meta.app_label}.{relation}"
    return relation


def make_model_tuple(model: Any) -> tuple[str, str]:
    """``(app_label, model_name)`` of a class, of ``"app_label.Model"`` or of such a pair. Raises ValueError."""
    if isinstance(model, tuple):
        label, name = model
    elif isinstance(model, str):
        try:
            label, name = model.split(".")
        except ValueError:
            raise ValueError(
                f"Invalid model reference '{model}'. String model references must be of the form 'app_label.ModelName'."
            ) from None
    else:
        return model._meta.app_label, model._meta.model_name
    return label, name.lower()


def lazy_related_operation(function: Callable[..., Any], model: Any, *related_models: Any, **kwargs: Any) -> None:
    """Call ``function(model, *related_models, **kwargs)`` once all of them exist."""
    keys = [make_model_tuple(one) for one in (model, *(resolve_relation(model, one) for one in related_models))]
    model._meta.apps.lazy_model_operation(partial(function, **kwargs), *keys)

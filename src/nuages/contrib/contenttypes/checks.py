"""System checks of content types; ids contenttypes.E001 to E005."""

from __future__ import annotations

from itertools import chain
from typing import Any

from nuages.apps import apps
from nuages.checks import Error


def models_of(app_configs: Any) -> Any:
    """The models to look at."""
    return (
        apps.get_models() if app_configs is None else chain.from_iterable(config.get_models() for config in app_configs)
    )


def check_generic_foreign_keys(app_configs: Any = None, **kwargs: Any) -> list[Any]:
    """The checks of all generic foreign keys."""
    return [
        message
        for model in models_of(app_configs)
        for field in vars(model._meta)["private_fields"]
        if hasattr(field, "fk_field")
        for message in field.check()
    ]


def check_model_name_lengths(app_configs: Any = None, **kwargs: Any) -> list[Any]:
    """E005: a name too long for the column that keeps it."""
    return [
        Error(
            f"Model names must be at most 100 characters (got {len(model._meta.model_name)}).",
            obj=model,
            id="contenttypes.E005",
        )
        for model in models_of(app_configs)
        if len(model._meta.model_name) > 100
    ]

"""Finding and importing modules of the installed applications by name."""

from __future__ import annotations

import copy
from importlib import import_module
from importlib.util import find_spec
from types import ModuleType
from typing import Any

from nuages.apps.registry import apps


def module_has_submodule(package: ModuleType, module_name: str) -> bool:
    """Whether the package has a submodule of that name, without importing it."""
    if not hasattr(package, "__path__"):
        return False
    try:
        return find_spec(f"{package.__name__}.{module_name}") is not None
    except ModuleNotFoundError:
        # A parent is missing, or a part of the name is empty.
        return False


def autodiscover_modules(*args: str, register_to: Any = None) -> None:
    """Import the modules of these names from each application that has them.

    ``register_to`` is a registry with ``_registry``: what a module that fails to import has left in it is taken back.
    """
    for config in apps.get_app_configs():
        for name in args:
            before = copy.copy(register_to._registry) if register_to else None
            try:
                import_module(f"{config.name}.{name}")
            except Exception:
                if register_to:
                    register_to._registry = before
                # A module that does not exist is fine; one that fails is an error.
                if module_has_submodule(config.module, name):
                    raise

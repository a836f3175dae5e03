"""Finding modules of the installed apps by name."""

from __future__ import annotations

import copy
import os
from importlib import import_module
from importlib.util import find_spec
from types import ModuleType
from typing import Any

from nuages.apps.registry import apps


def module_has_submodule(package: ModuleType, module_name: str) -> bool:
    """Whether *package* has a module *module_name*, which is not imported to find out."""
    name, path = getattr(package, "__name__", None), getattr(package, "__path__", None)
    if name is None or path is None:
        return False
    try:
        return find_spec(f"{name}.{module_name}") is not None
    except ModuleNotFoundError:
        return False  # a parent within module_name is missing


def autodiscover_modules(*args: str, register_to: Any = None) -> None:
    """Import the modules *args* of each app that has them.

    With *register_to*, an object with ``_registry``: if an import fails, the registry is as it was before it. The error is raised
    only where the module is there.
    """
    for app_config in apps.get_app_configs():
        for module_name in args:
            before = copy.copy(register_to._registry) if register_to is not None else None
            try:
                import_module(f"{app_config.name}.{module_name}")
            except Exception:
                if register_to is not None:
                    register_to._registry = before
                if module_has_submodule(app_config.module, module_name):
                    raise


def module_dir(module: ModuleType) -> str:
    """The one folder in which *module* lies; ValueError if there is none, or more than one."""
    paths = list(getattr(module, "__path__", []))
    if len(paths) == 1:
        return str(paths[0])
    filename = getattr(module, "__file__", None)
    if filename is not None:
        return str(os.path.dirname(filename))
    raise ValueError(f"Cannot determine directory containing {module}")

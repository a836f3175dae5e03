"""Views by their dotted paths."""

from __future__ import annotations

from functools import lru_cache
from importlib import import_module
from importlib.util import find_spec
from typing import Any

from nuages.exceptions import ViewDoesNotExist


@lru_cache(None)
def get_callable(lookup_view: Any) -> Any:
    """Give the view that ``lookup_view`` is or names.

    :raises ViewDoesNotExist: it is neither, or there is no such view.
    :raises ImportError: it cannot be imported.
    """
    if callable(lookup_view):
        return lookup_view
    if not isinstance(lookup_view, str):
        raise ViewDoesNotExist(f"'{lookup_view}' is not a callable or a dot-notation path")
    module_name, _dot, name = lookup_view.rpartition(".")
    if not module_name:
        raise ImportError(f"Could not import '{lookup_view}'. The path must be fully qualified.")
    try:
        module = import_module(module_name)
    except ImportError:
        parent = module_name.rpartition(".")[0]
        if parent and not exists(module_name):
            raise ViewDoesNotExist(
                f"Could not import '{lookup_view}'. Parent module {module_name} does not exist."
            ) from None
        raise
    try:
        view = getattr(module, name)
    except AttributeError as error:
        if exists(lookup_view):
            raise ViewDoesNotExist(f"Could not import '{lookup_view}'. View is not callable.") from error
        raise ViewDoesNotExist(
            f"Could not import '{lookup_view}'. View does not exist in module {module_name}."
        ) from error
    if not callable(view):
        raise ViewDoesNotExist(f"Could not import '{lookup_view}'. View is not callable.")
    return view


def exists(module_name: str) -> bool:
    """Tell if there is a module of this name, without importing it; its missing parents are an error of their own."""
    try:
        return find_spec(module_name) is not None
    except (ModuleNotFoundError, ValueError, AttributeError):
        return False

"""Asking the backends what a user may do."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from nuages.conf import settings
from nuages.conf.names import import_string
from nuages.exceptions import PermissionDenied


def _backends_with(method: str) -> Iterator[Any]:
    for path in settings.AUTHENTICATION_BACKENDS:
        backend = import_string(path)()
        if hasattr(backend, method):
            yield backend


def permissions(user: Any, obj: Any, source: str) -> set[str]:
    """The union of all backends' permissions from ``source``: "user", "group" or "all"."""
    method = f"get_{source}_permissions"
    found: set[str] = set()
    for backend in _backends_with(method):
        found.update(getattr(backend, method)(user, obj))
    return found


def has_perm(user: Any, perm: str, obj: Any) -> bool:
    """Whether any backend gives the permission. One that raises ``PermissionDenied`` ends the search."""
    try:
        return any(backend.has_perm(user, perm, obj) for backend in _backends_with("has_perm"))
    except PermissionDenied:
        return False


def has_module_perms(user: Any, app_label: str) -> bool:
    """Whether any backend gives any permission of the application."""
    try:
        return any(backend.has_module_perms(user, app_label) for backend in _backends_with("has_module_perms"))
    except PermissionDenied:
        return False

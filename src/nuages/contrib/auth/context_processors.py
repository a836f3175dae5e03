"""The user and their permissions in templates."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from nuages.contrib.auth.anonymous import AnonymousUser


class PermLookupDict:
    """``perms.app``: true with any of the application's permissions; ``perms.app.codename``: with that one."""

    def __init__(self, user: Any, app_label: str) -> None:
        self.user, self.app_label = user, app_label

    def __repr__(self) -> str:
        return str(self.user.get_all_permissions())

    def __getitem__(self, perm_name: str) -> bool:
        return bool(self.user.has_perm(f"{self.app_label}.{perm_name}"))

    def __iter__(self) -> Iterator[Any]:
        # A template would loop for ever over an object with __getitem__ alone.
        raise TypeError("PermLookupDict is not iterable.")

    def __bool__(self) -> bool:
        return bool(self.user.has_module_perms(self.app_label))


class PermWrapper:
    """``perms`` in templates."""

    def __init__(self, user: Any) -> None:
        self.user = user

    def __repr__(self) -> str:
        return f"{type(self).__qualname__}({self.user!r})"

    def __getitem__(self, app_label: str) -> PermLookupDict:
        return PermLookupDict(self.user, app_label)

    def __iter__(self) -> Iterator[Any]:
        raise TypeError("PermWrapper is not iterable.")

    def __contains__(self, perm_name: str) -> bool:
        """``{% if "app" in perms %}`` and ``{% if "app.codename" in perms %}``."""
        app_label, dot, codename = perm_name.partition(".")
        return self[app_label][codename] if dot else bool(self[app_label])


def auth(request: Any) -> dict[str, Any]:
    """``user`` and ``perms``."""
    user = request.user if hasattr(request, "user") else AnonymousUser()
    return {"user": user, "perms": PermWrapper(user)}

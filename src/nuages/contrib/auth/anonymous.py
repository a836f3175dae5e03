"""The user that nobody is."""

from __future__ import annotations

from typing import Any, NoReturn

from nuages import bridge
from nuages.apps import apps
from nuages.contrib.auth.checking import has_module_perms, has_perm, permissions


class AnonymousUser:
    """Stands in ``request.user`` for a visitor who is not logged in. Has no permissions, except those that a backend gives."""

    id = pk = None
    username = ""
    is_anonymous, is_authenticated = True, False
    is_active = is_staff = is_superuser = False

    def __str__(self) -> str:
        return "AnonymousUser"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, self.__class__)

    def __hash__(self) -> int:
        return 1

    def __int__(self) -> NoReturn:
        raise TypeError("Cannot cast AnonymousUser to int: it has no id. Ask is_authenticated first.")

    def _refuse(self, *args: Any, **kwargs: Any) -> NoReturn:
        raise NotImplementedError("There is no database row for AnonymousUser, and it has no password.")

    save = delete = set_password = check_password = _refuse

    @property
    def groups(self) -> Any:
        """No groups."""
        return apps.get_model("auth", "Group").objects.none()

    @property
    def user_permissions(self) -> Any:
        """No permissions."""
        return apps.get_model("auth", "Permission").objects.none()

    def get_username(self) -> str:
        """An empty name."""
        return self.username

    def get_user_permissions(self, obj: Any = None) -> set[str]:
        """Permissions of the user alone."""
        return permissions(self, obj, "user")

    def get_group_permissions(self, obj: Any = None) -> set[str]:
        """No permissions: anonymous users are in no group."""
        return set()

    def get_all_permissions(self, obj: Any = None) -> set[str]:
        """All permissions that backends give."""
        return permissions(self, obj, "all")

    def has_perm(self, perm: str, obj: Any = None) -> bool:
        """Whether a backend gives the permission."""
        return has_perm(self, perm, obj)

    def has_perms(self, perm_list: Any, obj: Any = None) -> bool:
        """Whether backends give all permissions; ``ValueError`` for a text instead of a list."""
        if isinstance(perm_list, str) or not hasattr(perm_list, "__iter__"):
            raise ValueError("perm_list must be an iterable of permissions.")
        return all(self.has_perm(perm, obj) for perm in perm_list)

    def has_module_perms(self, module: str) -> bool:
        """Whether a backend gives any permission of the application."""
        return has_module_perms(self, module)

    aget_user_permissions = bridge.shell(get_user_permissions)
    aget_group_permissions = bridge.shell(get_group_permissions)
    aget_all_permissions = bridge.shell(get_all_permissions)
    ahas_perm = bridge.shell(has_perm)
    ahas_perms = bridge.shell(has_perms)
    ahas_module_perms = bridge.shell(has_module_perms)

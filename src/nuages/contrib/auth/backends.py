"""Where users and permissions are looked up."""

from __future__ import annotations

from typing import Any

from nuages import bridge, models
from nuages.contrib.auth.logins import get_user_model
from nuages.contrib.auth.models import Permission

_SOURCES = {"user": "_get_user_permissions", "group": "_get_group_permissions"}


class BaseBackend:
    """A backend that knows nobody: the base of own ones."""

    def authenticate(self, request: Any, **kwargs: Any) -> Any:
        """The user to whom the credentials belong, or ``None``."""
        return None

    def get_user(self, user_id: Any) -> Any:
        """The user with that primary key, or ``None``."""
        return None

    def get_user_permissions(self, user_obj: Any, obj: Any = None) -> set[str]:
        """Permissions of the user alone."""
        return set()

    def get_group_permissions(self, user_obj: Any, obj: Any = None) -> set[str]:
        """Permissions by way of groups."""
        return set()

    def get_all_permissions(self, user_obj: Any, obj: Any = None) -> set[str]:
        """All permissions."""
        return {*self.get_user_permissions(user_obj, obj=obj), *self.get_group_permissions(user_obj, obj=obj)}

    def has_perm(self, user_obj: Any, perm: str, obj: Any = None) -> bool:
        """Whether the user has the permission."""
        return perm in self.get_all_permissions(user_obj, obj=obj)

    aauthenticate = bridge.shell(authenticate)
    aget_user = bridge.shell(get_user)
    aget_user_permissions = bridge.shell(get_user_permissions)
    aget_group_permissions = bridge.shell(get_group_permissions)
    aget_all_permissions = bridge.shell(get_all_permissions)
    ahas_perm = bridge.shell(has_perm)


class ModelBackend(BaseBackend):
    """Users with passwords, and permissions, from the database."""

    @property
    def user_model(self) -> Any:
        """The model of the users."""
        return get_user_model()

    def authenticate(self, request: Any, username: Any = None, password: str | None = None, **kwargs: Any) -> Any:
        """The active user with that name and password."""
        model = self.user_model
        name = kwargs.get(model.USERNAME_FIELD) if username is None else username
        if name is None or password is None:
            return None
        try:
            user = model._default_manager.get_by_natural_key(name)
        except model.DoesNotExist:
            # Hashing takes as long as checking: the time does not tell whether the name exists.
            model().set_password(password)
            return None
        return user if user.check_password(password) and self.user_can_authenticate(user) else None

    def user_can_authenticate(self, user: Any) -> bool:
        """Whether the user is active; models without the flag always are."""
        return bool(getattr(user, "is_active", True))

    def _get_user_permissions(self, user_obj: Any) -> Any:
        return user_obj.user_permissions.all()

    def _get_group_permissions(self, user_obj: Any) -> Any:
        return Permission.objects.filter(group__in=user_obj.groups.all())

    def _permissions(self, user_obj: Any, obj: Any, source: str) -> set[str]:
        """The permissions from one source, remembered on the user."""
        if not user_obj.is_active or user_obj.is_anonymous or obj is not None:
            return set()
        memory = f"_{source}_perm_cache"
        if not hasattr(user_obj, memory):
            rows = Permission.objects.all() if user_obj.is_superuser else getattr(self, _SOURCES[source])(user_obj)
            pairs = rows.order_by().values_list("content_type__app_label", "codename")
            setattr(user_obj, memory, {f"{app_label}.{codename}" for app_label, codename in pairs})
        return set(getattr(user_obj, memory))

    def get_user_permissions(self, user_obj: Any, obj: Any = None) -> set[str]:
        """Permissions of the user alone; none for an object."""
        return self._permissions(user_obj, obj, "user")

    def get_group_permissions(self, user_obj: Any, obj: Any = None) -> set[str]:
        """Permissions by way of groups; none for an object."""
        return self._permissions(user_obj, obj, "group")

    def get_all_permissions(self, user_obj: Any, obj: Any = None) -> set[str]:
        """All permissions; none for an object, an inactive or an anonymous user."""
        if not user_obj.is_active or user_obj.is_anonymous or obj is not None:
            return set()
        if not hasattr(user_obj, "_perm_cache"):
            user_obj._perm_cache = super().get_all_permissions(user_obj)
        return set(user_obj._perm_cache)

    def has_perm(self, user_obj: Any, perm: str, obj: Any = None) -> bool:
        """Whether the user is active and has the permission."""
        return bool(user_obj.is_active) and super().has_perm(user_obj, perm, obj=obj)

    def has_module_perms(self, user_obj: Any, app_label: str) -> bool:
        """Whether the user is active and has any permission of the application."""
        return bool(user_obj.is_active) and any(
            perm.partition(".")[0] == app_label for perm in self.get_all_permissions(user_obj)
        )

    def with_perm(
        self, perm: Any, is_active: bool | None = True, include_superusers: bool = True, obj: Any = None
    ) -> Any:
        """The users who have a permission (an instance or ``"app.codename"``), themselves or by a group.

        Raises ``TypeError`` for anything else, ``ValueError`` for a text without a dot.
        """
        if isinstance(perm, str):
            app_label, dot, codename = perm.partition(".")
            if not dot or "." in codename:
                raise ValueError("Permission name should be in the form app_label.permission_codename.")
            match = models.Q(codename=codename, content_type__app_label=app_label)
        elif isinstance(perm, Permission):
            match = models.Q(pk=perm.pk)
        else:
            raise TypeError("The `perm` argument must be a string or a permission instance.")
        model = self.user_model
        if obj is not None:
            return model._default_manager.none()
        found = Permission.objects.filter(match)
        theirs = found.filter(models.Q(group__user=models.OuterRef("pk")) | models.Q(user=models.OuterRef("pk")))
        condition: Any = models.Exists(theirs)
        if include_superusers:
            condition |= models.Q(is_superuser=True)
        if is_active is not None:
            condition &= models.Q(is_active=is_active)
        return model._default_manager.filter(condition)

    def get_user(self, user_id: Any) -> Any:
        """The active user with that primary key, or ``None``."""
        try:
            user = self.user_model._default_manager.get(pk=user_id)
        except self.user_model.DoesNotExist:
            return None
        return user if self.user_can_authenticate(user) else None

    ahas_module_perms = bridge.shell(has_module_perms)


class AllowAllUsersModelBackend(ModelBackend):
    """As ``ModelBackend``, for inactive users too."""

    def user_can_authenticate(self, user: Any) -> bool:
        """Always."""
        return True


class RemoteUserBackend(ModelBackend):
    """Trusts the web server, which has authenticated the user already."""

    create_unknown_user = True

    def authenticate(self, request: Any, remote_user: str | None = None) -> Any:  # type: ignore[override]
        """The user of that name, created if need be."""
        if not remote_user:
            return None
        name = self.clean_username(remote_user)
        model = self.user_model
        created = False
        if self.create_unknown_user:
            user, created = model._default_manager.get_or_create(**{model.USERNAME_FIELD: name})
        else:
            try:
                user = model._default_manager.get_by_natural_key(name)
            except model.DoesNotExist:
                return None
        user = self.configure_user(request, user, created=created)
        return user if self.user_can_authenticate(user) else None

    def clean_username(self, username: str) -> str:
        """The name as it is stored; a place to cut a domain off."""
        return username

    def configure_user(self, request: Any, user: Any, created: bool = True) -> Any:
        """A place to fill in a user at each login."""
        return user

    aconfigure_user = bridge.shell(configure_user)


class AllowAllUsersRemoteUserBackend(RemoteUserBackend):
    """As ``RemoteUserBackend``, for inactive users too."""

    def user_can_authenticate(self, user: Any) -> bool:
        """Always."""
        return True

"""Users, groups and permissions."""

from __future__ import annotations

from typing import Any, ClassVar

from nuages import bridge, mail, models
from nuages.apps import apps
from nuages.contrib.auth.abstract import AbstractBaseUser, BaseUserManager
from nuages.contrib.auth.anonymous import AnonymousUser
from nuages.contrib.auth.checking import has_module_perms, has_perm, permissions
from nuages.contrib.auth.hashers import make_password
from nuages.contrib.auth.logins import get_backends, load_backend
from nuages.contrib.auth.validators import UnicodeUsernameValidator
from nuages.contrib.contenttypes.models import ContentType
from nuages.i18n import timezone
from nuages.i18n.translation import gettext_lazy as _
from nuages.models.fields.wording import free_wording

__all__ = [
    "AbstractBaseUser",
    "AbstractUser",
    "AnonymousUser",
    "BaseUserManager",
    "Group",
    "GroupManager",
    "Permission",
    "PermissionManager",
    "PermissionsMixin",
    "User",
    "UserManager",
    "update_last_login",
]


def update_last_login(sender: Any, user: Any, **kwargs: Any) -> None:
    """Note the time of a login, in models that have ``last_login``."""
    user.last_login = timezone.now()
    user.save(update_fields=["last_login"])


class PermissionManager(models.Manager):
    """Finds permissions by what fixtures call them."""

    use_in_migrations = True

    def get_by_natural_key(self, codename: str, app_label: str, model: str) -> Any:
        """The permission with that code name on that model."""
        types = ContentType.objects.db_manager(self.db)
        return self.get(codename=codename, content_type=types.get_by_natural_key(app_label, model))


class Permission(models.Model):
    """That something may be done with the objects of a model. Three to four of each model come by themselves."""

    name = models.CharField(_("name"), max_length=255)
    content_type = models.ForeignKey(ContentType, models.CASCADE, verbose_name=_("content type"))
    codename = models.CharField(_("codename"), max_length=100)

    objects = PermissionManager()

    class Meta:
        verbose_name = _("permission")
        verbose_name_plural = _("permissions")
        unique_together = [["content_type", "codename"]]
        ordering: ClassVar[list[str]] = ["content_type__app_label", "content_type__model", "codename"]

    def __str__(self) -> str:
        return f"{self.content_type} | {self.name}"

    @property
    def user_perm_str(self) -> str:
        """The text that ``has_perm`` takes, ``"app.codename"``."""
        return f"{self.content_type.app_label}.{self.codename}"

    def natural_key(self) -> tuple[Any, ...]:
        """Code name, application and model."""
        return (self.codename, *self.content_type.natural_key())

    natural_key.dependencies = ["contenttypes.contenttype"]  # type: ignore[attr-defined]


class GroupManager(models.Manager):
    """Finds groups by name."""

    use_in_migrations = True

    def get_by_natural_key(self, name: str) -> Any:
        """The group of that name."""
        return self.get(name=name)

    aget_by_natural_key = bridge.shell(get_by_natural_key)


class Group(models.Model):
    """Users with the same permissions."""

    name = models.CharField(_("name"), max_length=150, unique=True)
    permissions = models.ManyToManyField(Permission, verbose_name=_("permissions"), blank=True)

    objects = GroupManager()

    class Meta:
        verbose_name = _("group")
        verbose_name_plural = _("groups")

    def __str__(self) -> str:
        return str(self.name)

    def natural_key(self) -> tuple[str]:
        """The name."""
        return (self.name,)


class UserManager(BaseUserManager):
    """Creates users."""

    use_in_migrations = True

    def _user(self, username: str, email: str | None, password: str | None, **fields: Any) -> Any:
        if not username:
            raise ValueError("The given username must be set")
        # From the registry: in a migration the manager's model is not the class that knows normalize_username.
        real_model = apps.get_model(self.model._meta.app_label, self.model._meta.object_name)
        user = self.model(username=real_model.normalize_username(username), email=self.normalize_email(email), **fields)
        user.password = make_password(password)
        user.save(using=self._db)
        return user

    def create_user(
        self, username: str, email: str | None = None, password: str | None = None, **extra_fields: Any
    ) -> Any:
        """Create and return a user; without a password one that cannot log in with it. ``ValueError`` without a name."""
        flags = {"is_staff": False, "is_superuser": False}
        return self._user(username, email, password, **{**flags, **extra_fields})

    def create_superuser(
        self, username: str, email: str | None = None, password: str | None = None, **extra_fields: Any
    ) -> Any:
        """Create and return a user who may do everything. ``ValueError`` if ``is_staff`` or ``is_superuser`` say otherwise."""
        flags = {"is_staff": True, "is_superuser": True, **extra_fields}
        for name in ("is_staff", "is_superuser"):
            if flags[name] is not True:
                raise ValueError(f"Superuser must have {name}=True.")
        return self._user(username, email, password, **flags)

    def with_perm(
        self,
        perm: Any,
        is_active: bool = True,
        include_superusers: bool = True,
        backend: str | None = None,
        obj: Any = None,
    ) -> Any:
        """The users who have the permission, as the only (or the given) backend knows it.

        Raises ``ValueError`` with several backends and none given, ``TypeError`` for something else than a path.
        """
        if backend is None:
            backends = get_backends()
            if len(backends) != 1:
                raise ValueError(
                    "AUTHENTICATION_BACKENDS has several entries: say which one is to be asked, by the `backend` argument."
                )
            chosen = backends[0]
        elif isinstance(backend, str):
            chosen = load_backend(backend)
        else:
            raise TypeError(f"backend must be a dotted import path string (got {backend!r}).")
        if not hasattr(chosen, "with_perm"):
            return self.none()
        return chosen.with_perm(perm, is_active=is_active, include_superusers=include_superusers, obj=obj)

    acreate_user = bridge.shell(create_user)
    acreate_superuser = bridge.shell(create_superuser)


class PermissionsMixin(models.Model):
    """Groups, permissions and the flag of a superuser, for any user model."""

    is_superuser = models.BooleanField(
        _("superuser status"),
        default=False,
        help_text=free_wording(_("Has all permissions, without having been given them one by one.")),
    )
    groups = models.ManyToManyField(
        Group,
        related_name="user_set",
        related_query_name="user",
        blank=True,
        verbose_name=_("groups"),
        help_text=free_wording(_("The user has all permissions of each of these groups.")),
    )
    user_permissions = models.ManyToManyField(
        Permission,
        related_name="user_set",
        related_query_name="user",
        blank=True,
        verbose_name=_("user permissions"),
        help_text=free_wording(_("Permissions of this user alone.")),
    )

    class Meta:
        abstract = True

    # The class of users has it.
    is_active: Any

    def get_user_permissions(self, obj: Any = None) -> set[str]:
        """Permissions of the user alone."""
        return permissions(self, obj, "user")

    def get_group_permissions(self, obj: Any = None) -> set[str]:
        """Permissions by way of groups."""
        return permissions(self, obj, "group")

    def get_all_permissions(self, obj: Any = None) -> set[str]:
        """All permissions."""
        return permissions(self, obj, "all")

    def has_perm(self, perm: str, obj: Any = None) -> bool:
        """Whether the user is active and has the permission ``"app.codename"``."""
        return bool(self.is_active and self.is_superuser) or has_perm(self, perm, obj)

    def has_perms(self, perm_list: Any, obj: Any = None) -> bool:
        """Whether the user has all of the permissions; ``ValueError`` for a text instead of a list."""
        if isinstance(perm_list, str) or not hasattr(perm_list, "__iter__"):
            raise ValueError("perm_list must be an iterable of permissions.")
        return all(self.has_perm(perm, obj) for perm in perm_list)

    def has_module_perms(self, app_label: str) -> bool:
        """Whether the user has any permission of the application."""
        return bool(self.is_active and self.is_superuser) or has_module_perms(self, app_label)

    aget_user_permissions = bridge.shell(get_user_permissions)
    aget_group_permissions = bridge.shell(get_group_permissions)
    aget_all_permissions = bridge.shell(get_all_permissions)
    ahas_perm = bridge.shell(has_perm)
    ahas_perms = bridge.shell(has_perms)
    ahas_module_perms = bridge.shell(has_module_perms)


class AbstractUser(AbstractBaseUser, PermissionsMixin):
    """The whole user model, for projects that add fields to it."""

    username_validator: UnicodeUsernameValidator = UnicodeUsernameValidator()

    username = models.CharField(
        _("username"),
        max_length=150,
        unique=True,
        help_text=free_wording(_("At most 150 characters: letters, digits and @/./+/-/_.")),
        validators=[username_validator],
        error_messages={"unique": _("A user with that username already exists.")},
    )
    first_name = models.CharField(_("first name"), max_length=150, blank=True)
    last_name = models.CharField(_("last name"), max_length=150, blank=True)
    email = models.EmailField(_("email address"), blank=True)
    is_staff = models.BooleanField(_("staff status"), default=False, help_text=free_wording(_("May log in to the back office.")))
    is_active = models.BooleanField(
        _("active"), default=True, help_text=free_wording(_("May log in at all. Rather untick this than delete an account."))
    )
    date_joined = models.DateTimeField(_("date joined"), default=timezone.now)

    objects = UserManager()

    EMAIL_FIELD = "email"
    USERNAME_FIELD = "username"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["email"]

    class Meta:
        verbose_name: str = _("user")
        verbose_name_plural: str = _("users")
        abstract = True

    def clean(self) -> None:
        """Normalize name and address."""
        super().clean()
        self.email = type(self).objects.normalize_email(self.email)

    def get_full_name(self) -> str:
        """First and last name."""
        return f"{self.first_name} {self.last_name}".strip()

    def get_short_name(self) -> str:
        """The first name."""
        return str(self.first_name)

    def email_user(self, subject: str, message: str, from_email: str | None = None, **kwargs: Any) -> None:
        """Send the user a mail."""
        mail.send_mail(subject, message, from_email, [self.email], **kwargs)


class User(AbstractUser):
    """The user model of projects that do not bring their own (``AUTH_USER_MODEL``)."""

    class Meta(AbstractUser.Meta):
        swappable = "AUTH_USER_MODEL"

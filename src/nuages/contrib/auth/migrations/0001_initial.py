"""Create permissions, groups and users."""

from nuages import models
from nuages.contrib.auth.models import GroupManager, PermissionManager, UserManager
from nuages.contrib.auth.validators import UnicodeUsernameValidator
from nuages.i18n import timezone
from nuages.migrations import CreateModel
from nuages.migrations import Migration as BaseMigration

_TYPE = models.ForeignKey(to="contenttypes.ContentType", on_delete=models.CASCADE, verbose_name="content type")


def _key() -> tuple[str, models.AutoField]:
    return "id", models.AutoField(verbose_name="ID", primary_key=True, auto_created=True, serialize=False)


def _members(target: str, title: str, help_text: str) -> models.ManyToManyField:
    return models.ManyToManyField(
        target,
        verbose_name=title,
        blank=True,
        help_text=help_text,
        related_name="user_set",
        related_query_name="user",
    )


PERMISSION = CreateModel(
    "Permission",
    [
        _key(),
        ("name", models.CharField("name", max_length=50)),
        ("content_type", _TYPE),
        ("codename", models.CharField("codename", max_length=100)),
    ],
    options={
        "verbose_name": "permission",
        "verbose_name_plural": "permissions",
        "ordering": ["content_type__app_label", "content_type__model", "codename"],
        "unique_together": {("content_type", "codename")},
    },
    managers=[("objects", PermissionManager())],
)
GROUP = CreateModel(
    "Group",
    [
        _key(),
        ("name", models.CharField("name", max_length=80, unique=True)),
        ("permissions", models.ManyToManyField("auth.Permission", verbose_name="permissions", blank=True)),
    ],
    options={"verbose_name": "group", "verbose_name_plural": "groups"},
    managers=[("objects", GroupManager())],
)
USER = CreateModel(
    "User",
    [
        _key(),
        ("password", models.CharField("password", max_length=128)),
        ("last_login", models.DateTimeField("last login", default=timezone.now)),
        (
            "is_superuser",
            models.BooleanField(
                "superuser status",
                default=False,
                help_text="Has all permissions, without having been given them one by one.",
            ),
        ),
        (
            "username",
            models.CharField("username", max_length=30, unique=True, validators=[UnicodeUsernameValidator()]),
        ),
        ("first_name", models.CharField("first name", max_length=30, blank=True)),
        ("last_name", models.CharField("last name", max_length=30, blank=True)),
        ("email", models.EmailField("email address", max_length=75, blank=True)),
        ("is_staff", models.BooleanField("staff status", default=False, help_text="May log in to the back office.")),
        (
            "is_active",
            models.BooleanField(
                "active", default=True, help_text="May log in at all. Rather untick this than delete an account."
            ),
        ),
        ("date_joined", models.DateTimeField("date joined", default=timezone.now)),
        ("groups", _members("auth.Group", "groups", "The user has all permissions of each of these groups.")),
        ("user_permissions", _members("auth.Permission", "user permissions", "Permissions of this user alone.")),
    ],
    options={
        "verbose_name": "user",
        "verbose_name_plural": "users",
        "abstract": False,
        "swappable": "AUTH_USER_MODEL",
    },
    managers=[("objects", UserManager())],
)


class Migration(BaseMigration):
    initial = True
    dependencies = [("contenttypes", "__first__")]
    operations = [PERMISSION, GROUP, USER]

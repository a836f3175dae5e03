"""User names in any script."""

from nuages import models
from nuages.contrib.auth.validators import UnicodeUsernameValidator
from nuages.migrations import AlterField
from nuages.migrations import Migration as BaseMigration

USERNAME = models.CharField(
    "username",
    max_length=30,
    unique=True,
    validators=[UnicodeUsernameValidator()],
    error_messages={"unique": "A user with that username already exists."},
)


class Migration(BaseMigration):
    dependencies = [("auth", "0006_require_contenttypes_0002")]
    operations = [AlterField("user", "username", USERNAME)]

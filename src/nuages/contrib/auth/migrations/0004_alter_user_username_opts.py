"""A message for user names that are taken."""

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
    dependencies = [("auth", "0003_alter_user_email_max_length")]
    operations = [AlterField("user", "username", USERNAME)]

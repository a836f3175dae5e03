"""User names of 150 characters."""

from nuages import models
from nuages.contrib.auth.validators import UnicodeUsernameValidator
from nuages.migrations import AlterField
from nuages.migrations import Migration as BaseMigration

USERNAME = models.CharField(
    "username",
    max_length=150,
    unique=True,
    help_text="At most 150 characters: letters, digits and @/./+/-/_.",
    validators=[UnicodeUsernameValidator()],
    error_messages={"unique": "A user with that username already exists."},
)


class Migration(BaseMigration):
    dependencies = [("auth", "0007_alter_validators_add_error_messages")]
    operations = [AlterField("user", "username", USERNAME)]

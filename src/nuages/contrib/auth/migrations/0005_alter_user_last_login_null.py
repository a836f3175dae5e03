"""Users who have never logged in."""

from nuages import models
from nuages.migrations import AlterField
from nuages.migrations import Migration as BaseMigration


class Migration(BaseMigration):
    dependencies = [("auth", "0004_alter_user_username_opts")]
    operations = [AlterField("user", "last_login", models.DateTimeField("last login", null=True, blank=True))]

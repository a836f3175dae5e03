"""Last names of 150 characters."""

from nuages import models
from nuages.migrations import AlterField
from nuages.migrations import Migration as BaseMigration


class Migration(BaseMigration):
    dependencies = [("auth", "0008_alter_user_username_max_length")]
    operations = [AlterField("user", "last_name", models.CharField("last name", max_length=150, blank=True))]

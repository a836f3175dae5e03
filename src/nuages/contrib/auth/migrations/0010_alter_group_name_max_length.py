"""Group names of 150 characters."""

from nuages import models
from nuages.migrations import AlterField
from nuages.migrations import Migration as BaseMigration


class Migration(BaseMigration):
    dependencies = [("auth", "0009_alter_user_last_name_max_length")]
    operations = [AlterField("group", "name", models.CharField("name", max_length=150, unique=True))]

"""Longer names of permissions."""

from nuages import models
from nuages.migrations import AlterField
from nuages.migrations import Migration as BaseMigration


class Migration(BaseMigration):
    dependencies = [("auth", "0001_initial")]
    operations = [AlterField("permission", "name", models.CharField("name", max_length=255))]

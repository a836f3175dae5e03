"""First names of 150 characters."""

from nuages import models
from nuages.migrations import AlterField
from nuages.migrations import Migration as BaseMigration


class Migration(BaseMigration):
    dependencies = [("auth", "0011_update_proxy_permissions")]
    operations = [AlterField("user", "first_name", models.CharField("first name", max_length=150, blank=True))]

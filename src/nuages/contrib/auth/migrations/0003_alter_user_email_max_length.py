"""Addresses as long as RFC 5321 allows."""

from nuages import models
from nuages.migrations import AlterField
from nuages.migrations import Migration as BaseMigration


class Migration(BaseMigration):
    dependencies = [("auth", "0002_alter_permission_name_max_length")]
    operations = [AlterField("user", "email", models.EmailField("email address", max_length=254, blank=True))]

"""The kinds of entries have names."""

from nuages import models
from nuages.migrations import AlterField
from nuages.migrations import Migration as BaseMigration

KINDS = [(1, "Addition"), (2, "Change"), (3, "Deletion")]


class Migration(BaseMigration):
    dependencies = [("admin", "0002_logentry_remove_auto_add")]
    operations = [AlterField("logentry", "action_flag", models.PositiveSmallIntegerField("action flag", choices=KINDS))]

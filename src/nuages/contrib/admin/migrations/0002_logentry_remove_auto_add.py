"""The time of an entry is set when it is made, not when it is saved."""

from nuages import models
from nuages.i18n import timezone
from nuages.migrations import AlterField
from nuages.migrations import Migration as BaseMigration

TIME = models.DateTimeField("action time", default=timezone.now, editable=False)


class Migration(BaseMigration):
    dependencies = [("admin", "0001_initial")]
    operations = [AlterField("logentry", "action_time", TIME)]

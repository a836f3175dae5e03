"""Create the table of the history."""

from nuages import models
from nuages.conf import settings
from nuages.contrib.admin.models import LogEntryManager
from nuages.migrations import CreateModel, swappable_dependency
from nuages.migrations import Migration as BaseMigration

FIELDS = [
    ("id", models.AutoField(verbose_name="ID", primary_key=True, auto_created=True, serialize=False)),
    ("action_time", models.DateTimeField("action time", auto_now=True)),
    ("object_id", models.TextField("object id", null=True, blank=True)),
    ("object_repr", models.CharField("object repr", max_length=200)),
    ("action_flag", models.PositiveSmallIntegerField("action flag")),
    ("change_message", models.TextField("change message", blank=True)),
    (
        "content_type",
        models.ForeignKey(
            "contenttypes.ContentType", models.SET_NULL, verbose_name="content type", null=True, blank=True
        ),
    ),
    ("user", models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, verbose_name="user")),
]
OPTIONS = {
    "db_table": "django_admin_log",
    "ordering": ["-action_time"],
    "verbose_name": "log entry",
    "verbose_name_plural": "log entries",
}


class Migration(BaseMigration):
    dependencies = [swappable_dependency(settings.AUTH_USER_MODEL), ("contenttypes", "__first__")]
    operations = [CreateModel("LogEntry", FIELDS, OPTIONS, managers=[("objects", LogEntryManager())])]

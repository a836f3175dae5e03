"""Create the table of sessions."""

from nuages import models
from nuages.contrib.sessions.models import SessionManager
from nuages.migrations import CreateModel
from nuages.migrations import Migration as BaseMigration

FIELDS = [
    ("session_key", models.CharField("session key", max_length=40, primary_key=True, serialize=False)),
    ("session_data", models.TextField("session data")),
    ("expire_date", models.DateTimeField("expire date", db_index=True)),
]
OPTIONS = {
    "abstract": False,
    "db_table": "django_session",
    "verbose_name": "session",
    "verbose_name_plural": "sessions",
}


class Migration(BaseMigration):
    dependencies = []
    operations = [CreateModel("Session", FIELDS, OPTIONS, managers=[("objects", SessionManager())])]

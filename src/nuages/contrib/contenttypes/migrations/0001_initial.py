"""Create the table of content types."""

from nuages import models
from nuages.contrib.contenttypes.models import ContentTypeManager
from nuages.migrations import AlterUniqueTogether, CreateModel
from nuages.migrations import Migration as BaseMigration

FIELDS = [
    ("id", models.AutoField(verbose_name="ID", serialize=False, auto_created=True, primary_key=True)),
    ("name", models.CharField(max_length=100)),
    ("app_label", models.CharField(max_length=100)),
    ("model", models.CharField(max_length=100, verbose_name="python model class name")),
]
OPTIONS = {
    "ordering": ("name",),
    "db_table": "django_content_type",
    "verbose_name": "content type",
    "verbose_name_plural": "content types",
}


class Migration(BaseMigration):
    dependencies = []
    operations = [
        CreateModel(
            "ContentType", FIELDS, OPTIONS, bases=(models.Model,), managers=[("objects", ContentTypeManager())]
        ),
        AlterUniqueTogether("contenttype", {("app_label", "model")}),
    ]

"""Create the table of redirects."""

from nuages import models
from nuages.migrations import AlterUniqueTogether, CreateModel
from nuages.migrations import Migration as BaseMigration

FIELDS = [
    ("id", models.AutoField(verbose_name="ID", serialize=False, auto_created=True, primary_key=True)),
    ("site", models.ForeignKey(to="sites.Site", on_delete=models.CASCADE, verbose_name="site")),
    ("old_path", models.CharField(max_length=200, verbose_name="redirect from", db_index=True)),
    ("new_path", models.CharField(max_length=200, verbose_name="redirect to", blank=True)),
]
OPTIONS = {
    "ordering": ["old_path"],
    "db_table": "django_redirect",
    "verbose_name": "redirect",
    "verbose_name_plural": "redirects",
}


class Migration(BaseMigration):
    dependencies = [("sites", "0001_initial")]
    operations = [
        CreateModel("Redirect", FIELDS, OPTIONS, bases=(models.Model,)),
        AlterUniqueTogether("redirect", {("site", "old_path")}),
    ]

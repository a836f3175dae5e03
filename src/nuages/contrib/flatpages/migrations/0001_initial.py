"""Create the tables of flat pages."""

from nuages import models
from nuages.migrations import CreateModel
from nuages.migrations import Migration as BaseMigration

FIELDS = [
    ("id", models.AutoField(verbose_name="ID", serialize=False, auto_created=True, primary_key=True)),
    ("url", models.CharField(max_length=100, verbose_name="URL", db_index=True)),
    ("title", models.CharField(max_length=200, verbose_name="title")),
    ("content", models.TextField(verbose_name="content", blank=True)),
    ("enable_comments", models.BooleanField(default=False, verbose_name="enable comments")),
    (
        "template_name",
        models.CharField(
            help_text="Example: “flatpages/contact_page.html”. Without one, the page uses “flatpages/default.html”.",
            verbose_name="template name",
            max_length=70,
            blank=True,
        ),
    ),
    (
        "registration_required",
        models.BooleanField(
            default=False,
            help_text="Show the page only to users who are logged in.",
            verbose_name="registration required",
        ),
    ),
    ("sites", models.ManyToManyField(to="sites.Site", verbose_name="sites")),
]
OPTIONS = {
    "ordering": ["url"],
    "db_table": "django_flatpage",
    "verbose_name": "flat page",
    "verbose_name_plural": "flat pages",
}


class Migration(BaseMigration):
    dependencies = [("sites", "0001_initial")]
    operations = [CreateModel("FlatPage", FIELDS, OPTIONS, bases=(models.Model,))]

"""Create the table of sites."""

from nuages import models
from nuages.contrib.sites.models import SiteManager, _simple_domain_name_validator
from nuages.migrations import CreateModel
from nuages.migrations import Migration as BaseMigration

FIELDS = [
    ("id", models.AutoField(verbose_name="ID", serialize=False, auto_created=True, primary_key=True)),
    (
        "domain",
        models.CharField(max_length=100, verbose_name="domain name", validators=[_simple_domain_name_validator]),
    ),
    ("name", models.CharField(max_length=50, verbose_name="display name")),
]
OPTIONS = {"ordering": ["domain"], "db_table": "django_site", "verbose_name": "site", "verbose_name_plural": "sites"}


class Migration(BaseMigration):
    dependencies = []
    operations = [CreateModel("Site", FIELDS, OPTIONS, bases=(models.Model,), managers=[("objects", SiteManager())])]

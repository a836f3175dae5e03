"""Let no two sites share a domain."""

from nuages import models
from nuages.contrib.sites.models import _simple_domain_name_validator
from nuages.migrations import AlterField
from nuages.migrations import Migration as BaseMigration


class Migration(BaseMigration):
    dependencies = [("sites", "0001_initial")]
    operations = [
        AlterField(
            "site",
            "domain",
            models.CharField(
                max_length=100, unique=True, validators=[_simple_domain_name_validator], verbose_name="domain name"
            ),
        ),
    ]

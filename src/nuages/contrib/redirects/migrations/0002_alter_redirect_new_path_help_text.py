"""Say that the target may be a full URL."""

from nuages import models
from nuages.migrations import AlterField
from nuages.migrations import Migration as BaseMigration

HELP = "A path as above, or a full URL that starts with a scheme such as “https://”."


class Migration(BaseMigration):
    dependencies = [("redirects", "0001_initial")]
    operations = [
        AlterField(
            "redirect",
            "new_path",
            models.CharField(blank=True, help_text=HELP, max_length=200, verbose_name="redirect to"),
        ),
        AlterField(
            "redirect",
            "old_path",
            models.CharField(
                db_index=True,
                help_text="The path to redirect, without the domain. Example: “/events/search/”.",
                max_length=200,
                verbose_name="redirect from",
            ),
        ),
    ]

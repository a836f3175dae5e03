"""The application of sites."""

from nuages.apps import AppConfig
from nuages.checks import Tags, register
from nuages.contrib.sites.checks import check_site_id
from nuages.contrib.sites.management import create_default_site
from nuages.i18n.translation import gettext_lazy as _
from nuages.models.signals import post_migrate


class SitesConfig(AppConfig):
    """Keeps the sites of a project (documentation: ref/contrib/sites)."""

    default_auto_field = "nuages.models.AutoField"
    name = "nuages.contrib.sites"
    verbose_name = _("Sites")

    def ready(self) -> None:
        """Make the first site after migrations, and register the check."""
        post_migrate.connect(create_default_site, sender=self)
        register(check_site_id, Tags.sites)

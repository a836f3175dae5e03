"""The application of the back office."""

from nuages.apps import AppConfig
from nuages.checks import Tags, register
from nuages.conf.names import import_string
from nuages.i18n.translation import gettext_lazy as _


class SimpleAdminConfig(AppConfig):
    """The back office, for projects that import their ``admin`` modules themselves."""

    default_auto_field = "nuages.models.AutoField"
    default_site = "nuages.contrib.admin.sites.AdminSite"
    name = "nuages.contrib.admin"
    verbose_name = _("Administration")

    def ready(self) -> None:
        """Register the checks."""
        # By name: this module is imported before there are models, which the checks need.
        for name in ("check_dependencies", "check_admin_app"):
            register(import_string(f"nuages.contrib.admin.installation.{name}"), Tags.admin)


class AdminConfig(SimpleAdminConfig):
    """The back office, which imports the ``admin`` module of each application (documentation: ref/contrib/admin)."""

    default = True

    def ready(self) -> None:
        """Import the modules."""
        super().ready()
        self.module.autodiscover()  # type: ignore[attr-defined]

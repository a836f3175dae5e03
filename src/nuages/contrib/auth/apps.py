"""The users' application."""

from typing import Any

from nuages.apps import AppConfig
from nuages.checks import Tags, register
from nuages.contrib.auth.checks import check_middleware, check_models_permissions, check_user_model
from nuages.contrib.auth.logins import get_user_model
from nuages.contrib.auth.management import create_permissions, inject_rename_permissions
from nuages.contrib.auth.signals import user_logged_in
from nuages.i18n.translation import gettext_lazy as _
from nuages.models.signals import post_migrate, pre_migrate


class AuthConfig(AppConfig):
    """Users, groups, permissions and logins (documentation: topics/auth)."""

    default_auto_field = "nuages.models.AutoField"
    name = "nuages.contrib.auth"
    verbose_name = _("Authentication and Authorization")

    def ready(self) -> None:
        """Connect to migrations and logins, and register the checks."""
        post_migrate.connect(create_permissions, dispatch_uid="nuages.contrib.auth.management.create_permissions")
        pre_migrate.connect(
            inject_rename_permissions, dispatch_uid="nuages.contrib.auth.management.inject_rename_permissions"
        )
        if any(field.attname == "last_login" for field in get_user_model()._meta.concrete_fields):
            models: Any = self.models_module
            user_logged_in.connect(models.update_last_login, dispatch_uid="update_last_login")
        register(check_user_model, Tags.models)
        register(check_models_permissions, Tags.models)
        register(check_middleware)

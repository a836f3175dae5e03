"""The application of content types."""

from nuages.apps import AppConfig
from nuages.checks import Tags, register
from nuages.contrib.contenttypes.checks import check_generic_foreign_keys, check_model_name_lengths
from nuages.contrib.contenttypes.management import create_contenttypes, inject_rename_contenttypes_operations
from nuages.i18n.translation import gettext_lazy as _
from nuages.models.signals import post_migrate, pre_migrate


class ContentTypesConfig(AppConfig):
    """Keeps a row for each model (documentation: ref/contrib/contenttypes)."""

    default_auto_field = "nuages.models.AutoField"
    name = "nuages.contrib.contenttypes"
    verbose_name = _("Content Types")

    def ready(self) -> None:
        """Follow migrations, and register the checks."""
        pre_migrate.connect(inject_rename_contenttypes_operations, sender=self)
        post_migrate.connect(create_contenttypes)
        register(check_generic_foreign_keys, Tags.models)
        register(check_model_name_lengths, Tags.models)

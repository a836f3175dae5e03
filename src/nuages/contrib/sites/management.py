"""The first site, made after migrations."""

from __future__ import annotations

from typing import Any

from nuages.apps import apps as global_apps
from nuages.cli.color import no_style
from nuages.conf import settings
from nuages.db import DEFAULT_DB_ALIAS, connections, router


def create_default_site(
    app_config: Any,
    verbosity: int = 2,
    interactive: bool = True,
    using: str = DEFAULT_DB_ALIAS,
    apps: Any = global_apps,
    **kwargs: Any,
) -> None:
    """Make ``example.com`` if there is no site yet."""
    try:
        site_model = apps.get_model("sites", "Site")
    except LookupError:
        return
    if not router.allow_migrate_model(using, site_model) or site_model.objects.using(using).exists():
        return
    if verbosity >= 2:
        print("Creating example.com Site object")
    site_model(pk=getattr(settings, "SITE_ID", 1), domain="example.com", name="example.com").save(using=using)
    # The key was given: the database's counter must start behind it.
    sequence_sql = connections[using].ops.sequence_reset_sql(no_style(), [site_model])
    if not sequence_sql:
        return
    if verbosity >= 2:
        print("Resetting sequence")
    with connections[using].cursor() as cursor:
        for statement in sequence_sql:
            cursor.execute(statement)

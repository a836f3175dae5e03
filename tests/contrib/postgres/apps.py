"""The application of these models, for the run on PostgreSQL."""

from typing import Any

from nuages.apps import AppConfig
from nuages.contrib.postgres.adapting import adapt_types
from nuages.db import connections
from nuages.models.signals import pre_migrate

EXTENSIONS = ("hstore", "btree_gist", "pg_trgm", "unaccent", "citext")


def _install_extensions(using: str, **kwargs: Any) -> None:
    connection = connections[using]
    with connection.cursor() as cursor:
        for name in EXTENSIONS:
            cursor.execute(f"CREATE EXTENSION IF NOT EXISTS {name}")
    adapt_types(connection)


class SamplesConfig(AppConfig):
    """Installs the extensions before the tables are made."""

    name = "tests.contrib.postgres"
    label = "postgres_samples"

    def ready(self) -> None:
        """Wait for the moment."""
        pre_migrate.connect(_install_extensions, sender=self)

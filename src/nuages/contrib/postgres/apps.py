"""The application."""

from psycopg.types.range import Range

from nuages.apps import AppConfig
from nuages.contrib.postgres.adapting import adapt_types
from nuages.contrib.postgres.indexes import OpClass
from nuages.contrib.postgres.lookups import TEXT_LOOKUPS
from nuages.contrib.postgres.serializing import RangeSerializer
from nuages.db import connections
from nuages.db.signals import connection_created
from nuages.i18n.translation import gettext_lazy as _
from nuages.migrations.writer import MigrationWriter
from nuages.models import CharField, TextField
from nuages.models.indexes import IndexExpression
from nuages.sql.expressions import OrderBy
from nuages.sql.functions import Collate


class PostgresConfig(AppConfig):
    """PostgreSQL's own types and queries (documentation: ref/contrib/postgres)."""

    name = "nuages.contrib.postgres"
    verbose_name = _("PostgreSQL extensions")

    def ready(self) -> None:
        """Register what is only there when the application is installed."""
        connection_created.connect(adapt_types, dispatch_uid="nuages.contrib.postgres")
        for connection in connections.all(initialized_only=True):
            if connection.connection is not None:
                adapt_types(connection)
        MigrationWriter.register_serializer(Range, RangeSerializer)
        IndexExpression.register_wrappers(OrderBy, OpClass, Collate)
        for lookup in TEXT_LOOKUPS:
            CharField.register_lookup(lookup)
            TextField.register_lookup(lookup)

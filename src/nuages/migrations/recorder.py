"""The table ``django_migrations``: which migrations are applied. Its name and columns are data of existing databases."""

from __future__ import annotations

from typing import Any

from nuages.apps.registry import Apps
from nuages.db.errors import DatabaseError
from nuages.i18n.timezone import now
from nuages.migrations.exceptions import MigrationSchemaMissing
from nuages.models.fields.numbers import BigAutoField
from nuages.models.fields.text import CharField
from nuages.models.fields.times import DateTimeField
from nuages.models.model import Model


class _MigrationModel:
    """Makes the model of the record at the first look, in a registry of its own: importing needs no settings then."""

    def __init__(self) -> None:
        self.made: Any = None

    def __get__(self, instance: Any, owner: Any = None) -> Any:
        if self.made is None:

            class Migration(Model):
                # The type of the key is part of existing databases, whatever DEFAULT_AUTO_FIELD says.
                id = BigAutoField(primary_key=True)
                app = CharField(max_length=255)
                name = CharField(max_length=255)
                applied = DateTimeField(default=now)

                class Meta:
                    apps = Apps()
                    app_label = "migrations"
                    db_table = "django_migrations"

                def __str__(self) -> str:
                    return f"Migration {self.name} for {self.app}"

            self.made = Migration
        return self.made


class MigrationRecorder:
    """Reads and writes the record of one database."""

    Migration = _MigrationModel()

    def __init__(self, connection: Any) -> None:
        self.connection = connection
        self._has_table = False

    @property
    def migration_qs(self) -> Any:
        """The rows of the record in this database."""
        return self.Migration.objects.using(self.connection.alias)

    def has_table(self) -> bool:
        """Whether the table exists."""
        if not self._has_table:
            with self.connection.cursor() as cursor:
                tables = self.connection.introspection.table_names(cursor)
            self._has_table = self.Migration._meta.db_table in tables
        return self._has_table

    def ensure_schema(self) -> None:
        """Make the table where it is missing; ``MigrationSchemaMissing`` where that fails."""
        if self.has_table():
            return
        try:
            with self.connection.schema_editor() as editor:
                editor.create_model(self.Migration)
        except DatabaseError as error:
            raise MigrationSchemaMissing(f"Unable to create the django_migrations table ({error})") from error

    def applied_migrations(self) -> dict[tuple[str, str], Any]:
        """The applied migrations by ``(app, name)``; none where there is no table."""
        if not self.has_table():
            return {}
        return {(row.app, row.name): row for row in self.migration_qs}

    def record_applied(self, app: str, name: str) -> None:
        """Note that a migration was applied."""
        self.ensure_schema()
        self.migration_qs.create(app=app, name=name)

    def record_unapplied(self, app: str, name: str) -> None:
        """Note that a migration was undone."""
        self.ensure_schema()
        self.migration_qs.filter(app=app, name=name).delete()

    def flush(self) -> None:
        """Forget all; for tests."""
        self.migration_qs.all().delete()


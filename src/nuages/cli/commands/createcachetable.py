"""Create the tables of database caches."""

from collections.abc import Iterator
from typing import Any

from nuages.cache import caches
from nuages.cache.backends.db import BaseDatabaseCache
from nuages.cli.command import BaseCommand, CommandError, CommandParser
from nuages.conf import settings
from nuages.db import DEFAULT_DB_ALIAS, DatabaseError, connections, router, transaction
from nuages.models import CharField, DateTimeField, TextField


class Command(BaseCommand):
    """``createcachetable``: for the caches in settings, or for the tables named."""

    help = "Creates the tables that database caches need."
    requires_system_checks = []

    def add_arguments(self, parser: CommandParser) -> None:
        """Declare the arguments."""
        parser.add_argument("args", metavar="table_name", nargs="*", help="Tables; default: those of CACHES.")
        parser.add_argument(
            "--database", default=DEFAULT_DB_ALIAS, choices=tuple(connections), help="Where to create them."
        )
        parser.add_argument("--dry-run", action="store_true", help="Only print the SQL.")

    def handle(self, *tablenames: str, **options: Any) -> None:
        """Create each table, unless it exists or the router says no."""
        if tablenames:
            for name in tablenames:
                self.create_table(options["database"], name, options["dry_run"], options["verbosity"])
            return
        for alias in settings.CACHES:
            cache = caches[alias]
            if isinstance(cache, BaseDatabaseCache):
                self.create_table(options["database"], cache._table, options["dry_run"], options["verbosity"], cache)

    def create_table(self, database: str, tablename: str, dry_run: bool, verbosity: int = 1, cache: Any = None) -> None:
        """Create one table."""
        cache = cache or BaseDatabaseCache(tablename, {})
        if not router.allow_migrate_model(database, cache.cache_model_class):
            return
        connection = connections[database]
        if tablename in connection.introspection.table_names():
            if verbosity > 0:
                self.stdout.write(f"Cache table '{tablename}' already exists.")
            return
        create, *indexes = self._statements(connection, tablename)
        if dry_run:
            self.stdout.write(create)
            for statement in indexes:
                self.stdout.write(statement)
            return
        with transaction.atomic(using=database, savepoint=connection.features.can_rollback_ddl):
            with connection.cursor() as cursor:
                try:
                    cursor.execute(create)
                except DatabaseError as error:
                    raise CommandError(
                        f"Cache table '{tablename}' could not be created.\nThe error was: {error}."
                    ) from error
                for statement in indexes:
                    cursor.execute(statement)
        if verbosity > 1:
            self.stdout.write(f"Cache table '{tablename}' created.")

    def _statements(self, connection: Any, tablename: str) -> Iterator[str]:
        quote = connection.ops.quote_name
        columns = []
        indexes = []
        for field in (
            CharField(name="cache_key", max_length=255, unique=True, primary_key=True),
            TextField(name="value"),
            DateTimeField(name="expires", db_index=True),
        ):
            parts = [quote(field.name), field.db_type(connection=connection), "" if field.null else "NOT NULL"]
            if field.primary_key:
                parts.append("PRIMARY KEY")
            elif field.unique:
                parts.append("UNIQUE")
            if field.db_index:
                index = quote(f"{tablename}_{field.name}")
                indexes.append(f"CREATE INDEX {index} ON {quote(tablename)} ({quote(field.name)});")
            columns.append("    " + " ".join(part for part in parts if part))
        suffix = connection.ops.tablespace_sql(settings.DEFAULT_TABLESPACE) if settings.DEFAULT_TABLESPACE else ""
        yield f"CREATE TABLE {quote(tablename)} (\n" + ",\n".join(columns) + f"\n){' ' + suffix if suffix else ''};"
        yield from indexes

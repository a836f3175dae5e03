"""Test databases of PostgreSQL; clones are made from the first as a template."""

from __future__ import annotations

import sys
from typing import Any

import psycopg

from nuages.db.creation import Creation
from nuages.db.errors import DatabaseError
from nuages.exceptions import ImproperlyConfigured


class PostgreSQLCreation(Creation):
    """The test database of one connection."""

    def _get_database_create_suffix(self, encoding: str | None = None, template: str | None = None) -> str:
        parts = []
        if encoding:
            parts.append(f"ENCODING '{encoding}'")
        if template:
            parts.append(f"TEMPLATE {self._quoted(template)}")
        return f"WITH {' '.join(parts)}" if parts else ""

    def sql_table_creation_suffix(self) -> str:
        """Encoding and template of ``TEST``."""
        test = self.connection.settings_dict["TEST"]
        if test.get("COLLATION") is not None:
            raise ImproperlyConfigured("PostgreSQL takes the collation of a test database from its template: leave COLLATION out of TEST.")
        return self._get_database_create_suffix(encoding=test["CHARSET"], template=test.get("TEMPLATE"))

    def _database_exists(self, cursor: Any, database_name: str) -> bool:
        cursor.execute("SELECT 1 FROM pg_catalog.pg_database WHERE datname = %s", [database_name.strip('"')])
        return cursor.fetchone() is not None

    def _execute_create_test_db(self, cursor: Any, parameters: dict[str, str], keepdb: bool = False) -> None:
        try:
            if keepdb and self._database_exists(cursor, parameters["dbname"]):
                return
            super()._execute_create_test_db(cursor, parameters, keepdb)
        except DatabaseError as error:
            if not isinstance(error.__cause__, psycopg.errors.DuplicateDatabase):
                self.log(f"Got an error creating the test database: {error}")
                sys.exit(2)
            if not keepdb:
                raise

    def _clone_test_db(self, suffix: Any, verbosity: int, keepdb: bool = False) -> None:
        # A template must have no users.
        self.connection.close()
        if self.connection._pool is not None:
            self.connection._pool.close()
        source = self.connection.settings_dict["NAME"]
        target = self.get_test_db_clone_settings(suffix)["NAME"]
        parameters = {
            "dbname": self._quoted(target),
            "suffix": self._get_database_create_suffix(template=source),
        }
        with self._nodb_cursor() as cursor:
            try:
                self._execute_create_test_db(cursor, parameters, keepdb)
            except DatabaseError:
                cursor.execute("DROP DATABASE {dbname}".format(**parameters))
                self._execute_create_test_db(cursor, parameters, keepdb)

    # --- destroying ------------------------------------------------------------------------------------------------------

    def _destroy_test_db(self, test_database_name: str, verbosity: int) -> None:
        # Connections that tasks and threads of the tests left open must not keep it alive.
        with self._nodb_cursor() as cursor:
            cursor.execute(f"DROP DATABASE {self._quoted(test_database_name)} WITH (FORCE)")

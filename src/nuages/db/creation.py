"""Test databases: creating, cloning and destroying them (documentation: topics/testing)."""

from __future__ import annotations

import sys
from collections.abc import Callable, Generator
from contextlib import contextmanager
from typing import Any

from nuages.conf import settings
from nuages.db.errors import DatabaseError

TEST_DATABASE_PREFIX = "test_"


class Hooks:
    """What the upper floors do for a new test database; ``nuages.test`` registers them.

    ``migrate(alias, verbosity, run_syncdb)`` makes the tables, ``cache_tables(alias)`` those of caches, ``serialize(alias)``
    returns all rows as a text, ``deserialize(alias, text)`` loads one.
    """

    migrate: Callable[[str, int, bool], None] | None = None
    cache_tables: Callable[[str], None] | None = None
    serialize: Callable[[str], str] | None = None
    deserialize: Callable[[str, str], None] | None = None


hooks = Hooks()


class Creation:
    """The test database of one connection."""

    destroy_test_db_connection_close_method: str | None = None

    def __init__(self, connection: Any) -> None:
        self.connection = connection

    def _nodb_cursor(self) -> Any:
        return self.connection._nodb_cursor()

    def log(self, message: str) -> None:
        """Write a line to the standard error output."""
        sys.stderr.write(message + "\n")

    def _quoted(self, name: str) -> str:
        return str(self.connection.ops.quote_name(name))

    # --- names -----------------------------------------------------------------------------------------------------------

    def _get_test_db_name(self) -> str:
        given = self.connection.settings_dict
        return str(given["TEST"]["NAME"] or f"{TEST_DATABASE_PREFIX}{given['NAME']}")

    def _get_database_display_str(self, verbosity: int, database_name: str) -> str:
        name = f" ('{database_name}')" if verbosity >= 2 else ""
        return f"'{self.connection.alias}'{name}"

    def test_db_signature(self) -> tuple[Any, ...]:
        """What makes two aliases the same test database."""
        given = self.connection.settings_dict
        return given["HOST"], given["PORT"], given["ENGINE"], self._get_test_db_name()

    # --- creating --------------------------------------------------------------------------------------------------------

    def create_test_db(
        self, verbosity: int = 1, autoclobber: bool = False, serialize: bool | None = None, keepdb: bool = False
    ) -> str:
        """Create the test database, turn the connection to it and make its tables. Returns its name."""
        name = self._get_test_db_name()
        if verbosity >= 1:
            action = "Using existing" if keepdb else "Creating"
            self.log(f"{action} test database for alias {self._get_database_display_str(verbosity, name)}...")
        self._create_test_db(verbosity, autoclobber, keepdb)
        self._turn_to(name)
        self._migrate(verbosity)
        if serialize:
            self.connection._test_serialized_contents = self.serialize_db_to_string()
        if hooks.cache_tables is not None:
            hooks.cache_tables(self.connection.alias)
        # The connection is open now, whatever the first test does.
        self.connection.ensure_connection()
        if getattr(settings, "RUNNING_TEST_SUITE", False):
            self.mark_expected_failures_and_skips()
        return name

    def _turn_to(self, name: str) -> None:
        self.connection.close()
        if self.connection._pool is not None:
            self.connection._pool.close()
        settings.DATABASES[self.connection.alias]["NAME"] = name
        self.connection.settings_dict["NAME"] = name

    def _migrate(self, verbosity: int) -> None:
        if hooks.migrate is None:
            return
        migrate = self.connection.settings_dict["TEST"].get("MIGRATE", True)
        if migrate:
            hooks.migrate(self.connection.alias, max(verbosity - 1, 0), True)
            return
        kept = settings.MIGRATION_MODULES
        settings.MIGRATION_MODULES = _NoMigrations()  # type: ignore[assignment]
        try:
            hooks.migrate(self.connection.alias, max(verbosity - 1, 0), True)
        finally:
            settings.MIGRATION_MODULES = kept

    def set_as_test_mirror(self, primary_settings_dict: dict[str, Any]) -> None:
        """Use another alias's test database as a mirror."""
        self.connection.settings_dict["NAME"] = primary_settings_dict["NAME"]

    def serialize_db_to_string(self) -> str:
        """All rows of all migrated apps as a text."""
        return "[]" if hooks.serialize is None else hooks.serialize(self.connection.alias)

    def deserialize_db_from_string(self, data: str) -> None:
        """Load what ``serialize_db_to_string`` made."""
        if hooks.deserialize is not None:
            hooks.deserialize(self.connection.alias, data)

    def mark_expected_failures_and_skips(self) -> None:
        """Mark the tests that cannot pass on this database. There are none of ours."""

    def sql_table_creation_suffix(self) -> str:
        """What follows the name in CREATE DATABASE."""
        return ""

    def _execute_create_test_db(self, cursor: Any, parameters: dict[str, str], keepdb: bool = False) -> None:
        cursor.execute("CREATE DATABASE {dbname} {suffix}".format(**parameters))

    def _parameters(self, name: str) -> dict[str, str]:
        return {"dbname": self._quoted(name), "suffix": self.sql_table_creation_suffix()}

    def _create_test_db(self, verbosity: int, autoclobber: bool, keepdb: bool = False) -> str:
        name = self._get_test_db_name()
        parameters = self._parameters(name)
        with self._nodb_cursor() as cursor:
            try:
                self._execute_create_test_db(cursor, parameters, keepdb)
            except DatabaseError as error:
                if keepdb:
                    return name
                self._ask_to_replace(name, error, autoclobber)
                self._replace(cursor, name, parameters, verbosity)
        return name

    def _ask_to_replace(self, name: str, error: Exception, autoclobber: bool) -> None:
        self.log(f"Got an error creating the test database: {error}")
        if autoclobber:
            return
        answer = input(f"Type 'yes' if you would like to try deleting the test database '{name}', or 'no' to cancel: ")
        if answer != "yes":
            self.log("Tests cancelled.")
            sys.exit(1)

    def _replace(self, cursor: Any, name: str, parameters: dict[str, str], verbosity: int) -> None:
        try:
            if verbosity >= 1:
                shown = self._get_database_display_str(verbosity, name)
                self.log(f"Destroying old test database for alias {shown}...")
            cursor.execute("DROP DATABASE {dbname}".format(**parameters))
            self._execute_create_test_db(cursor, parameters)
        except DatabaseError as error:
            self.log(f"Got an error recreating the test database: {error}")
            sys.exit(2)

    # --- cloning ---------------------------------------------------------------------------------------------------------

    def clone_test_db(
        self, suffix: Any, verbosity: int = 1, autoclobber: bool = False, keepdb: bool = False
    ) -> None:
        """Clone the test database for one worker of a parallel run."""
        if verbosity >= 1:
            action = "Using existing clone" if keepdb else "Cloning test database"
            shown = self._get_database_display_str(verbosity, self.connection.settings_dict["NAME"])
            self.log(f"{action} for alias {shown}...")
        self._clone_test_db(suffix, verbosity, keepdb)

    def get_test_db_clone_settings(self, suffix: Any) -> dict[str, Any]:
        """The settings of a clone."""
        given = self.connection.settings_dict
        return {**given, "NAME": f"{given['NAME']}_{suffix}"}

    def _clone_test_db(self, suffix: Any, verbosity: int, keepdb: bool = False) -> None:
        raise NotImplementedError(
            f"The back end {type(self).__name__} cannot clone databases: run the tests in one process."
        )

    def setup_worker_connection(self, _worker_id: Any) -> None:
        """Turn the connection of a worker process to its clone."""
        clone = self.get_test_db_clone_settings(str(_worker_id))
        # The dictionary is shared with connections that exist already.
        self.connection.settings_dict.update(clone)
        self.connection.close()

    # --- destroying ------------------------------------------------------------------------------------------------------

    def destroy_test_db(
        self, old_database_name: str | None = None, verbosity: int = 1, keepdb: bool = False, suffix: Any = None
    ) -> None:
        """Destroy the test database (or a clone), and turn the connection back."""
        self.connection.close()
        if self.connection._pool is not None:
            self.connection._pool.close()
        if suffix is None:
            name = self.connection.settings_dict["NAME"]
        else:
            name = self.get_test_db_clone_settings(suffix)["NAME"]
        if verbosity >= 1:
            action = "Preserving" if keepdb else "Destroying"
            self.log(f"{action} test database for alias {self._get_database_display_str(verbosity, name)}...")
        if not keepdb:
            self._destroy_test_db(name, verbosity)
        if old_database_name is not None:
            settings.DATABASES[self.connection.alias]["NAME"] = old_database_name
            self.connection.settings_dict["NAME"] = old_database_name

    def _destroy_test_db(self, test_database_name: str, verbosity: int) -> None:
        with self._nodb_cursor() as cursor:
            cursor.execute(f"DROP DATABASE {self._quoted(test_database_name)}")

    @contextmanager
    def renamed(self, name: str) -> Generator[None, None, None]:
        """The connection's settings with another database, for what runs inside."""
        kept = self.connection.settings_dict["NAME"]
        self.connection.settings_dict["NAME"] = name
        try:
            yield
        finally:
            self.connection.settings_dict["NAME"] = kept


class _NoMigrations:
    """Stands for ``MIGRATION_MODULES`` where no app shall have migrations."""

    def __getitem__(self, key: str) -> None:
        return None

    def get(self, key: str, default: Any = None) -> None:
        """No module for any app."""
        return None

    def __contains__(self, key: object) -> bool:
        return True

"""Test databases of MariaDB and MySQL; clones are filled by the dump program."""

from __future__ import annotations

import os
import subprocess
import sys
from typing import Any

from nuages.db.backends.mysql.client import MySQLClient
from nuages.db.creation import Creation
from nuages.db.errors import DatabaseError

_EXISTS = 1007


class MySQLCreation(Creation):
    """The test database of one connection."""

    def sql_table_creation_suffix(self) -> str:
        """Character set and collation of ``TEST``."""
        test = self.connection.settings_dict["TEST"]
        parts = []
        if test["CHARSET"]:
            parts.append(f"CHARACTER SET {test['CHARSET']}")
        if test["COLLATION"]:
            parts.append(f"COLLATE {test['COLLATION']}")
        return " ".join(parts)

    def _execute_create_test_db(self, cursor: Any, parameters: dict[str, str], keepdb: bool = False) -> None:
        try:
            super()._execute_create_test_db(cursor, parameters, keepdb)
        except DatabaseError as error:
            if not error.args or error.args[0] != _EXISTS:
                self.log(f"Got an error creating the test database: {error}")
                sys.exit(2)
            if not keepdb:
                raise

    def _clone_test_db(self, suffix: Any, verbosity: int, keepdb: bool = False) -> None:
        source = self.connection.settings_dict["NAME"]
        target = self.get_test_db_clone_settings(suffix)["NAME"]
        parameters = {"dbname": self._quoted(target), "suffix": self.sql_table_creation_suffix()}
        with self._nodb_cursor() as cursor:
            try:
                self._execute_create_test_db(cursor, parameters, keepdb)
            except DatabaseError:
                cursor.execute("DROP DATABASE {dbname}".format(**parameters))
                self._execute_create_test_db(cursor, parameters, keepdb)
            else:
                if keepdb and self._has_tables(cursor, target):
                    return
        self._clone_db(source, target)

    @staticmethod
    def _has_tables(cursor: Any, name: str) -> bool:
        cursor.execute("SELECT COUNT(*) FROM information_schema.tables WHERE table_schema = %s", [name])
        return bool(cursor.fetchone()[0])

    def _clone_db(self, source: str, target: str) -> None:
        load, added = MySQLClient.settings_to_cmd_args_env(self.connection.settings_dict, [])
        environment = {**os.environ, **added} if added else None
        dump = ["mysqldump", *load[1:-1], "--routines", "--events", source]
        load[-1] = target
        with subprocess.Popen(dump, stdout=subprocess.PIPE, env=environment) as process:
            with subprocess.Popen(
                load, stdin=process.stdout, stdout=subprocess.DEVNULL, env=environment
            ) as loading:
                assert process.stdout is not None
                process.stdout.close()
                loading.communicate()
        if process.returncode or loading.returncode:
            self.log(f"Got an error cloning the test database: {source} could not be copied to {target}.")
            sys.exit(2)

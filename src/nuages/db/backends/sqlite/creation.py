"""Test databases of SQLite: in memory unless a name is given; clones are copies."""

from __future__ import annotations

import multiprocessing
import os
import shutil
import sqlite3
import sys
from pathlib import Path
from typing import Any

from nuages.db.creation import Creation
from nuages.db.errors import NotSupportedError


class SQLiteCreation(Creation):
    """The test database of one connection."""

    @staticmethod
    def is_in_memory_db(database_name: Any) -> bool:
        """Whether a name means a database without a file."""
        return not isinstance(database_name, Path) and (
            database_name == ":memory:" or "mode=memory" in str(database_name)
        )

    def _get_test_db_name(self) -> str:
        name = self.connection.settings_dict["TEST"]["NAME"] or ":memory:"
        if name == ":memory:":
            # With a name of its own, all connections of this process see the same rows.
            return f"file:memorydb_{self.connection.alias}?mode=memory&cache=shared"
        return str(name)

    def _create_test_db(self, verbosity: int, autoclobber: bool, keepdb: bool = False) -> str:
        name = self._get_test_db_name()
        if keepdb or self.is_in_memory_db(name):
            return name
        if verbosity >= 1:
            self.log(f"Destroying old test database for alias {self._get_database_display_str(verbosity, name)}...")
        if os.access(name, os.F_OK):
            self._remove(name, autoclobber)
        return name

    def _remove(self, name: str, autoclobber: bool) -> None:
        if not autoclobber:
            answer = input(
                f"Type 'yes' if you would like to try deleting the test database '{name}', or 'no' to cancel: "
            )
            if answer != "yes":
                self.log("Tests cancelled.")
                sys.exit(1)
        try:
            os.remove(name)
        except OSError as error:
            self.log(f"Got an error deleting the old test database: {error}")
            sys.exit(2)

    def get_test_db_clone_settings(self, suffix: Any) -> dict[str, Any]:
        """The settings of a clone. A forked worker has the memory of its parent, and needs none.

        Raises ``NotSupportedError`` where workers start in another way than by fork or spawn.
        """
        given = self.connection.settings_dict
        method = multiprocessing.get_start_method()
        if method not in ("fork", "spawn", "forkserver"):
            raise NotSupportedError(f"Cloning with start method {method!r} is not supported.")
        name = given["NAME"]
        if self.is_in_memory_db(name):
            return {**given, "NAME": name if method == "fork" else f"{self.connection.alias}_{suffix}.sqlite3"}
        root, extension = os.path.splitext(name)
        return {**given, "NAME": f"{root}_{suffix}{extension}"}

    def _clone_test_db(self, suffix: Any, verbosity: int, keepdb: bool = False) -> None:
        source = self.connection.settings_dict["NAME"]
        target = self.get_test_db_clone_settings(suffix)["NAME"]
        if source == target:
            return
        if os.access(target, os.F_OK):
            if keepdb and not self.is_in_memory_db(source):
                return
            os.remove(target)
        if self.is_in_memory_db(source):
            self.connection.ensure_connection()
            _copy(self.connection.connection, target)
            return
        try:
            shutil.copy(source, target)
        except OSError as error:
            self.log(f"Got an error cloning the test database: {error}")
            sys.exit(2)

    def setup_worker_connection(self, _worker_id: Any) -> None:
        """Turn a worker's connection to its clone; one that was spawned reads its file into memory."""
        settings_dict = self.get_test_db_clone_settings(str(_worker_id))
        if multiprocessing.get_start_method() == "fork":
            self.connection.settings_dict.update(settings_dict)
            self.connection.close()
            return
        memory = f"file:memorydb_{self.connection.alias}_{_worker_id}?mode=memory&cache=shared"
        source = self.connection.Database.connect(f"file:{settings_dict['NAME']}?mode=ro", uri=True)
        target = sqlite3.connect(memory, uri=True)
        source.backup(target)
        source.close()
        self.connection.settings_dict.update({**settings_dict, "NAME": memory})
        # The new connection holds the memory before the one that filled it lets go.
        self.connection.connect()
        target.close()

    def _destroy_test_db(self, test_database_name: str, verbosity: int) -> None:
        if test_database_name and not self.is_in_memory_db(test_database_name) and os.path.exists(test_database_name):
            os.remove(test_database_name)

    def test_db_signature(self) -> tuple[Any, ...]:
        """Two databases in memory differ by their aliases."""
        given = self.connection.settings_dict
        name = self._get_test_db_name()
        alias = (self.connection.alias,) if self.is_in_memory_db(name) else (name,)
        return (given["NAME"], *alias)


def _copy(raw: Any, path: str) -> None:
    """Write a database into a file."""
    target = sqlite3.connect(path)
    try:
        raw.backup(target)
    finally:
        target.close()

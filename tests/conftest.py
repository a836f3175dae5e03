"""Set-up of the project's own tests: settings, apps, and test databases on demand.

Fixtures: ``db`` (a transaction that is rolled back), ``transactional_db`` (no transaction around the test), ``tables``
(creates the tables of models that a test declares), ``override`` (other settings for one test).
"""

import os
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest

sys.path.insert(0, str(Path(__file__).parents[1]))
os.environ.setdefault("NUAGES_SETTINGS_MODULE", "tests.settings")

from nuages.start import setup

setup()


def _create(alias: str) -> Any:
    import nuages.test.databases  # how a new database gets its tables
    from nuages.db import connections

    assert nuages.test.databases
    connection = connections[alias]
    connection.creation.create_test_db(verbosity=0, autoclobber=True, serialize=False)
    return connection


@pytest.fixture(scope="session")
def _database() -> Iterator[Any]:
    connection = _create("default")
    name = connection.settings_dict["NAME"]
    yield connection
    connection.creation.destroy_test_db(name, verbosity=0)


@pytest.fixture
def transactional_db(_database: Any) -> Iterator[Any]:
    """The default connection, without a transaction; the test cleans up what it writes."""
    from nuages.db import connections

    yield connections["default"]
    connections["default"].close_if_unusable_or_obsolete()


@pytest.fixture
def db(_database: Any) -> Iterator[Any]:
    """The default connection, in a transaction that is rolled back; tasks and threads share it."""
    from nuages.db import connections, transaction

    connection = connections["default"]
    atomic = transaction.atomic()
    atomic._from_testcase = True
    atomic.__enter__()
    connections.pin("default")
    try:
        yield connection
    finally:
        transaction.set_rollback(True)
        atomic.__exit__(None, None, None)
        connections.unpin("default")


@pytest.fixture
def tables(transactional_db: Any) -> Iterator[Callable[..., Any]]:
    """``tables(Book, Author)`` creates the tables of these models; they are dropped after the test."""
    created: list[Any] = []
    filled: list[Any] = []

    def create(*models: Any) -> Any:
        present = set(transactional_db.introspection.table_names())
        with transactional_db.schema_editor() as editor:
            for model in models:
                if model._meta.db_table in present:
                    filled.append(model)  # that of an installed application: it stays, and is emptied
                else:
                    editor.create_model(model)
                    created.append(model)
        return transactional_db

    yield create
    with transactional_db.constraint_checks_disabled(), transactional_db.schema_editor() as editor:
        for model in reversed(created):
            editor.delete_model(model)
    for model in reversed(filled):
        model._base_manager.all().delete()


@pytest.fixture
def override() -> Iterator[Callable[..., None]]:
    """``override(USE_TZ=False)`` changes settings until the end of the test."""
    from nuages.test.overriding import override_settings

    with ExitStack() as stack:
        yield lambda **options: stack.enter_context(override_settings(**options))

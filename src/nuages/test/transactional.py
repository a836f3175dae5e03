"""Test cases with a database: one that flushes tables, one that rolls back."""

import copy
from collections.abc import Generator
from contextlib import contextmanager
from typing import Any

from nuages.apps import apps
from nuages.cli.calling import call_command
from nuages.cli.color import no_style
from nuages.cli.statements import emit_post_migrate_signal
from nuages.conf import settings
from nuages.db import DEFAULT_DB_ALIAS, connections, transaction
from nuages.loggers import get_logger
from nuages.signals import setting_changed
from nuages.test.simple import SimpleTestCase

__unittest = True  # unittest leaves the frames of this module out of tracebacks

logger = get_logger("test")


def connections_support_transactions(aliases: Any = None) -> bool:
    """Whether all databases (of *aliases*, if given) have transactions."""
    chosen = connections.all() if aliases is None else (connections[alias] for alias in aliases)
    return all(connection.features.supports_transactions for connection in chosen)


def connections_support_savepoints(aliases: Any = None) -> bool:
    """Whether all databases (of *aliases*, if given) have savepoints."""
    chosen = connections.all() if aliases is None else (connections[alias] for alias in aliases)
    return all(connection.features.uses_savepoints for connection in chosen)


class TransactionTestCase(SimpleTestCase):
    """A test case whose tests may commit: afterwards all tables are emptied, which is slow but thorough."""

    reset_sequences = False
    available_apps: Any = None
    fixtures: Any = None
    databases: Any = {DEFAULT_DB_ALIAS}
    serialized_rollback = False

    @classmethod
    def setUpClass(cls) -> None:
        """Prepare the first test already, so that fixtures are there for subclasses' ``setUpClass``."""
        super().setUpClass()
        if not issubclass(cls, TestCase):
            cls._pre_setup()
            cls._pre_setup_ran_eagerly = True

    @classmethod
    def _pre_setup(cls) -> None:
        super()._pre_setup()
        if cls.available_apps is not None:
            cls._make_apps_available()
        try:
            cls._fixture_setup()
        except Exception:
            if cls.available_apps is not None:
                cls._make_all_apps_available()
            raise
        for alias in cls._databases_names(include_mirrors=False):
            connections[alias].queries_log.clear()

    @classmethod
    def _make_apps_available(cls) -> None:
        apps.set_available_apps(cls.available_apps)
        setting_changed.send(
            sender=type(settings._wrapped), setting="INSTALLED_APPS", value=cls.available_apps, enter=True
        )
        for alias in cls._databases_names(include_mirrors=False):
            emit_post_migrate_signal(verbosity=0, interactive=False, db=alias)

    @classmethod
    def _make_all_apps_available(cls) -> None:
        apps.unset_available_apps()
        setting_changed.send(
            sender=type(settings._wrapped), setting="INSTALLED_APPS", value=settings.INSTALLED_APPS, enter=False
        )

    @classmethod
    def _databases_names(cls, include_mirrors: bool = True) -> list[str]:
        return [
            alias
            for alias in connections
            if alias in cls.databases and (include_mirrors or not connections[alias].settings_dict["TEST"]["MIRROR"])
        ]

    @classmethod
    def _reset_sequences(cls, db_name: str) -> None:
        connection = connections[db_name]
        if not connection.features.supports_sequence_reset:
            return
        statements = connection.ops.sequence_reset_by_name_sql(no_style(), connection.introspection.sequence_list())
        if statements:
            with transaction.atomic(using=db_name), connection.cursor() as cursor:
                for sql in statements:
                    cursor.execute(sql)

    @classmethod
    def _fixture_setup(cls) -> None:
        for alias in cls._databases_names(include_mirrors=False):
            if cls.reset_sequences:
                cls._reset_sequences(alias)
            if cls.serialized_rollback and hasattr(connections[alias], "_test_serialized_contents"):
                if cls.available_apps is not None:
                    apps.unset_available_apps()
                connections[alias].creation.deserialize_db_from_string(connections[alias]._test_serialized_contents)
                if cls.available_apps is not None:
                    apps.set_available_apps(cls.available_apps)
            if cls.fixtures:
                call_command("loaddata", *cls.fixtures, verbosity=0, database=alias)

    @classmethod
    def _should_reload_connections(cls) -> bool:
        return True

    def _post_teardown(self) -> None:
        try:
            self._fixture_teardown()
            super()._post_teardown()
            if self._should_reload_connections():
                # a test may have left the session in another state (time zone, isolation level)
                for connection in connections.all(initialized_only=True):
                    connection.close()
        finally:
            if self.available_apps is not None:
                self._make_all_apps_available()

    def _fixture_teardown(self) -> None:
        """Empty all tables."""
        for alias in self._databases_names(include_mirrors=False):
            inhibit = self.available_apps is not None or (
                self.serialized_rollback and hasattr(connections[alias], "_test_serialized_contents")
            )
            call_command(
                "flush",
                verbosity=0,
                interactive=False,
                database=alias,
                reset_sequences=False,
                allow_cascade=self.available_apps is not None,
                inhibit_post_migrate=inhibit,
            )


class TestData:
    """A class attribute from ``setUpTestData``: each test gets a copy of its own, made when first asked for.

    One memo per test keeps the relations between objects.
    """

    __test__ = False
    memo_attr = "_testdata_memo"

    def __init__(self, name: str, data: Any) -> None:
        self.name = name
        self.data = data

    def get_memo(self, testcase: Any) -> dict[int, Any]:
        """The memo of copies that *testcase* has."""
        memo: dict[int, Any] = testcase.__dict__.setdefault(self.memo_attr, {})
        return memo

    def __get__(self, instance: Any, owner: type[Any]) -> Any:
        if instance is None:
            return self.data
        data = copy.deepcopy(self.data, self.get_memo(instance))
        setattr(instance, self.name, data)
        return data

    def __repr__(self) -> str:
        return f"<TestData: name={self.name!r}, data={self.data!r}>"


class TestCase(TransactionTestCase):
    """A test case in two transactions, one for the class and its ``setUpTestData``, one for each test: both roll back.

    All threads and tasks use the connection of the transaction, so that an asynchronous client sees what the test wrote.
    """

    __test__ = True
    cls_atomics: dict[str, Any]
    atomics: dict[str, Any]

    @classmethod
    def _enter_atomics(cls) -> dict[str, Any]:
        """Open a transaction (or savepoint) on each database; returns them."""
        atomics = {}
        for alias in cls._databases_names():
            atomic = transaction.atomic(using=alias)
            atomic._from_testcase = True
            atomic.__enter__()
            atomics[alias] = atomic
        return atomics

    @classmethod
    def _rollback_atomics(cls, atomics: dict[str, Any]) -> None:
        for alias in reversed(cls._databases_names()):
            transaction.set_rollback(True, using=alias)
            atomics[alias].__exit__(None, None, None)

    @classmethod
    def _databases_support_transactions(cls) -> bool:
        return connections_support_transactions(cls.databases)

    @classmethod
    def _databases_support_savepoints(cls) -> bool:
        return connections_support_savepoints(cls.databases)

    @classmethod
    def setUpClass(cls) -> None:
        """Open the class's transaction, load fixtures and call ``setUpTestData``."""
        super().setUpClass()
        if not (cls._databases_support_transactions() and cls._databases_support_savepoints()):
            return
        cls.cls_atomics = cls._enter_atomics()
        try:
            for alias in cls._databases_names():
                connections.pin(alias)
            if cls.fixtures:
                for alias in cls._databases_names(include_mirrors=False):
                    call_command("loaddata", *cls.fixtures, verbosity=0, database=alias)
            before = dict(cls.__dict__)
            cls.setUpTestData()
        except Exception:
            cls._leave_class_atomics()
            raise
        for name, value in dict(cls.__dict__).items():
            if value is not before.get(name):
                setattr(cls, name, TestData(name, value))

    @classmethod
    def _leave_class_atomics(cls) -> None:
        cls._rollback_atomics(cls.cls_atomics)
        for alias in cls._databases_names():
            connections.unpin(alias)

    @classmethod
    def tearDownClass(cls) -> None:
        """Roll the class's transaction back."""
        if cls._databases_support_transactions() and cls._databases_support_savepoints():
            cls._leave_class_atomics()
            for connection in connections.all(initialized_only=True):
                connection.close()
        super().tearDownClass()

    @classmethod
    def setUpTestData(cls) -> None:
        """Override to create the data of all tests of the class, once."""

    @classmethod
    def _should_reload_connections(cls) -> bool:
        return False if cls._databases_support_transactions() else super()._should_reload_connections()

    @classmethod
    def _fixture_setup(cls) -> None:
        if not cls._databases_support_transactions():
            cls.setUpTestData()
            super()._fixture_setup()
            return
        if cls.reset_sequences:
            raise TypeError("reset_sequences cannot be used on TestCase instances")
        cls.atomics = cls._enter_atomics()
        if not cls._databases_support_savepoints():
            if cls.fixtures:
                for alias in cls._databases_names(include_mirrors=False):
                    call_command("loaddata", *cls.fixtures, verbosity=0, database=alias)
            cls.setUpTestData()

    def _should_check_constraints(self, connection: Any) -> bool:
        return bool(
            connection.features.can_defer_constraint_checks and not connection.needs_rollback and connection.is_usable()
        )

    def _fixture_teardown(self) -> None:
        if not self._databases_support_transactions():
            super()._fixture_teardown()
            return
        try:
            for alias in reversed(self._databases_names()):
                if self._should_check_constraints(connections[alias]):
                    connections[alias].check_constraints()
        finally:
            self._rollback_atomics(self.atomics)

    @classmethod
    @contextmanager
    def captureOnCommitCallbacks(cls, *, using: str = DEFAULT_DB_ALIAS, execute: bool = False) -> Generator[list[Any]]:
        """Collect the functions given to ``on_commit`` inside the block; run them at its end if *execute*."""
        callbacks: list[Any] = []
        start = len(connections[using].run_on_commit)
        try:
            yield callbacks
        finally:
            while True:
                end = len(connections[using].run_on_commit)
                for _, callback, robust in connections[using].run_on_commit[start:]:
                    callbacks.append(callback)
                    if execute:
                        _call(callback, robust)
                if end == len(connections[using].run_on_commit):
                    break
                start = end


def _call(callback: Any, robust: bool) -> None:
    """Run one function of ``on_commit``; log the error of a robust one."""
    if not robust:
        callback()
        return
    try:
        callback()
    except Exception as error:
        name = getattr(callback, "__qualname__", callback)
        logger.exception("Error calling %s in on_commit() (%s).", name, error)

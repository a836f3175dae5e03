"""The test case without a database, which all others derive from."""

import asyncio
import pickle
import sys
import unittest
from difflib import get_close_matches
from typing import Any

from nuages import bridge, mail
from nuages.db import connections
from nuages.exceptions import ImproperlyConfigured
from nuages.test.assertions import ResponseAssertions
from nuages.test.client import AsyncClient, Client
from nuages.test.comparing import ComparingAssertions
from nuages.test.guards import DatabaseGuard
from nuages.test.overriding import modify_settings, override_settings

__unittest = True  # unittest leaves the frames of this module out of tracebacks


def is_pickable(obj: Any) -> bool:
    """Whether *obj* survives pickling and unpickling."""
    try:
        pickle.loads(pickle.dumps(obj))
    except (AttributeError, TypeError, pickle.PickleError):
        return False
    return True


class SimpleTestCase(ComparingAssertions, ResponseAssertions):
    """A test case with ``client`` and ``async_client``, settings of its own, and no database unless ``databases`` says so.

    Coroutine methods run as tests, too: on an event loop, with this thread's test data in reach of ``a…`` calls.
    """

    client_class: type[Client] = Client
    async_client_class: type[AsyncClient] = AsyncClient
    client: Client
    async_client: AsyncClient
    databases: Any = set()
    _overridden_settings: dict[str, Any] | None = None
    _modified_settings: list[Any] | None = None
    _pre_setup_ran_eagerly = False

    @classmethod
    def setUpClass(cls) -> None:
        """Override settings and guard the databases, until after ``tearDownClass``."""
        super().setUpClass()
        if cls._overridden_settings:
            cls.enterClassContext(override_settings(**cls._overridden_settings))
        if cls._modified_settings:
            cls.enterClassContext(modify_settings(cls._modified_settings))
        cls._guard_databases()

    @classmethod
    def _guard_databases(cls) -> None:
        cls.databases = cls._validate_databases()
        guard = DatabaseGuard(frozenset(connections) - cls.databases, cls._forbidden_message)
        guard.install()
        cls.addClassCleanup(guard.remove)

    @classmethod
    def _forbidden_message(cls, operation: str, alias: str) -> str:
        """The error when a test reaches for a database that it has not named."""
        where = f"{cls.__module__}.{cls.__qualname__}.databases"
        if not cls.databases and not hasattr(cls, "serialized_rollback"):
            return (
                f"Database {operation} to {alias!r} are not allowed in a SimpleTestCase: derive from TestCase or "
                f"TransactionTestCase, whose data cannot leak into other tests, or add {alias!r} to {where}."
            )
        return (
            f"Database {operation} to {alias!r} are not allowed in this test: add {alias!r} to {where}, so that its "
            "data is kept apart from that of other tests."
        )

    @classmethod
    def _validate_databases(cls) -> frozenset[str]:
        """The aliases in ``databases``; ImproperlyConfigured for one that no setting defines."""
        if cls.databases == "__all__":
            return frozenset(connections)
        for alias in cls.databases:
            if alias not in connections:
                message = (
                    f"{cls.__module__}.{cls.__qualname__}.databases refers to {alias!r} which is not defined in "
                    "settings.DATABASES."
                )
                matches = get_close_matches(alias, list(connections))
                raise ImproperlyConfigured(f"{message} Did you mean {matches[0]!r}?" if matches else message)
        return frozenset(cls.databases)

    def __getstate__(self) -> dict[str, Any]:
        """Only what can be pickled, as tests travel between processes."""
        return {key: value for key, value in self.__dict__.items() if key != "_outcome" and is_pickable(value)}

    def __call__(self, result: unittest.TestResult | None = None) -> None:
        """Run the test between ``_pre_setup`` and ``_post_teardown``, so that subclasses need not call ``super``."""
        self._setup_and_call(result)

    def debug(self) -> None:
        """Run the test without collecting errors in a result."""
        self._setup_and_call(None, debug=True)

    def _setup_and_call(self, result: Any, debug: bool = False) -> None:
        method = getattr(self, self._testMethodName)
        skipped = getattr(type(self), "__unittest_skip__", False) or getattr(method, "__unittest_skip__", False)
        if asyncio.iscoroutinefunction(method):
            setattr(self, self._testMethodName, bridge.block(method))
        if skipped:
            self._run(result, debug)
            return
        self.client = self.client_class()
        self.async_client = self.async_client_class()
        if self._guarded(self._prepare, result, debug):
            self._run(result, debug)
            self._guarded(self._post_teardown, result, debug)

    def _run(self, result: Any, debug: bool) -> None:
        if debug:
            super().debug()
        else:
            super().__call__(result)

    def _guarded(self, step: Any, result: Any, debug: bool) -> bool:
        """Do *step*; record its error in the result, unless debugging. Whether it succeeded."""
        try:
            step()
        except Exception:
            if debug:
                raise
            result.addError(self, sys.exc_info())
            return False
        return True

    def _prepare(self) -> None:
        cls = type(self)
        if cls._pre_setup_ran_eagerly:
            cls._pre_setup_ran_eagerly = False
        else:
            self._pre_setup()

    @classmethod
    def _pre_setup(cls) -> None:
        """Prepare what each test needs; subclasses load their data here."""
        mail.outbox = []  # type: ignore[attr-defined]

    def _post_teardown(self) -> None:
        """Undo :meth:`_pre_setup`."""

    def settings(self, **kwargs: Any) -> override_settings:
        """A context manager in which settings have other values."""
        return override_settings(**kwargs)

    def modify_settings(self, **kwargs: Any) -> modify_settings:
        """A context manager in which items are added to, or removed from, settings that are lists."""
        return modify_settings(**kwargs)


# Test runners beside ours collect the assertions from this class's own namespace, where its documentation has them.
for _assertions in (ComparingAssertions, ResponseAssertions):
    for _name, _assertion in list(vars(_assertions).items()):
        if _name.startswith("assert"):
            setattr(SimpleTestCase, _name, _assertion)

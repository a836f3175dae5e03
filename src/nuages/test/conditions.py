"""Skipping tests by what the database can do, and running test classes one at a time."""

import functools
from collections.abc import Callable
from typing import Any, TextIO
from unittest import SkipTest

from nuages.db import DEFAULT_DB_ALIAS, connection
from nuages.files import locks
from nuages.test.simple import SimpleTestCase


class CheckCondition:
    """A class attribute that is true when one of its conditions holds: for ``__unittest_skip__``, asked at the last moment."""

    def __init__(self, *conditions: tuple[Callable[[], bool], str]) -> None:
        self.conditions = conditions

    def add_condition(self, condition: Callable[[], bool], reason: str) -> "CheckCondition":
        """The same with one condition more."""
        return self.__class__(*self.conditions, (condition, reason))

    def __get__(self, instance: Any, cls: type[Any]) -> bool:
        if any(getattr(base, "__unittest_skip__", False) for base in cls.__bases__):
            return True
        for condition, reason in self.conditions:
            if condition():
                cls.__unittest_skip_why__ = reason
                return True
        return False


def _deferred_skip(condition: Callable[[], bool], reason: str, name: str) -> Callable[[Any], Any]:
    def decorator(test: Any) -> Any:
        if isinstance(test, type):
            return _skip_class(test, condition, reason, name)

        @functools.wraps(test)
        def skipping(*args: Any, **kwargs: Any) -> Any:
            if args and isinstance(args[0], SimpleTestCase) and DEFAULT_DB_ALIAS not in args[0].databases:
                raise ValueError(
                    f"{name} cannot be used on {args[0]} as {type(args[0]).__qualname__} doesn't allow queries "
                    f"against the {DEFAULT_DB_ALIAS!r} database."
                )
            if condition():
                raise SkipTest(reason)
            return test(*args, **kwargs)

        return skipping

    return decorator


def _skip_class(test: type[Any], condition: Callable[[], bool], reason: str, name: str) -> type[Any]:
    databases = getattr(test, "databases", None)
    if not databases or (databases != "__all__" and DEFAULT_DB_ALIAS not in databases):

        def refuse() -> bool:
            raise ValueError(
                f"{name} cannot be used on {test} as it doesn't allow queries against the {DEFAULT_DB_ALIAS!r} database."
            )

        condition = refuse
    present = test.__dict__.get("__unittest_skip__")
    if isinstance(present, CheckCondition):
        test.__unittest_skip__ = present.add_condition(condition, reason)
    elif present is not True:
        test.__unittest_skip__ = CheckCondition((condition, reason))
    return test


def skipIfDBFeature(*features: str) -> Callable[[Any], Any]:
    """Skip a test, or the tests of a class, if the default database has any of *features*."""
    return _deferred_skip(
        lambda: any(getattr(connection.features, feature) for feature in features),
        f"Database has feature(s) {', '.join(features)}",
        "skipIfDBFeature",
    )


def skipUnlessDBFeature(*features: str) -> Callable[[Any], Any]:
    """Skip a test, or the tests of a class, unless the default database has all of *features*."""
    return _deferred_skip(
        lambda: not all(getattr(connection.features, feature) for feature in features),
        f"Database doesn't support feature(s): {', '.join(features)}",
        "skipUnlessDBFeature",
    )


def skipUnlessAnyDBFeature(*features: str) -> Callable[[Any], Any]:
    """Skip a test, or the tests of a class, unless the default database has one of *features*."""
    return _deferred_skip(
        lambda: not any(getattr(connection.features, feature) for feature in features),
        f"Database doesn't support any of the feature(s): {', '.join(features)}",
        "skipUnlessAnyDBFeature",
    )


class SerializeMixin:
    """Makes test classes with the same ``lockfile`` wait for each other, also across processes. Stands first in the bases."""

    lockfile: str | None = None
    _lock: TextIO

    def __init_subclass__(cls, /, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        if cls.lockfile is None:
            raise ValueError(f"{cls.__name__}.lockfile isn't set. Name a file there, the same for all classes that must not run at once.")

    @classmethod
    def setUpClass(cls) -> None:
        """Take the lock; it is freed after ``tearDownClass``."""
        assert cls.lockfile is not None
        cls._lock = open(cls.lockfile)
        cls.addClassCleanup(cls._lock.close)  # type: ignore[attr-defined]
        locks.lock(cls._lock, locks.LOCK_EX)
        super().setUpClass()  # type: ignore[misc]

"""The order of tests: by kind, shuffled or reversed, and always grouped by class."""

import hashlib
import os
import random
import unittest
from collections.abc import Callable, Iterable, Iterator
from importlib import import_module
from typing import Any

from nuages.text.datastructures import OrderedSet


class Shuffler:
    """Shuffles by the hash of seed and item: a part of the items comes in the order that it has in the whole."""

    hash_algorithm = "md5"  # not for security, but short

    def __init__(self, seed: int | str | None = None) -> None:
        if seed is None:
            self.seed: int | str = random.randint(0, 10**10 - 1)
            self.seed_source = "generated"
        else:
            self.seed = seed
            self.seed_source = "given"

    @classmethod
    def _hash_text(cls, text: str) -> str:
        digest = hashlib.new(cls.hash_algorithm, usedforsecurity=False)
        digest.update(text.encode("utf-8"))
        return digest.hexdigest()

    @property
    def seed_display(self) -> str:
        """The seed, and where it came from."""
        return f"{self.seed!r} ({self.seed_source})"

    def _hash_item(self, item: Any, key: Callable[[Any], str]) -> str:
        return self._hash_text(f"{self.seed}{key(item)}")

    def shuffle(self, items: Iterable[Any], key: Callable[[Any], str]) -> list[Any]:
        """*items* in shuffled order; RuntimeError if two have the same *key*."""
        hashes: dict[str, Any] = {}
        for item in items:
            hashed = self._hash_item(item, key)
            if hashed in hashes:
                raise RuntimeError(f"item {item!r} has same hash {hashed!r} as item {hashes[hashed]!r}")
            hashes[hashed] = item
        return [hashes[hashed] for hashed in sorted(hashes)]


def iter_test_cases(tests: Any) -> Iterator[Any]:
    """All test cases in a suite or other iterable, however deep. TypeError for a string."""
    if isinstance(tests, str):
        raise TypeError(f"Test {tests[0]!r} must be a test case or test suite not string (was found in {tests!r}).")
    for test in tests:
        if isinstance(test, str):
            raise TypeError(f"Test {test!r} must be a test case or test suite not string (was found in {tests!r}).")
        if isinstance(test, unittest.TestCase):
            yield test
        else:
            yield from iter_test_cases(test)


def is_discoverable(label: str) -> bool:
    """Whether the test *label* is a package or a folder, in which tests are to be searched."""
    try:
        module = import_module(label)
    except (ImportError, TypeError, ValueError):
        return os.path.isdir(os.path.abspath(label))
    return hasattr(module, "__path__")


def get_shuffler_key(item: Any) -> str:
    """What a test or test class is shuffled by."""
    if isinstance(item, type):
        return f"{item.__module__}.{item.__qualname__}"
    return str(item.id())


def shuffle_tests(tests: Iterable[Any], shuffler: Shuffler) -> Iterator[Any]:
    """*tests* shuffled: the classes among each other, and the tests of each class."""
    by_class: dict[type[Any], list[Any]] = {}
    for test in tests:
        by_class.setdefault(type(test), []).append(test)
    for cls in shuffler.shuffle(by_class, key=get_shuffler_key):
        yield from shuffler.shuffle(by_class[cls], key=get_shuffler_key)


def reorder_test_bin(tests: Iterable[Any], shuffler: Shuffler | None = None, reverse: bool = False) -> Iterator[Any]:
    """The tests of one kind, grouped by class, shuffled and reversed as asked."""
    if shuffler is None:
        if reverse:
            return reversed(tests)  # type: ignore[call-overload, no-any-return]
        return iter(tests)
    shuffled = shuffle_tests(tests, shuffler)
    return reversed(list(shuffled)) if reverse else shuffled


def reorder_tests(
    tests: Iterable[Any], classes: Iterable[Any], reverse: bool = False, shuffler: Shuffler | None = None
) -> Iterator[Any]:
    """*tests* without duplicates, those of each class of *classes* before those of the next, other tests last."""
    kinds = list(classes)
    bins: list[OrderedSet] = [OrderedSet() for _ in range(len(kinds) + 1)]
    *by_class, last = bins
    for test in tests:
        fitting = (chosen for chosen, kind in zip(by_class, kinds, strict=True) if isinstance(test, kind))
        next(fitting, last).add(test)
    for chosen in bins:
        yield from reorder_test_bin(chosen, shuffler=shuffler, reverse=reverse)


def partition_suite_by_case(suite: Any) -> list[Any]:
    """Suites that each hold the tests of one class, in the order of *suite*."""
    suites: list[Any] = []
    last: type[Any] | None = None
    for test in iter_test_cases(suite):
        if not suites or type(test) is not last:
            suites.append(type(suite)())
            last = type(test)
        suites[-1].addTest(test)
    return suites


def filter_tests_by_tags(tests: Iterable[Any], tags: set[str], exclude_tags: set[str]) -> Iterator[Any]:
    """The tests with one of *tags* (if there are some) and none of *exclude_tags*; tests that failed to load stay."""
    for test in tests:
        if isinstance(test, unittest.loader._FailedTest):  # type: ignore[attr-defined]
            yield test
            continue
        method = getattr(test, getattr(test, "_testMethodName", ""), None)
        own = set(getattr(test, "tags", ())) | set(getattr(method, "tags", ()))
        if (not tags or own & tags) and not own & exclude_tags:
            yield test

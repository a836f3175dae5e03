"""The test runner: finds tests, creates databases, runs and reports."""

import argparse
import ctypes
import faulthandler
import logging
import multiprocessing
import os
import sys
import unittest
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from nuages.cli.calling import call_command
from nuages.db import connections
from nuages.test.capturing import NullTimeKeeper, TimeKeeper
from nuages.test.cases import SimpleTestCase, TestCase
from nuages.test.databases import setup_databases, teardown_databases
from nuages.test.environment import setup_test_environment, teardown_test_environment
from nuages.test.ordering import (
    Shuffler,
    filter_tests_by_tags,
    get_shuffler_key,
    is_discoverable,
    iter_test_cases,
    partition_suite_by_case,
    reorder_test_bin,
    reorder_tests,
    shuffle_tests,
)
from nuages.test.remote import (
    ParallelTestSuite,
    RemoteTestResult,
    RemoteTestRunner,
    _init_worker,
    _run_subsuite,
    get_max_test_processes,
)
from nuages.test.results import DebugSQLTextTestResult, PDBDebugResult, QueryFormatter

__all__ = [
    "DebugSQLTextTestResult",
    "DiscoverRunner",
    "PDBDebugResult",
    "ParallelTestSuite",
    "QueryFormatter",
    "RemoteTestResult",
    "RemoteTestRunner",
    "Shuffler",
    "_init_worker",
    "_run_subsuite",
    "ctypes",
    "filter_tests_by_tags",
    "get_max_test_processes",
    "get_shuffler_key",
    "is_discoverable",
    "multiprocessing",
    "parallel_type",
    "partition_suite_by_case",
    "reorder_test_bin",
    "reorder_tests",
    "shuffle_tests",
]


def parallel_type(value: str) -> str | int:
    """The argument of ``--parallel``: ``auto`` or a number."""
    if value == "auto":
        return value
    try:
        return int(value)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{value!r} is not an integer or the string 'auto'") from None


@contextmanager
def _patterns(loader: Any, patterns: list[str] | None) -> Iterator[None]:
    """Let the loader take only tests whose names fit, for a while."""
    kept = loader.testNamePatterns
    loader.testNamePatterns = patterns
    try:
        yield
    finally:
        loader.testNamePatterns = kept


class DiscoverRunner:
    """Runs the tests of a project; its options are those of the command ``test``. See "Advanced testing topics"."""

    test_suite: Any = unittest.TestSuite
    parallel_test_suite: Any = ParallelTestSuite
    test_runner: Any = unittest.TextTestRunner
    test_loader: Any = unittest.defaultTestLoader
    reorder_by: tuple[Any, ...] = (TestCase, SimpleTestCase)

    def __init__(
        self,
        pattern: str | None = None,
        top_level: str | None = None,
        verbosity: int = 1,
        interactive: bool = True,
        failfast: bool = False,
        keepdb: bool = False,
        reverse: bool = False,
        debug_mode: bool = False,
        debug_sql: bool = False,
        parallel: int = 0,
        tags: Any = None,
        exclude_tags: Any = None,
        test_name_patterns: Any = None,
        pdb: bool = False,
        buffer: bool = False,
        enable_faulthandler: bool = True,
        timing: bool = False,
        shuffle: Any = False,
        logger: logging.Logger | None = None,
        durations: int | None = None,
        **kwargs: Any,
    ) -> None:
        self.pattern, self.top_level = pattern, top_level
        self.verbosity, self.interactive, self.failfast = verbosity, interactive, failfast
        self.keepdb, self.parallel = keepdb, parallel
        self.reverse, self.shuffle = reverse, shuffle
        self.debug_mode, self.debug_sql, self.pdb = debug_mode, debug_sql, pdb
        self.tags, self.exclude_tags = set(tags or ()), set(exclude_tags or ())
        if self.pdb and self.parallel > 1:
            raise ValueError("You cannot use --pdb with parallel tests; pass --parallel=1 to use it.")
        self.buffer = buffer
        self.test_name_patterns: set[str] | None = None
        self.time_keeper: Any = TimeKeeper() if timing else NullTimeKeeper()
        if test_name_patterns:
            # as unittest does for -k: a word without a star may stand anywhere
            self.test_name_patterns = {p if "*" in p else f"*{p}*" for p in test_name_patterns}
        if enable_faulthandler and not faulthandler.is_enabled():
            try:
                faulthandler.enable(file=sys.stderr.fileno())
            except (AttributeError, OSError):
                faulthandler.enable(file=sys.__stderr__.fileno())  # type: ignore[union-attr]
        self._shuffler: Shuffler | None = None
        self.shuffle_seed: Any = None
        self.logger = logger
        self.durations = durations

    @classmethod
    def add_arguments(cls, parser: Any) -> None:
        """The options of the command ``test`` that are this runner's."""
        add = parser.add_argument
        add(
            "-t",
            "--top-level-directory",
            dest="top_level",
            help="Folder of the top-level modules, if it isn't this one.",
        )
        add("-p", "--pattern", default=None, help="Pattern of the names of test files (test*.py).")
        add("--keepdb", action="store_true", help="Keep the test databases for the next run.")
        add(
            "--shuffle",
            nargs="?",
            default=False,
            type=int,
            metavar="SEED",
            help="Run test cases in random order; the seed repeats an order.",
        )
        add("-r", "--reverse", action="store_true", help="Run test cases in the opposite order.")
        add("--debug-mode", action="store_true", help="Run with DEBUG on.")
        add("-d", "--debug-sql", action="store_true", help="Print the SQL of failing tests.")
        add(
            "--parallel",
            metavar="N",
            type=parallel_type,
            nargs="?",
            default=0,
            const="auto",
            help="Run tests in N processes, or in as many as there are cores.",
        )
        add("--tag", action="append", dest="tags", help="Run only tests with this tag; may come several times.")
        add("--exclude-tag", action="append", dest="exclude_tags", help="Leave out tests with this tag.")
        add("--pdb", action="store_true", help="Start a debugger (ipdb, if it is there) where a test fails.")
        add("-b", "--buffer", action="store_true", help="Show the output of failing tests only.")
        add("--no-faulthandler", action="store_false", dest="enable_faulthandler", help="Don't use faulthandler.")
        add("--timing", action="store_true", help="Show how long the parts of the run took.")
        add("-k", action="append", dest="test_name_patterns", help="Run only tests whose names match.")
        if sys.version_info >= (3, 12):
            add("--durations", type=int, default=None, metavar="N", help="Show the N slowest tests (0: all).")

    @property
    def shuffle_seed_display(self) -> str:
        """The seed with its source."""
        return "" if self._shuffler is None else self._shuffler.seed_display

    def log(self, msg: str, level: int | None = None) -> None:
        """Print *msg*, or give it to the logger; without a logger, verbosity decides what is too unimportant."""
        if self.logger is not None:
            self.logger.log(logging.INFO if level is None else level, msg)
            return
        if self.verbosity <= 0 or (self.verbosity == 1 and level is not None and level < logging.INFO):
            return
        print(msg)

    def setup_test_environment(self, **kwargs: Any) -> None:
        """Prepare the process."""
        setup_test_environment(debug=self.debug_mode)
        unittest.installHandler()

    def setup_shuffler(self) -> None:
        """Make the shuffler, if the order shall be random."""
        if self.shuffle is False:
            return
        shuffler = Shuffler(seed=self.shuffle)
        self.log(f"Using shuffle seed: {shuffler.seed_display}")
        self._shuffler = shuffler
        self.shuffle_seed = shuffler.seed

    @contextmanager
    def load_with_patterns(self) -> Iterator[None]:
        """Let the loader obey ``-k`` inside the block."""
        patterns = list(self.test_name_patterns) if self.test_name_patterns else None
        with _patterns(self.test_loader, patterns):
            yield

    def load_tests_for_label(self, label: str, discover_kwargs: dict[str, Any]) -> Any:
        """The tests of one label: a dotted name, or a folder."""
        path = os.path.abspath(label)
        if not os.path.exists(path):
            with self.load_with_patterns():
                tests = self.test_loader.loadTestsFromName(label)
            if tests.countTestCases() and not is_discoverable(label):
                return tests
        elif not os.path.isdir(path):
            raise RuntimeError(
                f"One of the test labels is a path to a file: {label!r}. Name its module with dots instead, or a folder."
            )
        kwargs = discover_kwargs.copy()
        if os.path.isdir(path) and self.top_level is None:
            kwargs["top_level_dir"] = find_top_level(path)
        with self.load_with_patterns():
            tests = self.test_loader.discover(start_dir=label, **kwargs)
        self.test_loader._top_level_dir = None  # discovery remembers it, and the next label may lie elsewhere
        return tests

    def build_suite(self, test_labels: Any = None, **kwargs: Any) -> Any:
        """The suite of all tests that *test_labels* (default: the current folder) mean, in order."""
        discover_kwargs: dict[str, Any] = {}
        if self.pattern is not None:
            discover_kwargs["pattern"] = self.pattern
        if self.top_level is not None:
            discover_kwargs["top_level_dir"] = self.top_level
        self.setup_shuffler()
        all_tests: list[Any] = []
        for label in test_labels or ["."]:
            all_tests += iter_test_cases(self.load_tests_for_label(label, discover_kwargs))
        if self.tags or self.exclude_tags:
            for title, tags in (("Including", self.tags), ("Excluding", self.exclude_tags)):
                if tags:
                    self.log(f"{title} test tag(s): {', '.join(sorted(tags))}.", level=logging.DEBUG)
            all_tests = list(filter_tests_by_tags(all_tests, self.tags, self.exclude_tags))
        # tests that failed to load come first, so that nobody waits for the news
        failed = unittest.loader._FailedTest  # type: ignore[attr-defined]
        tests = list(
            reorder_tests(all_tests, (failed, *self.reorder_by), shuffler=self._shuffler, reverse=self.reverse)
        )
        self.log(f"Found {len(tests)} test(s).")
        suite = self.test_suite(tests)
        return self._in_parallel(suite) if self.parallel > 1 else suite

    def _in_parallel(self, suite: Any) -> Any:
        subsuites = partition_suite_by_case(suite)
        processes = min(self.parallel, len(subsuites))
        self.parallel = processes
        if processes <= 1:
            return suite
        return self.parallel_test_suite(subsuites, processes, self.failfast, self.debug_mode, self.buffer)

    def setup_databases(self, **kwargs: Any) -> Any:
        """Create the test databases."""
        return setup_databases(
            self.verbosity,
            self.interactive,
            **{name: getattr(self, name) for name in ("keepdb", "debug_sql", "parallel", "time_keeper")},
            **kwargs,
        )

    def get_resultclass(self) -> Any:
        """The class of results that the options ask for, or None."""
        if self.debug_sql:
            return DebugSQLTextTestResult
        return PDBDebugResult if self.pdb else None

    def get_test_runner_kwargs(self) -> dict[str, Any]:
        """Arguments of ``test_runner``."""
        kwargs: dict[str, Any] = {
            "failfast": self.failfast,
            "resultclass": self.get_resultclass(),
            "verbosity": self.verbosity,
            "buffer": self.buffer,
        }
        if sys.version_info >= (3, 12):
            kwargs["durations"] = self.durations
        return kwargs

    def run_checks(self, databases: Any) -> None:
        """Run the system checks on the test databases."""
        call_command("check", verbosity=self.verbosity, databases=databases)

    def run_suite(self, suite: Any, **kwargs: Any) -> Any:
        """Run *suite* and return the result."""
        runner = self.test_runner(**self.get_test_runner_kwargs())
        try:
            return runner.run(suite)
        finally:
            if self._shuffler is not None:
                self.log(f"Used shuffle seed: {self._shuffler.seed_display}")

    def teardown_databases(self, old_config: Any, **kwargs: Any) -> None:
        """Destroy the test databases."""
        teardown_databases(old_config, verbosity=self.verbosity, parallel=self.parallel, keepdb=self.keepdb)

    def teardown_test_environment(self, **kwargs: Any) -> None:
        """Restore the process."""
        unittest.removeHandler()
        teardown_test_environment()

    def suite_result(self, suite: Any, result: Any, **kwargs: Any) -> int:
        """The number of tests that failed."""
        return len(result.failures) + len(result.errors) + len(result.unexpectedSuccesses)

    def _get_databases(self, suite: Any) -> dict[str, bool]:
        databases: dict[str, bool] = {}
        for test in iter_test_cases(suite):
            wanted = getattr(test, "databases", None)
            if wanted == "__all__":
                wanted = connections
            if wanted:
                serialized = bool(getattr(test, "serialized_rollback", False))
                for alias in wanted:
                    databases[alias] = databases.get(alias, False) or serialized
        return databases

    def get_databases(self, suite: Any) -> dict[str, bool]:
        """The databases that tests of *suite* use, and whether their initial content must be kept for rollback."""
        databases = self._get_databases(suite)
        unused = [alias for alias in connections if alias not in databases]
        if unused:
            self.log(f"Skipping setup of unused database(s): {', '.join(sorted(unused))}.", level=logging.DEBUG)
        return databases

    def run_tests(self, test_labels: Any, **kwargs: Any) -> int:
        """Do all of it; returns the number of tests that failed."""
        self.setup_test_environment()
        suite = self.build_suite(test_labels)
        databases = self.get_databases(suite)
        serialized = {alias for alias, serialize in databases.items() if serialize}
        with self.time_keeper.timed("Total database setup"):
            old_config = self.setup_databases(aliases=databases, serialized_aliases=serialized)
        if isinstance(suite, ParallelTestSuite):
            suite.used_aliases = set(databases)
            suite.serialized_aliases = serialized
        failed = True
        try:
            self.run_checks(databases)
            result = self.run_suite(suite)
            failed = False
        finally:
            try:
                with self.time_keeper.timed("Total database teardown"):
                    self.teardown_databases(old_config)
                self.teardown_test_environment()
            except Exception:
                if not failed:  # else the first error is the one to see
                    raise
        self.time_keeper.print_results()
        return self.suite_result(suite, result)


def find_top_level(top_level: str) -> str:
    """The folder above the outermost package that *top_level* lies in."""
    while os.path.exists(os.path.join(top_level, "__init__.py")):
        parent = os.path.dirname(top_level)
        if parent == top_level:
            break
        top_level = parent
    return top_level

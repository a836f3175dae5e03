"""Test results that travel between processes, and the workers that send them."""

import multiprocessing
import os
import pickle
import unittest
from functools import partial
from typing import Any

from nuages.conf import names
from nuages.db import connections
from nuages.start import setup
from nuages.test.environment import setup_test_environment

try:
    import tblib.pickling_support as traceback_pickling
except ImportError:
    traceback_pickling = None

_worker_id = 0


class RemoteTestResult(unittest.TestResult):
    """Collects events that can be pickled: ``(name of the method, index of the test, …)``."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if traceback_pickling is not None:
            traceback_pickling.install()
        self.events: list[tuple[Any, ...]] = []

    def __getstate__(self) -> dict[str, Any]:
        """Leave out streams and whatever else belongs to this process."""
        left_out = {"_stdout_buffer", "_stderr_buffer", "_original_stdout", "_original_stderr"}
        return {key: value for key, value in self.__dict__.items() if key not in left_out}

    @property
    def test_index(self) -> int:
        """The number of the running test."""
        return self.testsRun - 1

    def _confirm_picklable(self, obj: Any) -> None:
        """Raise whatever keeps *obj* from being pickled and unpickled."""
        pickle.loads(pickle.dumps(obj))

    def check_picklable(self, test: Any, err: Any) -> None:
        """Explain why the error of *test* cannot be sent, and raise what keeps it from that."""
        try:
            self._confirm_picklable(err)
        except Exception as error:
            self._explain(str(test), err, error)
            raise

    def check_subtest_picklable(self, test: Any, subtest: Any) -> None:
        """Explain why *subtest* cannot be sent, and raise what keeps it from that."""
        try:
            self._confirm_picklable(subtest)
        except Exception as error:
            self._explain(f"{test} (subtest {subtest})", None, error)
            raise

    def _explain(self, test: str, original: Any, error: Exception) -> None:
        hint = "" if traceback_pickling else " Install tblib: with it, most tracebacks can be sent."
        shown = f"\nThe test's own error: {original[1]!r}" if original else ""
        print(
            f"\n{test} has a result that cannot be sent from its worker process ({error!r}).{hint}{shown}\n"
            "Run it with --parallel=1 to see everything.\n"
        )

    def startTestRun(self) -> None:
        """Note the start."""
        super().startTestRun()
        self.events.append(("startTestRun",))

    def stopTestRun(self) -> None:
        """Note the end."""
        super().stopTestRun()
        self.events.append(("stopTestRun",))

    def startTest(self, test: Any) -> None:
        """Note the start of a test."""
        super().startTest(test)
        self.events.append(("startTest", self.test_index))

    def stopTest(self, test: Any) -> None:
        """Note the end of a test."""
        super().stopTest(test)
        self.events.append(("stopTest", self.test_index))

    def addDuration(self, test: Any, elapsed: float) -> None:
        """Note how long a test took."""
        if hasattr(unittest.TestResult, "addDuration"):
            super().addDuration(test, elapsed)  # type: ignore[misc]
        self.events.append(("addDuration", self.test_index, elapsed))

    def addError(self, test: Any, err: Any) -> None:
        """Note an error; one outside of tests (in ``setUpClass``) goes by the name of its place."""
        self.check_picklable(test, err)
        if isinstance(test, unittest.suite._ErrorHolder):  # type: ignore[attr-defined]
            self.events.append(("addError", self.test_index, test.id(), err))
        else:
            self.events.append(("addError", self.test_index, err))
        super().addError(test, err)

    def addFailure(self, test: Any, err: Any) -> None:
        """Note a failure."""
        self.check_picklable(test, err)
        self.events.append(("addFailure", self.test_index, err))
        super().addFailure(test, err)

    def addSubTest(self, test: Any, subtest: Any, err: Any) -> None:
        """Note the failure of a subtest."""
        if err is not None:
            self.check_picklable(test, err)
            self.check_subtest_picklable(test, subtest)
            self.events.append(("addSubTest", self.test_index, subtest, err))
        super().addSubTest(test, subtest, err)

    def addSuccess(self, test: Any) -> None:
        """Note a success."""
        self.events.append(("addSuccess", self.test_index))
        super().addSuccess(test)

    def addSkip(self, test: Any, reason: str) -> None:
        """Note a skipped test."""
        self.events.append(("addSkip", self.test_index, reason))
        super().addSkip(test, reason)

    def addExpectedFailure(self, test: Any, err: Any) -> None:
        """Note a failure that was expected; without its traceback if that cannot be sent."""
        if traceback_pickling is None:
            err = (err[0], err[1], None)
        self.check_picklable(test, err)
        self.events.append(("addExpectedFailure", self.test_index, err))
        super().addExpectedFailure(test, err)

    def addUnexpectedSuccess(self, test: Any) -> None:
        """Note a success that was not expected."""
        self.events.append(("addUnexpectedSuccess", self.test_index))
        super().addUnexpectedSuccess(test)

    def wasSuccessful(self) -> bool:
        """Whether nothing failed."""
        bad = {"addError", "addFailure", "addSubTest", "addUnexpectedSuccess"}
        return not any(event[0] in bad for event in self.events)

    def _exc_info_to_string(self, err: Any, test: Any) -> str:
        # the receiving process formats errors: here only the events count
        return ""


class RemoteTestRunner:
    """Runs tests and collects what happens, to be sent."""

    resultclass = RemoteTestResult

    def __init__(self, failfast: bool = False, resultclass: Any = None, buffer: bool = False) -> None:
        self.failfast = failfast
        self.buffer = buffer
        if resultclass is not None:
            self.resultclass = resultclass

    def run(self, test: Any) -> RemoteTestResult:
        """Run *test* and return the result."""
        result = self.resultclass()
        result.buffer, result.failfast = self.buffer, self.failfast
        unittest.registerResult(result)
        test(result)
        return result


def get_max_test_processes() -> int:
    """The number of processes for ``--parallel`` without a number: that of the environment, else one per core."""
    if multiprocessing.get_start_method() not in {"fork", "spawn", "forkserver"}:
        return 1
    wanted = os.environ.get(names.environment("TEST_PROCESSES"))
    return int(wanted) if wanted else multiprocessing.cpu_count()


def _init_worker(
    counter: Any,
    initial_settings: Any = None,
    serialized_contents: Any = None,
    process_setup: Any = None,
    process_setup_args: Any = None,
    debug_mode: bool | None = None,
    used_aliases: Any = None,
) -> None:
    """Give this worker process its number, and its own clone of each database."""
    global _worker_id
    with counter.get_lock():
        counter.value += 1
        _worker_id = counter.value
    spawned = multiprocessing.get_start_method() in {"spawn", "forkserver"}
    if spawned:
        if callable(process_setup):
            process_setup(*(process_setup_args or ()))
        setup()
        setup_test_environment(debug=debug_mode)
    for alias in connections if used_aliases is None else used_aliases:
        connection = connections[alias]
        if spawned:
            # the settings of this process know nothing of the names of test databases
            connection.settings_dict.update(initial_settings[alias])
            if value := serialized_contents.get(alias):
                connection._test_serialized_contents = value
        connection.creation.setup_worker_connection(_worker_id)


def _run_subsuite(args: tuple[Any, int, Any, bool, bool]) -> tuple[int, list[Any]]:
    """Run the tests of one class in a worker; returns the number of the subsuite, and the events."""
    runner_class, index, subsuite, failfast, buffer = args
    result = runner_class(failfast=failfast, buffer=buffer).run(subsuite)
    return index, result.events


def _process_setup_stub(*args: Any) -> None:
    """The default of what a worker does first: nothing."""


def _function(attribute: Any) -> Any:
    """The plain function behind a class attribute: a worker must be able to import it."""
    return getattr(attribute, "__func__", attribute)


class ParallelTestSuite(unittest.TestSuite):
    """Runs suites (one for each test class) in worker processes, each with its own databases."""

    init_worker = _init_worker
    process_setup = _process_setup_stub
    process_setup_args: tuple[Any, ...] = ()
    run_subsuite = _run_subsuite
    runner_class = RemoteTestRunner

    def __init__(
        self, subsuites: Any, processes: int, failfast: bool = False, debug_mode: bool = False, buffer: bool = False
    ) -> None:
        self.subsuites = subsuites
        self.processes = processes
        self.failfast = failfast
        self.debug_mode = debug_mode
        self.buffer = buffer
        self.initial_settings: Any = None
        self.serialized_contents: Any = None
        self.used_aliases: Any = None
        self.serialized_aliases: Any = None
        super().__init__()

    def run(self, result: Any, debug: bool = False) -> Any:
        """Hand the subsuites to workers, and their events to *result* as they come."""
        self.initialize_suite()
        counter = multiprocessing.Value("i", 0)
        pool = multiprocessing.Pool(
            processes=self.processes,
            initializer=partial(_function(self.init_worker)),
            initargs=[
                counter,
                self.initial_settings,
                self.serialized_contents,
                _function(self.process_setup),
                self.process_setup_args,
                self.debug_mode,
                self.used_aliases,
            ],
        )
        jobs = [
            (self.runner_class, index, subsuite, self.failfast, self.buffer)
            for index, subsuite in enumerate(self.subsuites)
        ]
        with pool as workers:
            answers = workers.imap_unordered(_function(type(self).run_subsuite), jobs)
            while not result.shouldStop:
                try:
                    index, events = answers.next(timeout=0.1)
                except multiprocessing.TimeoutError:
                    continue
                except StopIteration:
                    pool.close()
                    break
                tests = list(self.subsuites[index])
                for event in events:
                    self.handle_event(result, tests, event)
            else:
                pool.terminate()
            pool.join()
        return result

    def handle_event(self, result: Any, tests: list[Any], event: tuple[Any, ...]) -> None:
        """Replay one event on *result*."""
        name, *rest = event
        if name in {"startTestRun", "stopTestRun"}:
            return
        index, *args = rest
        handler = getattr(result, name, None)
        if handler is None:
            return
        if index < 0 or (name == "addError" and len(args) == 2):
            test: Any = unittest.suite._ErrorHolder(args[0])  # type: ignore[attr-defined]
            args = args[1:]
        else:
            test = tests[index]
        handler(test, *args)

    def __iter__(self) -> Any:
        return iter(self.subsuites)

    def initialize_suite(self) -> None:
        """Collect what workers that are not forked must be told."""
        if multiprocessing.get_start_method() in {"spawn", "forkserver"}:
            self.initial_settings = {alias: connections[alias].settings_dict for alias in connections}
            self.serialized_contents = {
                alias: connections[alias]._test_serialized_contents
                for alias in connections
                if alias in (self.serialized_aliases or ())
            }

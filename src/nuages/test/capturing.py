"""Seeing what happens during a test: output, log records, SQL queries; and small tools for comparing."""

import gc
import io
import re
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from types import TracebackType
from typing import Any, ClassVar

from nuages.db import reset_queries
from nuages.loggers import get_logger
from nuages.signals import request_started

IS_PYPY = sys.implementation.name == "pypy"


@contextmanager
def captured_output(stream_name: str) -> Iterator[io.StringIO]:
    """Replace the ``sys`` stream of that name with a ``StringIO``, and yield that."""
    original = getattr(sys, stream_name)
    replacement = io.StringIO()
    setattr(sys, stream_name, replacement)
    try:
        yield replacement
    finally:
        setattr(sys, stream_name, original)


def captured_stdout() -> Any:
    """Capture standard output: ``with captured_stdout() as stdout: …``."""
    return captured_output("stdout")


def captured_stderr() -> Any:
    """Capture standard error."""
    return captured_output("stderr")


def captured_stdin() -> Any:
    """Replace standard input by a ``StringIO`` to be filled."""
    return captured_output("stdin")


@contextmanager
def extend_sys_path(*paths: str) -> Iterator[None]:
    """Add folders to the end of ``sys.path`` for a while."""
    kept = sys.path[:]
    sys.path.extend(paths)
    try:
        yield
    finally:
        sys.path = kept


def garbage_collect() -> None:
    """Collect all garbage, on implementations that need several rounds, too."""
    for _ in range(2 if IS_PYPY else 1):
        gc.collect()


class CaptureQueriesContext:
    """Records the queries of one connection: iterate over it, ``len`` it, or see ``captured_queries``."""

    def __init__(self, connection: Any) -> None:
        self.connection = connection

    def __iter__(self) -> Iterator[dict[str, str]]:
        return iter(self.captured_queries)

    def __getitem__(self, index: Any) -> Any:
        return self.captured_queries[index]

    def __len__(self) -> int:
        return len(self.captured_queries)

    @property
    def captured_queries(self) -> list[dict[str, str]]:
        """The queries so far: dictionaries with ``sql`` and ``time``."""
        queries: list[dict[str, str]] = self.connection.queries[self.initial_queries : self.final_queries]
        return queries

    def __enter__(self) -> "CaptureQueriesContext":
        self.force_debug_cursor = self.connection.force_debug_cursor
        self.connection.force_debug_cursor = True
        # connect first, so that the queries that a new connection runs are not counted
        self.connection.ensure_connection()
        self.initial_queries = len(self.connection.queries_log)
        self.final_queries: int | None = None
        # a request inside the block must not empty the log
        self.was_connected = request_started.disconnect(reset_queries)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.connection.force_debug_cursor = self.force_debug_cursor
        if self.was_connected:
            request_started.connect(reset_queries)
        if kind is None:
            self.final_queries = len(self.connection.queries_log)


class LoggingCaptureMixin:
    """Sends the framework's log to ``self.logger_output`` while a test runs."""

    def setUp(self) -> None:
        """Redirect the log."""
        self.logger = get_logger()
        self.old_stream = self.logger.handlers[0].stream  # type: ignore[attr-defined]
        self.logger_output = io.StringIO()
        self.logger.handlers[0].stream = self.logger_output  # type: ignore[attr-defined]

    def tearDown(self) -> None:
        """Restore the stream."""
        self.logger.handlers[0].stream = self.old_stream  # type: ignore[attr-defined]


class Approximate:
    """A number that equals others that round to the same at *places* decimals."""

    def __init__(self, val: Any, places: int = 7) -> None:
        self.val = val
        self.places = places

    def __repr__(self) -> str:
        return repr(self.val)

    def __eq__(self, other: object) -> bool:
        return self.val == other or bool(round(abs(self.val - other), self.places) == 0)  # type: ignore[operator]

    __hash__: ClassVar[None] = None  # type: ignore[assignment]


class ContextList(list[Any]):
    """The contexts of all templates of a response; a string key is looked up in each of them."""

    def __getitem__(self, key: Any) -> Any:
        if not isinstance(key, str):
            return super().__getitem__(key)
        for subcontext in self:
            if key in subcontext:
                return subcontext[key]
        raise KeyError(key)

    def get(self, key: str, default: Any = None) -> Any:
        """The value in the first context that has *key*."""
        try:
            return self[key]
        except KeyError:
            return default

    def __contains__(self, key: object) -> bool:
        try:
            self[key]
        except KeyError:
            return False
        return True

    def keys(self) -> set[str]:
        """All keys of all contexts."""
        return {key for subcontext in self for each in subcontext for key in each}


class TimeKeeper:
    """Measures named parts of a run, and prints them."""

    def __init__(self) -> None:
        self.records: dict[str, list[float]] = {}

    @contextmanager
    def timed(self, name: str) -> Iterator[None]:
        """Add the block's duration to the records of *name*."""
        start = time.perf_counter()
        try:
            yield
        finally:
            self.records.setdefault(name, []).append(time.perf_counter() - start)

    def print_results(self) -> None:
        """Print all records to standard error."""
        for name, durations in self.records.items():
            for duration in durations:
                sys.stderr.write(f"{name} took {duration:.3f}s\n")


class NullTimeKeeper:
    """A time keeper that keeps nothing."""

    @contextmanager
    def timed(self, name: str) -> Iterator[None]:
        """Do nothing."""
        yield

    def print_results(self) -> None:
        """Print nothing."""


def strip_quotes(want: str, got: str) -> tuple[str, str]:
    """Remove the quotes (and a ``u`` before them) around both strings, if both have some."""
    quoted = re.compile(r"""^u?(['"])(.*)\1$""", re.DOTALL)
    left, right = quoted.match(want.strip()), quoted.match(got.strip())
    return (left[2], right[2]) if left and right else (want, got)

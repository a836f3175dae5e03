"""Results that show more: the SQL of failed tests, or a debugger at the place of failure."""

import logging
import pdb
import sys
import unittest
from importlib import import_module
from io import StringIO
from typing import Any

from nuages.db import connections
from nuages.loggers import get_logger

try:
    debugger: Any = import_module("ipdb")
except ImportError:
    debugger = pdb


class QueryFormatter(logging.Formatter):
    """Formats the SQL of a log record, as the database's own rules have it."""

    def format(self, record: logging.LogRecord) -> str:
        """The record's line, with its ``sql`` argument formatted if it has an ``alias``."""
        alias: Any = getattr(record, "alias", None)
        args = record.args
        if alias not in connections or not isinstance(args, tuple) or len(args) < 2:
            return super().format(record)
        formatted = connections[alias].ops.format_debug_sql(args[1])
        kept = record.args
        record.args = (args[0], formatted, *args[2:])
        try:
            return super().format(record)
        finally:
            record.args = kept


class DebugSQLTextTestResult(unittest.TextTestResult):
    """Prints the queries of tests that fail, and of all tests at verbosity 2."""

    def __init__(self, stream: Any, descriptions: bool, verbosity: int, **kwargs: Any) -> None:
        self.logger = get_logger("db.backends")
        self.logger.setLevel(logging.DEBUG)
        self.debug_sql_stream: StringIO | None = None
        super().__init__(stream, descriptions, verbosity, **kwargs)

    def startTest(self, test: Any) -> None:
        """Begin to collect queries."""
        self.debug_sql_stream = StringIO()
        self.handler = logging.StreamHandler(self.debug_sql_stream)
        self.handler.setFormatter(QueryFormatter())
        self.logger.addHandler(self.handler)
        super().startTest(test)

    def stopTest(self, test: Any) -> None:
        """End the collection; print it at verbosity 2."""
        super().stopTest(test)
        self.logger.removeHandler(self.handler)
        if self.showAll and self.debug_sql_stream is not None:
            self.stream.write(self.debug_sql_stream.getvalue())
            self.stream.writeln(self.separator2)
        self.debug_sql_stream = None

    def _collected(self) -> str:
        return "" if self.debug_sql_stream is None else self.debug_sql_stream.getvalue()

    def addError(self, test: Any, err: Any) -> None:
        """Keep the queries with the error."""
        super().addError(test, err)
        self.errors[-1] = (*self.errors[-1], self._collected())  # type: ignore[assignment]

    def addFailure(self, test: Any, err: Any) -> None:
        """Keep the queries with the failure."""
        super().addFailure(test, err)
        self.failures[-1] = (*self.failures[-1], self._collected())  # type: ignore[assignment]

    def addSubTest(self, test: Any, subtest: Any, err: Any) -> None:
        """Keep the queries with the failure of a subtest."""
        super().addSubTest(test, subtest, err)
        if err is not None:
            errors = self.failures if issubclass(err[0], test.failureException) else self.errors
            errors[-1] = (*errors[-1], self._collected())  # type: ignore[assignment]

    def printErrorList(self, flavour: str, errors: Any) -> None:
        """Print each error, and the queries that came before it."""
        for test, error, sql in errors:
            self.stream.writeln(self.separator1)
            self.stream.writeln(f"{flavour}: {self.getDescription(test)}")
            self.stream.writeln(self.separator2)
            self.stream.writeln(error)
            self.stream.writeln(self.separator2)
            self.stream.writeln(sql)


class PDBDebugResult(unittest.TextTestResult):
    """Starts a debugger at each error and failure."""

    def addError(self, test: Any, err: Any) -> None:
        """Record the error, and debug it."""
        super().addError(test, err)
        self.debug(err)

    def addFailure(self, test: Any, err: Any) -> None:
        """Record the failure, and debug it."""
        super().addFailure(test, err)
        self.debug(err)

    def addSubTest(self, test: Any, subtest: Any, err: Any) -> None:
        """Record the result of a subtest, and debug a failure."""
        if err is not None:
            self.debug(err)
        super().addSubTest(test, subtest, err)

    def debug(self, error: Any) -> None:
        """Debug where *error* was raised, outside of the test library."""
        self._restoreStdout()  # type: ignore[attr-defined]
        self.buffer = False
        _, value, traceback = error
        print(f"\nOpening PDB: {value!r}", file=sys.__stdout__)
        while traceback.tb_next and "__unittest" not in traceback.tb_next.tb_frame.f_globals:
            traceback = traceback.tb_next
        debugger.post_mortem(traceback)

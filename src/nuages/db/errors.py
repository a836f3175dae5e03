"""The database errors of ``nuages.db``, and their making out of a driver's errors (documentation: ref/exceptions)."""

from __future__ import annotations

import functools
from collections.abc import Callable
from types import TracebackType
from typing import Any

from nuages.conf.connections import ConnectionDoesNotExist
from nuages.exceptions import ObjectDoesNotExist
from nuages.sql import errors
from nuages.sql.errors import *  # noqa: F403

__all__ = [
    *errors.__all__,
    "ConnectionDoesNotExist",
    "ConnectionRouterError",
    "ErrorTranslator",
    "ObjectDoesNotExist",
    "TransactionManagementError",
]

# From the particular to the general: the first class that fits is raised.
FAMILY: tuple[type[errors.Error], ...] = (
    *errors.DatabaseError.__subclasses__(),
    errors.DatabaseError,
    errors.InterfaceError,
    errors.Error,
)

HARMLESS = (errors.DataError, errors.IntegrityError)
"""Errors that say nothing about the health of the connection."""


class TransactionManagementError(errors.ProgrammingError):
    """Transactions are used in a way that cannot work."""


class ConnectionRouterError(Exception):
    """A database router gave an answer that cannot be used."""


class ErrorTranslator:
    """Turns the errors of one connection's driver into the family above, the driver's own as ``__cause__``.

    A context manager, and a wrapper for functions when called with one.
    """

    def __init__(self, wrapper: Any) -> None:
        self.wrapper = wrapper

    def __enter__(self) -> None:
        return None

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if error is None or not isinstance(error, Exception):
            return
        ours = self.translate(error)
        if ours is not None:
            raise ours.with_traceback(trace) from error

    def translate(self, error: Exception) -> errors.Error | None:
        """Our error for the driver's, or ``None`` when it is not a database error. Marks the connection as suspect."""
        for kind, theirs in _pairs(self.wrapper.Database):
            if isinstance(error, theirs):
                if kind not in HARMLESS:
                    self.wrapper.errors_occurred = True
                return kind(*error.args)
        return None

    def __call__(self, function: Callable[..., Any]) -> Callable[..., Any]:
        @functools.wraps(function)
        def translated(*args: Any, **kwargs: Any) -> Any:
            with self:
                return function(*args, **kwargs)

        return translated


@functools.cache
def _pairs(driver: Any) -> tuple[tuple[type[errors.Error], type[Exception]], ...]:
    return tuple((kind, getattr(driver, kind.__name__)) for kind in FAMILY if hasattr(driver, kind.__name__))

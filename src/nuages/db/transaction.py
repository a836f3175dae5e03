"""Transactions (documentation: topics/db/transactions)."""

from __future__ import annotations

import functools
import inspect
import warnings
from collections.abc import Callable, Generator
from contextlib import contextmanager
from types import TracebackType
from typing import Any, TypeVar, overload

from nuages import bridge
from nuages.db.connection import DatabaseConnection
from nuages.db.errors import DatabaseError, Error, TransactionManagementError
from nuages.db.handler import DEFAULT_DB_ALIAS, connections
from nuages.text.deprecation import RemovedInNextVersionWarning

__all__ = [
    "Atomic",
    "TransactionManagementError",
    "atomic",
    "clean_savepoints",
    "commit",
    "get_autocommit",
    "get_connection",
    "get_rollback",
    "mark_for_rollback_on_error",
    "non_atomic_requests",
    "on_commit",
    "rollback",
    "savepoint",
    "savepoint_commit",
    "savepoint_create",
    "savepoint_rollback",
    "set_autocommit",
    "set_rollback",
]

F = TypeVar("F", bound=Callable[..., Any])


def get_connection(using: str | None = None) -> Any:
    """The connection for an alias, the default one for ``None``."""
    return connections[DEFAULT_DB_ALIAS if using is None else using]


def get_autocommit(using: str | None = None) -> bool:
    """Whether each statement commits on its own."""
    return bool(get_connection(using).get_autocommit())


def set_autocommit(autocommit: bool, using: str | None = None) -> None:
    """Switch autocommit; not inside ``atomic``."""
    get_connection(using).set_autocommit(autocommit)


def commit(using: str | None = None) -> None:
    """Commit the transaction that was begun by hand."""
    get_connection(using).commit()


def rollback(using: str | None = None) -> None:
    """Roll back the transaction that was begun by hand."""
    get_connection(using).rollback()


def savepoint_create(using: str | None = None) -> str | None:
    """Set a savepoint; its id, or ``None`` in autocommit."""
    return get_connection(using).savepoint()  # type: ignore[no-any-return]


def savepoint(using: str | None = None) -> str | None:
    """The old name of ``savepoint_create``."""
    warnings.warn(
        "savepoint() is deprecated. Use savepoint_create() instead.", RemovedInNextVersionWarning, stacklevel=2
    )
    return savepoint_create(using)


def savepoint_rollback(sid: str, using: str | None = None) -> None:
    """Roll back to a savepoint."""
    get_connection(using).savepoint_rollback(sid)


def savepoint_commit(sid: str, using: str | None = None) -> None:
    """Release a savepoint."""
    get_connection(using).savepoint_commit(sid)


def clean_savepoints(using: str | None = None) -> None:
    """Start the counter of savepoint names again."""
    get_connection(using).clean_savepoints()


def get_rollback(using: str | None = None) -> bool:
    """Whether the innermost ``atomic`` block will roll back."""
    return bool(get_connection(using).get_rollback())


def set_rollback(rollback: bool, using: str | None = None) -> None:
    """Make the innermost ``atomic`` block roll back at its end without an exception, or not."""
    get_connection(using).set_rollback(rollback)


def on_commit(func: Callable[[], object], using: str | None = None, robust: bool = False) -> None:
    """Call ``func`` when the current transaction has committed; at once where there is none."""
    get_connection(using).on_commit(func, robust)


@contextmanager
def mark_for_rollback_on_error(using: str | None = None) -> Generator[None, None, None]:
    """Mark the transaction as broken when an error leaves the block: cheaper than a savepoint, for what cannot go on."""
    try:
        yield
    except Exception as error:
        mark_broken(get_connection(using), error)
        raise


def mark_broken(connection: Any, error: Exception) -> None:
    """Mark the transaction of a connection, if there is one, as broken by an error."""
    if connection.in_atomic_block:
        connection.needs_rollback = True
        connection.rollback_exc = error


class Atomic:
    """A block whose statements count all or not at all: ``with``, ``async with``, or a decorator of either kind of function.

    The outermost block begins and ends the transaction, an inner one sets a savepoint (none with ``savepoint=False``: then its
    failure makes the enclosing block fail). A ``durable`` block must be the outermost.
    """

    def __init__(self, using: str | None, savepoint: bool, durable: bool) -> None:
        self.using, self.savepoint, self.durable = using, savepoint, durable
        self._from_testcase = False

    def __enter__(self) -> None:
        connection = get_connection(self.using)
        if self.durable and connection.atomic_blocks and not connection.atomic_blocks[-1]._from_testcase:
            raise RuntimeError("A durable block must be the outermost, and another atomic block is open around it.")
        if not connection.in_atomic_block:
            connection.needs_rollback = False
            # Who switched autocommit off ends the transaction; the block only has savepoints in it.
            connection.commit_on_exit = connection.get_autocommit()
            connection.in_atomic_block = not connection.commit_on_exit
        if connection.in_atomic_block:
            take = self.savepoint and not connection.needs_rollback
            connection.savepoint_ids.append(connection.savepoint() if take else None)
        else:
            connection.set_autocommit(False, force_begin_transaction_with_broken_autocommit=True)
            connection.in_atomic_block = True
        # After the statements above, so that a failed BEGIN leaves nothing behind.
        connection.atomic_blocks.append(self)

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        connection = get_connection(self.using)
        if connection.atomic_blocks:
            connection.atomic_blocks.pop()
        if connection.savepoint_ids:
            self._end_inner(connection, connection.savepoint_ids.pop(), kind is None)
        else:
            self._end_outer(connection, kind is None)

    def _end_inner(self, connection: Any, sid: str | None, fine: bool) -> None:
        try:
            if connection.closed_in_transaction:
                connection.connection = None
            elif fine and not connection.needs_rollback:
                if sid is not None:
                    _release(connection, sid)
            else:
                # An inner mark is for this block; without a savepoint the enclosing one inherits it.
                connection.needs_rollback = False
                if sid is None:
                    connection.needs_rollback = True
                else:
                    _undo(connection, sid)
        finally:
            if not connection.savepoint_ids and not connection.commit_on_exit and not connection.atomic_blocks:
                # The outermost block inside a transaction begun by hand.
                if connection.closed_in_transaction:
                    connection.connection = None
                else:
                    connection.in_atomic_block = False

    def _end_outer(self, connection: Any, fine: bool) -> None:
        connection.in_atomic_block = False
        try:
            if connection.closed_in_transaction:
                connection.connection = None
            elif fine and not connection.needs_rollback:
                _commit(connection)
            else:
                connection.needs_rollback = False
                _rollback_or_close(connection)
        finally:
            if connection.closed_in_transaction:
                connection.connection = None
                connection.closed_in_transaction = False
            elif connection.connection is not None:
                connection.set_autocommit(True)
                connection.give_back()

    async def __aenter__(self) -> None:
        await bridge.run(self.__enter__)

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await bridge.run(self.__exit__, kind, error, trace)

    def _again(self) -> Atomic:
        """A block of the same kind: a decorated function may be running several times at once."""
        return Atomic(self.using, self.savepoint, self.durable)

    def __call__(self, function: F) -> F:
        if inspect.iscoroutinefunction(function):

            @functools.wraps(function)
            async def wrapper(*args: Any, **kwargs: Any) -> Any:
                async with self._again():
                    return await function(*args, **kwargs)

        else:

            @functools.wraps(function)
            def wrapper(*args: Any, **kwargs: Any) -> Any:
                with self._again():
                    return function(*args, **kwargs)

        return wrapper  # type: ignore[return-value]


def _release(connection: Any, sid: str) -> None:
    try:
        connection.savepoint_commit(sid)
    except DatabaseError:
        _undo(connection, sid)
        raise


def _undo(connection: Any, sid: str) -> None:
    try:
        connection.savepoint_rollback(sid)
        connection.savepoint_commit(sid)
    except Error:
        # The savepoint is gone, so only the whole transaction can still be rolled back.
        connection.needs_rollback = True


def _commit(connection: Any) -> None:
    try:
        connection.commit()
    except DatabaseError:
        _rollback_or_close(connection)
        raise


def _rollback_or_close(connection: Any) -> None:
    try:
        connection.rollback()
    except Error:
        connection.close()


@overload
def atomic(using: F) -> F: ...
@overload
def atomic(using: str | None = None, savepoint: bool = True, durable: bool = False) -> Atomic: ...
def atomic(using: Any = None, savepoint: bool = True, durable: bool = False) -> Any:
    """Guarantee that a block or function happens wholly or not at all (documentation: topics/db/transactions).

    ``atomic`` alone decorates; ``atomic(using="other")`` decorates or opens a block.
    """
    if callable(using):
        return Atomic(DEFAULT_DB_ALIAS, savepoint, durable)(using)
    return Atomic(using, savepoint, durable)


def _block(connection: DatabaseConnection) -> Atomic:
    """A block on a connection, for the floors below that hold one."""
    return Atomic(connection.alias, True, False)


DatabaseConnection.atomic = _block  # type: ignore[method-assign, assignment]


def _exempt(view: F, using: str) -> F:
    exempted = getattr(view, "_non_atomic_requests", None)
    if exempted is None:
        exempted = view._non_atomic_requests = set()  # type: ignore[attr-defined]
    exempted.add(using)
    return view


def non_atomic_requests(using: Any = None) -> Any:
    """Exempt a view from ``ATOMIC_REQUESTS``."""
    if callable(using):
        return _exempt(using, DEFAULT_DB_ALIAS)
    return functools.partial(_exempt, using=DEFAULT_DB_ALIAS if using is None else using)



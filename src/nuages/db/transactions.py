"""The transaction side of a connection: autocommit, savepoints, rollback marks and commit hooks."""

from __future__ import annotations

import copy
from collections import deque
from collections.abc import Callable, Generator
from contextlib import contextmanager
from typing import Any

from nuages.db.cursors import recorded
from nuages.db.errors import TransactionManagementError
from nuages.loggers import get_logger

logger = get_logger("db.backends.base")

BROKEN = (
    "An error occurred in the current transaction. No query can run before its 'atomic' block has ended."
)


class Transactions:
    """What ``DatabaseConnection`` knows of its transaction. ``transaction.atomic`` drives it."""

    # Given by DatabaseConnection and its back ends.
    connection: Any
    alias: str
    vendor: str
    features: Any
    ops: Any
    wrap_database_errors: Any
    ensure_connection: Callable[[], None]
    validate_thread_sharing: Callable[[], None]
    cursor: Callable[..., Any]
    close_if_health_check_failed: Callable[[], None]
    _set_autocommit: Callable[[bool], None]
    errors_occurred: bool

    def _reset_transaction(self) -> None:
        self.autocommit = False
        self.in_atomic_block = False
        self.savepoint_state = 0
        self.savepoint_ids: list[str | None] = []
        self.atomic_blocks: list[Any] = []
        self.commit_on_exit = True
        self.needs_rollback = False
        self.rollback_exc: BaseException | None = None
        self.closed_in_transaction = False
        self.run_on_commit: list[tuple[set[str | None], Callable[[], object], bool]] = []
        self.run_commit_hooks_on_set_autocommit_on = False

    # --- commit and rollback ---------------------------------------------------------------------------------------

    def _commit(self) -> None:
        if self.connection is not None:
            with recorded(self, "COMMIT"), self.wrap_database_errors:
                self.connection.commit()

    def _rollback(self) -> None:
        if self.connection is not None:
            with recorded(self, "ROLLBACK"), self.wrap_database_errors:
                self.connection.rollback()

    def commit(self) -> None:
        """Commit, and clear the mark of a broken transaction. Not inside ``atomic``."""
        self.validate_thread_sharing()
        self.validate_no_atomic_block()
        self._commit()
        self.errors_occurred = False
        self.run_commit_hooks_on_set_autocommit_on = True

    def rollback(self) -> None:
        """Roll back, and clear the mark of a broken transaction. Not inside ``atomic``."""
        self.validate_thread_sharing()
        self.validate_no_atomic_block()
        self._rollback()
        self.needs_rollback = self.errors_occurred = False
        self.run_on_commit = []

    # --- savepoints ------------------------------------------------------------------------------------------------

    def _run_sql(self, sql: str) -> None:
        with self.cursor() as cursor:
            cursor.execute(sql)

    def _savepoint(self, sid: str) -> None:
        self._run_sql(self.ops.savepoint_create_sql(sid))

    def _savepoint_rollback(self, sid: str) -> None:
        self._run_sql(self.ops.savepoint_rollback_sql(sid))

    def _savepoint_commit(self, sid: str) -> None:
        self._run_sql(self.ops.savepoint_commit_sql(sid))

    def _savepoint_allowed(self) -> bool:
        return bool(self.features.uses_savepoints) and not self.get_autocommit()

    def _next_savepoint(self) -> str:
        self.savepoint_state += 1
        return f"s{id(self):x}_x{self.savepoint_state}"

    def savepoint(self) -> str | None:
        """Set a savepoint and return its id, or ``None`` where there is no transaction."""
        if not self._savepoint_allowed():
            return None
        sid = self._next_savepoint()
        self.validate_thread_sharing()
        self._savepoint(sid)
        return sid

    def savepoint_rollback(self, sid: str) -> None:
        """Roll back to a savepoint; commit hooks registered since then are forgotten."""
        if not self._savepoint_allowed():
            return
        self.validate_thread_sharing()
        self._savepoint_rollback(sid)
        self.run_on_commit = [hook for hook in self.run_on_commit if sid not in hook[0]]

    def savepoint_commit(self, sid: str) -> None:
        """Release a savepoint."""
        if not self._savepoint_allowed():
            return
        self.validate_thread_sharing()
        self._savepoint_commit(sid)

    def clean_savepoints(self) -> None:
        """Start the counter of savepoint names again."""
        self.savepoint_state = 0

    # --- autocommit ------------------------------------------------------------------------------------------------

    def get_autocommit(self) -> bool:
        """Whether each statement commits on its own."""
        self.ensure_connection()
        return self.autocommit

    def set_autocommit(self, autocommit: bool, force_begin_transaction_with_broken_autocommit: bool = False) -> None:
        """Switch autocommit; not inside ``atomic``.

        SQLite starts no transaction when autocommit goes off; ``force_begin_transaction_with_broken_autocommit`` makes it.
        """
        self.validate_no_atomic_block()
        self.close_if_health_check_failed()
        self.ensure_connection()
        if not autocommit and force_begin_transaction_with_broken_autocommit and self._begins_by_statement():
            self._start_transaction_under_autocommit()
        elif autocommit:
            self._set_autocommit(autocommit)
        else:
            with recorded(self, "BEGIN"):
                self._set_autocommit(autocommit)
        self.autocommit = autocommit
        if autocommit and self.run_commit_hooks_on_set_autocommit_on:
            self.run_and_clear_commit_hooks()
            self.run_commit_hooks_on_set_autocommit_on = False

    def _begins_by_statement(self) -> bool:
        """Whether a transaction starts with a statement of ours under the driver's autocommit."""
        return hasattr(self, "_start_transaction_under_autocommit")

    _start_transaction_under_autocommit: Callable[[], None]

    # --- marks -----------------------------------------------------------------------------------------------------

    def get_rollback(self) -> bool:
        """Whether the innermost ``atomic`` block is marked to roll back."""
        self._require_atomic_block()
        return self.needs_rollback

    def set_rollback(self, rollback: bool) -> None:
        """Mark the innermost ``atomic`` block to roll back at its end, or take the mark away."""
        self._require_atomic_block()
        self.needs_rollback = rollback

    def _require_atomic_block(self) -> None:
        if not self.in_atomic_block:
            raise TransactionManagementError("Only inside an 'atomic' block is there a mark to roll back.")

    def validate_no_atomic_block(self) -> None:
        """Raise ``TransactionManagementError`` inside ``atomic``."""
        if self.in_atomic_block:
            raise TransactionManagementError("Inside an 'atomic' block the block itself begins and ends the transaction.")

    def validate_no_broken_transaction(self) -> None:
        """Raise ``TransactionManagementError`` after an error that the transaction cannot survive."""
        if self.needs_rollback:
            raise TransactionManagementError(BROKEN) from self.rollback_exc

    # --- hooks -----------------------------------------------------------------------------------------------------

    def on_commit(self, func: Callable[[], object], robust: bool = False) -> None:
        """Call ``func`` after the transaction has committed, at once where there is none.

        The error of a robust hook is logged and the next hooks run; another hook's error ends them.
        """
        if not callable(func):
            raise TypeError("on_commit()'s callback must be a callable.")
        if self.in_atomic_block:
            self.run_on_commit.append((set(self.savepoint_ids), func, robust))
        elif not self.get_autocommit():
            raise TransactionManagementError("on_commit() cannot be used in manual transaction management")
        else:
            self._call_hook(func, robust)

    def run_and_clear_commit_hooks(self) -> None:
        """Call the hooks that wait, in order."""
        self.validate_no_atomic_block()
        hooks = deque(self.run_on_commit)
        self.run_on_commit = []
        while hooks:
            _, func, robust = hooks.popleft()
            self._call_hook(func, robust, " during transaction")

    def _call_hook(self, func: Callable[[], object], robust: bool, when: str = "") -> None:
        if not robust:
            func()
            return
        try:
            func()
        except Exception as error:
            name = getattr(func, "__qualname__", func)
            logger.error("Error calling %s in on_commit()%s (%s).", name, when, error, exc_info=True)

    # --- wrappers around execution -----------------------------------------------------------------------------------

    execute_wrappers: list[Callable[..., Any]]

    @contextmanager
    def execute_wrapper(self, wrapper: Callable[..., Any]) -> Generator[None, None, None]:
        """Put ``wrapper(execute, sql, params, many, context)`` around each execution inside (topics/db/instrumentation)."""
        self.execute_wrappers.append(wrapper)
        try:
            yield
        finally:
            self.execute_wrappers.pop()

    def copy_settings(self) -> dict[str, Any]:
        """A deep copy of the settings, for a connection that must differ."""
        return copy.deepcopy(self.settings_dict)

    settings_dict: dict[str, Any]

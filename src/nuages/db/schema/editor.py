"""``SchemaEditor``: changes tables within one transaction, or collects the SQL that would."""

from __future__ import annotations

from types import TracebackType
from typing import Any, Self

from nuages.db.errors import TransactionManagementError
from nuages.db.schema.altering import Altering
from nuages.db.transaction import Atomic
from nuages.loggers import get_logger

logger = get_logger("db.backends.schema")


class SchemaEditor(Altering):
    """A context manager: ``with connection.schema_editor() as editor: editor.create_model(Model)``.

    Statements that need all tables (foreign keys, indexes) are deferred to the end. With ``collect_sql`` nothing is run, and
    ``collected_sql`` is the list of statements.
    """

    def __init__(self, connection: Any, collect_sql: bool = False, atomic: bool = True) -> None:
        self.connection = connection
        self.collect_sql = collect_sql
        self.collected_sql: list[str] = []
        self.deferred_sql: list[Any] = []
        self.atomic_migration = bool(connection.features.can_rollback_ddl and atomic)
        self.atomic: Atomic | None = None

    def __enter__(self) -> Self:
        self.deferred_sql = []
        if self.atomic_migration:
            self.atomic = Atomic(self.connection.alias, True, False)
            self.atomic.__enter__()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        try:
            if kind is None:
                for sql in self.deferred_sql:
                    self.execute(sql, None)
        except BaseException as failure:
            self._leave(type(failure), failure, failure.__traceback__)
            raise
        self._leave(kind, error, trace)

    def _leave(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self.atomic is not None:
            self.atomic.__exit__(kind, error, trace)

    def execute(self, sql: Any, params: Any = ()) -> None:
        """Run a statement, or collect it with its parameters put in."""
        if not self.collect_sql and self.connection.in_atomic_block and not self.connection.features.can_rollback_ddl:
            raise TransactionManagementError(
                "This database cannot roll back a change of the schema, so none is made inside a transaction."
            )
        text = str(sql)
        logger.debug("%s; (params %r)", text, params, extra={"params": params, "sql": text})
        if self.collect_sql:
            ending = "" if text.rstrip().endswith(";") else ";"
            if params is not None:
                text = text % tuple(map(self.quote_value, params))
            self.collected_sql.append(text + ending)
        else:
            with self.connection.cursor() as cursor:
                cursor.execute(text, params)

    def remove_procedure(self, procedure_name: str, param_types: Any = ()) -> None:
        """Drop a stored procedure."""
        self.execute(
            self.sql_delete_procedure
            % {"procedure": self.quote_name(procedure_name), "param_types": ",".join(param_types)}
        )

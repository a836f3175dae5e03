"""UUIDs made in the database. See the database functions reference, "UUID functions"."""

from __future__ import annotations

from typing import Any

from nuages.sql import outputs
from nuages.sql.errors import NotSupportedError
from nuages.sql.expressions.expression import SQL, Value
from nuages.sql.expressions.functional import Func


class UUID4(Func):
    """A random UUID."""

    function = "UUIDV4"
    arity = 0

    def _resolve_output_field(self) -> Any:
        return outputs.field("UUIDField")

    def as_sql(self, compiler: Any, connection: Any, **extra_context: Any) -> SQL:  # type: ignore[override]
        """Raises NotSupportedError where the database has no such function."""
        if not connection.features.supports_uuid4_function:
            raise NotSupportedError("UUID4 is not supported on this database version.")
        return super().as_sql(compiler, connection, **extra_context)

    def as_postgresql(self, compiler: Any, connection: Any, **extra_context: Any) -> SQL:
        """GEN_RANDOM_UUID."""
        return self.as_sql(compiler, connection, function="GEN_RANDOM_UUID", **extra_context)

    def as_mysql(self, compiler: Any, connection: Any, **extra_context: Any) -> SQL:
        """UUID_V4, of newer versions of MariaDB."""
        return self.as_sql(compiler, connection, function="UUID_V4", **extra_context)

    def as_sqlite(self, compiler: Any, connection: Any, **extra_context: Any) -> SQL:
        """A Python function of the connection."""
        return self.as_sql(compiler, connection, function="nu_uuid4", **extra_context)


class UUID7(Func):
    """A UUID that begins with the time; ``shift`` moves that time by a duration."""

    function = "UUIDV7"
    arity = 1

    def __init__(self, shift: Any = None, **extra: Any) -> None:
        super().__init__(shift, **extra)

    def _resolve_output_field(self) -> Any:
        return outputs.field("UUIDField")

    def _has_shift(self) -> bool:
        return not (isinstance(self.source_expressions[0], Value) and self.source_expressions[0].value is None)

    def as_sql(self, compiler: Any, connection: Any, **extra_context: Any) -> SQL:  # type: ignore[override]
        """Raises NotSupportedError where the database has no such function, or none that shifts."""
        features = connection.features
        if not features.supports_uuid7_function:
            raise NotSupportedError("UUID7 is not supported on this database version.")
        if not self._has_shift():
            bare = self.copy()
            bare.source_expressions = []
            return Func.as_sql(bare, compiler, connection, **extra_context)
        if not features.supports_uuid7_function_shift:
            raise NotSupportedError("The shift argument to UUID7 is not supported on this database version.")
        return super().as_sql(compiler, connection, **extra_context)

    def as_mysql(self, compiler: Any, connection: Any, **extra_context: Any) -> SQL:
        """UUID_V7, of newer versions of MariaDB."""
        return self.as_sql(compiler, connection, function="UUID_V7", **extra_context)

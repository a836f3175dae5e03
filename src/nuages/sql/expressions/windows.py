"""Window functions: ``Window``, its frames, and what excludes rows from them."""

from __future__ import annotations

from collections.abc import Sequence
from enum import Enum
from typing import Any, ClassVar

from nuages.sql import outputs
from nuages.sql.errors import NotSupportedError
from nuages.sql.expressions.expression import SQL, BaseExpression, Combinable, Expression, Value
from nuages.sql.expressions.functional import ExpressionList, OrderByList


class WindowFrameExclusion(Enum):
    """Rows that a frame leaves out."""

    CURRENT_ROW = "CURRENT ROW"
    GROUP = "GROUP"
    TIES = "TIES"
    NO_OTHERS = "NO OTHERS"

    def __repr__(self) -> str:
        return f"{type(self).__qualname__}.{self._name_}"


class Window(Expression):
    """A function over the rows around each row: ``OVER (PARTITION BY … ORDER BY … frame)``."""

    template: str = "%(expression)s OVER (%(window)s)"
    contains_aggregate = False  # type: ignore[assignment]
    contains_over_clause = True  # type: ignore[assignment]

    def __init__(
        self, expression: Any, partition_by: Any = None, order_by: Any = None, frame: Any = None, output_field: Any = None
    ) -> None:
        self.partition_by = partition_by
        self.order_by = OrderByList.from_param("Window.order_by", order_by)
        self.frame = frame
        if not getattr(expression, "window_compatible", False):
            raise ValueError(f"Expression '{type(expression).__name__}' isn't compatible with OVER clauses.")
        if self.partition_by is not None:
            parts = self.partition_by if isinstance(self.partition_by, (tuple, list)) else (self.partition_by,)
            self.partition_by = ExpressionList(*parts)
        super().__init__(output_field=output_field)
        self.source_expression = self._parse_expressions(expression)[0]

    def _resolve_output_field(self) -> Any:
        return self.source_expression.output_field

    def get_source_expressions(self) -> list[Any]:
        return [self.source_expression, self.partition_by, self.order_by, self.frame]

    def set_source_expressions(self, exprs: Sequence[Any]) -> None:
        self.source_expression, self.partition_by, self.order_by, self.frame = exprs

    def as_sql(self, compiler: Any, connection: Any, template: str | None = None) -> SQL:
        """``function OVER (…)``. Raises NotSupportedError on databases without windows."""
        connection.ops.check_expression_support(self)
        if not connection.features.supports_over_clause:
            raise NotSupportedError("This backend does not support window expressions.")
        sql, params = compiler.compile(self.source_expression)
        parts: list[str] = []
        window_params: list[Any] = []
        if self.partition_by is not None:
            part, part_params = self.partition_by.as_sql(compiler=compiler, connection=connection, template="PARTITION BY %(expressions)s")
            parts.append(part)
            window_params.extend(part_params)
        for item in (self.order_by, self.frame):
            if item is not None:
                part, part_params = compiler.compile(item)
                parts.append(part)
                window_params.extend(part_params)
        text = (template or self.template) % {"expression": sql, "window": " ".join(parts).strip()}
        return text, (*params, *window_params)

    def as_sqlite(self, compiler: Any, connection: Any) -> SQL:
        """SQLite cannot cast inside a window: a decimal result is cast as a whole."""
        if not outputs.is_instance(self._output_field_or_none, "DecimalField"):
            return self.as_sql(compiler, connection)
        plain = self.copy()
        sources = plain.get_source_expressions()
        sources[0] = sources[0].copy()
        sources[0].output_field = outputs.field("FloatField")
        plain.set_source_expressions(sources)
        return plain.as_sql(compiler, connection, template=f"CAST({self.template} AS NUMERIC)")

    def __str__(self) -> str:
        partition = f"PARTITION BY {self.partition_by}" if self.partition_by else ""
        inner = f"{partition}{self.order_by or ''}{self.frame or ''}"
        return f"{self.source_expression} OVER ({inner})"

    def __repr__(self) -> str:
        return f"<{type(self).__name__}: {self}>"

    def get_group_by_cols(self) -> list[Any]:
        found = [] if self.partition_by is None else list(self.partition_by.get_group_by_cols())
        if self.order_by is not None:
            found.extend(self.order_by.get_group_by_cols())
        return found


class WindowFrame(Expression):
    """The rows around the current one that a window function sees. ``start`` and ``end``: integers, or None for no bound."""

    template: ClassVar[str] = "%(frame_type)s BETWEEN %(start)s AND %(end)s%(exclude)s"
    frame_type: ClassVar[str]

    def __init__(self, start: Any = None, end: Any = None, exclusion: WindowFrameExclusion | None = None) -> None:
        self.start = Value(start)
        self.end = Value(end)
        if not isinstance(exclusion, (type(None), WindowFrameExclusion)):
            raise TypeError(f"{type(self).__qualname__}.exclusion must be a WindowFrameExclusion instance.")
        self.exclusion = exclusion
        super().__init__()

    def set_source_expressions(self, exprs: Sequence[Any]) -> None:
        self.start, self.end = exprs

    def get_source_expressions(self) -> list[Any]:
        return [self.start, self.end]

    def get_exclusion(self) -> str:
        """`` EXCLUDE …``, or nothing."""
        return "" if self.exclusion is None else f" EXCLUDE {self.exclusion.value}"

    def as_sql(self, compiler: Any, connection: Any) -> SQL:
        """``ROWS BETWEEN … AND …``. Raises NotSupportedError for an exclusion that the database does not know."""
        connection.ops.check_expression_support(self)
        start, end = self.window_frame_start_end(connection, self.start.value, self.end.value)
        if self.exclusion and not connection.features.supports_frame_exclusion:
            message = "This backend does not support window frame exclusions."
            raise NotSupportedError(message)
        return self.template % {"frame_type": self.frame_type, "start": start, "end": end, "exclude": self.get_exclusion()}, []

    def __repr__(self) -> str:
        return f"<{type(self).__name__}: {self}>"

    def get_group_by_cols(self) -> list[Any]:
        return []

    def __str__(self) -> str:
        start = _bound(self.start.value, "UNBOUNDED PRECEDING")
        end = _bound(self.end.value, "UNBOUNDED FOLLOWING")
        return self.template % {"frame_type": self.frame_type, "start": start, "end": end, "exclude": self.get_exclusion()}

    def window_frame_start_end(self, connection: Any, start: Any, end: Any) -> tuple[str, str]:
        """The two bounds as SQL."""
        raise NotImplementedError("Subclasses must implement window_frame_start_end().")


def _bound(value: int | None, unbounded: str) -> str:
    if value is None:
        return unbounded
    if value == 0:
        return "CURRENT ROW"
    return f"{abs(value)} {'PRECEDING' if value < 0 else 'FOLLOWING'}"


class RowRange(WindowFrame):
    """A frame counted in rows."""

    frame_type = "ROWS"

    def window_frame_start_end(self, connection: Any, start: Any, end: Any) -> tuple[str, str]:
        return connection.ops.window_frame_rows_start_end(start, end)  # type: ignore[no-any-return]


class ValueRange(WindowFrame):
    """A frame of rows whose ordering value lies within a distance."""

    frame_type = "RANGE"

    def window_frame_start_end(self, connection: Any, start: Any, end: Any) -> tuple[str, str]:
        return connection.ops.window_frame_range_start_end(start, end)  # type: ignore[no-any-return]


__all__ = ["BaseExpression", "Combinable", "RowRange", "ValueRange", "Window", "WindowFrame", "WindowFrameExclusion"]

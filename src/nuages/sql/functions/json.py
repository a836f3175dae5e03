"""JSON values made in the database. See the database functions reference, "JSON functions"."""

from __future__ import annotations

from typing import Any

from nuages.sql import outputs
from nuages.sql.errors import unsupported
from nuages.sql.expressions.expression import SQL
from nuages.sql.expressions.functional import Func
from nuages.sql.functions.comparison import Cast, JSONObject


class JSONArray(Func):
    """A JSON array of expressions."""

    function = "JSON_ARRAY"

    def _resolve_output_field(self) -> Any:
        return outputs.field("JSONField")

    def as_sql(self, compiler: Any, connection: Any, **extra_context: Any) -> SQL:  # type: ignore[override]
        """Raises NotSupportedError where the database has no JSON columns."""
        if not connection.features.supports_json_field:
            raise unsupported("JSONFields are")
        return super().as_sql(compiler, connection, **extra_context)

    def as_postgresql(self, compiler: Any, connection: Any, **extra_context: Any) -> SQL:
        """JSONB_BUILD_ARRAY, which wants text parameters to say that they are text."""
        clone = self.copy()
        clone.set_source_expressions([_typed(item) for item in self.get_source_expressions()])
        return clone.as_sql(compiler, connection, function="JSONB_BUILD_ARRAY", **extra_context)


def _typed(expression: Any) -> Any:
    field = expression._output_field_or_none
    if hasattr(expression, "value") and field is not None and field.get_internal_type() in ("CharField", "TextField"):
        return Cast(expression, outputs.field("TextField"))
    return expression


__all__ = ["JSONArray", "JSONObject"]

"""Casts, comparisons and fall-backs. See the database functions reference."""

from __future__ import annotations

from typing import Any

from nuages.sql import outputs
from nuages.sql.errors import unsupported
from nuages.sql.expressions.expression import SQL, Value
from nuages.sql.expressions.functional import Func


class Cast(Func):
    """The expression as another type, given by a field."""

    function = "CAST"
    template = "%(function)s(%(expressions)s AS %(db_type)s)"

    def __init__(self, expression: Any, output_field: Any) -> None:
        super().__init__(expression, output_field=output_field)

    def as_sql(self, compiler: Any, connection: Any, **extra_context: Any) -> SQL:  # type: ignore[override]
        """``CAST(x AS type)``."""
        extra_context["db_type"] = self.output_field.cast_db_type(connection)
        return super().as_sql(compiler, connection, **extra_context)

    def as_sqlite(self, compiler: Any, connection: Any, **extra_context: Any) -> SQL:
        """SQLite has no types for dates, times and decimals: their functions make the right form."""
        kind = self.output_field.get_internal_type()
        if kind in ("DateTimeField", "TimeField"):
            shape = "%%Y-%%m-%%d %%H:%%M:%%f" if kind == "DateTimeField" else "%%H:%%M:%%f"
            return super().as_sql(compiler, connection, function="strftime", template=f"%(function)s('{shape}', %(expressions)s)", **extra_context)
        if kind == "DateField":
            return super().as_sql(compiler, connection, function="date", template="%(function)s(%(expressions)s)", **extra_context)
        return super().as_sqlite(compiler, connection, **extra_context)

    def as_mysql(self, compiler: Any, connection: Any, **extra_context: Any) -> SQL:
        """MySQL cannot cast to a float, nor to JSON on MariaDB."""
        kind = self.output_field.get_internal_type()
        template = None
        if kind == "FloatField":
            template = "(%(expressions)s + 0.0)"
        elif kind == "JSONField" and connection.mysql_is_mariadb:
            template = "JSON_EXTRACT(%(expressions)s, '$')"
        return self.as_sql(compiler, connection, template=template, **extra_context)

    def as_postgresql(self, compiler: Any, connection: Any, **extra_context: Any) -> SQL:
        """``(x)::type``, the form that indexes on expressions want too."""
        if outputs.is_instance(self.source_expressions[0]._output_field_or_none, "JSONField") and self._of_key():
            return self.as_sql(compiler, connection, **extra_context)
        return self.as_sql(compiler, connection, template="(%(expressions)s)::%(db_type)s", **extra_context)

    def _of_key(self) -> bool:
        return False


class Coalesce(Func):
    """The first argument that is not NULL."""

    function = "COALESCE"

    def __init__(self, *expressions: Any, **extra: Any) -> None:
        if len(expressions) < 2:
            raise ValueError("Coalesce must take at least two expressions")
        super().__init__(*expressions, **extra)

    @property
    def empty_result_set_value(self) -> Any:  # type: ignore[override]
        """The first value that is known without rows and not None."""
        for item in self.get_source_expressions():
            value = item.empty_result_set_value
            if value is NotImplemented or value is not None:
                return value
        return None


class Collate(Func):
    """The expression under another collation. Raises ValueError for a name that is none."""

    function = "COLLATE"
    template = "%(expressions)s %(function)s %(collation)s"
    allowed_default = False

    def __init__(self, expression: Any, collation: str) -> None:
        if not (collation and collation.replace("-", "").replace(".", "").replace("_", "").isalnum() and collation.isascii()):
            raise ValueError(f"Invalid collation name: {collation!r}.")
        self.collation = collation
        super().__init__(expression)

    def as_sql(self, compiler: Any, connection: Any, **extra_context: Any) -> SQL:  # type: ignore[override]
        """``x COLLATE name``."""
        extra_context.setdefault("collation", connection.ops.quote_name(self.collation))
        return super().as_sql(compiler, connection, **extra_context)


class _Extreme(Func):
    def __init__(self, *expressions: Any, **extra: Any) -> None:
        if len(expressions) < 2:
            raise ValueError(f"{type(self).__name__} must take at least two expressions")
        super().__init__(*expressions, **extra)


class Greatest(_Extreme):
    """The greatest argument; with NULL among them, what the database says."""

    function = "GREATEST"

    def as_sqlite(self, compiler: Any, connection: Any, **extra_context: Any) -> SQL:
        """MAX with several arguments."""
        return super().as_sqlite(compiler, connection, function="MAX", **extra_context)


class Least(_Extreme):
    """The least argument; with NULL among them, what the database says."""

    function = "LEAST"

    def as_sqlite(self, compiler: Any, connection: Any, **extra_context: Any) -> SQL:
        """MIN with several arguments."""
        return super().as_sqlite(compiler, connection, function="MIN", **extra_context)


class NullIf(Func):
    """The first argument, or NULL if the second is equal."""

    function = "NULLIF"
    arity = 2


class JSONObject(Func):
    """A JSON object of names and expressions."""

    function = "JSON_OBJECT"

    def __init__(self, **fields: Any) -> None:
        arguments: list[Any] = []
        for key, value in fields.items():
            arguments.extend((Value(key), value))
        super().__init__(*arguments)

    def _resolve_output_field(self) -> Any:
        return outputs.field("JSONField")

    def as_sql(self, compiler: Any, connection: Any, **extra_context: Any) -> SQL:  # type: ignore[override]
        """Raises NotSupportedError where the database has no such function."""
        if not connection.features.has_json_object_function:
            raise unsupported("JSONObject() is")
        return super().as_sql(compiler, connection, **extra_context)

    def as_postgresql(self, compiler: Any, connection: Any, **extra_context: Any) -> SQL:
        """JSONB_BUILD_OBJECT, with the names as text."""
        clone = self.copy()
        text = outputs.field("TextField")
        clone.source_expressions = [
            Cast(item, text) if position % 2 == 0 else item for position, item in enumerate(self.source_expressions)
        ]
        return clone.as_sql(compiler, connection, function="JSONB_BUILD_OBJECT", **extra_context)


__all__ = ["Cast", "Coalesce", "Collate", "Greatest", "JSONObject", "Least", "NullIf"]

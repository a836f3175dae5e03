"""The definition of a column: type, collation, comment, generation, defaults, null, keys, tablespace."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from nuages.db.schema.compiling import expression_compiler
from nuages.db.schema.templates import Templates
from nuages.i18n import timezone


class Columns(Templates):
    """How a field becomes a column."""

    connection: Any

    def quote_value(self, value: Any) -> str:
        """A value as a literal of a statement that takes no parameters. Never for values from users."""
        raise NotImplementedError(f"{type(self).__name__} must know how to quote values.")

    def quote_name(self, name: str) -> str:
        """A name as the database wants it written."""
        return str(self.connection.ops.quote_name(name))

    # --- defaults ----------------------------------------------------------------------------------------------------------

    @staticmethod
    def _effective_default(field: Any) -> Any:
        """The value that rows get which exist already when the column is added."""
        if field.has_default():
            return field.get_default()
        kind = field.get_internal_type()
        if not field.null and field.blank and field.empty_strings_allowed:
            return b"" if kind == "BinaryField" else ""
        if getattr(field, "auto_now", False) or getattr(field, "auto_now_add", False):
            now = timezone.now()
            if kind == "DateTimeField":
                return now
            local = datetime.now()
            return local.date() if kind == "DateField" else local.time()
        return None

    def effective_default(self, field: Any) -> Any:
        """The same as the database takes it."""
        return field.get_db_prep_save(self._effective_default(field), self.connection)

    def prepare_default(self, value: Any) -> str:
        """A default as a literal, for databases that take no parameter there."""
        raise NotImplementedError(f"{type(self).__name__} must write defaults as literals.")

    def skip_default(self, field: Any) -> bool:
        """Whether the column's type can have no default."""
        return False

    def skip_default_on_alter(self, field: Any) -> bool:
        """Whether the column's type can have no default when it is altered."""
        return False

    def _column_default_sql(self, field: Any) -> str:
        return "%s"

    def db_default_sql(self, field: Any) -> tuple[str, list[Any]]:
        """``db_default`` as SQL and parameters."""
        expression = field._db_default_expression
        compiler = expression_compiler(self.connection, field.model)
        sql, params = compiler.compile(expression)
        if self.connection.features.requires_literal_defaults:
            sql = sql % tuple(self.prepare_default(value) for value in params)
            params = []
        wrapped = f"({sql})" if self._needs_parentheses(expression) else sql
        return wrapped, list(params)

    def _needs_parentheses(self, expression: Any) -> bool:
        """Whether a default that is an expression must stand in parentheses: a plain value must not."""
        return not hasattr(expression, "value") or type(expression).__name__ != "Value"

    # --- parts -----------------------------------------------------------------------------------------------------------

    def _collate_sql(self, collation: str | None, old_collation: str | None = None, table_name: str | None = None) -> str:
        return f"COLLATE {self.quote_name(collation)}" if collation else ""

    def _comment_sql(self, comment: str | None) -> str:
        return self.quote_value(comment or "")

    def _column_generated_persistency_sql(self, field: Any) -> str:
        return "STORED" if field.db_persist else "VIRTUAL"

    def _column_generated_sql(self, field: Any) -> tuple[str, tuple[Any, ...]]:
        sql, params = field.generated_sql(self.connection)
        if self.connection.features.requires_literal_defaults:
            sql = sql % tuple(self.quote_value(value) for value in params)
            params = ()
        return f"GENERATED ALWAYS AS ({sql}) {self._column_generated_persistency_sql(field)}", tuple(params)

    def _iter_column_sql(
        self, column_db_type: str, params: list[Any], model: Any, field: Any, field_db_params: Any, include_default: bool
    ) -> Iterator[str]:
        features = self.connection.features
        yield column_db_type
        if collation := field_db_params.get("collation"):
            yield self._collate_sql(collation)
        comment = f"COMMENT {self._comment_sql(field.db_comment)}" if features.supports_comments_inline and field.db_comment else ""
        if comment and not field.generated:
            yield comment
        if field.generated:
            generated, generated_params = self._column_generated_sql(field)
            params.extend(generated_params)
            yield f"{generated} {comment}".rstrip()
        elif field.has_db_default():
            default, default_params = self.db_default_sql(field)
            params.extend(default_params)
            yield f"DEFAULT {default}"
        elif include_default:
            yield from self._default_part(params, field)
        if not field.generated:
            yield from self._null_part(field)
        if field.primary_key:
            yield "PRIMARY KEY"
        elif field.unique:
            yield "UNIQUE"
        tablespace = field.db_tablespace or model._meta.db_tablespace
        if tablespace and features.supports_tablespaces and field.unique:
            yield str(self.connection.ops.tablespace_sql(tablespace, inline=True))

    def _default_part(self, params: list[Any], field: Any) -> Iterator[str]:
        default = self.effective_default(field)
        # Only a field with a default that is not None gets here with something to say.
        if default is None or self.skip_default(field):
            return
        sql = f"DEFAULT {self._column_default_sql(field)}"
        if self.connection.features.requires_literal_defaults:
            yield sql % self.prepare_default(default)
        else:
            yield sql
            params.append(default)

    def _null_part(self, field: Any) -> Iterator[str]:
        if field.generated and getattr(self.connection, "mysql_is_mariadb", False):
            return  # MariaDB takes neither word on a generated column
        if not field.null:
            yield "NOT NULL"
        elif not self.connection.features.implied_column_null:
            yield "NULL"

    def column_sql(self, model: Any, field: Any, include_default: bool = False) -> tuple[str | None, list[Any] | None]:
        """The definition of a field's column and its parameters; two ``None`` where the field has no column."""
        db_params = field.db_parameters(connection=self.connection)
        column_type = db_params["type"]
        if column_type is None:
            return None, None
        params: list[Any] = []
        parts = self._iter_column_sql(column_type, params, model, field, db_params, include_default)
        return " ".join(parts), params

    def _field_db_check(self, field: Any, db_params: Any) -> str | None:
        """The condition of a field's own check constraint, ready to stand in a statement."""
        check = db_params["check"]
        return f"CHECK ({check})" if check else None

"""System checks of MariaDB and MySQL."""

from __future__ import annotations

from typing import Any

from nuages import checks
from nuages.db.validation import FieldValidation


class MySQLValidation(FieldValidation):
    """Strict mode, and the lengths that unique columns may have."""

    def check(self, **kwargs: Any) -> list[Any]:
        """``mysql.W002`` where the server cuts values silently."""
        if self.connection.sql_mode & {"STRICT_TRANS_TABLES", "STRICT_ALL_TABLES"}:
            return []
        name = self.connection.display_name
        return [
            checks.Warning(
                f"{name} Strict Mode is not set for database connection '{self.connection.alias}'",
                hint=(
                    f"Without Strict Mode {name} cuts or changes values that do not fit instead of refusing them. Set it, "
                    "for example with OPTIONS['init_command'] = \"SET sql_mode='STRICT_TRANS_TABLES'\"."
                ),
                id="mysql.W002",
            )
        ]

    def check_field_type(self, field: Any, field_type: str) -> list[Any]:
        """``mysql.W003`` for unique texts over 255 characters, ``fields.W162`` for indexes on unlimited types."""
        errors: list[Any] = []
        length = getattr(field, "max_length", None)
        if field_type.startswith("varchar") and field.unique and (length is None or int(length) > 255):
            errors.append(
                checks.Warning(
                    f"{self.connection.display_name} may not allow unique CharFields to have a max_length > 255.",
                    obj=field,
                    hint="Shorten max_length, or see the notes on character fields of this database.",
                    id="mysql.W003",
                )
            )
        if field.db_index and field_type.lower() in self.connection._limited_data_types:
            errors.append(
                checks.Warning(
                    f"{self.connection.display_name} does not support a database index on {field_type} columns.",
                    obj=field,
                    hint="The column will have no index. Where that does no harm, silence the warning.",
                    id="fields.W162",
                )
            )
        return errors

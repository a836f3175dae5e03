"""System checks of a database and of fields that depend on it."""

from __future__ import annotations

from typing import Any


class FieldValidation:
    """No complaints: most databases take every field."""

    def __init__(self, connection: Any) -> None:
        self.connection = connection

    def check(self, **kwargs: Any) -> list[Any]:
        """Complaints about the database's settings."""
        return []

    def check_field(self, field: Any, **kwargs: Any) -> list[Any]:
        """Complaints about a field; asks ``check_field_type`` where there is one and the field has a type."""
        check = getattr(self, "check_field_type", None)
        if check is None or getattr(field, "remote_field", None) is not None:
            return []
        field_type = field.db_type(self.connection)
        return list(check(field, field_type)) if field_type is not None else []

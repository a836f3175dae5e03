"""Writing ranges into migrations."""

from __future__ import annotations

from typing import Any

from nuages.migrations.serializer import BaseSerializer, serializer_factory


class RangeSerializer(BaseSerializer):
    """A range of psycopg, with its bounds as the migration's own values."""

    def serialize(self) -> tuple[str, set[str]]:
        """The call that makes it, and its imports."""
        value: Any = self.value
        imports = {"import psycopg.types.range"}
        if value.isempty:
            return "psycopg.types.range.Range(empty=True)", imports
        parts = []
        for item in (value.lower, value.upper, value.bounds):
            text, needed = serializer_factory(item).serialize()
            parts.append(text)
            imports |= set(needed)
        return f"psycopg.types.range.Range({', '.join(parts)})", imports

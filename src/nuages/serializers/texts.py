"""What the formats that are text have in common: objects go through dictionaries, and what cannot be read is one kind of error."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from nuages.serializers import python, records


class Serializer(python.Serializer):
    """Writes dictionaries of objects to a stream."""

    internal_use_only = False

    def getvalue(self) -> Any:
        """What was written."""
        return records.Serializer.getvalue(self)


class Deserializer(python.Deserializer):
    """Reads dictionaries of objects."""

    def _handle_object(self, obj: Any) -> Iterator[records.DeserializedObject]:
        try:
            yield from super()._handle_object(obj)
        except (GeneratorExit, records.DeserializationError):
            raise
        except Exception as error:
            raise records.DeserializationError(f"Error deserializing object: {error}") from error

"""Objects as JSON (RFC 8259)."""

from __future__ import annotations

import json
from typing import Any

import msgspec

from nuages.serializers import records, texts
from nuages.text.jsonencoder import JSONEncoder


class Serializer(texts.Serializer):
    """Writes one array of objects; options go to ``json.dump``."""

    json_kwargs: dict[str, Any]

    def _init_options(self) -> None:
        self.json_kwargs = {name: value for name, value in self.options.items() if name not in ("stream", "fields")}
        if self.options.get("indent"):
            self.json_kwargs["separators"] = (",", ": ")  # no blanks at the ends of lines
        self.json_kwargs.setdefault("cls", JSONEncoder)
        self.json_kwargs.setdefault("ensure_ascii", False)

    def start_serialization(self) -> None:
        """Open the array."""
        self._init_options()
        self.stream.write("[")

    def end_serialization(self) -> None:
        """Close the array."""
        self.stream.write("\n]\n" if self.options.get("indent") else "]\n")

    def end_object(self, obj: Any) -> None:
        """Write the object."""
        indented = self.options.get("indent")
        if not self.first:
            self.stream.write("," if indented else ", ")
        if indented:
            self.stream.write("\n")
        json.dump(self.get_dump_object(obj), self.stream, **self.json_kwargs)
        self._current = None


def decode(text: str | bytes) -> Any:
    """What JSON text means. Python's own extensions (NaN, say) are read too."""
    try:
        return msgspec.json.decode(text)
    except msgspec.DecodeError:
        return json.loads(text)


class Deserializer(texts.Deserializer):
    """Reads an array of objects."""

    def __init__(self, stream_or_string: Any, **options: Any) -> None:
        text = stream_or_string if isinstance(stream_or_string, (bytes, str)) else stream_or_string.read()
        try:
            objects = decode(text)
        except Exception as error:
            raise records.DeserializationError(str(error)) from error
        super().__init__(objects, **options)


__all__ = ["Deserializer", "JSONEncoder", "Serializer"]

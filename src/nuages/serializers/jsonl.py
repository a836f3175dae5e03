"""Objects as JSON Lines: one object a line, so that a file of any size can be read bit by bit."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from typing import Any

from nuages.serializers import records, texts
from nuages.serializers.json import JSONEncoder, decode


class Serializer(texts.Serializer):
    """Writes an object a line; options go to ``json.dumps``, but for ``indent``."""

    json_kwargs: dict[str, Any]

    def _init_options(self) -> None:
        left_out = ("stream", "fields", "indent")
        self.json_kwargs = {name: value for name, value in self.options.items() if name not in left_out}
        self.json_kwargs["separators"] = (",", ": ")
        self.json_kwargs.setdefault("cls", JSONEncoder)
        self.json_kwargs.setdefault("ensure_ascii", False)

    def start_serialization(self) -> None:
        """Nothing stands before the first line."""
        self._init_options()

    def end_object(self, obj: Any) -> None:
        """Write the line."""
        json.dump(self.get_dump_object(obj), self.stream, **self.json_kwargs)
        self.stream.write("\n")
        self._current = None


class Deserializer(texts.Deserializer):
    """Reads an object a line; empty lines are skipped."""

    def __init__(self, stream_or_string: Any, **options: Any) -> None:
        if isinstance(stream_or_string, bytes):
            stream_or_string = stream_or_string.decode()
        lines = stream_or_string.splitlines() if isinstance(stream_or_string, str) else stream_or_string
        super().__init__(_objects(lines), **options)


def _objects(lines: Iterable[str | bytes]) -> Iterator[Any]:
    for line in lines:
        if not line.strip():
            continue
        try:
            yield decode(line)
        except Exception as error:
            raise records.DeserializationError(str(error)) from error

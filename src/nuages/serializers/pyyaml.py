"""Objects as YAML. Needs PyYAML; importing this module without it raises ``ImportError``."""

from __future__ import annotations

import datetime
import decimal
from typing import Any

import yaml

from nuages.serializers import records, texts

SafeLoader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
SafeDumper: Any = getattr(yaml, "CSafeDumper", yaml.SafeDumper)


class PlainDumper(SafeDumper):  # type: ignore[misc]
    """Writes decimals as text."""

    def represent_decimal(self, data: decimal.Decimal) -> Any:
        """A decimal as text, which loses none of its digits."""
        return self.represent_scalar("tag:yaml.org,2002:str", str(data))


PlainDumper.add_representer(decimal.Decimal, PlainDumper.represent_decimal)


class Serializer(texts.Serializer):
    """Writes one sequence of objects; options go to ``yaml.dump``."""


    def _value_from_field(self, obj: Any, field: Any) -> Any:
        # YAML has no type for times: its loader would read them as numbers of seconds.
        value = field.value_from_object(obj)
        return str(value) if isinstance(value, datetime.time) else super()._value_from_field(obj, field)

    def end_serialization(self) -> None:
        """Write all at once."""
        self.options.setdefault("allow_unicode", True)
        self.options.setdefault("sort_keys", False)
        yaml.dump(self.objects, self.stream, Dumper=PlainDumper, **self.options)


class Deserializer(texts.Deserializer):
    """Reads a sequence of objects; only plain values, never Python objects."""

    def __init__(self, stream_or_string: Any, **options: Any) -> None:
        stream = stream_or_string.decode() if isinstance(stream_or_string, bytes) else stream_or_string
        try:
            objects = yaml.load(stream, Loader=SafeLoader)
        except Exception as error:
            raise records.DeserializationError(str(error)) from error
        super().__init__(objects, **options)

"""Arguments and return values as JSON knows them."""

from __future__ import annotations

import traceback
from collections.abc import Mapping, Sequence
from typing import Any


def normalize_json(value: Any) -> Any:
    """The value as it comes back from JSON: tuples become lists, bytes text. ``TypeError`` for what JSON cannot hold."""
    if isinstance(value, Mapping):
        return {normalize_json(key): normalize_json(item) for key, item in value.items()}
    if isinstance(value, bytes):
        try:
            return value.decode("utf-8")
        except UnicodeDecodeError as error:
            raise ValueError(f"Unsupported value: {type(value)}") from error
    if value is None or isinstance(value, (str, int, float)):
        return value
    if isinstance(value, Sequence):
        return [normalize_json(item) for item in value]
    raise TypeError(f"Unsupported type: {type(value)}")


def formatted_traceback(error: BaseException) -> str:
    """The traceback as text."""
    return "".join(traceback.format_exception(error))

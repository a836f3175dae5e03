"""How back ends write down their tables of types: compactly, one line per type."""

from __future__ import annotations

from typing import Any


def spread(table: dict[Any, str]) -> dict[str, Any]:
    """``{"text": "TextField JSONField"}`` → ``{"TextField": "text", "JSONField": "text"}``."""
    return {name: value for value, names in table.items() for name in names.split()}


def numbered(table: dict[str, tuple[int, ...]]) -> dict[int, str]:
    """``{"TextField": (25, 26)}`` → ``{25: "TextField", 26: "TextField"}``."""
    return {number: name for name, numbers in table.items() for number in numbers}

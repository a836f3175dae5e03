"""What fields share when they tell migrations how to make them again."""

from __future__ import annotations

from typing import Any


def with_options(parts: tuple[str, str, list[Any], dict[str, Any]], **options: Any) -> tuple[str, str, list[Any], dict[str, Any]]:
    """The `parts` that ``deconstruct()`` of the parent class gave, with those of `options` besides that are not None."""
    name, path, args, kwargs = parts
    return name, path, args, {**kwargs, **{option: value for option, value in options.items() if value is not None}}

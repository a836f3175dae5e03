"""Converters: from a piece of a path to a Python value, and back."""

from __future__ import annotations

import re
import uuid
from collections.abc import Callable
from functools import lru_cache
from typing import Any, ClassVar


class IntConverter:
    """A whole number, not negative."""

    regex: ClassVar[str] = "[0-9]+"

    def to_python(self, value: str) -> int:
        """Give the number."""
        return int(value)

    def to_url(self, value: Any) -> str:
        """Give its digits."""
        return str(value)


class StringConverter:
    """Anything but a slash."""

    regex: ClassVar[str] = "[^/]+"

    def to_python(self, value: str) -> str:
        """Give the text."""
        return value

    def to_url(self, value: Any) -> str:
        """Give the text."""
        return str(value)


class UUIDConverter:
    """A UUID in lower case with dashes."""

    regex: ClassVar[str] = "[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"

    def to_python(self, value: str) -> uuid.UUID:
        """Give the UUID."""
        return uuid.UUID(value)

    def to_url(self, value: Any) -> str:
        """Give its text."""
        return str(value)


class SlugConverter(StringConverter):
    """ASCII letters, digits, hyphens and underscores."""

    regex: ClassVar[str] = "[-a-zA-Z0-9_]+"


class PathConverter(StringConverter):
    """Anything, slashes included."""

    regex: ClassVar[str] = ".+"


#: The methods ``to_url`` that are nothing but ``str``.
PLAIN_WRITERS = frozenset({IntConverter.to_url, StringConverter.to_url, UUIDConverter.to_url})

#: Converter → what tells of a text that the converter takes it, and that it needs no quoting.
PLAIN_TEXTS: dict[type, Callable[[str], object]] = {
    IntConverter: re.compile(IntConverter.regex).fullmatch,
    SlugConverter: re.compile(SlugConverter.regex).fullmatch,
    StringConverter: re.compile(r"[A-Za-z0-9._~-]+").fullmatch,
    UUIDConverter: re.compile(UUIDConverter.regex).fullmatch,
}

DEFAULT_CONVERTERS: dict[str, Any] = {
    "int": IntConverter(),
    "path": PathConverter(),
    "slug": SlugConverter(),
    "str": StringConverter(),
    "uuid": UUIDConverter(),
}

REGISTERED_CONVERTERS: dict[str, Any] = {}


def register_converter(converter: type, type_name: str) -> None:
    """Make a converter class usable as ``<type_name:parameter>`` in routes that are declared afterwards.

    :raises ValueError: the name is taken.
    """
    if type_name in REGISTERED_CONVERTERS or type_name in DEFAULT_CONVERTERS:
        raise ValueError(f"Converter {type_name!r} is already registered.")
    REGISTERED_CONVERTERS[type_name] = converter()
    get_converters.cache_clear()


@lru_cache(1)
def get_converters() -> dict[str, Any]:
    """Give all converters by name."""
    return {**DEFAULT_CONVERTERS, **REGISTERED_CONVERTERS}


def get_converter(raw_converter: str) -> Any:
    """Give one converter; raises KeyError if there is none."""
    return get_converters()[raw_converter]

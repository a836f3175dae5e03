"""``META`` over the headers of a server: keys are looked up when they are asked for, all of them only when somebody iterates."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from functools import lru_cache
from typing import Any, ClassVar

MISSING: Any = object()

Finder = Callable[[str], str | None]
Pairs = Callable[[], Iterable[tuple[str, str]]]


@lru_cache(4096)
def header_name(key: str) -> str | None:
    """Give the header's lower-case name for a key of META, ``None`` for a key that is no header."""
    if key.startswith("HTTP_"):
        return key[5:].replace("_", "-").lower()
    return key.replace("_", "-").lower() if key in ("CONTENT_TYPE", "CONTENT_LENGTH") else None


@lru_cache(4096)
def meta_key(name: str) -> str | None:
    """Give the key of META for a header; ``None`` for a name with an underscore, which could pass for another header."""
    if "_" in name:
        return None
    key = name.upper().replace("-", "_")
    return key if key in ("CONTENT_TYPE", "CONTENT_LENGTH") else "HTTP_" + key


class Meta(dict[str, Any]):
    """A dict that fetches header values from the server's own structure."""

    __slots__ = ("_complete", "_find", "_pairs")

    def __init__(self, values: dict[str, Any], find: Finder, pairs: Pairs) -> None:
        super().__init__(values)
        self._find = find
        self._pairs = pairs
        self._complete = False

    def _fetch(self, key: Any) -> Any:
        if self._complete or not isinstance(key, str):
            return MISSING
        name = header_name(key)
        value = self._find(name) if name is not None else None
        if value is None:
            return MISSING
        dict.__setitem__(self, key, value)
        return value

    def _load(self) -> None:
        if not self._complete:
            self._complete = True
            for key, value in combined(self._pairs()).items():
                dict.setdefault(self, key, value)

    def __missing__(self, key: str) -> Any:
        value = self._fetch(key)
        if value is MISSING:
            raise KeyError(key)
        return value

    def get(self, key: Any, default: Any = None) -> Any:
        """Give a value, or ``default``."""
        if dict.__contains__(self, key):
            return dict.__getitem__(self, key)
        value = self._fetch(key)
        return default if value is MISSING else value

    def __contains__(self, key: object) -> bool:
        return dict.__contains__(self, key) or self._fetch(key) is not MISSING

    def __delitem__(self, key: str) -> None:
        self._load()
        dict.__delitem__(self, key)

    def __iter__(self) -> Iterator[str]:
        self._load()
        return dict.__iter__(self)

    def __len__(self) -> int:
        self._load()
        return dict.__len__(self)

    def __eq__(self, other: object) -> bool:
        self._load()
        return dict.__eq__(self, other)

    __hash__: ClassVar[None] = None  # type: ignore[assignment]

    def __repr__(self) -> str:
        self._load()
        return dict.__repr__(self)

    def __reduce__(self) -> Any:
        return dict, (dict(self),)

    def keys(self) -> Any:
        """Give all keys."""
        self._load()
        return dict.keys(self)

    def values(self) -> Any:
        """Give all values."""
        self._load()
        return dict.values(self)

    def items(self) -> Any:
        """Give all pairs."""
        self._load()
        return dict.items(self)

    def copy(self) -> dict[str, Any]:
        """Give an ordinary dict."""
        return dict(self.items())

    __copy__ = copy

    def __deepcopy__(self, memo: dict[int, Any]) -> dict[str, Any]:
        return self.copy()

    def pop(self, key: str, *default: Any) -> Any:
        """Remove a key and give its value."""
        self._load()
        return dict.pop(self, key, *default)

    def popitem(self) -> tuple[str, Any]:
        """Remove any key and give the pair."""
        self._load()
        return dict.popitem(self)

    def setdefault(self, key: str, default: Any = None) -> Any:
        """Set a key unless it is set."""
        return self[key] if key in self else dict.setdefault(self, key, default)


def combined(pairs: Iterable[tuple[str, str]]) -> dict[str, str]:
    """Give META keys for headers; repeated ones are joined as RFC 9110, section 5.3, says, cookies by semicolons."""
    found: dict[str, list[str]] = {}
    for name, value in pairs:
        key = meta_key(name)
        if key is not None:
            found.setdefault(key, []).append(value)
    return {
        key: "; ".join(value.strip("; ") for value in values) if key == "HTTP_COOKIE" else ",".join(values)
        for key, values in found.items()
    }

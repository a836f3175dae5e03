"""Headers of requests and of responses: case-insensitive mappings that keep the spelling."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, MutableMapping
from functools import lru_cache
from typing import Any, ClassVar, Literal

from nuages.http.errors import BadHeaderError
from nuages.text.datastructures import CaseInsensitiveMapping
from nuages.text.http import encoded_word


class HttpHeaders(CaseInsensitiveMapping):
    """The headers of a request, read from its ``META``; ``headers["user-agent"]`` and ``headers["User-Agent"]`` are one."""

    HTTP_PREFIX = "HTTP_"
    UNPREFIXED_HEADERS: ClassVar[frozenset[str]] = frozenset({"CONTENT_TYPE", "CONTENT_LENGTH"})

    def __init__(self, environ: Mapping[str, Any]) -> None:
        parse = self.parse_header_name
        super().__init__({name: value for key, value in environ.items() if (name := parse(key))})

    def __getitem__(self, key: str) -> Any:
        """Find a header by its name; underscores may stand for hyphens, for the sake of templates."""
        return super().__getitem__(key.replace("_", "-"))

    @classmethod
    def parse_header_name(cls, header: str) -> str | None:
        """Give ``User-Agent`` for ``HTTP_USER_AGENT``, and ``None`` for a key of META that is no header."""
        if header.startswith(cls.HTTP_PREFIX):
            header = header[len(cls.HTTP_PREFIX) :]
        elif header not in cls.UNPREFIXED_HEADERS:
            return None
        return header.replace("_", "-").title()

    @classmethod
    def to_wsgi_name(cls, header: str) -> str:
        """Give the key of META for a header's name: ``HTTP_USER_AGENT`` for ``user-agent``."""
        name = header.replace("-", "_").upper()
        return name if name in cls.UNPREFIXED_HEADERS else cls.HTTP_PREFIX + name

    @classmethod
    def to_asgi_name(cls, header: str) -> str:
        """Give the title-cased name with hyphens."""
        return header.replace("_", "-").title()

    @classmethod
    def to_wsgi_names(cls, headers: Mapping[str, Any]) -> dict[str, Any]:
        """Apply `to_wsgi_name` to the keys of ``headers``."""
        return {cls.to_wsgi_name(name): value for name, value in headers.items()}

    @classmethod
    def to_asgi_names(cls, headers: Mapping[str, Any]) -> dict[str, Any]:
        """Apply `to_asgi_name` to the keys of ``headers``."""
        return {cls.to_asgi_name(name): value for name, value in headers.items()}


def as_header_text(value: Any, charset: Literal["ascii", "latin-1"], mime_encode: bool = False) -> str:
    """Give ``value`` as text that fits a header.

    :raises BadHeaderError: it holds a line break.
    :raises UnicodeError: it does not fit ``charset`` and may not be MIME-encoded (RFC 2047).
    """
    if not isinstance(value, (str, bytes)):
        value = str(value)
    refuse_line_breaks(value)
    try:
        if isinstance(value, str):
            value.encode(charset)
            return value
        return str(value, charset)
    except UnicodeError as error:
        if not mime_encode:
            error.add_note(f"HTTP response headers must be in {'US-ASCII' if charset == 'ascii' else charset} format.")
            raise
    text = value.decode("latin-1") if isinstance(value, bytes) else value
    return encoded_word(text)


def refuse_line_breaks(value: str | bytes) -> None:
    """Raise `BadHeaderError` for a text that would end the header line."""
    broken = (b"\n" in value or b"\r" in value) if isinstance(value, bytes) else ("\n" in value or "\r" in value)
    if broken:
        raise BadHeaderError(f"Header values can't contain newlines (got {value!r})")


@lru_cache(1024)
def checked_name(name: str) -> str:
    """Check a header name once: the names of an application are few."""
    return as_header_text(name, "ascii")


@lru_cache(1024)
def prepared(name: str, value: str) -> tuple[str, tuple[str, str]]:
    """Check a header that is set again and again; give it as `ResponseHeaders.add_missing` takes it."""
    return name.lower(), (checked_name(name), as_header_text(value, "latin-1", mime_encode=True))


class ResponseHeaders(MutableMapping[str, Any]):
    """The headers of a response. Values are checked when they are set; deleting a missing one is no error."""

    __slots__ = ("_store",)

    def __init__(self, data: Mapping[str, Any] | Iterable[tuple[str, Any]] = ()) -> None:
        self._store: dict[str, tuple[str, str]] = {}
        if data:
            for name, value in data.items() if isinstance(data, Mapping) else data:
                self[name] = value

    def __setitem__(self, key: Any, value: Any) -> None:
        name = checked_name(key) if type(key) is str else as_header_text(key, "ascii")
        if type(value) is str and value.isascii() and "\n" not in value and "\r" not in value:
            self._store[name.lower()] = (name, value)
        else:
            self._store[name.lower()] = (name, as_header_text(value, "latin-1", mime_encode=True))

    def __getitem__(self, key: str) -> str:
        return self._store[key.lower()][1]

    def __delitem__(self, key: str) -> None:
        self._store.pop(key.lower(), None)

    def __contains__(self, key: object) -> bool:
        return isinstance(key, str) and key.lower() in self._store

    def __iter__(self) -> Iterator[str]:
        return (name for name, _value in self._store.values())

    def __len__(self) -> int:
        return len(self._store)

    def __repr__(self) -> str:
        return repr(dict(self._store.values()))

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Mapping):
            return NotImplemented
        return {k: v for k, (_n, v) in self._store.items()} == {str(k).lower(): v for k, v in other.items()}

    __hash__: ClassVar[None] = None  # type: ignore[assignment]

    def copy(self) -> ResponseHeaders:
        """Copy the mapping."""
        twin = ResponseHeaders()
        twin._store = dict(self._store)
        return twin

    def pop(self, key: str, default: Any = None) -> Any:
        """Remove a header and return the pair ``(name, value)``, or ``default``."""
        return self._store.pop(key.lower(), default)

    def setdefault(self, key: str, value: Any = None) -> Any:
        """Set a header that is not set yet."""
        if key not in self:
            self[key] = value
        return self[key]

    def add_missing(self, headers: Iterable[tuple[str, tuple[str, str]]]) -> None:
        """Set those `prepared` headers that are not set yet."""
        store = self._store
        for key, pair in headers:
            if key not in store:
                store[key] = pair

    def pairs(self) -> list[tuple[str, str]]:
        """Give all ``(name, value)`` in order, as server adapters want them."""
        return list(self._store.values())

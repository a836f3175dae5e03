"""``QueryDict``: the parameters of a query string or of a posted form."""

from __future__ import annotations

import copy
from collections.abc import Iterable
from typing import Any, Self
from urllib.parse import parse_qsl, quote, urlencode

from nuages.conf import settings
from nuages.exceptions import TooManyFieldsSent
from nuages.text.datastructures import MultiValueDict
from nuages.text.encoding import force_bytes, force_str


class QueryDict(MultiValueDict):
    """A `MultiValueDict` that is immutable unless made with ``mutable=True`` or `copy`, and knows its encoding.

    :raises TooManyFieldsSent: more parameters than ``DATA_UPLOAD_MAX_NUMBER_FIELDS``.
    """

    _mutable = True
    _encoding: str | None = None

    def __init__(self, query_string: str | bytes | None = None, mutable: bool = False, encoding: str | None = None) -> None:
        super().__init__()
        self.encoding = encoding or settings.DEFAULT_CHARSET
        if query_string:
            self._read(query_string)
        self._mutable = mutable

    def _read(self, query_string: str | bytes) -> None:
        encoding = self.encoding
        if isinstance(query_string, bytes):
            raw: bytes = query_string
            try:
                query_string = raw.decode(encoding)
            except UnicodeDecodeError:  # some old user agents send raw bytes
                query_string = raw.decode("iso-8859-1")
        try:
            pairs = parse_qsl(
                query_string,
                keep_blank_values=True,
                encoding=encoding,
                errors="replace",
                max_num_fields=settings.DATA_UPLOAD_MAX_NUMBER_FIELDS,
            )
        except ValueError as error:
            raise TooManyFieldsSent(
                "The number of GET/POST parameters exceeded settings.DATA_UPLOAD_MAX_NUMBER_FIELDS."
            ) from error
        for key, value in pairs:
            self.appendlist(key, value)

    @classmethod
    def fromkeys(cls, iterable: Iterable[Any], value: Any = "", mutable: bool = False, encoding: str | None = None) -> Self:  # type: ignore[override]
        """Build one with the keys of ``iterable`` (a repeated key gets several values)."""
        made = cls("", mutable=True, encoding=encoding)
        for key in iterable:
            made.appendlist(key, value)
        if not mutable:
            made._mutable = False
        return made

    @property
    def encoding(self) -> str:
        """The charset of keys and values."""
        if self._encoding is None:
            self._encoding = settings.DEFAULT_CHARSET
        return self._encoding

    @encoding.setter
    def encoding(self, value: str | None) -> None:
        self._encoding = value

    def _assert_mutable(self) -> None:
        if not self._mutable:
            raise AttributeError("This QueryDict instance is immutable")

    def _text(self, value: Any) -> Any:
        return force_str(value, self.encoding, strings_only=True) if isinstance(value, bytes) else value

    def __setitem__(self, key: Any, value: Any) -> None:
        self._assert_mutable()
        super().__setitem__(self._text(key), self._text(value))

    def __delitem__(self, key: Any) -> None:
        self._assert_mutable()
        super().__delitem__(key)

    def __copy__(self) -> Self:
        twin = self.__class__("", mutable=True, encoding=self.encoding)
        for key, values in self.lists():
            twin.setlist(key, values)
        return twin

    def __deepcopy__(self, memo: dict[int, Any]) -> Self:
        twin = self.__class__("", mutable=True, encoding=self.encoding)
        memo[id(self)] = twin
        for key, values in self.lists():
            twin.setlist(copy.deepcopy(key, memo), copy.deepcopy(values, memo))
        return twin

    def setlist(self, key: Any, list_: Iterable[Any]) -> None:
        """Set all values of ``key``."""
        self._assert_mutable()
        super().setlist(self._text(key), [self._text(value) for value in list_])

    def setlistdefault(self, key: Any, default_list: list[Any] | None = None) -> list[Any]:
        """Like ``setdefault``, for the whole list."""
        self._assert_mutable()
        return super().setlistdefault(key, default_list)  # type: ignore[no-any-return]

    def appendlist(self, key: Any, value: Any) -> None:
        """Add a value to those of ``key``."""
        self._assert_mutable()
        key, value = self._text(key), self._text(value)
        if dict.__contains__(self, key):
            dict.__getitem__(self, key).append(value)
        else:
            dict.__setitem__(self, key, [value])

    def update(self, *args: Any, **kwargs: Any) -> None:
        """Append the values of another mapping."""
        self._assert_mutable()
        super().update(*args, **kwargs)

    def pop(self, key: Any, *args: Any) -> Any:
        """Remove ``key`` and return the list of its values."""
        self._assert_mutable()
        return super().pop(key, *args)

    def popitem(self) -> tuple[Any, Any]:
        """Remove and return any ``(key, list)``."""
        self._assert_mutable()
        return super().popitem()

    def clear(self) -> None:
        """Remove all keys."""
        self._assert_mutable()
        super().clear()

    def setdefault(self, key: Any, default: Any = None) -> Any:
        """Set ``key`` unless it is set."""
        self._assert_mutable()
        return super().setdefault(self._text(key), self._text(default))

    def copy(self) -> Self:
        """Give a mutable deep copy."""
        return self.__deepcopy__({})

    def urlencode(self, safe: str | None = None) -> str:
        """Write the data as a query string; characters in ``safe`` stay as they are."""
        encoding = self.encoding
        pieces: list[str] = []
        for key, values in self.lists():
            name = force_bytes(key, encoding)
            for value in values:
                content = force_bytes(value, encoding)
                if safe:
                    kept = safe.encode(encoding)
                    pieces.append(f"{quote(name, kept)}={quote(content, kept)}")
                else:
                    pieces.append(urlencode({name: content}))
        return "&".join(pieces)

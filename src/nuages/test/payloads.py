"""Bodies of test requests: multipart messages, and streams that know their length."""

import mimetypes
import os
import re
from collections.abc import AsyncIterable, AsyncIterator, Iterable, Iterator
from io import IOBase
from typing import Any

from nuages.conf import settings
from nuages.text.encoding import force_bytes

BOUNDARY = "BoUnDaRyStRiNg"
MULTIPART_CONTENT = f"multipart/form-data; boundary={BOUNDARY}"
CONTENT_TYPE_RE = re.compile(r".*; charset=([\w-]+);?")


class FakePayload(IOBase):
    """A body that may be written until it is first read, and not read beyond its length: as a real socket would block."""

    def __init__(self, initial_bytes: bytes | str | None = None) -> None:
        self._parts: list[bytes] = []
        self._content = b""
        self._position = 0
        self._length = 0
        self.read_started = False
        if initial_bytes is not None:
            self.write(initial_bytes)

    def __len__(self) -> int:
        return self._length

    def _start(self) -> None:
        if not self.read_started:
            self._content = b"".join(self._parts)
            self.read_started = True

    def _allowed(self, size: int | None) -> int:
        if size is None or size == -1:
            return self._length
        assert size <= self._length, f"{size} bytes were asked for, but the body of the request has only {self._length} left."
        return size

    def read(self, size: int | None = -1, /) -> bytes:
        """Read *size* bytes, or all that is left; AssertionError beyond the end."""
        self._start()
        size = self._allowed(size)
        content = self._content[self._position : self._position + size]
        self._position += len(content)
        self._length -= len(content)
        return content

    def readline(self, size: int | None = -1, /) -> bytes:  # type: ignore[override]
        """Read up to and including the next line end."""
        self._start()
        size = self._allowed(size)
        end = self._content.find(b"\n", self._position)
        stop = len(self._content) if end < 0 else end + 1
        return self.read(min(stop - self._position, size))

    def write(self, b: bytes | str, /) -> None:
        """Add to the body; ValueError after reading has begun."""
        if self.read_started:
            raise ValueError("Unable to write a payload after it's been read")
        content = force_bytes(b)
        self._parts.append(content)
        self._length += len(content)


def is_file(thing: Any) -> bool:
    """Whether *thing* can be read like a file."""
    return hasattr(thing, "read") and callable(thing.read)


def encode_multipart(boundary: str, data: dict[str, Any]) -> bytes:
    """*data* as a multipart message: files as uploads, lists as repeated values. TypeError for None."""
    lines: list[bytes] = []
    for key, value in data.items():
        if value is None:
            raise TypeError(
                f"Cannot encode None for key '{key}' as POST data: leave the key out, or pass an empty string."
            )
        if is_file(value):
            lines += encode_file(boundary, key, value)
        elif not isinstance(value, str) and isinstance(value, Iterable):
            for item in value:
                lines += encode_file(boundary, key, item) if is_file(item) else _encode_value(boundary, key, item)
        else:
            lines += _encode_value(boundary, key, value)
    return b"\r\n".join([*lines, _bytes(f"--{boundary}--"), b""])


def _bytes(text: Any) -> bytes:
    return bytes(force_bytes(text, settings.DEFAULT_CHARSET))


def _encode_value(boundary: str, key: str, value: Any) -> list[bytes]:
    head = [f"--{boundary}", f'Content-Disposition: form-data; name="{key}"', "", value]
    return [_bytes(line) for line in head]


def encode_file(boundary: str, key: str, file: Any) -> list[bytes]:
    """The lines of one uploaded file; its content type is its own, or guessed from its name."""
    name = getattr(file, "name", None)
    filename = os.path.basename(name) if isinstance(name, str) else ""
    content_type = getattr(file, "content_type", None)
    if content_type is None and filename:
        content_type = mimetypes.guess_type(filename)[0]
    return [
        _bytes(f"--{boundary}"),
        _bytes(f'Content-Disposition: form-data; name="{key}"; filename="{filename or key}"'),
        _bytes(f"Content-Type: {content_type or 'application/octet-stream'}"),
        b"",
        _bytes(file.read()),
    ]


async def closing_async_iterator(iterable: AsyncIterable[bytes], close: Any) -> AsyncIterator[bytes]:
    """The same for an asynchronous stream."""
    try:
        async for chunk in iterable:
            yield chunk
    finally:
        close()


def closing_iterator_wrapper(iterable: Iterable[bytes], close: Any) -> Iterator[bytes]:
    """Yield from a streaming response, and close it at the end."""
    try:
        yield from iterable
    finally:
        close()

"""Responses whose content is produced while it is sent: from sync or async iterators, or from files."""

from __future__ import annotations

import io
import mimetypes
import os
import warnings
from collections.abc import AsyncIterator, Iterator
from typing import Any

from nuages import bridge
from nuages.http.response import HttpResponseBase
from nuages.text.http import content_disposition_header

BLOCK_SIZE = 4096

#: Types for compressed files: a Content-Encoding would make browsers unpack what should be saved.
COMPRESSED = {
    "br": "application/x-brotli",
    "bzip2": "application/x-bzip",
    "compress": "application/x-compress",
    "gzip": "application/gzip",
    "xz": "application/x-xz",
}


class StreamingHttpResponse(HttpResponseBase):
    """A response made from an iterator, or an async iterator, of strings or bytes.

    Either kind works under every server: a sync iterator is advanced in the bridge on the loop, an async one on a private
    loop elsewhere.
    """

    streaming = True
    is_async = False

    def __init__(self, streaming_content: Any = (), *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.streaming_content = streaming_content

    def __repr__(self) -> str:
        return f"<{self.__class__.__qualname__} status_code={self.status_code}{self._content_type_for_repr}>"

    @property
    def content(self) -> bytes:
        """Refuse: the content is not there yet."""
        raise AttributeError(
            f"This {self.__class__.__name__} instance has no `content`: see `streaming_content`."
        )

    @property
    def text(self) -> str:
        """Refuse: the content is not there yet."""
        raise AttributeError(f"This {self.__class__.__name__} instance has no `text` attribute.")

    @property
    def streaming_content(self) -> Any:
        """The iterator of the content, as bytes; middleware may wrap and set it."""
        if self.is_async:
            source = self._iterator

            async def encoded() -> AsyncIterator[bytes]:
                async for part in source:
                    yield self.make_bytes(part)

            return encoded()
        return map(self.make_bytes, self._iterator)

    @streaming_content.setter
    def streaming_content(self, value: Any) -> None:
        self._set_streaming_content(value)

    def _set_streaming_content(self, value: Any) -> None:
        if hasattr(value, "__aiter__"):
            self._iterator: Any = value.__aiter__()
            self.is_async = True
        else:
            self._iterator = iter(value)
            self.is_async = False
        if hasattr(value, "close"):
            self._resource_closers.append(value.close)

    def __iter__(self) -> Iterator[bytes]:
        if not self.is_async:
            return iter(self.streaming_content)
        warnings.warn(
            f"{type(self).__name__}: an asynchronous iterator is read to its end before anything can be sent off the loop. "
            "Give a synchronous one.",
            Warning,
            stacklevel=2,
        )
        return iter(bridge.block(self._collect)())

    async def _collect(self) -> list[bytes]:
        return [chunk async for chunk in self.streaming_content]

    async def __aiter__(self) -> AsyncIterator[bytes]:
        if self.is_async:
            async for chunk in self.streaming_content:
                yield chunk
            return
        warnings.warn(
            f"{type(self).__name__}: a synchronous iterator is read to its end before anything can be sent on the loop. "
            "Give an asynchronous one.",
            Warning,
            stacklevel=2,
        )
        for chunk in await bridge.run(list, self.streaming_content):
            yield chunk

    def sent_chunks(self) -> AsyncIterator[bytes]:
        """Give the chunks one by one to a server on the loop; a sync iterator is advanced in the bridge."""
        if self.is_async:
            return self.streaming_content  # type: ignore[no-any-return]
        return bridge.iterate(self.streaming_content)

    def getvalue(self) -> bytes:
        """Consume the iterator and give the whole content."""
        return b"".join(self.streaming_content)


class FileResponse(StreamingHttpResponse):
    """A file, streamed in blocks, with the headers that fit it.

    :param as_attachment: let the browser save it.
    :param filename: a name for it, where that of the file does not do.
    """

    block_size = BLOCK_SIZE

    def __init__(self, *args: Any, as_attachment: bool = False, filename: str = "", **kwargs: Any) -> None:
        self.as_attachment = as_attachment
        self.filename = filename
        self._no_explicit_content_type = kwargs.get("content_type") is None
        self.file_to_stream: Any = None
        super().__init__(*args, **kwargs)

    def _set_streaming_content(self, value: Any) -> None:
        if not hasattr(value, "read"):
            self.file_to_stream = None
            super()._set_streaming_content(value)
            return
        self.file_to_stream = file = value
        if hasattr(file, "close"):
            self._resource_closers.append(file.close)
        self._iterator = iter(lambda: file.read(self.block_size), b"")
        self.is_async = False
        self.set_headers(file)

    def set_headers(self, open_file: Any) -> None:
        """Set Content-Length, Content-Type and Content-Disposition from ``open_file``."""
        path = getattr(open_file, "name", "")
        path = path if isinstance(path, str) else ""
        length = remaining(open_file, path)
        if length is not None:
            self.headers["Content-Length"] = str(length)
        name = os.path.basename(self.filename or path)
        if self._no_explicit_content_type:
            guessed, encoding = mimetypes.guess_type(name) if name else (None, None)
            if encoding:
                guessed = COMPRESSED.get(encoding, guessed)
            self.headers["Content-Type"] = guessed or "application/octet-stream"
        disposition = content_disposition_header(self.as_attachment, name)
        if disposition:
            self.headers["Content-Disposition"] = disposition


def remaining(file: Any, path: str) -> int | None:
    """Give the number of bytes from the present position of ``file`` to its end, or ``None`` where it is unknown."""
    seekable = hasattr(file, "seek") and (not hasattr(file, "seekable") or file.seekable())
    if hasattr(file, "tell"):
        if seekable:
            here = file.tell()
            file.seek(0, io.SEEK_END)
            end = file.tell()
            file.seek(here)
            return int(end - here)
        if hasattr(file, "getbuffer"):
            return int(file.getbuffer().nbytes - file.tell())
        if os.path.isfile(path):
            return os.path.getsize(path) - int(file.tell())
        return None
    if seekable:
        return by_reading(file)
    return None


def by_reading(file: Any) -> int:
    """Read to the end to learn the size, then go back: for objects that seek but cannot tell."""
    size = sum(iter(lambda: len(file.read(io.DEFAULT_BUFFER_SIZE)), 0))
    file.seek(-size, io.SEEK_END)
    return size

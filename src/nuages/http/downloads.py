"""Files as responses: streamed in blocks, with the headers that let browsers show or save them."""

from __future__ import annotations

import io
import mimetypes
import os
from typing import Any

from nuages.http.streaming import StreamingHttpResponse
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

"""``multipart/form-data`` (RFC 7578), read as a stream and handed to upload handlers.

Three steps: `Parts` cuts the stream at the boundary, `Parser` reads each part's headers, and `MultiPartParser` collects
fields and feeds files to the upload handlers. Memory stays bounded by one chunk, the limits hold for bytes received.
"""

from __future__ import annotations

import base64
import binascii
import html
import re
from collections.abc import Iterator
from typing import Any

from nuages.conf import settings
from nuages.exceptions import RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent
from nuages.http.errors import MultiPartParserError
from nuages.http.querydict import QueryDict
from nuages.http.uploads import SkipFile, StopFutureHandlers, StopUpload
from nuages.text.datastructures import MultiValueDict
from nuages.text.encoding import force_str
from nuages.text.http import parse_header_parameters

__all__ = ("InputStreamExhausted", "MultiPartParser", "MultiPartParserError")

RAW = "raw"
FILE = "file"
FIELD = "field"

MAX_TOTAL_HEADER_SIZE = 1024
MAX_PADDING = 1024  # blanks behind a delimiter: none are needed, and they must not fill the memory
MAX_NAMELESS_PARTS = 1000
BOUNDARY = re.compile(rb"[ -~]{0,200}[!-~]")


class InputStreamExhausted(Exception):
    """There is nothing more to read."""


class ChunkIter:
    """Iterates over what a stream holds, in pieces of at most ``chunk_size`` bytes."""

    def __init__(self, flo: Any, chunk_size: int = 64 * 2**10) -> None:
        self.flo = flo
        self.chunk_size = chunk_size

    def __iter__(self) -> ChunkIter:
        return self

    def __next__(self) -> bytes:
        try:
            piece: bytes = self.flo.read(self.chunk_size)
        except InputStreamExhausted:
            raise StopIteration from None
        if not piece:
            raise StopIteration
        return piece


class LazyStream:
    """A readable stream over an iterator of chunks; what was read too far can be put back with `unget`."""

    def __init__(self, producer: Iterator[bytes], length: int | None = None) -> None:
        self._producer = producer
        self._left = b""
        self._length = length
        self.position = 0

    def tell(self) -> int:
        """Give the number of bytes read so far."""
        return self.position

    def read(self, size: int | None = None) -> bytes:
        """Read ``size`` bytes, or all."""
        pieces, missing = [], size
        while missing is None or missing > 0:
            piece = next(self, b"")
            if not piece:
                break
            if missing is not None:
                if len(piece) > missing:
                    self.unget(piece[missing:])
                    piece = piece[:missing]
                missing -= len(piece)
            pieces.append(piece)
        return b"".join(pieces)

    def __next__(self) -> bytes:
        if self._left:
            piece, self._left = self._left, b""
        else:
            piece = next(self._producer)
        self.position += len(piece)
        return piece

    def __iter__(self) -> LazyStream:
        return self

    def unget(self, data: bytes) -> None:
        """Put ``data`` back in front."""
        if data:
            self.position -= len(data)
            self._left = data + self._left

    def close(self) -> None:
        """Drop what is left of this stream."""
        for _piece in self:
            pass


class Parts:
    """Cuts a body at its delimiter (RFC 2046, section 5.1.1). Iterate `chunks` once for each part."""

    def __init__(self, stream: Any, boundary: bytes, chunk_size: int) -> None:
        self._read = stream.read
        self._size = chunk_size
        self._delimiter = b"--" + boundary
        self._buffer = b""
        self._ended = False  # the input has no more bytes
        self.closed = False  # the closing delimiter was seen
        self.complete = False  # the part read last ended at a delimiter

    def _fill(self) -> bool:
        piece = b"" if self._ended else self._read(self._size)
        if not piece:
            self._ended = True
            return False
        self._buffer += piece if isinstance(piece, bytes) else piece.encode("latin-1")
        return True

    @property
    def exhausted(self) -> bool:
        """Tell if no part can follow."""
        return self.closed or (self._ended and not self._buffer)

    def chunks(self, preamble: bool = False) -> Iterator[bytes]:
        """Give the content up to the next delimiter; the line break before that belongs to the delimiter."""
        delimiter = self._delimiter
        keep = len(delimiter) + 3  # a delimiter, its line break and one byte more may still be incomplete
        self.complete = False
        while True:
            found = self._find(preamble)
            if found >= 0:
                content, rest = self._buffer[:found], self._buffer[found + len(delimiter) :]
                self._buffer = rest
                self.complete = True
                if content.endswith(b"\r\n"):
                    content = content[:-2]
                elif content.endswith(b"\n"):
                    content = content[:-1]
                if content:
                    yield content
                self._finish_delimiter()
                return
            if len(self._buffer) > keep:
                content, self._buffer = self._buffer[:-keep], self._buffer[-keep:]
                yield content
                preamble = False
            elif not self._fill():
                content, self._buffer = self._buffer, b""
                if content:
                    yield content
                return
            else:
                continue
            if not self._fill():
                self._ended = True

    def _find(self, at_start: bool) -> int:
        """Find a delimiter that stands at the start of a line."""
        buffer, start = self._buffer, 0
        while (found := buffer.find(self._delimiter, start)) >= 0:
            if (found == 0 and at_start) or buffer[found - 1 : found] == b"\n":
                return found
            start = found + 1
        return -1

    def _finish_delimiter(self) -> None:
        """Consume what follows the delimiter: ``--`` for the last one, else blanks and a line break."""
        while len(self._buffer) < 2 and self._fill():
            pass
        if self._buffer.startswith(b"--"):
            self.closed = True
            return
        while b"\n" not in self._buffer and len(self._buffer) < MAX_PADDING and self._fill():
            pass
        blank, newline, rest = self._buffer.partition(b"\n")
        if newline and not blank.strip():
            self._buffer = rest


class Parser:
    """Iterates over the parts as ``(kind, headers, stream)``; kind is `FIELD`, `FILE` or `RAW`."""

    def __init__(self, stream: Any, boundary: bytes, chunk_size: int = 64 * 2**10) -> None:
        self.parts: Parts = Parts(stream, boundary, chunk_size)

    def __iter__(self) -> Iterator[tuple[str, dict[str, Any], LazyStream]]:
        parts = self.parts
        for _piece in parts.chunks(preamble=True):
            pass
        while not parts.exhausted:
            stream = LazyStream(parts.chunks(preamble=True))
            kind, headers = read_headers(stream)
            yield kind, headers, stream
            stream.close()


def read_headers(stream: LazyStream) -> tuple[str, dict[str, tuple[str, dict[str, str]]]]:
    """Read the headers of a part and say what kind of part it is.

    :raises MultiPartParserError: they are larger than `MAX_TOTAL_HEADER_SIZE`.
    """
    head = stream.read(MAX_TOTAL_HEADER_SIZE)
    block, blank_line, rest = head.partition(b"\r\n\r\n")
    if not blank_line:
        if head.startswith(b"\r\n"):
            block, rest = b"", head[2:]
        elif len(head) >= MAX_TOTAL_HEADER_SIZE:
            raise MultiPartParserError("Request max total header size exceeded.")
    stream.unget(rest)
    headers: dict[str, tuple[str, dict[str, str]]] = {}
    kind = RAW
    for line in block.split(b"\r\n"):
        name, colon, value = line.decode("utf-8", "replace").partition(":")
        if not colon:
            continue
        name = name.strip().lower()
        try:
            content, parameters = parse_header_parameters(value.strip())
        except (ValueError, LookupError):  # an unknown charset in an extended parameter: the part cannot be named
            continue
        if name == "content-disposition" and "name" in parameters:
            kind = FILE if parameters.get("filename") is not None else FIELD
        headers[name] = content, parameters
    return kind, headers


def exhaust(stream: Any, size: int = 64 * 2**10) -> None:
    """Read a stream to its end."""
    while stream.read(size):
        pass


class MultiPartParser:
    """Parses a body.

    :param META: the request's META; ``CONTENT_TYPE`` and ``CONTENT_LENGTH`` are used.
    :param input_data: the body, something with ``read``.
    :param upload_handlers: the handlers that files go through.
    :raises MultiPartParserError: the headers cannot be used.
    """

    boundary_re = BOUNDARY

    def __init__(self, META: Any, input_data: Any, upload_handlers: list[Any], encoding: str | None = None) -> None:
        content_type = META.get("CONTENT_TYPE", "")
        if not content_type.startswith("multipart/"):
            raise MultiPartParserError(f"Invalid Content-Type: {content_type}")
        try:
            content_type.encode("ascii")
        except UnicodeEncodeError:
            shown = force_str(content_type)
            raise MultiPartParserError(f"Invalid non-ASCII Content-Type in multipart: {shown}")
        _main, parameters = parse_header_parameters(content_type)
        boundary = parameters.get("boundary")
        if not boundary or not boundary.isascii() or not self.boundary_re.fullmatch(boundary.encode()):
            raise MultiPartParserError(f"Invalid boundary in multipart: {force_str(boundary)}")
        self._boundary = boundary.encode("ascii")
        self._length_known = META.get("CONTENT_LENGTH") not in (None, "")
        try:
            self._content_length = int(META.get("CONTENT_LENGTH", 0))
        except (ValueError, TypeError):
            self._content_length = 0
        if self._content_length < 0:
            raise MultiPartParserError(f"Invalid content length: {self._content_length!r}")
        self._meta = META
        self._encoding = encoding or settings.DEFAULT_CHARSET
        self._input_data = input_data
        self._upload_handlers = upload_handlers
        self._chunk_size = min([2**31 - 4, *(handler.chunk_size for handler in upload_handlers if handler.chunk_size)])

    def parse(self) -> tuple[Any, Any]:
        """Parse the body and give ``(POST, FILES)``.

        :raises MultiPartParserError, RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent: bad or too much input.
        """
        try:
            return self._parse()
        except Exception:
            self._interrupted()
            raise

    def _interrupted(self) -> None:
        for handler in self._upload_handlers:
            handler.upload_interrupted()

    def _parse(self) -> tuple[Any, Any]:
        self._post: Any = QueryDict(mutable=True)
        self._files: Any = MultiValueDict()
        if self._length_known and self._content_length == 0:
            return self._post, self._files
        for handler in self._upload_handlers:
            result = handler.handle_raw_input(
                self._input_data, self._meta, self._content_length, self._boundary, self._encoding
            )
            if result is not None:
                return result[0], result[1]
        self._bytes_read = self._field_count = self._file_count = self._nameless_count = 0
        self._stopped = False
        parser = Parser(self._input_data, self._boundary, self._chunk_size)
        try:
            self._read_parts(parser)
        except StopUpload as stop:
            self._stopped = True
            self._interrupted()
            if not stop.connection_reset:
                exhaust(self._input_data)
        else:
            if not self._stopped and not parser.parts.closed:
                self._interrupted()
            exhaust(self._input_data)
        if not self._stopped:
            for handler in self._upload_handlers:
                handler.upload_complete()
        self._post._mutable = False
        return self._post, self._files

    def _read_parts(self, parser: Parser) -> None:
        for kind, headers, stream in parser:
            if kind == RAW:
                self._count_nameless()
                continue
            disposition = headers["content-disposition"][1]
            name = force_str(disposition["name"].strip(), self._encoding, errors="replace")
            encoding = headers.get("content-transfer-encoding", ("", {}))[0].strip().lower()
            if kind == FIELD:
                self._read_field(name, encoding, stream)
            else:
                self._count_file()
                self._read_file(name, encoding, headers, stream, parser.parts)

    def _read_field(self, name: str, encoding: str, stream: LazyStream) -> None:
        self._field_count += 1
        most = settings.DATA_UPLOAD_MAX_NUMBER_FIELDS
        if most is not None and self._field_count > most:
            raise TooManyFieldsSent(
                "The number of GET/POST parameters exceeded settings.DATA_UPLOAD_MAX_NUMBER_FIELDS."
            )
        limit = settings.DATA_UPLOAD_MAX_MEMORY_SIZE
        if limit is None:
            data = stream.read()
        else:
            self._bytes_read += len(name) + 2
            data = stream.read(max(limit - self._bytes_read + 1, 0))
            self._bytes_read += len(data)
            if self._bytes_read > limit:
                raise RequestDataTooBig("Request body exceeded settings.DATA_UPLOAD_MAX_MEMORY_SIZE.")
        if encoding == "base64":
            try:
                data = base64.b64decode(data)
            except binascii.Error:
                pass  # some clients announce what they do not do: the text is taken as it stands
        self._post.appendlist(name, force_str(data, self._encoding, errors="replace"))

    def _count_nameless(self) -> None:
        # They are dropped, but reading them costs time, and no limit of fields or files counts them.
        self._nameless_count += 1
        if self._nameless_count > MAX_NAMELESS_PARTS:
            raise MultiPartParserError(f"The body has more than {MAX_NAMELESS_PARTS} parts without a name.")

    def _count_file(self) -> None:
        self._file_count += 1
        most = settings.DATA_UPLOAD_MAX_NUMBER_FILES
        if most is not None and self._file_count > most:
            raise TooManyFilesSent("The number of files exceeded settings.DATA_UPLOAD_MAX_NUMBER_FILES.")

    def _read_file(self, name: str, encoding: str, headers: dict[str, Any], stream: LazyStream, parts: Parts) -> None:
        raw_name = headers["content-disposition"][1].get("filename")
        file_name = self.sanitize_file_name(force_str(raw_name, self._encoding, errors="replace")) if raw_name else None
        if not file_name:
            return
        content_type, extra = headers.get("content-type", ("", {}))
        content_type = content_type.strip()
        charset = extra.get("charset")
        extra = {key: value.encode("latin-1", "replace") for key, value in extra.items()}  # as documented: bytes
        try:
            length = int(headers["content-length"][0])
        except (KeyError, TypeError, ValueError):
            length = None
        counters = [0] * len(self._upload_handlers)
        chunks = decode_base64(stream) if encoding == "base64" else stream
        try:
            self._open_file(name, file_name, content_type, length, charset, extra)
            for chunk in chunks:
                for start in range(0, len(chunk), self._chunk_size):
                    self._feed(chunk[start : start + self._chunk_size], counters)
        except SkipFile:
            stream.close()
            return
        if parts.complete:
            self.handle_file_complete(name, counters)

    def _open_file(self, name: str, file_name: str, *details: Any) -> None:
        try:
            for handler in self._upload_handlers:
                handler.new_file(name, file_name, *details)
        except StopFutureHandlers:
            pass

    def _feed(self, chunk: bytes | None, counters: list[int]) -> None:
        for index, handler in enumerate(self._upload_handlers):
            assert chunk is not None
            size = len(chunk)
            chunk = handler.receive_data_chunk(chunk, counters[index])
            counters[index] += size
            if chunk is None:
                return

    def handle_file_complete(self, name: str, counters: list[int]) -> None:
        """Take the finished file from the first handler that has it."""
        for index, handler in enumerate(self._upload_handlers):
            file = handler.file_complete(counters[index])
            if file:
                self._files.appendlist(force_str(name, self._encoding, errors="replace"), file)
                return

    def sanitize_file_name(self, file_name: str) -> str | None:
        """Take folders, entities and unprintable characters off a file's name; ``None`` if nothing is left."""
        name = html.unescape(file_name)
        name = re.split(r"[/\\]", name)[-1]
        name = "".join(character for character in name if character.isprintable()).strip()
        return None if name in {"", ".", ".."} else name

    IE_sanitize = sanitize_file_name


def decode_base64(stream: Iterator[bytes]) -> Iterator[bytes]:
    """Decode chunks of base64 text; what does not fill four characters waits for the next chunk."""
    carried = b""
    for chunk in stream:
        text = carried + b"".join(chunk.split())
        usable = len(text) // 4 * 4
        text, carried = text[:usable], text[usable:]
        if text:
            yield decoded(text)
    if carried:
        yield decoded(carried)


def decoded(text: bytes) -> bytes:
    """Decode base64.

    :raises MultiPartParserError: it is not base64.
    """
    try:
        return base64.b64decode(text, validate=True)
    except binascii.Error as error:
        raise MultiPartParserError("Could not decode base64 data.") from error


"""Files as the framework passes them around: a wrapper of Python's own file objects, and files made of text or bytes."""

from __future__ import annotations

import operator
import os
from collections.abc import Iterator
from io import BytesIO, StringIO, UnsupportedOperation
from types import TracebackType
from typing import Any, Self

from nuages.text.lazy import cached_property


def _forwarded(name: str) -> Any:
    """What the wrapped file has of this name; a property, so that ``super()`` finds it, too."""
    return property(operator.attrgetter(f"file.{name}"), doc=f"``{name}`` of the file.")


class FileProxyMixin:
    """Hands the methods of files on to ``self.file``."""

    file: Any

    encoding = _forwarded("encoding")
    fileno = _forwarded("fileno")
    flush = _forwarded("flush")
    isatty = _forwarded("isatty")
    newlines = _forwarded("newlines")
    read = _forwarded("read")
    readinto = _forwarded("readinto")
    readline = _forwarded("readline")
    readlines = _forwarded("readlines")
    seek = _forwarded("seek")
    tell = _forwarded("tell")
    truncate = _forwarded("truncate")
    write = _forwarded("write")
    writelines = _forwarded("writelines")

    @property
    def closed(self) -> bool:
        """Whether the file is closed."""
        return not self.file or self.file.closed

    def _able(self, question: str, modes: str) -> bool:
        if self.closed:
            return False
        if hasattr(self.file, question):
            return bool(getattr(self.file, question)())
        return any(mode in getattr(self.file, "mode", "") for mode in modes)

    def readable(self) -> bool:
        """Whether the file is open for reading."""
        return self._able("readable", "r+")

    def writable(self) -> bool:
        """Whether the file is open for writing."""
        return self._able("writable", "wax+")

    def seekable(self) -> bool:
        """Whether the file is open, and its position can be changed."""
        return self._able("seekable", "") if hasattr(self.file, "seekable") else not self.closed

    def __iter__(self) -> Iterator[Any]:
        return iter(self.file)


class File(FileProxyMixin):
    """A Python file object with a name, a size and chunks (documented in "File objects")."""

    DEFAULT_CHUNK_SIZE = 64 * 2**10

    def __init__(self, file: Any, name: str | None = None) -> None:
        self.file: Any = file
        self.name: Any = getattr(file, "name", None) if name is None else name
        if hasattr(file, "mode"):
            self.mode = file.mode

    def __str__(self) -> str:
        return self.name or ""

    def __repr__(self) -> str:
        return f"<{type(self).__name__}: {self.name or 'None'}>"

    def __bool__(self) -> bool:
        return True  # whatever its length: an empty file is a file

    def __len__(self) -> int:
        return int(self.size)

    @cached_property
    def size(self) -> Any:
        """Bytes of the file. Raises AttributeError if they cannot be found out."""
        if hasattr(self.file, "size"):
            return self.file.size
        if isinstance(name := getattr(self.file, "name", None), str | os.PathLike):
            try:
                return os.path.getsize(name)
            except (OSError, TypeError):
                pass
        if not (hasattr(self.file, "tell") and hasattr(self.file, "seek")):
            raise AttributeError("Unable to determine the file's size.")
        position = self.file.tell()
        self.file.seek(0, os.SEEK_END)
        size = self.file.tell()
        self.file.seek(position)
        return size

    def chunks(self, chunk_size: int | None = None) -> Iterator[Any]:
        """Yield the file from its start in pieces of ``chunk_size`` bytes (64 KiB)."""
        try:
            self.seek(0)
        except (AttributeError, UnsupportedOperation):
            pass
        while data := self.read(chunk_size or self.DEFAULT_CHUNK_SIZE):
            yield data

    def multiple_chunks(self, chunk_size: int | None = None) -> bool:
        """Tell whether there is more than one piece."""
        return bool(self.size > (chunk_size or self.DEFAULT_CHUNK_SIZE))

    def __iter__(self) -> Iterator[Any]:
        # Lines, whatever the pieces: a line, or a "\r\n", may fall on the border of two.
        rest: Any = None
        for chunk in self.chunks():
            for line in chunk.splitlines(True):
                if rest is not None:
                    if endswith_cr(rest) and not equals_lf(line):
                        yield rest
                    else:
                        line = rest + line
                    rest = None
                if endswith_lf(line):
                    yield line
                else:
                    rest = line
        if rest is not None:
            yield rest

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None) -> None:
        self.close()

    def open(self, mode: str | None = None, *args: Any, **kwargs: Any) -> Self:
        """Go to the start, or open the file anew if it is closed. Raises ValueError if that is impossible."""
        if not self.closed:
            self.seek(0)
        elif self.name and os.path.exists(self.name):
            self.file = open(self.name, mode or self.mode, *args, **kwargs)
        else:
            raise ValueError("The file cannot be reopened.")
        return self

    def close(self) -> None:
        """Close the file."""
        self.file.close()


class ContentFile(File):
    """A file made of text or bytes that are in memory."""

    def __init__(self, content: str | bytes, name: str | None = None) -> None:
        super().__init__(StringIO(content) if isinstance(content, str) else BytesIO(content), name=name)
        self.size = len(content)

    def __bool__(self) -> bool:
        return True

    def __str__(self) -> str:
        return "Raw content"

    def open(self, mode: str | None = None, *args: Any, **kwargs: Any) -> Self:
        """Go to the start."""
        self.seek(0)
        return self

    def close(self) -> None:
        """Do nothing: the content stays."""

    def write(self, data: Any) -> Any:
        """Write, and count the size anew."""
        self.__dict__.pop("size", None)
        return self.file.write(data)


def endswith_cr(line: str | bytes) -> bool:
    """Tell whether a line ends with a carriage return."""
    return line.endswith("\r" if isinstance(line, str) else b"\r")  # type: ignore[arg-type]


def endswith_lf(line: str | bytes) -> bool:
    """Tell whether a line ends with a line feed."""
    return line.endswith("\n" if isinstance(line, str) else b"\n")  # type: ignore[arg-type]


def equals_lf(line: str | bytes) -> bool:
    """Tell whether a line is nothing but a line feed."""
    return line in ("\n", b"\n")

"""Upload handlers: what happens to the bytes of a file while they arrive."""

from __future__ import annotations

import os
from io import BytesIO
from typing import Any

from nuages.conf import names, settings
from nuages.http.uploadedfiles import (
    InMemoryUploadedFile,
    SimpleUploadedFile,
    TemporaryUploadedFile,
    UploadedFile,
)

__all__ = (
    "FileUploadHandler",
    "InMemoryUploadedFile",
    "MemoryFileUploadHandler",
    "SimpleUploadedFile",
    "SkipFile",
    "StopFutureHandlers",
    "StopUpload",
    "TemporaryFileUploadHandler",
    "TemporaryUploadedFile",
    "UploadFileException",
    "UploadedFile",
    "load_handler",
)


class UploadFileException(Exception):
    """What upload handlers may raise."""


class StopUpload(UploadFileException):
    """Stop the upload; ``connection_reset=True`` leaves the rest unread, so that the client's connection breaks."""

    def __init__(self, connection_reset: bool = False) -> None:
        self.connection_reset = connection_reset

    def __str__(self) -> str:
        return "StopUpload: Halt current upload." if self.connection_reset else (
            "StopUpload: Consume request data, then halt."
        )


class SkipFile(UploadFileException):
    """Leave out the present file."""


class StopFutureHandlers(UploadFileException):
    """Keep the handlers behind this one from seeing the present file."""


class FileUploadHandler:
    """The protocol of upload handlers. Subclasses define `receive_data_chunk` and `file_complete`."""

    chunk_size = 64 * 2**10

    def __init__(self, request: Any = None) -> None:
        self.file_name: str | None = None
        self.content_type: str | None = None
        self.content_length: int | None = None
        self.charset: str | None = None
        self.content_type_extra: dict[str, Any] | None = None
        self.request = request

    def handle_raw_input(
        self, input_data: Any, META: Any, content_length: int, boundary: Any, encoding: str | None = None
    ) -> tuple[Any, Any] | None:
        """Take over the parsing of the whole body by returning ``(POST, FILES)``; ``None`` leaves it to the parser."""
        return None

    def new_file(
        self,
        field_name: str,
        file_name: str,
        content_type: str | None,
        content_length: int | None,
        charset: str | None = None,
        content_type_extra: dict[str, Any] | None = None,
    ) -> None:
        """Note that a new file begins."""
        self.field_name, self.file_name = field_name, file_name
        self.content_type, self.content_type_extra = content_type, content_type_extra
        self.content_length, self.charset = content_length, charset

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes | None:
        """Take the bytes from position ``start``; what is returned goes to the next handler."""
        raise NotImplementedError("subclasses of FileUploadHandler must provide a receive_data_chunk() method")

    def file_complete(self, file_size: int) -> UploadedFile | None:
        """Return the file when all of it has arrived, or ``None`` to leave that to another handler."""
        raise NotImplementedError("subclasses of FileUploadHandler must provide a file_complete() method")

    def upload_complete(self) -> None:
        """Note that the whole upload is over."""

    def upload_interrupted(self) -> None:
        """Note that the upload broke off; clean up."""


class TemporaryFileUploadHandler(FileUploadHandler):
    """Write a file to disk as it arrives."""

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        """Open the temporary file."""
        super().new_file(*args, **kwargs)
        self.file: TemporaryUploadedFile = TemporaryUploadedFile(
            self.file_name or "", self.content_type, 0, self.charset, self.content_type_extra
        )

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        """Write the bytes."""
        self.file.write(raw_data)

    def file_complete(self, file_size: int) -> UploadedFile | None:
        """Give the file, at its start."""
        self.file.seek(0)
        self.file.size = file_size
        return self.file

    def upload_interrupted(self) -> None:
        """Remove the temporary file."""
        if hasattr(self, "file"):
            path = self.file.temporary_file_path()
            try:
                self.file.close()
                os.remove(path)
            except FileNotFoundError:
                pass


class MemoryFileUploadHandler(FileUploadHandler):
    """Keep the files of a small upload in memory (up to ``FILE_UPLOAD_MAX_MEMORY_SIZE`` bytes in all)."""

    activated = False

    def handle_raw_input(
        self, input_data: Any, META: Any, content_length: int, boundary: Any, encoding: str | None = None
    ) -> None:
        """Decide by the real size of the body where it is known, else by the declared one."""
        self.activated = body_size(input_data, content_length) <= settings.FILE_UPLOAD_MAX_MEMORY_SIZE

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        """Start a file in memory, which no other handler needs to see."""
        super().new_file(*args, **kwargs)
        if self.activated:
            self.file: BytesIO = BytesIO()
            raise StopFutureHandlers

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes | None:
        """Keep the bytes, or pass them on."""
        if not self.activated:
            return raw_data
        self.file.write(raw_data)
        return None

    def file_complete(self, file_size: int) -> UploadedFile | None:
        """Give the file, if it was kept here."""
        if not self.activated:
            return None
        self.file.seek(0)
        return InMemoryUploadedFile(
            self.file,
            self.field_name,
            self.file_name,
            self.content_type,
            file_size,
            self.charset,
            self.content_type_extra,
        )


def body_size(input_data: Any, declared: int) -> int:
    """Give the number of bytes of a body: a seekable stream knows it, whatever the header claims."""
    stream = getattr(input_data, "_stream", input_data)
    if getattr(stream, "seekable", None) is None or not stream.seekable():
        return declared
    here = stream.tell()
    stream.seek(0, os.SEEK_END)
    size = stream.tell() - here
    stream.seek(here)
    return int(size)


def load_handler(path: str, *args: Any, **kwargs: Any) -> FileUploadHandler:
    """Make the upload handler with the dotted path ``path``."""
    return names.import_string(path)(*args, **kwargs)  # type: ignore[no-any-return]

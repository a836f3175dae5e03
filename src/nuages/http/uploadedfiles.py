"""Uploaded files: in memory, in a temporary file, or made by hand in tests."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from io import BytesIO
from typing import IO, Any, Self

from nuages.conf import settings
from nuages.http.filenames import truncate_name, validate_file_name
from nuages.http.fileobjects import File

__all__ = ("InMemoryUploadedFile", "SimpleUploadedFile", "TemporaryUploadedFile", "UploadedFile")


EXTENSION_LENGTH = 50
"""What a temporary file keeps of the client's extension: its name must stay one that the file system takes."""


class UploadedFile(File):
    """A file that a client sent, with what the client said of it (never to be trusted)."""

    def __init__(
        self,
        file: IO[Any] | None = None,
        name: str | None = None,
        content_type: str | None = None,
        size: int | None = None,
        charset: str | None = None,
        content_type_extra: dict[str, Any] | None = None,
    ) -> None:
        super().__init__(file, name)
        self.size = size
        self.content_type = content_type
        self.charset = charset
        self.content_type_extra = content_type_extra

    def __repr__(self) -> str:
        return f"<{self.__class__.__name__}: {self.name} ({self.content_type})>"

    def __bool__(self) -> bool:
        return bool(self.name)

    @property
    def name(self) -> str | None:
        """The base name, at most 255 characters; setting it drops any folders.

        :raises nuages.exceptions.SuspiciousFileOperation: nothing usable is left.
        """
        return self._name

    @name.setter
    def name(self, name: str | None) -> None:
        if name is not None:
            name = validate_file_name(truncate_name(os.path.basename(name)))
        self._name = name


class TemporaryUploadedFile(UploadedFile):
    """An uploaded file that is kept in ``FILE_UPLOAD_TEMP_DIR`` until it is closed."""

    def __init__(
        self,
        name: str,
        content_type: str | None,
        size: int | None,
        charset: str | None,
        content_type_extra: dict[str, Any] | None = None,
    ) -> None:
        extension = os.path.splitext(name)[1][:EXTENSION_LENGTH]
        file = tempfile.NamedTemporaryFile(suffix=f".upload{extension}", dir=settings.FILE_UPLOAD_TEMP_DIR)
        super().__init__(file, name, content_type, size, charset, content_type_extra)  # type: ignore[arg-type]

    def temporary_file_path(self) -> str:
        """Give the full path of the temporary file."""
        return str(self.file.name)

    def close(self) -> None:
        """Close and remove the file; one that was moved elsewhere in the meantime is no error."""
        try:
            self.file.close()
        except FileNotFoundError:
            pass


class InMemoryUploadedFile(UploadedFile):
    """An uploaded file that is held in memory."""

    def __init__(
        self,
        file: IO[Any],
        field_name: str | None,
        name: str | None,
        content_type: str | None,
        size: int | None,
        charset: str | None,
        content_type_extra: dict[str, Any] | None = None,
    ) -> None:
        super().__init__(file, name, content_type, size, charset, content_type_extra)
        self.field_name = field_name

    def open(self, mode: str | None = None) -> Self:
        """Go back to the start."""
        self.file.seek(0)
        return self

    def chunks(self, chunk_size: int | None = None) -> Iterator[Any]:
        """Give the whole content as one chunk: it is in memory anyway."""
        self.file.seek(0)
        yield self.read()

    def multiple_chunks(self, chunk_size: int | None = None) -> bool:
        """Always false: it is in memory."""
        return False


class SimpleUploadedFile(InMemoryUploadedFile):
    """An uploaded file made from bytes."""

    def __init__(self, name: str, content: bytes | None, content_type: str | None = "text/plain") -> None:
        content = content or b""
        super().__init__(BytesIO(content), None, name, content_type, len(content), None, None)

    @classmethod
    def from_dict(cls, file_dict: dict[str, Any]) -> Self:
        """Make one from a dict with ``filename``, ``content`` and maybe ``content-type``."""
        return cls(file_dict["filename"], file_dict["content"], file_dict.get("content-type", "text/plain"))

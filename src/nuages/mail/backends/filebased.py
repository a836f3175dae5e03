"""Writing messages to files instead of sending them."""

from __future__ import annotations

import datetime
import os
from typing import Any

from nuages.conf import settings
from nuages.exceptions import ImproperlyConfigured
from nuages.mail.backends.console import EmailBackend as ConsoleEmailBackend
from nuages.mail.errors import InvalidMailer


class EmailBackend(ConsoleEmailBackend):
    """Writes a file per session into the folder ``file_path`` (outside MAILERS: EMAIL_FILE_PATH)."""

    def __init__(self, *args: Any, file_path: Any = None, alias: str | None = None, **kwargs: Any) -> None:
        self._fname: str | None = None
        kwargs.pop("stream", None)
        super().__init__(*args, alias=alias, **kwargs)
        self.stream = None
        if file_path is None and alias is not None:
            raise InvalidMailer("OPTIONS must define 'file_path'.", alias=alias)
        self.file_path = os.path.abspath(file_path if file_path is not None else getattr(settings, "EMAIL_FILE_PATH", ""))
        self._prepare_folder()

    def _prepare_folder(self) -> None:
        try:
            os.makedirs(self.file_path, exist_ok=True)
        except FileExistsError:
            raise self._problem(f"'file_path' is not a directory: {self.file_path}") from None
        except OSError as error:
            raise self._problem(f"Could not create 'file_path': {self.file_path} ({error})") from error
        if not os.access(self.file_path, os.W_OK):
            raise self._problem(f"'file_path' is not writable: {self.file_path}")

    def _problem(self, text: str) -> Exception:
        return InvalidMailer(text, alias=self.alias) if self.alias is not None else ImproperlyConfigured(text)

    def write_message(self, message: Any) -> None:
        """Write one message and a line of hyphens."""
        stream: Any = self.stream
        stream.write(message.message().as_bytes() + b"\n")
        stream.write(b"-" * 79 + b"\n")

    def _get_filename(self) -> str:
        if self._fname is None:
            moment = datetime.datetime.now().strftime("%Y%m%d-%H%M%S")
            self._fname = os.path.join(self.file_path, f"{moment}-{abs(id(self))}.log")
        return self._fname

    def open(self) -> bool:
        """Open the file; tell whether it was closed."""
        if self.stream is None:
            self.stream = open(self._get_filename(), "ab")
            return True
        return False

    def close(self) -> None:
        """Close the file."""
        if self.stream is not None:
            self.stream.close()
        self.stream = None

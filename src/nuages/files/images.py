"""Images: files with a width and a height (needs Pillow)."""

from __future__ import annotations

import struct
import zlib
from importlib import import_module
from typing import Any

from nuages.http.fileobjects import File
from nuages.text.lazy import cached_property

_CHUNK = 1024


class ImageFile(File):
    """A file with the dimensions of the image in it, in pixels; None for what is no image."""

    @property
    def width(self) -> int | None:
        """The width."""
        return self._dimensions[0]

    @property
    def height(self) -> int | None:
        """The height."""
        return self._dimensions[1]

    @cached_property
    def _dimensions(self) -> tuple[int | None, int | None]:
        was_closed = self.closed
        self.open()
        return get_image_dimensions(self, close=was_closed)


def get_image_dimensions(file_or_path: Any, close: bool = False) -> tuple[int | None, int | None]:
    """Return ``(width, height)`` of an open file or a path, reading no more of it than that needs; ``(None, None)`` if unknown.

    The position of an open file is put back, unless ``close`` asks for closing it.
    """
    parser = import_module("PIL.ImageFile").Parser()
    opened = not hasattr(file_or_path, "read")
    try:
        file = open(file_or_path, "rb") if opened else file_or_path
    except OSError:
        return None, None
    position = 0 if opened else file.tell()
    file.seek(0)
    try:
        return _measure(file, parser)
    finally:
        if opened or close:
            file.close()
        else:
            file.seek(position)


def _measure(file: Any, parser: Any) -> tuple[int | None, int | None]:
    size = _CHUNK
    while data := file.read(size):
        try:
            parser.feed(data)
        except zlib.error as error:
            # Pillow stumbles over a compressed stream of which it has only the start; more data helps.
            if not error.args[0].startswith("Error -5"):
                raise
        except (struct.error, RuntimeError):
            pass
        if parser.image:
            width, height = parser.image.size
            return width, height
        size *= 2
    return None, None

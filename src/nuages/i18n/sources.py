"""Sources of catalogs: ``.po`` files, compiled in memory."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po


def packed(source: Path, locale: str) -> BytesIO:
    """Return the content of the ``.mo`` file that ``source`` makes."""
    with source.open("rb") as file:
        catalog = read_po(file, locale=locale)
    compiled = BytesIO()
    write_mo(compiled, catalog)
    compiled.seek(0)
    return compiled

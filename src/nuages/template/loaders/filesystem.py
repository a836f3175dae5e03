"""Templates from directories."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from nuages.exceptions import SuspiciousFileOperation
from nuages.template.errors import TemplateDoesNotExist
from nuages.template.loaders.loader import Loader as TemplateLoader
from nuages.template.template import Origin
from nuages.text.paths import safe_join

if TYPE_CHECKING:
    from nuages.template.engine import Engine

__all__ = ["Loader"]


class Loader(TemplateLoader):
    """Loads from ``dirs``, or from the engine's ``dirs``."""

    def __init__(self, engine: Engine, dirs: Any = None) -> None:
        super().__init__(engine)
        self.dirs = dirs

    def get_dirs(self) -> Any:
        """Return the directories to search, in order."""
        return self.engine.dirs if self.dirs is None else self.dirs

    def get_contents(self, origin: Any) -> str:
        """Read the file. Raises TemplateDoesNotExist."""
        try:
            with open(origin.name, encoding=self.engine.file_charset) as file:
                return file.read()
        except FileNotFoundError:
            raise TemplateDoesNotExist(origin)

    def get_template_sources(self, template_name: str) -> Iterator[Origin]:
        """Yield the path in each directory; a name that leads out of a directory is not looked for there."""
        for directory in self.get_dirs():
            try:
                path = safe_join(directory, template_name)
            except SuspiciousFileOperation:
                continue
            yield Origin(name=path, template_name=template_name, loader=self)

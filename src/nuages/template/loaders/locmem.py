"""Templates from a dictionary, for tests and tools."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from nuages.template.errors import TemplateDoesNotExist
from nuages.template.loaders.loader import Loader as TemplateLoader
from nuages.template.template import Origin

if TYPE_CHECKING:
    from nuages.template.engine import Engine

__all__ = ["Loader"]


class Loader(TemplateLoader):
    """Loads from ``templates_dict``: name → text."""

    def __init__(self, engine: Engine, templates_dict: Mapping[str, str]) -> None:
        super().__init__(engine)
        self.templates_dict = templates_dict

    def get_contents(self, origin: Any) -> str:
        """Return the text. Raises TemplateDoesNotExist."""
        try:
            return self.templates_dict[origin.name]
        except KeyError:
            raise TemplateDoesNotExist(origin)

    def get_template_sources(self, template_name: str) -> Iterator[Origin]:
        """Yield the name itself."""
        yield Origin(name=template_name, template_name=template_name, loader=self)

"""What every loader does; a custom one gives ``get_template_sources`` and ``get_contents`` (ref/templates/api, "Custom loaders")."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from nuages.template.errors import TemplateDoesNotExist
from nuages.template.template import Origin, Template

if TYPE_CHECKING:
    from nuages.template.engine import Engine

__all__ = ["Loader"]


class Loader:
    """The base class of template loaders."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine

    def get_template(self, template_name: str, skip: list[Origin] | None = None) -> Template:
        """Return the template from the first source that has it and is not in ``skip``. Raises TemplateDoesNotExist."""
        tried: list[tuple[Origin, str]] = []
        for origin in self.get_template_sources(template_name):
            if origin in (skip or ()):
                reason = "Skipped to avoid recursion"
            else:
                try:
                    return Template(self.get_contents(origin), origin, origin.template_name, self.engine)
                except TemplateDoesNotExist:
                    reason = "Source does not exist"
            tried.append((origin, reason))
        raise TemplateDoesNotExist(template_name, tried=tried)

    def get_template_sources(self, template_name: str) -> Iterable[Origin]:
        """Yield an ``Origin`` for each place where the template may be."""
        raise NotImplementedError("subclasses of Loader must provide a get_template_sources() method")

    def get_contents(self, origin: Any) -> str:
        """Return the text at ``origin``. Raises TemplateDoesNotExist."""
        raise NotImplementedError("subclasses of Loader must provide a get_contents() method")

    def reset(self) -> None:
        """Forget what was loaded; a loader with a cache overrides it."""

"""A loader that keeps what other loaders found, compiled."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from nuages.template.errors import TemplateDoesNotExist
from nuages.template.loaders.loader import Loader as TemplateLoader
from nuages.template.template import Origin, Template

if TYPE_CHECKING:
    from nuages.template.engine import Engine

__all__ = ["Loader"]


class Loader(TemplateLoader):
    """Asks ``loaders`` once for each name, and remembers templates and failures until ``reset``."""

    def __init__(self, engine: Engine, loaders: Any) -> None:
        super().__init__(engine)
        self.get_template_cache: dict[str, Any] = {}
        self.loaders = engine.get_template_loaders(loaders)

    def get_dirs(self) -> Iterator[Any]:
        """Yield the directories of the loaders that have any."""
        for loader in self.loaders:
            if hasattr(loader, "get_dirs"):
                yield from loader.get_dirs()

    def get_contents(self, origin: Any) -> str:
        """Return the text at ``origin``, as its own loader reads it."""
        return str(origin.loader.get_contents(origin))

    def get_template(self, template_name: str, skip: list[Origin] | None = None) -> Template:
        """Return the template, compiled at most once. Raises TemplateDoesNotExist, a fresh exception each time."""
        key = self.cache_key(template_name, skip)
        cached: Any = self.get_template_cache.get(key)
        if isinstance(cached, type) and issubclass(cached, TemplateDoesNotExist):
            raise cached(template_name)
        if isinstance(cached, TemplateDoesNotExist):
            # The stored one must not gather tracebacks.
            raise cached.duplicate()
        if cached is None:
            try:
                cached = super().get_template(template_name, skip)
            except TemplateDoesNotExist as error:
                # Only debug pages show what was tried: else the name alone will do, and costs less memory.
                self.get_template_cache[key] = error.duplicate() if self.engine.debug else TemplateDoesNotExist
                raise
            self.get_template_cache[key] = cached
        return cached  # type: ignore[no-any-return]

    def get_template_sources(self, template_name: str) -> Iterator[Origin]:
        """Yield the origins of all loaders, in order."""
        for loader in self.loaders:
            yield from loader.get_template_sources(template_name)

    def cache_key(self, template_name: str, skip: list[Origin] | None = None) -> str:
        """Return the key for a name and the origins to leave out (only those that have this name matter)."""
        if not skip:
            return str(template_name)
        names = [origin.name for origin in skip if origin.template_name == template_name]
        return "\0".join([str(template_name), *map(str, names)])

    def reset(self) -> None:
        """Forget all templates."""
        self.get_template_cache.clear()

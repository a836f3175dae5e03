"""Links from one template to another by name, kept for as long as the loader keeps what it found."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from nuages.template.loaders.cached import Loader as CachedLoader

if TYPE_CHECKING:
    from nuages.template.engine import Engine
    from nuages.template.template import Origin

__all__ = ["Link"]


class Link:
    """Remembers the template that a node found last.

    It holds while the cached loader that gave the template still has it under the same key, so that resetting the loader
    (as reloading in development does) reaches templates that are already linked.
    """

    __slots__ = ("_made",)

    def __init__(self) -> None:
        self._made: tuple[Any, Any, str, str, Any] | None = None

    def get(self, engine: Engine, name: str, skip: list[Origin] | None) -> Any:
        """Return the template ``name`` of ``engine``, leaving out the origins in ``skip``. Raises TemplateDoesNotExist."""
        made = self._made
        first = skip is None or len(skip) == 1
        if made is not None and first:
            linked_engine, cache, linked_name, key, template = made
            if linked_engine is engine and linked_name == name and cache.get(key) is template:
                return template
        template = self._find(engine, name, skip)
        loaders = engine.template_loaders
        if first and loaders and isinstance(loaders[0], CachedLoader):
            key = loaders[0].cache_key(name, skip)
            if loaders[0].get_template_cache.get(key) is template:
                self._made = (engine, loaders[0].get_template_cache, name, key, template)
        return template

    @staticmethod
    def _find(engine: Engine, name: str, skip: list[Origin] | None) -> Any:
        if skip is None:
            return engine.get_template(name)
        return engine.find_template(name, skip=skip)[0]

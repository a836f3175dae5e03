"""From ``settings.TEMPLATES`` to engines: the composition."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Any

from nuages.conf import settings
from nuages.conf.names import import_string, native, public
from nuages.exceptions import ImproperlyConfigured
from nuages.signals import receiver, setting_changed
from nuages.template.appdirs import get_app_template_dirs
from nuages.template.defaults import find_default_with
from nuages.text.lazy import cached_property

__all__ = ["EngineHandler", "InvalidTemplateEngineError", "engines"]


class InvalidTemplateEngineError(ImproperlyConfigured):
    """No engine of the settings has that name."""


class EngineHandler:
    """The configured engines by name, each made at its first use."""

    def __init__(self, templates: list[dict[str, Any]] | None = None) -> None:
        self._templates = templates
        self._engines: dict[str, Any] = {}

    @cached_property
    def templates(self) -> dict[str, dict[str, Any]]:
        """The settings by name, completed with defaults. Raises ImproperlyConfigured."""
        configured = settings.TEMPLATES if self._templates is None else self._templates
        found: dict[str, dict[str, Any]] = {}
        names = []
        for given in configured:
            options = {"NAME": _default_name(given), "DIRS": [], "APP_DIRS": False, "OPTIONS": {}, **given}
            found[options["NAME"]] = options
            names.append(options["NAME"])
        duplicates = [name for name, count in Counter(names).items() if count > 1]
        if duplicates:
            listed = ", ".join(duplicates)
            raise ImproperlyConfigured(
                f"Template engine aliases aren't unique, duplicates: {listed}. Set a unique NAME for each engine in settings.TEMPLATES."
            )
        return found

    def __getitem__(self, alias: str) -> Any:
        try:
            return self._engines[alias]
        except KeyError:
            pass
        try:
            params = dict(self.templates[alias])
        except KeyError:
            raise InvalidTemplateEngineError(
                f"Could not find config for '{alias}' in settings.TEMPLATES; it names: {', '.join(self.templates) or 'nothing'}."
            )
        backend = import_string(native(params.pop("BACKEND")))
        engine = self._engines[alias] = backend(params)
        return engine

    def __iter__(self) -> Iterator[str]:
        return iter(self.templates)

    def all(self) -> list[Any]:
        """Return all engines in their order."""
        return [self[alias] for alias in self]


def _default_name(options: dict[str, Any]) -> str:
    """The documented default: the name of the module that holds the engine's class."""
    try:
        return str(public(options["BACKEND"]).rsplit(".", 2)[-2])
    except Exception:
        invalid = options.get("BACKEND", "<not defined>")
        raise ImproperlyConfigured(f"Invalid BACKEND for a template engine: {invalid}. Check your TEMPLATES setting.")


engines = EngineHandler()


def _default_engine() -> Any:
    for engine in engines.all():
        if getattr(engine, "native", False):
            return engine.engine
    name = public("nuages.template.backends.native.Templates").rpartition(".")[2]
    raise ImproperlyConfigured(f"No {name} backend is configured.")


find_default_with(_default_engine)


@receiver(setting_changed)
def _forget_engines(*, setting: str, **kwargs: Any) -> None:
    """Make the engines anew when tests change what they are made from."""
    if setting in ("TEMPLATES", "DEBUG", "INSTALLED_APPS"):
        engines.__dict__.pop("templates", None)
        engines._engines.clear()
        get_app_template_dirs.cache_clear()

"""The engine of the native template language (topics/templates, "Built-in backends")."""

from __future__ import annotations

import pkgutil
from collections.abc import Iterator
from importlib import import_module
from typing import Any

from nuages.apps import apps
from nuages.checks import Error, Warning
from nuages.conf import settings
from nuages.conf.names import native, public
from nuages.template.backends.backend import BaseEngine
from nuages.template.context import make_context
from nuages.template.engine import Engine
from nuages.template.errors import InvalidTemplateLibrary, TemplateDoesNotExist
from nuages.template.template import Origin

__all__ = ["Template", "Templates", "get_installed_libraries"]

#: The package whose libraries every engine offers.
_OWN_LIBRARIES = "nuages.template.libraries"


class Templates(BaseEngine):
    """The native engine, as settings configure it. ``OPTIONS`` are the arguments of ``Engine``."""

    app_dirname = "templates"
    #: By this the default engine is recognised.
    native = True

    def __init__(self, params: dict[str, Any]) -> None:
        params = dict(params)
        options = dict(params.pop("OPTIONS"))
        options.setdefault("autoescape", True)
        options.setdefault("debug", settings.DEBUG)
        options.setdefault("file_charset", "utf-8")
        self._custom_libraries: dict[str, str] = dict(options.get("libraries", {}))
        options["libraries"] = self.get_templatetag_libraries(options.get("libraries", {}))
        super().__init__(params)
        self.engine: Engine = Engine(self.dirs, self.app_dirs, **options)

    def check(self, **kwargs: Any) -> list[Any]:
        """Return the messages of the engine's system checks."""
        return [*self._check_string_if_invalid_is_string(), *self._check_for_template_tags_with_the_same_name()]

    def _check_string_if_invalid_is_string(self) -> list[Any]:
        value = self.engine.string_if_invalid
        if isinstance(value, str):
            return []
        message = f"'string_if_invalid' in TEMPLATES OPTIONS must be a string but got: {value!r} ({type(value)})."
        return [Error(message, obj=self, id="templates.E002")]

    def _check_for_template_tags_with_the_same_name(self) -> list[Any]:
        modules: dict[str, list[str]] = {}
        for name, path in (*get_template_tag_modules(), *self._custom_libraries.items()):
            paths = modules.setdefault(name, [])
            if path not in paths:
                paths.append(path)
        return [
            Warning(
                f"{name!r} is used for multiple template tag modules: {', '.join(map(repr, sorted(paths)))}",
                obj=self,
                id="templates.W003",
            )
            for name, paths in modules.items()
            if len(paths) > 1
        ]

    def from_string(self, template_code: Any) -> Template:
        """Make a template from its text. Raises TemplateSyntaxError."""
        return Template(self.engine.from_string(template_code), self)

    def get_template(self, template_name: str) -> Template:
        """Return the template of that name. Raises TemplateDoesNotExist or TemplateSyntaxError."""
        try:
            return Template(self.engine.get_template(template_name), self)
        except TemplateDoesNotExist as error:
            raise error.duplicate(self) from error

    def get_templatetag_libraries(self, custom_libraries: dict[str, str]) -> dict[str, str]:
        """Return label → module of the libraries of installed apps and of ``custom_libraries``, which win."""
        return {**get_installed_libraries(), **custom_libraries}


class Template:
    """What the engine returns: ``template`` renders, this adapts it to the protocol of engines."""

    def __init__(self, template: Any, backend: Templates) -> None:
        self.template = template
        self.backend = backend

    @property
    def origin(self) -> Origin:
        """Where the template came from."""
        return self.template.origin  # type: ignore[no-any-return]

    def render(self, context: dict[str, Any] | None = None, request: Any = None) -> str:
        """Render with a dictionary, and with the context processors when there is a request."""
        filled = make_context(context, request, autoescape=self.backend.engine.autoescape)
        try:
            return self.template.render(filled)  # type: ignore[no-any-return]
        except TemplateDoesNotExist as error:
            raise error.duplicate(self.backend) from error


def get_template_tag_modules() -> Iterator[tuple[str, str]]:
    """Yield the label and the path of each library: our own, and the modules in ``templatetags`` of installed apps.

    Raises InvalidTemplateLibrary when a module cannot be imported.
    """
    own = import_module(_OWN_LIBRARIES)
    for name in _modules_in(own):
        yield name, public(f"{_OWN_LIBRARIES}.{name}")
    for config in apps.get_app_configs():
        package_name = f"{config.name}.templatetags"
        try:
            package = import_module(native(package_name))
        except ImportError as error:
            if getattr(error, "name", None) in (package_name, native(package_name)):
                continue
            raise InvalidTemplateLibrary(f"Invalid template library specified. ImportError raised when trying to load '{package_name}': {error}") from error
        if not hasattr(package, "__path__"):
            continue
        for name in _modules_in(package):
            path = f"{package_name}.{name}"
            if hasattr(_imported(path), "register"):
                yield name, path


def _imported(path: str) -> Any:
    try:
        return import_module(native(path))
    except ImportError as error:
        raise InvalidTemplateLibrary(f"Invalid template library specified. ImportError raised when trying to load '{path}': {error}") from error


def _modules_in(package: Any) -> Iterator[str]:
    prefix = package.__name__ + "."
    for module in pkgutil.walk_packages(package.__path__, prefix):
        if not module.ispkg:
            yield module.name[len(prefix) :]


def get_installed_libraries() -> dict[str, str]:
    """Return label → module of the libraries of all installed apps."""
    return dict(get_template_tag_modules())

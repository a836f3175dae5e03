"""``Engine``: the options, tag libraries and loaders of one set of templates (ref/templates/api, "Configuring an engine")."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING, Any

from nuages.conf.names import import_string, native, public
from nuages.exceptions import ImproperlyConfigured
from nuages.template.context import Context
from nuages.template.defaults import default_engine
from nuages.template.errors import TemplateDoesNotExist
from nuages.template.library import Library, import_library
from nuages.template.template import Origin, PartialTemplate, Template
from nuages.text.lazy import cached_property

if TYPE_CHECKING:
    from nuages.template.loaders.loader import Loader

__all__ = ["Engine"]

_LOADERS = "nuages.template.loaders"


class Engine:
    """A configured template language. All arguments are keywords; their meaning and defaults are the documented ones."""

    default_builtins: list[str] = [public(f"nuages.template.{name}") for name in ("tags", "filters", "inheritance")]

    def __init__(
        self,
        dirs: Iterable[Any] | None = None,
        app_dirs: bool = False,
        context_processors: Iterable[str] | None = None,
        debug: bool = False,
        loaders: Iterable[Any] | None = None,
        string_if_invalid: str = "",
        file_charset: str = "utf-8",
        libraries: dict[str, str] | None = None,
        builtins: Sequence[str] | None = None,
        autoescape: bool = True,
    ) -> None:
        if loaders is not None and app_dirs:
            raise ImproperlyConfigured("app_dirs must not be set when loaders is defined.")
        self.dirs: Any = [] if dirs is None else dirs
        self.app_dirs = app_dirs
        self.autoescape = autoescape
        self.context_processors: Any = [] if context_processors is None else context_processors
        self.debug = debug
        self.loaders: Any = _default_loaders(app_dirs) if loaders is None else loaders
        self.string_if_invalid = string_if_invalid
        self.file_charset = file_charset
        self.libraries: dict[str, str] = {} if libraries is None else libraries
        self.template_libraries: dict[str, Library] = self.get_template_libraries(self.libraries)
        self.builtins: list[str] = [*self.default_builtins, *(builtins or ())]
        self.template_builtins: list[Library] = self.get_template_builtins(self.builtins)

    def __repr__(self) -> str:
        parts = [
            f"dirs={self.dirs!r}" if self.dirs else "",
            f"app_dirs={self.app_dirs}",
            f"context_processors={self.context_processors!r}" if self.context_processors else "",
            f"debug={self.debug} loaders={self.loaders!r}",
            f"string_if_invalid={self.string_if_invalid!r} file_charset={self.file_charset!r}",
            f"libraries={self.libraries!r}" if self.libraries else "",
            f"builtins={self.builtins!r} autoescape={self.autoescape}",
        ]
        return f"<{type(self).__qualname__}: {' '.join(part for part in parts if part)}>"

    @staticmethod
    def get_default() -> Engine:
        """Return the first engine of this language in the settings. Raises ImproperlyConfigured when there is none."""
        return default_engine()

    @cached_property
    def template_context_processors(self) -> tuple[Callable[..., Any], ...]:
        """The context processors: the one for CSRF, always, and those that were configured."""
        paths = ("nuages.template.context_processors.csrf", *self.context_processors)
        return tuple(import_string(native(path)) for path in paths)

    def get_template_builtins(self, builtins: Iterable[str]) -> list[Library]:
        """Import the libraries that every template starts with."""
        return [import_library(native(path)) for path in builtins]

    def get_template_libraries(self, libraries: dict[str, str]) -> dict[str, Library]:
        """Import the libraries that ``{% load %}`` offers. Raises InvalidTemplateLibrary."""
        return {name: import_library(native(path)) for name, path in libraries.items()}

    @cached_property
    def template_loaders(self) -> list[Loader]:
        """The loaders, in the order in which they are asked."""
        return self.get_template_loaders(self.loaders)

    def get_template_loaders(self, template_loaders: Iterable[Any]) -> list[Loader]:
        """Make loaders from dotted paths, or from lists of a path and arguments."""
        found = (self.find_template_loader(loader) for loader in template_loaders)
        return [loader for loader in found if loader is not None]

    def find_template_loader(self, loader: Any) -> Any:
        """Make one loader. Raises ImproperlyConfigured for anything but a path, or a path with arguments."""
        arguments: list[Any] = []
        if isinstance(loader, (tuple, list)):
            loader, *arguments = loader
        if not isinstance(loader, str):
            raise ImproperlyConfigured(f"Invalid value in template loaders configuration: {loader!r}")
        return import_string(native(loader))(self, *arguments)

    def find_template(self, name: str, dirs: Any = None, skip: list[Origin] | None = None) -> tuple[Template, Origin]:
        """Return a template and its origin, leaving out the origins in ``skip``. Raises TemplateDoesNotExist."""
        tried: list[tuple[Any, str]] = []
        for loader in self.template_loaders:
            try:
                template = loader.get_template(name, skip=skip)
            except TemplateDoesNotExist as error:
                tried.extend(error.tried)
            else:
                return template, template.origin
        raise TemplateDoesNotExist(name, tried=tried)

    def from_string(self, template_code: Any) -> Template:
        """Compile a template from its text."""
        return Template(template_code, engine=self)

    def get_template(self, template_name: str) -> Any:
        """Return the compiled template called ``template_name``; ``name#part`` is one of its partials.

        Raises TemplateDoesNotExist.
        """
        original = template_name
        try:
            template_name, _, partial_name = template_name.partition("#")
        except AttributeError:
            raise TemplateDoesNotExist(original)
        if not template_name:
            raise TemplateDoesNotExist(original)
        template, origin = self.find_template(template_name)
        if not hasattr(template, "render"):
            template = Template(template, origin, template_name, engine=self)
        return self._partial(template, partial_name) if partial_name else template

    def _partial(self, template: Any, name: str) -> PartialTemplate:
        data = getattr(template, "extra_data", None)
        partials = data.get("partials") if isinstance(data, dict) else None
        if not isinstance(partials, dict) or name not in partials:
            raise TemplateDoesNotExist(name, tried=[(getattr(template, "origin", None), name)])
        partial: PartialTemplate = partials[name]
        partial.engine = self
        return partial

    def render_to_string(self, template_name: Any, context: Any = None) -> str:
        """Render a template by name (or the first that exists of a list of names)."""
        if isinstance(template_name, (list, tuple)):
            template = self.select_template(template_name)
        else:
            template = self.get_template(template_name)
        if isinstance(context, Context):
            return str(template.render(context))
        return str(template.render(Context(context, autoescape=self.autoescape)))

    def select_template(self, template_name_list: Sequence[str]) -> Any:
        """Return the first template of a list of names that exists. Raises TemplateDoesNotExist."""
        if not template_name_list:
            raise TemplateDoesNotExist("No template names provided")
        missing = []
        for name in template_name_list:
            try:
                return self.get_template(name)
            except TemplateDoesNotExist as error:
                if error.args[0] not in missing:
                    missing.append(error.args[0])
        raise TemplateDoesNotExist(", ".join(missing))


def _default_loaders(app_dirs: bool) -> list[Any]:
    names = ["filesystem", "app_directories"] if app_dirs else ["filesystem"]
    return [(public(f"{_LOADERS}.cached.Loader"), [public(f"{_LOADERS}.{name}.Loader") for name in names])]

"""The configuration of one installed application."""

from __future__ import annotations

import inspect
from collections.abc import Iterator
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, Any, ClassVar

from nuages.conf import settings
from nuages.conf.names import import_string, native, public
from nuages.exceptions import ImproperlyConfigured

if TYPE_CHECKING:
    from nuages.apps.registry import Apps


class AppConfig:
    """An application: its package (``name``), short name (``label``), title (``verbose_name``), folder (``path``) and models."""

    name: str
    label: str
    verbose_name: Any
    path: str
    default: ClassVar[bool]
    default_auto_field: Any
    models_module: ModuleType | None
    models: dict[str, Any] | None

    def __init__(self, app_name: str, app_module: ModuleType) -> None:
        self.name = app_name
        self.module = app_module
        self.apps: Apps | None = None
        if not hasattr(self, "label"):
            self.label = app_name.rpartition(".")[2]
        if not self.label.isidentifier():
            raise ImproperlyConfigured(f"The app label '{self.label}' is not a valid Python identifier.")
        if not hasattr(self, "verbose_name"):
            self.verbose_name = self.label.title()
        if not hasattr(self, "path"):
            self.path = _folder_of(app_module)
        self.models_module = None
        self.models = None

    def __repr__(self) -> str:
        return f"<{type(self).__name__}: {self.label}>"

    @property
    def _is_default_auto_field_overridden(self) -> bool:
        return "default_auto_field" in {name for cls in type(self).__mro__[:-2] for name in vars(cls)}

    @classmethod
    def create(cls, entry: str) -> AppConfig:
        """The configuration that an entry of ``INSTALLED_APPS`` (a package or a configuration class) stands for.

        Raises ``ImportError`` for a name that does not exist and ``ImproperlyConfigured`` for an incomplete class.
        """
        config_class, name, module = _find(entry)
        if config_class is None:
            return cls(public(name), module)
        if not issubclass(config_class, AppConfig):
            raise ImproperlyConfigured(f"'{entry}' isn't a subclass of AppConfig.")
        declared = name or getattr(config_class, "name", None)
        if not declared:
            raise ImproperlyConfigured(f"'{entry}' must supply a name attribute.")
        try:
            module = import_module(declared)
        except ImportError as error:
            raise ImproperlyConfigured(
                f"Cannot import '{declared}'. Check that '{config_class.__module__}.{config_class.__qualname__}.name' is correct."
            ) from error
        return config_class(public(native(declared)), module)

    def get_model(self, model_name: str, require_ready: bool = True) -> Any:
        """The model of that name, in any case; ``LookupError`` if the application has none."""
        assert self.apps is not None
        if require_ready:
            self.apps.check_models_ready()
        else:
            self.apps.check_apps_ready()
        found = (self.models or {}).get(model_name.lower())
        if found is None:
            raise LookupError(f"App '{self.label}' doesn't have a '{model_name}' model.")
        return found

    def get_models(self, include_auto_created: bool = False, include_swapped: bool = False) -> Iterator[Any]:
        """The application's models; those made for many-to-many fields or swapped out only when asked for."""
        assert self.apps is not None
        self.apps.check_models_ready()
        for model in (self.models or {}).values():
            if (include_auto_created or not model._meta.auto_created) and (include_swapped or not model._meta.swapped):
                yield model

    def import_models(self) -> None:
        """Import the application's ``models`` module, if it has one."""
        assert self.apps is not None
        self.models = self.apps.all_models[self.label]
        if _has_submodule(self.module, "models"):
            self.models_module = import_module(f"{self.name}.models")

    def ready(self) -> None:
        """Called once when all models are loaded: the place to connect signals and register checks."""


def _default_auto_field(self: AppConfig) -> Any:
    return settings.DEFAULT_AUTO_FIELD


# A property set from outside, so that a subclass's plain attribute replaces it and a type checker sees a value.
AppConfig.default_auto_field = property(_default_auto_field)


def _find(entry: str) -> tuple[type[Any] | None, str, ModuleType]:
    """(configuration class, package name or "", package) of an entry of ``INSTALLED_APPS``."""
    try:
        module = import_module(entry)
    except ImportError as error:
        return _find_class(entry, error), "", ModuleType(entry)
    if not _has_submodule(module, "apps"):
        return None, entry, module
    classes = [
        candidate
        for _, candidate in inspect.getmembers(import_module(f"{entry}.apps"), inspect.isclass)
        if issubclass(candidate, AppConfig) and candidate is not AppConfig and getattr(candidate, "default", True)
    ]
    if len(classes) != 1:
        classes = [
            candidate for candidate in classes if vars(candidate).get("default", getattr(candidate, "default", False))
        ]
    if len(classes) > 1:
        listing = ", ".join(repr(candidate.__name__) for candidate in classes)
        raise RuntimeError(f"'{entry}.apps' declares more than one default AppConfig: {listing}.")
    return (classes[0], "", module) if classes else (None, entry, module)


def _find_class(entry: str, cause: ImportError) -> type[Any]:
    module_path, _, class_name = entry.rpartition(".")
    if not module_path or not class_name[:1].isupper():
        raise cause
    module = import_module(module_path)
    found = getattr(module, class_name, None)
    if found is None:
        choices = [
            repr(name)
            for name, value in inspect.getmembers(module, inspect.isclass)
            if issubclass(value, AppConfig) and value is not AppConfig
        ]
        hint = f" Choices are: {', '.join(choices)}." if choices else ""
        raise ImportError(f"Module '{module_path}' does not contain a '{class_name}' class.{hint}")
    return import_string(entry)  # type: ignore[no-any-return]


def _has_submodule(package: ModuleType, name: str) -> bool:
    if not hasattr(package, "__path__"):
        return False
    try:
        return find_spec(f"{package.__name__}.{name}") is not None
    except ModuleNotFoundError:
        return False


def _folder_of(module: ModuleType) -> str:
    paths = list(dict.fromkeys(getattr(module, "__path__", [])))
    if len(paths) != 1:
        file = getattr(module, "__file__", None)
        paths = [str(Path(file).parent)] if file else paths
    if len(paths) > 1:
        raise ImproperlyConfigured(
            f"The app module {module!r} has multiple filesystem locations ({paths!r}); you must configure this app with an "
            "AppConfig subclass with a 'path' class attribute."
        )
    if not paths:
        raise ImproperlyConfigured(
            f"The app module {module!r} has no file: give its AppConfig subclass a 'path' attribute."
        )
    return str(paths[0])

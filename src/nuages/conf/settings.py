"""The ``settings`` object: a module's upper-case names over the defaults, with temporary layers above."""

from __future__ import annotations

import importlib
import os
import time
from collections.abc import Iterable
from contextvars import ContextVar
from pathlib import Path
from types import ModuleType
from typing import Any

from nuages.conf import defaults, names
from nuages.conf.transitional import warn_if_transitional
from nuages.conf.types import TypedSettings
from nuages.exceptions import ImproperlyConfigured
from nuages.text import ambient

script_prefix: ContextVar[str] = ContextVar("script_prefix", default="/")
"""The path at which the application is mounted, with a slash at its end. The URL engine sets it for each request."""

_LISTS = ("ALLOWED_HOSTS", "INSTALLED_APPS", "TEMPLATE_DIRS", "LOCALE_PATHS", "SECRET_KEY_FALLBACKS")


def _default(name: str) -> Any:
    if name in names.default_settings:
        return names.default_settings[name]
    try:
        value = getattr(defaults, name)
    except AttributeError:
        raise AttributeError(
            f"There is no setting {name}: the settings module does not define it, and it has no default."
        ) from None
    return names.public_value(value)


def _imported(path: str) -> ModuleType:
    """The settings module; an ``ImportError`` that says where its name comes from, if there is no such module."""
    try:
        return importlib.import_module(path)
    except ModuleNotFoundError as error:
        if error.name is None or not f"{path}.".startswith(f"{error.name}."):
            raise  # the module is there, but something that it imports is not
        raise ModuleNotFoundError(
            f"No module named {error.name!r}: the settings module is {path!r}, by --settings or the environment variable "
            f"{names.ENVIRONMENT_VARIABLE}. Run the command in the project's folder, or correct that name.",
            name=error.name,
        ) from None


class Settings:
    """One settings module over the defaults. ``ImproperlyConfigured`` for values of the wrong type."""

    def __init__(self, settings_module: str) -> None:
        self.SETTINGS_MODULE = settings_module
        self._explicit_settings: set[str] = set()
        module = _imported(settings_module)
        for name in dir(module):
            if name.isupper():
                value = getattr(module, name)
                if name in _LISTS and not isinstance(value, (list, tuple)):
                    raise ImproperlyConfigured(f"The {name} setting must be a list or a tuple.")
                warn_if_transitional(name)
                setattr(self, name, value)
                self._explicit_settings.add(name)
        apply_time_zone(self.TIME_ZONE)

    def __getattr__(self, name: str) -> Any:
        if not name.isupper():
            raise AttributeError(name)
        value = _default(name)
        self.__dict__[name] = value
        return value

    def __dir__(self) -> list[str]:
        return sorted({*super().__dir__(), *_default_names()})

    def is_overridden(self, setting: str) -> bool:
        """Whether the settings module itself sets it."""
        return setting in self._explicit_settings

    def __repr__(self) -> str:
        return f'<Settings "{self.SETTINGS_MODULE}">'


def _default_names() -> Iterable[str]:
    return [name for name in (*vars(defaults), "LANGUAGES") if name.isupper()]


def apply_time_zone(zone: str | None) -> None:
    """Give the process the project's time zone (environment variable ``TZ``), so that ``time`` and log lines agree with it."""
    if not hasattr(time, "tzset") or not zone:
        return
    database = Path("/usr/share/zoneinfo")
    if database.exists() and not database.joinpath(*zone.split("/")).exists():
        raise ValueError(f"Incorrect timezone setting: {zone}")
    os.environ["TZ"] = zone
    time.tzset()


class UserSettingsHolder:
    """A layer of settings above another: what ``configure`` and ``override_settings`` put in place."""

    SETTINGS_MODULE = None

    def __init__(self, default_settings: Any) -> None:
        self.__dict__["_deleted"] = set()
        self.default_settings = default_settings

    def __getattr__(self, name: str) -> Any:
        if not name.isupper() or name in self._deleted:
            raise AttributeError(name)
        below = self.default_settings
        return _default(name) if below is defaults else getattr(below, name)

    def __setattr__(self, name: str, value: Any) -> None:
        warn_if_transitional(name)
        self._deleted.discard(name)
        super().__setattr__(name, value)

    def __delattr__(self, name: str) -> None:
        self._deleted.add(name)
        if name in self.__dict__:
            super().__delattr__(name)

    def __dir__(self) -> list[str]:
        below = _default_names() if self.default_settings is defaults else dir(self.default_settings)
        return sorted(name for name in {*self.__dict__, *below} if name not in self._deleted and name != "_deleted")

    def is_overridden(self, setting: str) -> bool:
        """Whether this layer or one below sets or deletes it."""
        if setting in self._deleted or setting in self.__dict__:
            return True
        return bool(getattr(self.default_settings, "is_overridden", lambda name: False)(setting))

    def __repr__(self) -> str:
        return f"<{type(self).__name__}>"


class LazySettings(TypedSettings):
    """The project's settings. Loaded from the module that the environment names, or by ``configure``."""

    _wrapped: Any

    def __init__(self) -> None:
        self.__dict__["_wrapped"] = None

    def _setup(self, name: str | None = None) -> Any:
        module = os.environ.get(names.ENVIRONMENT_VARIABLE)
        if not module:
            asked = f"setting {name}" if name else "settings"
            raise ImproperlyConfigured(
                f"Requested {asked}, but settings are not configured. You must either define the environment variable "
                f"{names.ENVIRONMENT_VARIABLE} or call settings.configure() before accessing settings."
            )
        self._wrapped = Settings(module)
        return self._wrapped

    def __getattr__(self, name: str) -> Any:
        wrapped = self.__dict__["_wrapped"]
        if wrapped is None:
            if name.startswith("__"):
                raise AttributeError(name)
            wrapped = self._setup(name)
        value = getattr(wrapped, name)
        if name == "SECRET_KEY" and not value:
            raise ImproperlyConfigured("The SECRET_KEY setting must not be empty.")
        if name in ("MEDIA_URL", "STATIC_URL") and value is not None:
            value = _with_script_prefix(value)
        elif name.isupper():
            self.__dict__[name] = value
        return value

    def __setattr__(self, name: str, value: Any) -> None:
        if name == "_wrapped":
            self.__dict__.clear()
            self.__dict__["_wrapped"] = value
        else:
            warn_if_transitional(name)
            self.__dict__.pop(name, None)
            setattr(self._wrapped if self._wrapped is not None else self._setup(), name, value)

    def __delattr__(self, name: str) -> None:
        if name == "_wrapped":
            raise TypeError("can't delete _wrapped.")
        self.__dict__.pop(name, None)
        delattr(self._wrapped if self._wrapped is not None else self._setup(), name)

    def __dir__(self) -> list[str]:
        return dir(self._wrapped if self._wrapped is not None else self._setup())

    def __repr__(self) -> str:
        if self._wrapped is None:
            return "<LazySettings [Unevaluated]>"
        return f'<LazySettings "{self._wrapped.SETTINGS_MODULE}">'

    def configure(self, default_settings: Any = defaults, **options: Any) -> None:
        """Set the settings by hand instead of by a module; ``RuntimeError`` if they are set already."""
        if self._wrapped is not None:
            raise RuntimeError("Settings already configured.")
        holder = UserSettingsHolder(default_settings)
        for name, value in options.items():
            if not name.isupper():
                raise TypeError(f"Setting {name!r} must be uppercase.")
            setattr(holder, name, value)
        self._wrapped = holder

    @property
    def configured(self) -> bool:
        """Whether the settings are loaded."""
        return self._wrapped is not None

    def is_overridden(self, setting: str) -> bool:
        """Whether the project sets it, rather than the defaults."""
        wrapped = self._wrapped if self._wrapped is not None else self._setup()
        return bool(wrapped.is_overridden(setting))


def _with_script_prefix(value: str) -> str:
    """A relative URL setting under the prefix at which the application is mounted."""
    if value.startswith(("http://", "https://", "/")):
        return value
    return f"{script_prefix.get()}{value}"


settings = LazySettings()
ambient.use(settings)

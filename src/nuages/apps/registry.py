"""The registry of installed applications and of all models."""

from __future__ import annotations

import functools
import sys
import threading
import warnings
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable
from typing import Any

from nuages.apps.config import AppConfig
from nuages.conf.names import native, public
from nuages.exceptions import AppRegistryNotReady, ImproperlyConfigured

ModelKey = tuple[str, str]


class Apps:
    """Applications in the order of ``INSTALLED_APPS``, and the models by application label.

    It fills in three phases: configurations (``apps_ready``), models (``models_ready``), then each ``ready()`` (``ready``).
    """

    apps_ready: bool
    models_ready: bool
    ready: bool
    loading: bool

    def __init__(self, installed_apps: Iterable[Any] | None = ()) -> None:
        if installed_apps is None and hasattr(sys.modules[__name__], "apps"):
            raise RuntimeError("You must supply an installed_apps argument.")
        self.all_models: dict[str, dict[str, Any]] = defaultdict(dict)
        self.app_configs: dict[str, AppConfig] = {}
        self.stored_app_configs: list[dict[str, AppConfig]] = []
        self.apps_ready = self.models_ready = self.ready = self.loading = False
        self.ready_event = threading.Event()
        self._lock = threading.RLock()
        self._pending_operations: dict[ModelKey, list[Callable[[Any], None]]] = defaultdict(list)
        self._models_cache: dict[tuple[bool, bool], list[Any]] = {}
        if installed_apps is not None:
            self.populate(installed_apps)

    def populate(self, installed_apps: Iterable[Any] = ()) -> None:
        """Load the applications and their models; does nothing the second time.

        Raises ``ImproperlyConfigured`` for a label or name used twice.
        """
        if self.ready:
            return
        with self._lock:
            if self.loading:  # by this very thread, further down the stack
                raise RuntimeError("populate() isn't reentrant")
            if self.ready:  # by another thread, meanwhile
                return
            self.loading = True
            self._load_configs(installed_apps)
            self.apps_ready = True
            for config in self.app_configs.values():
                config.import_models()
            self.clear_cache()
            self.models_ready = True
            for config in self.get_app_configs():
                config.ready()
            self.ready = True
            self.ready_event.set()

    def _load_configs(self, installed_apps: Iterable[Any]) -> None:
        for entry in installed_apps:
            config = entry if isinstance(entry, AppConfig) else AppConfig.create(entry)
            if config.label in self.app_configs:
                raise ImproperlyConfigured(f"Application labels aren't unique, duplicates: {config.label}")
            self.app_configs[config.label] = config
            config.apps = self
        twice = [
            name for name, count in Counter(config.name for config in self.app_configs.values()).items() if count > 1
        ]
        if twice:
            raise ImproperlyConfigured(f"Application names aren't unique, duplicates: {', '.join(twice)}")

    def check_apps_ready(self) -> None:
        """Raise ``AppRegistryNotReady`` before all configurations are loaded."""
        if not self.apps_ready:
            raise AppRegistryNotReady("Apps aren't loaded yet.")

    def check_models_ready(self) -> None:
        """Raise ``AppRegistryNotReady`` before all models are loaded."""
        if not self.models_ready:
            raise AppRegistryNotReady("Models aren't loaded yet.")

    def get_app_configs(self) -> Iterable[AppConfig]:
        """All configurations, in order."""
        self.check_apps_ready()
        return self.app_configs.values()

    def get_app_config(self, app_label: str) -> AppConfig:
        """The configuration with that label; ``LookupError`` without one."""
        self.check_apps_ready()
        config = self.app_configs.get(app_label)
        if config is None:
            message = f"No installed app with label '{app_label}'."
            for other in self.app_configs.values():
                if other.name == app_label:
                    message += f" Did you mean '{other.label}'?"
            raise LookupError(message)
        return config

    def get_models(self, include_auto_created: bool = False, include_swapped: bool = False) -> list[Any]:
        """All models of all applications."""
        self.check_models_ready()
        key = (include_auto_created, include_swapped)
        if key not in self._models_cache:
            self._models_cache[key] = [m for config in self.app_configs.values() for m in config.get_models(*key)]
        return self._models_cache[key]

    def get_model(self, app_label: str, model_name: str | None = None, require_ready: bool = True) -> Any:
        """A model by label and name, or by ``"label.Name"``; ``LookupError`` if it does not exist."""
        if not self.models_ready:
            if require_ready:
                self.check_models_ready()
            self.check_apps_ready()
        if model_name is None:
            app_label, model_name = app_label.split(".")
        config = self.app_configs.get(app_label)
        if self.models_ready and config is not None and config.models and (found := config.models.get(model_name.lower())):
            return found  # asked for in every request
        config = self.get_app_config(app_label)
        if not require_ready and config.models is None:
            config.import_models()
        return config.get_model(model_name, require_ready=require_ready)

    def register_model(self, app_label: str, model: Any) -> None:
        """Record a new model class, and run what waited for it."""
        name = model._meta.model_name
        models = self.all_models[app_label]
        known = models.get(name)
        if known is not None:
            homes = {native(f"{kind.__module__}.{kind.__name__}") for kind in (known, model)}  # a class in a function may be made twice
            if len(homes) > 1:
                raise RuntimeError(f"Conflicting '{name}' models in application '{app_label}': {known} and {model}.")
            warnings.warn(
                f"Model '{app_label}.{name}' was already registered. Relations may still lead to the class that it replaces: "
                "do not import or define it twice.",
                RuntimeWarning,
                stacklevel=2,
            )
        models[name] = model
        self.do_pending_operations(model)
        self.clear_cache()

    def is_installed(self, app_name: str) -> bool:
        """Whether an application with that package name is installed."""
        self.check_apps_ready()
        wanted = {app_name, public(app_name), public(native(app_name))}
        return any(config.name in wanted for config in self.app_configs.values())

    def get_containing_app_config(self, object_name: str) -> AppConfig | None:
        """The configuration of the innermost application that contains the dotted name."""
        self.check_apps_ready()
        names = {object_name, public(object_name)}
        found = [
            config
            for config in self.app_configs.values()
            if any(name == config.name or name.startswith(f"{config.name}.") for name in names)
        ]
        return max(found, key=lambda config: len(config.name), default=None)

    def get_registered_model(self, app_label: str, model_name: str) -> Any:
        """As ``get_model``, but may be called while models are being imported."""
        model = self.all_models[app_label].get(model_name.lower())
        if model is None:
            raise LookupError(f"Model '{app_label}.{model_name}' not registered.")
        return model

    def get_swappable_settings_name(self, to_string: str) -> str | None:
        """The setting (``AUTH_USER_MODEL``) that may replace the model ``"app.Model"``, if any."""
        wanted = to_string.lower()
        for model in self.get_models(include_swapped=True):
            swapped = model._meta.swapped
            if model._meta.swappable and ((swapped and swapped.lower() == wanted) or model._meta.label_lower == wanted):
                return str(model._meta.swappable)
        return None

    def set_available_apps(self, available: Iterable[str]) -> None:
        """Restrict the registry to some of its applications; undone by ``unset_available_apps``."""
        wanted = {public(native(name)) for name in available} | set(available)
        installed = {config.name for config in self.get_app_configs()}
        if not {public(native(name)) for name in available} <= installed:
            missing = ", ".join(sorted({public(native(name)) for name in available} - installed))
            raise ValueError(f"Available apps isn't a subset of installed apps, extra apps: {missing}")
        self.stored_app_configs.append(self.app_configs)
        self.app_configs = {label: config for label, config in self.app_configs.items() if config.name in wanted}
        self.clear_cache()

    def unset_available_apps(self) -> None:
        """Undo the last ``set_available_apps``."""
        self.app_configs = self.stored_app_configs.pop()
        self.clear_cache()

    def set_installed_apps(self, installed: Iterable[Any]) -> None:
        """Replace the applications, as a test's ``override_settings(INSTALLED_APPS=…)`` does."""
        if not self.ready:
            raise AppRegistryNotReady("App registry isn't ready yet.")
        self.stored_app_configs.append(self.app_configs)
        self.clear_cache()
        self.app_configs = {}
        self.loading = self.apps_ready = self.models_ready = self.ready = False
        self.populate(installed)

    def unset_installed_apps(self) -> None:
        """Undo the last ``set_installed_apps``."""
        self.app_configs = self.stored_app_configs.pop()
        self.apps_ready = self.models_ready = self.ready = True
        self.clear_cache()

    def clear_cache(self) -> None:
        """Forget what was derived from the set of models."""
        self._models_cache.clear()
        if self.ready:
            for models in list(self.all_models.values()):
                for model in list(models.values()):
                    model._meta._expire_cache()

    def lazy_model_operation(self, function: Callable[..., None], *model_keys: ModelKey) -> None:
        """Call ``function(*models)`` as soon as all models named by ``(app_label, model_name)`` are registered."""
        if not model_keys:
            function()
            return
        first, *rest = model_keys

        def proceed(model: Any) -> None:
            self.lazy_model_operation(functools.partial(function, model), *rest)

        proceed.func = function  # type: ignore[attr-defined]  # shows in checks what waits
        try:
            model = self.get_registered_model(*first)
        except LookupError:
            self._pending_operations[first[0], first[1].lower()].append(proceed)
        else:
            proceed(model)

    def do_pending_operations(self, model: Any) -> None:
        """Run what waited for this model."""
        for proceed in self._pending_operations.pop((model._meta.app_label, model._meta.model_name), []):
            proceed(model)


apps = Apps(installed_apps=None)

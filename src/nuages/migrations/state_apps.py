"""A registry of the models of a state, as classes."""

from __future__ import annotations

import contextlib
from collections.abc import Generator, Iterable
from typing import Any

from nuages.apps.config import AppConfig
from nuages.apps.registry import Apps
from nuages.apps.registry import apps as global_apps
from nuages.conf import settings
from nuages.migrations.exceptions import InvalidBasesError
from nuages.migrations.model_state import ModelState
from nuages.migrations.references import ModelKey


class AppConfigStub(AppConfig):
    """An application of a state: a label and models, no package."""

    def __init__(self, label: str) -> None:
        self.apps: Any = None
        self.models: dict[str, Any] | None = {}
        self.label = self.name = label
        self.module = None  # type: ignore[assignment]
        self.models_module = None
        self.verbose_name = label

    def import_models(self) -> None:
        """Take over the registry's models; there is nothing to import."""
        self.models = self.apps.all_models[self.label]


class StateApps(Apps):
    """The classes of a ``ProjectState``, and those of apps without migrations (``real_apps``).

    Raises ``ValueError`` for relations to models that do not exist.
    """

    def __init__(
        self, real_apps: Iterable[str], models: dict[ModelKey, Any], ignore_swappable: bool = False
    ) -> None:
        self.real_models = []
        for label in sorted(real_apps):
            for model in global_apps.get_app_config(label).get_models():
                self.real_models.append(ModelState.from_model(model, exclude_rels=True))
        labels = {state.app_label for state in models.values()}
        super().__init__([AppConfigStub(label) for label in sorted({*real_apps, *labels})])
        self.render_multiple([*models.values(), *self.real_models])
        ignored = {_key(settings.AUTH_USER_MODEL)} if ignore_swappable else set()
        self._check_relations(ignored)

    def _check_relations(self, ignored: set[ModelKey]) -> None:
        """Nothing may still wait for a model."""
        missing = [key for key in self._pending_operations if key not in ignored]
        if missing:
            errors = [message for key in sorted(missing) for message in _complaints(key, self._pending_operations[key])]
            raise ValueError("\n".join(dict.fromkeys(errors)))

    @contextlib.contextmanager
    def bulk_update(self) -> Generator[None, None, None]:
        """Many changes with the caches cleared once, afterwards."""
        ready, self.ready = self.ready, False
        try:
            yield
        finally:
            self.ready = ready
            self.clear_cache()

    def render_multiple(self, model_states: list[Any]) -> None:
        """Make classes, bases before what derives from them."""
        if not model_states:
            return
        with self.bulk_update():
            waiting = list(model_states)
            while waiting:
                still: list[Any] = []
                for state in waiting:
                    try:
                        state.render(self)
                    except InvalidBasesError:
                        still.append(state)
                if len(still) == len(waiting):
                    raise InvalidBasesError(
                        f"Cannot resolve bases for {still!r}\nThis can happen if you are inheriting models from an app with "
                        "migrations (e.g. contrib.auth) in an app with no migrations: give the inheriting app migrations too."
                    )
                waiting = still

    def clone(self) -> StateApps:
        """A registry with the same classes."""
        copied = StateApps([], {})
        copied.all_models.clear()
        for label, models in self.all_models.items():
            copied.all_models[label] = dict(models)
        for label in self.app_configs:
            config = AppConfigStub(label)
            config.apps = copied
            config.import_models()
            copied.app_configs[label] = config
        copied.real_models = self.real_models
        return copied

    def register_model(self, app_label: str, model: Any) -> None:
        """Take a class in, under a label that may be new; an earlier class of the same name gives way."""
        self.all_models[app_label][model._meta.model_name] = model
        if app_label not in self.app_configs:
            config = AppConfigStub(app_label)
            config.apps = self
            self.app_configs[app_label] = config
        self.app_configs[app_label].models = self.all_models[app_label]
        self.do_pending_operations(model)
        self.clear_cache()

    def unregister_model(self, app_label: str, model_name: str) -> None:
        """Let a class go."""
        with contextlib.suppress(KeyError):
            del self.all_models[app_label][model_name]
            self.app_configs[app_label].models = self.all_models[app_label]


def _key(label: str) -> ModelKey:
    app_label, _, name = label.partition(".")
    return app_label, name.lower()


def _complaints(key: ModelKey, waiting: list[Any]) -> list[str]:
    """What is wrong, for each function that waits for a model."""
    app_label, model_name = key
    why = f"app '{app_label}' doesn't provide model '{model_name}'"
    if not global_apps.apps_ready or app_label not in {config.label for config in global_apps.get_app_configs()}:
        why = f"app '{app_label}' isn't installed"
    found = []
    for proceed in waiting:
        field = _waiting_field(proceed)
        if field is not None:
            found.append(f"The field {field} was declared with a lazy reference to '{app_label}.{model_name}', but {why}.")
        else:
            function = getattr(proceed, "func", proceed)
            found.append(f"{function!r} contains a lazy reference to {app_label}.{model_name}, but {why}.")
    return found


def _waiting_field(proceed: Any) -> Any:
    function = getattr(proceed, "func", proceed)
    while function is not None:
        for value in (*getattr(function, "args", ()), *getattr(function, "keywords", {}).values()):
            if hasattr(value, "remote_field") and hasattr(value, "model"):
                return value
        function = getattr(function, "func", None)
    return None


def concrete_and_related(model: Any, recursive: bool = False) -> set[ModelKey]:
    """The keys of the models that know a model: by relation, by inheritance; on and on with ``recursive``."""
    seen: set[Any] = set()
    waiting = [model]
    while waiting:
        found = waiting.pop()
        if found in seen:
            continue
        seen.add(found)
        if found is model or recursive or found._meta.proxy:
            waiting.extend(_neighbours(found))
    return {(each._meta.app_label, each._meta.model_name) for each in seen}


def _neighbours(model: Any) -> list[Any]:
    """Subclasses, concrete parents, and the models on both sides of relations."""
    found = [
        cls
        for cls in model.__subclasses__()
        if hasattr(cls, "_meta") and cls._meta.apps is model._meta.apps and not cls._meta.abstract
    ]
    found += [base for base in model.__mro__[1:] if hasattr(base, "_meta") and not base._meta.abstract]
    for field in model._meta.get_fields(include_hidden=True):
        related = getattr(field, "related_model", None)
        if field.is_relation and related is not None and not isinstance(related, str):
            found.append(related)
    return [each for each in found if each._meta.apps is model._meta.apps]

"""The two states side by side: which models and fields exist in both, under which names."""

from __future__ import annotations

import functools
import re
from enum import Enum
from typing import Any, NamedTuple

from nuages.conf import settings
from nuages.migrations.operations.operation import Operation
from nuages.migrations.questioner import MigrationQuestioner
from nuages.migrations.references import COMPILED_REGEX_TYPE, ModelKey, RegexObject, resolve_relation


class Change(Enum):
    """The kind of change that an operation waits for."""

    CREATE, REMOVE, ALTER = range(3)
    REMOVE_ORDER_WRT, ALTER_FOO_TOGETHER, REMOVE_INDEX_OR_CONSTRAINT = range(3, 6)


class _Dependency(NamedTuple):
    app_label: str
    model_name: str
    field_name: Any
    type: Change


class OperationDependency(_Dependency):
    """What must have been done before an operation: ``field_name`` may be ``None``, a name, or a set of names."""

    __slots__ = ()
    Type = Change

    @property
    def model_name_lower(self) -> str:
        """The model's name in lower case."""
        return self.model_name.lower()

    @property
    def field_name_lower(self) -> str:
        """The field's name in lower case."""
        return str(self.field_name).lower()


class Comparison:
    """Holds two states and the operations found so far, per app."""

    def __init__(self, from_state: Any, to_state: Any, questioner: Any = None) -> None:
        self.from_state, self.to_state = from_state, to_state
        self.questioner = questioner or MigrationQuestioner()
        self.existing_apps = {label for label, _ in from_state.models}
        self.generated_operations: dict[str, list[Any]] = {}

    # --- comparable values -------------------------------------------------------------------------------------------------

    def deep_deconstruct(self, obj: Any) -> Any:
        """An object as nested tuples and dictionaries that can be compared."""
        if isinstance(obj, list):
            return [self.deep_deconstruct(value) for value in obj]
        if isinstance(obj, tuple):
            return tuple(self.deep_deconstruct(value) for value in obj)
        if isinstance(obj, dict):
            return {key: self.deep_deconstruct(value) for key, value in obj.items()}
        if isinstance(obj, functools.partial):
            return obj.func, self.deep_deconstruct(obj.args), self.deep_deconstruct(obj.keywords)
        if isinstance(obj, COMPILED_REGEX_TYPE):
            return RegexObject(obj)
        if isinstance(obj, type):
            # A class that can deconstruct its instances cannot deconstruct itself.
            return obj
        if not hasattr(obj, "deconstruct"):
            return obj
        parts = obj.deconstruct()
        if hasattr(obj, "remote_field") or len(parts) == 4:
            # A field, whose name is no part of its definition.
            parts = parts[1:]
        path, args, kwargs = parts[0], parts[1], parts[2]
        if len(parts) != 3:
            return tuple(self.deep_deconstruct(part) for part in parts)
        return path, [self.deep_deconstruct(value) for value in args], self.deep_deconstruct(dict(kwargs))

    def only_relation_agnostic_fields(self, fields: dict[str, Any]) -> list[Any]:
        """Definitions of fields without what they refer to: a model that was renamed along matches its old self."""
        found = []
        for _, field in sorted(fields.items()):
            definition = self.deep_deconstruct(field)
            if field.remote_field and field.remote_field.model:
                definition[2].pop("to", None)
            found.append(definition)
        return found

    # --- what exists ---------------------------------------------------------------------------------------------------------

    def _collect_keys(self, convert_apps: Any = None) -> None:
        """Learn which models there are. Those of apps without migrations are left alone, unless they are to get some."""
        self.old_model_keys, self.old_proxy_keys, self.old_unmanaged_keys = self._keys(self.from_state, None)
        self.new_model_keys, self.new_proxy_keys, self.new_unmanaged_keys = self._keys(
            self.to_state, self.from_state.real_apps - set(convert_apps or ())
        )
        self.renamed_models: dict[ModelKey, str] = {}
        self.renamed_models_rel: dict[str, str] = {}
        self.renamed_fields: dict[tuple[str, str, str], str] = {}

    @staticmethod
    def _keys(state: Any, real_apps: Any) -> tuple[set[ModelKey], set[ModelKey], set[ModelKey]]:
        """Keys of ordinary, proxy and unmanaged models."""
        models: set[ModelKey] = set()
        proxies: set[ModelKey] = set()
        unmanaged: set[ModelKey] = set()
        for key, model_state in state.models.items():
            if not model_state.options.get("managed", True):
                unmanaged.add(key)
            elif real_apps is None or key[0] not in real_apps:
                (proxies if model_state.options.get("proxy") else models).add(key)
        return models, proxies, unmanaged

    def _old_name(self, key: ModelKey) -> str:
        """The name that a model of the new state had in the old."""
        return self.renamed_models.get(key, key[1])

    def _old_state(self, key: ModelKey) -> Any:
        return self.from_state.models[key[0], self._old_name(key)]

    def _collect_kept(self) -> None:
        """After renamed models are known: what is in both states, and all their fields."""
        self.kept_model_keys = self.old_model_keys & self.new_model_keys
        self.kept_proxy_keys = self.old_proxy_keys & self.new_proxy_keys
        self.kept_unmanaged_keys = self.old_unmanaged_keys & self.new_unmanaged_keys
        self.through_users: dict[ModelKey, tuple[str, str, str]] = {}
        self.old_field_keys = {
            (app_label, model_name, field_name)
            for app_label, model_name in self.kept_model_keys
            for field_name in self._old_state((app_label, model_name)).fields
        }
        self.new_field_keys = {
            (app_label, model_name, field_name)
            for app_label, model_name in self.kept_model_keys
            for field_name in self.to_state.models[app_label, model_name].fields
        }

    def _collect_through(self) -> None:
        """Which many-to-many field of the old state uses which model between."""
        for app_label, model_name in sorted(self.old_model_keys):
            old_name = self._old_name((app_label, model_name))
            for field_name, field in self.from_state.models[app_label, old_name].fields.items():
                through = getattr(field.remote_field, "through", None) if field.remote_field else None
                if through:
                    key = resolve_relation(through, app_label, model_name)
                    self.through_users[key] = (app_label, old_name, field_name)

    # --- operations ----------------------------------------------------------------------------------------------------------

    def add_operation(
        self, app_label: str, operation: Operation, dependencies: Any = None, beginning: bool = False
    ) -> None:
        """Note an operation and what it depends on."""
        operation._auto_deps = dependencies or []  # type: ignore[attr-defined]
        operations = self.generated_operations.setdefault(app_label, [])
        if beginning:
            operations.insert(0, operation)
        else:
            operations.append(operation)

    # --- dependencies ----------------------------------------------------------------------------------------------------------

    @staticmethod
    def _resolve_dependency(dependency: Any) -> tuple[Any, bool]:
        """The dependency on the model that a swappable one means at present, and whether it was one."""
        if dependency.app_label != "__setting__":
            return dependency, False
        app_label, name = str(getattr(settings, dependency.model_name)).split(".")
        return OperationDependency(app_label, name, dependency.field_name, dependency.type), True

    def _dependencies_of(
        self, app_label: str, model_name: str, field: Any, project_state: Any
    ) -> list[OperationDependency]:
        """What a relation needs: the model that it refers to, and the one between."""
        kind = OperationDependency.Type
        setting = getattr(field, "swappable_setting", None)
        if setting is not None:
            target = ("__setting__", setting)
        else:
            target = resolve_relation(field.remote_field.model, app_label, model_name)
        dependencies = [OperationDependency(*target, None, kind.CREATE)]
        through = getattr(field.remote_field, "through", None)
        if through:
            between = resolve_relation(through, app_label, model_name)
            dependencies.append(OperationDependency(*between, None, kind.CREATE))
        return dependencies

    def _fk_dependencies(self, app_label: str, model_name: str, field: Any) -> list[OperationDependency]:
        """The same, and the field that a key refers to where that is new as well."""
        dependencies = self._dependencies_of(app_label, model_name, field, self.to_state)
        remote_name = getattr(field.remote_field, "field_name", None)
        if remote_name and not field.many_to_many and dependencies[0].app_label != "__setting__":
            first = dependencies[0]
            key = first.app_label, first.model_name.lower()
            if (*key, remote_name) in self.new_field_keys - self.old_field_keys:
                kind = OperationDependency.Type.CREATE
                dependencies.append(OperationDependency(*key, remote_name, kind))
        return dependencies


def parse_number(name: str) -> int | None:
    """The number of a migration: 12 of ``0012_more`` and of ``0001_squashed_0012_more``."""
    squashed = re.search(r".*_squashed_(\d+)", name)
    if squashed:
        return int(squashed[1])
    found = re.match(r"^\d+", name)
    return int(found[0]) if found else None

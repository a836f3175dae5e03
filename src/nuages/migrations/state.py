"""The models as they are between two migrations: data first, classes only where somebody asks for them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from functools import cached_property
from typing import Any, ClassVar, Self

from nuages.exceptions import FieldDoesNotExist
from nuages.migrations.model_state import ModelState
from nuages.migrations.references import ModelKey, field_is_referenced, get_references, resolve_relation
from nuages.migrations.state_apps import StateApps, concrete_and_related
from nuages.models.fields.markers import NOT_PROVIDED
from nuages.models.references import make_model_tuple

__all__ = ["ModelState", "ProjectState", "StateApps"]


class ProjectState:
    """All models of a project at one point of its history.

    ``models`` maps ``(app_label, model_name)`` to ``ModelState``; ``apps`` is a registry of classes made from them, kept up to
    date by the methods below once it exists.
    """

    def __init__(self, models: dict[ModelKey, ModelState] | None = None, real_apps: set[str] | None = None) -> None:
        self.models: dict[ModelKey, ModelState] = models or {}
        if real_apps is not None and not isinstance(real_apps, set):
            raise AssertionError("real_apps must be a set of app labels.")
        self.real_apps: set[str] = real_apps or set()
        self.is_delayed = False
        self._relations: dict[ModelKey, dict[ModelKey, dict[str, Any]]] | None = None

    # --- models ------------------------------------------------------------------------------------------------------------

    def add_model(self, model_state: ModelState) -> None:
        """Add a model."""
        key = model_state.app_label, model_state.name_lower
        self.models[key] = model_state
        self._relations = None
        if "apps" in self.__dict__:
            self.reload_model(*key)

    def remove_model(self, app_label: str, model_name: str) -> None:
        """Take a model away."""
        key = app_label, model_name
        del self.models[key]
        self._relations = None
        if "apps" in self.__dict__:
            self.apps.unregister_model(*key)
            # Relations that pointed at it must not keep it.
            self.apps.clear_cache()

    def rename_model(self, app_label: str, old_name: str, new_name: str) -> None:
        """Rename a model, in all fields that mean it as well."""
        old_key, new_key = (app_label, old_name.lower()), (app_label, new_name.lower())
        renamed = self.models[old_key].clone()
        renamed.name = new_name
        self.models[new_key] = renamed
        to_reload = {new_key}
        target = f"{app_label}.{new_name}"
        for model_state, name, field, reference in list(get_references(self, old_key)):
            changed = field.clone()
            if reference.to:
                changed.remote_field.model = target
            if reference.through:
                changed.remote_field.through = target
            model_state.fields[name] = changed
            to_reload.add((model_state.app_label, model_state.name_lower))
        for key, model_state in self.models.items():
            if any(isinstance(base, str) and base.lower() == f"{app_label}.{old_name}".lower() for base in model_state.bases):
                model_state.bases = tuple(
                    f"{app_label}.{new_name.lower()}"
                    if isinstance(base, str) and base.lower() == f"{app_label}.{old_name}".lower()
                    else base
                    for base in model_state.bases
                )
                to_reload.add(key)
        self._relations = None
        if "apps" in self.__dict__:
            self.reload_models(to_reload, delay=True)
        self.remove_model(*old_key)
        if "apps" in self.__dict__:
            self.reload_model(*new_key, delay=True)

    def _changed(self, key: ModelKey, delay: bool = True) -> None:
        if "apps" in self.__dict__:
            self.reload_model(*key, delay=delay)

    def alter_model_options(
        self, app_label: str, model_name: str, options: Mapping[str, Any], option_keys: Iterable[str] | None = None
    ) -> None:
        """Change Meta options; those of ``option_keys`` that are not given go back to their defaults."""
        model_state = self.models[app_label, model_name]
        model_state.options = {**model_state.options, **options}
        for name in option_keys or ():
            if name not in options:
                model_state.options.pop(name, None)
        self._changed((app_label, model_name))

    def remove_model_options(
        self, app_label: str, model_name: str, option_name: str, option_value_to_remove: Any
    ) -> None:
        """Take one value out of an option that is a list."""
        model_state = self.models[app_label, model_name]
        values = model_state.options.get(option_name)
        if values:
            model_state.options[option_name] = [
                value for value in values if tuple(value) != tuple(option_value_to_remove)
            ]
        self._changed((app_label, model_name))

    def alter_model_managers(self, app_label: str, model_name: str, managers: Iterable[Any]) -> None:
        """Replace the managers."""
        self.models[app_label, model_name].managers = list(managers)
        self._changed((app_label, model_name))

    # --- lists of options ----------------------------------------------------------------------------------------------------

    def _append_option(self, app_label: str, model_name: str, option: str, item: Any) -> None:
        options = self.models[app_label, model_name].options
        options[option] = [*options[option], item]
        self._changed((app_label, model_name))

    def _remove_option(self, app_label: str, model_name: str, option: str, name: str) -> None:
        options = self.models[app_label, model_name].options
        options[option] = [item for item in options[option] if item.name != name]
        self._changed((app_label, model_name))

    def _replace_option(self, app_label: str, model_name: str, option: str, name: str, item: Any) -> None:
        options = self.models[app_label, model_name].options
        options[option] = [item if each.name == name else each for each in options[option]]
        self._changed((app_label, model_name))

    def add_index(self, app_label: str, model_name: str, index: Any) -> None:
        """Add an index."""
        self._append_option(app_label, model_name, "indexes", index)

    def remove_index(self, app_label: str, model_name: str, index_name: str) -> None:
        """Take an index away."""
        self._remove_option(app_label, model_name, "indexes", index_name)

    def rename_index(self, app_label: str, model_name: str, old_index_name: str, new_index_name: str) -> None:
        """Rename an index."""
        options = self.models[app_label, model_name].options
        renamed = []
        for index in options["indexes"]:
            if index.name == old_index_name:
                index = index.clone()
                index.name = new_index_name
            renamed.append(index)
        options["indexes"] = renamed
        self._changed((app_label, model_name))

    def add_constraint(self, app_label: str, model_name: str, constraint: Any) -> None:
        """Add a constraint."""
        self._append_option(app_label, model_name, "constraints", constraint)

    def remove_constraint(self, app_label: str, model_name: str, constraint_name: str) -> None:
        """Take a constraint away."""
        self._remove_option(app_label, model_name, "constraints", constraint_name)

    def alter_constraint(self, app_label: str, model_name: str, constraint_name: str, constraint: Any) -> None:
        """Put a constraint in another's place."""
        self._replace_option(app_label, model_name, "constraints", constraint_name, constraint)

    # --- fields ------------------------------------------------------------------------------------------------------------

    def add_field(
        self, app_label: str, model_name: str, name: str, field: Any, preserve_default: bool
    ) -> None:
        """Add a field; without ``preserve_default`` its default only served the existing rows."""
        if not preserve_default:
            field = field.clone()
            field.default = NOT_PROVIDED
        key = app_label, model_name
        self.models[key].fields[name] = field
        self._relations = None
        self._changed(key, delay=not field.is_relation)

    def remove_field(self, app_label: str, model_name: str, name: str) -> None:
        """Take a field away."""
        key = app_label, model_name
        old_field = self.models[key].fields.pop(name)
        self._relations = None
        self._changed(key, delay=not old_field.is_relation)

    def alter_field(
        self, app_label: str, model_name: str, name: str, field: Any, preserve_default: bool
    ) -> None:
        """Put a field in the place of another of the same name."""
        if not preserve_default:
            field = field.clone()
            field.default = NOT_PROVIDED
        key = app_label, model_name
        fields = self.models[key].fields
        old_field = fields[name]
        fields[name] = field
        self._relations = None
        # Where others refer to the field, their columns follow: then the classes cannot wait.
        delay = not field.is_relation and not field_is_referenced(self, key, (name, field))
        self._changed(key, delay=delay and not old_field.is_relation)

    def rename_field(self, app_label: str, model_name: str, old_name: str, new_name: str) -> None:
        """Rename a field, in options and in all fields that mean it as well; ``FieldDoesNotExist`` without it."""
        key = app_label, model_name
        model_state = self.models[key]
        fields = model_state.fields
        if old_name not in fields:
            raise FieldDoesNotExist(f"{app_label}.{model_name} has no field named '{old_name}'")
        found = fields[old_name]
        # The renamed field moves to the end: tables that SQLite makes anew later have their columns in this order.
        fields[new_name] = fields.pop(old_name)
        for field in model_state.fields.values():
            sources = getattr(field, "from_fields", None)
            if sources:
                field.from_fields = tuple(new_name if source == old_name else source for source in sources)
        for option in ("index_together", "unique_together"):
            if option in model_state.options:
                model_state.options[option] = [
                    [new_name if each == old_name else each for each in names] for names in model_state.options[option]
                ]
        delay = True
        for _, _, field, reference in get_references(self, key, (old_name, found)):
            delay = False
            if reference.to:
                remote, to_fields = reference.to
                if getattr(remote, "field_name", None) == old_name:
                    remote.field_name = new_name
                if to_fields:
                    field.to_fields = tuple(new_name if each == old_name else each for each in to_fields)
            if reference.through and reference.through[1]:
                remote, names = reference.through
                remote.through_fields = tuple(new_name if each == old_name else each for each in names)
        self._relations = None
        self._changed(key, delay=delay)

    # --- relations -----------------------------------------------------------------------------------------------------------

    @property
    def relations(self) -> dict[ModelKey, dict[ModelKey, dict[str, Any]]]:
        """``{model: {model that refers to it: {field name: field}}}``."""
        if self._relations is None:
            self.resolve_fields_and_relations()
        assert self._relations is not None
        return self._relations

    def resolve_fields_and_relations(self) -> None:
        """Give every field its model's key and collect what refers to what; proxies stand for their concrete models."""
        concrete = self._concrete_models()
        relations: dict[ModelKey, dict[ModelKey, dict[str, Any]]] = defaultdict(lambda: defaultdict(dict))
        for key, model_state in self.models.items():
            for name, field in model_state.fields.items():
                field.name = name
                remote = field.remote_field
                if not remote:
                    continue
                self._relate(relations, concrete, key, name, field, remote.model)
                through = getattr(remote, "through", None)
                if through:
                    self._relate(relations, concrete, key, name, field, through)
        self._relations = relations

    def _relate(
        self, relations: Any, concrete: dict[ModelKey, ModelKey], key: ModelKey, name: str, field: Any, model: Any
    ) -> None:
        target = resolve_relation(model, *key)
        relations[concrete.get(target, target)][key][name] = field

    def _concrete_models(self) -> dict[ModelKey, ModelKey]:
        proxies: dict[ModelKey, ModelKey] = {}
        for key, model_state in self.models.items():
            if model_state.options.get("proxy"):
                for base in model_state.bases:
                    if isinstance(base, str):
                        proxies[key] = resolve_relation(base, *key)
                        break
        resolved = {}
        for key, target in proxies.items():
            while target in proxies:
                target = proxies[target]
            resolved[key] = target
        return resolved

    def get_concrete_model_key(self, model: Any) -> ModelKey:
        """The key of the concrete model behind a model."""
        key = make_model_tuple(model)
        return self._concrete_models().get(key, key)

    # --- classes -------------------------------------------------------------------------------------------------------------

    @cached_property
    def apps(self) -> StateApps:
        """The registry of the models as classes."""
        return StateApps(self.real_apps, self.models)

    @property
    def concrete_apps(self) -> StateApps:
        """The same, without regard to models that settings swap out."""
        self.apps = StateApps(self.real_apps, self.models, ignore_swappable=True)
        return self.apps

    def clear_delayed_apps_cache(self) -> None:
        """Make the classes anew at the next look, where some were left behind."""
        if self.is_delayed and "apps" in self.__dict__:
            del self.__dict__["apps"]

    def reload_model(self, app_label: str, model_name: str, delay: bool = False) -> None:
        """Make a model's class anew, and those of all models that know it; only of the nearest with ``delay``."""
        self.reload_models([(app_label, model_name)], delay=delay)

    def reload_models(self, models: Iterable[ModelKey], delay: bool = True) -> None:
        """Make several models' classes anew."""
        if "apps" not in self.__dict__:
            return
        affected: set[ModelKey] = set()
        for key in models:
            affected |= self._affected(key, delay)
        if delay:
            self.is_delayed = True
        self._reload(affected)

    def _connected(self, start: ModelKey) -> set[ModelKey]:
        """All models that relations or inheritance lead to, either way.

        Read from the states: classes that a delayed reload left behind refer to predecessors of their neighbours.
        """
        links: dict[ModelKey, set[ModelKey]] = defaultdict(set)
        for key, model_state in self.models.items():
            targets: list[Any] = [base for base in model_state.bases if isinstance(base, str)]
            for field in model_state.fields.values():
                if field.is_relation and field.remote_field:
                    targets += [field.remote_field.model, getattr(field.remote_field, "through", None)]
            for target in filter(None, targets):
                other = resolve_relation(target, *key)
                links[key].add(other)
                links[other].add(key)
        found, waiting = {start}, [start]
        while waiting:
            new = links[waiting.pop()] - found
            found |= new
            waiting += new
        return found

    def _affected(self, key: ModelKey, delay: bool) -> set[ModelKey]:
        found = {key} if delay else self._connected(key)
        try:
            model = self.apps.get_model(*key)
        except LookupError:
            pass
        else:
            if delay:
                found |= concrete_and_related(model)
            else:
                found |= concrete_and_related(model, recursive=True)
        model_state = self.models.get(key)
        if model_state is not None:
            for field in model_state.fields.values():
                if field.is_relation and field.remote_field:
                    target = resolve_relation(field.remote_field.model, *key)
                    try:
                        related = self.apps.get_model(*target)
                    except LookupError:
                        continue
                    found |= {target} if delay else concrete_and_related(related, recursive=True)
        return found

    def _reload(self, keys: set[ModelKey]) -> None:
        with self.apps.bulk_update():
            for key in keys:
                self.apps.unregister_model(*key)
        # Models of apps without migrations are not in ``models``, but are made anew like the others.
        known = {(state.app_label, state.name_lower): state for state in self.apps.real_models} | self.models
        self.apps.render_multiple([known[key].clone() for key in sorted(keys) if key in known])

    # --- copies and comparison ---------------------------------------------------------------------------------------------

    def clone(self) -> ProjectState:
        """An independent copy; classes that exist are shared until one side changes."""
        copied = ProjectState(
            models={key: model_state.clone() for key, model_state in self.models.items()}, real_apps=self.real_apps
        )
        if "apps" in self.__dict__:
            copied.apps = self.apps.clone()
        copied.is_delayed = self.is_delayed
        return copied

    @classmethod
    def from_apps(cls, apps: Any) -> Self:
        """The state of a registry of real models."""
        states = [ModelState.from_model(model) for model in apps.get_models(include_swapped=True)]
        return cls({(each.app_label, each.name_lower): each for each in states})

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, ProjectState):
            return NotImplemented
        return self.models == other.models and self.real_apps == other.real_apps

    __hash__: ClassVar[None] = None  # type: ignore[assignment]

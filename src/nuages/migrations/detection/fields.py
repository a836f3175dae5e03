"""Fields that were renamed, added, removed or altered."""

from __future__ import annotations

from typing import Any

from nuages.migrations import operations
from nuages.migrations.detection.comparing import Comparison, OperationDependency
from nuages.migrations.references import ModelKey, resolve_relation
from nuages.models.fields.markers import NOT_PROVIDED
from nuages.models.fields.numbers import AutoFieldMixin
from nuages.models.fields.times import DateField, DateTimeField, TimeField
from nuages.models.fields.wording import is_free

TYPES = OperationDependency.Type

FieldKey = tuple[str, str, str]


class FieldChanges(Comparison):
    """Finds out what became of the fields."""

    # --- renamed -------------------------------------------------------------------------------------------------------------

    def match_renamed_fields(self) -> None:
        """A new field that looks like one that is gone may be the same under another name; the questioner decides."""
        self.renamed_operations: list[tuple[FieldKey, Any, Any]] = []
        old_keys = set(self.old_field_keys)
        for key in sorted(self.new_field_keys - old_keys):
            app_label, model_name, field_name = key
            field = self.to_state.models[app_label, model_name].get_field(field_name)
            definition = self.deep_deconstruct(field)
            for gone in sorted(old_keys - self.new_field_keys):
                if gone[:2] != key[:2]:
                    continue
                old_field = self._old_state((app_label, model_name)).get_field(gone[2])
                if not self._same_but_for_name(gone[2], old_field, field, definition):
                    continue
                if self.questioner.ask_rename(model_name, gone[2], field_name, field):
                    self.renamed_operations.append((gone, old_field, (field_name, field)))
                    old_keys.remove(gone)
                    old_keys.add(key)
                    self.renamed_fields[key] = gone[2]
                    break

    def _same_but_for_name(self, old_name: str, old_field: Any, field: Any, definition: Any) -> bool:
        old_definition = self.deep_deconstruct(old_field)
        path, args, kwargs = old_definition
        if field.remote_field and field.remote_field.model and "to" in kwargs:
            target = kwargs["to"]
            if target in self.renamed_models_rel:
                kwargs = {**kwargs, "to": self.renamed_models_rel[target]}
        old_field.set_attributes_from_name(old_name)
        column = old_field.get_attname_column()[1]
        if (path, args, kwargs) == tuple(definition):
            return True
        return (path, args) == tuple(definition[:2]) and {**kwargs, "db_column": column} == definition[2]

    def find_renamed_fields(self) -> None:
        """Rename; where the column keeps its name, that is said first."""
        for (app_label, model_name, old_name), old_field, (new_name, field) in self.renamed_operations:
            if old_field.db_column != field.db_column:
                altered = field.clone()
                altered.name = old_name
                operation = operations.AlterField(model_name=model_name, name=old_name, field=altered)
                self.add_operation(app_label, operation)
            self.add_operation(
                app_label,
                operations.RenameField(model_name=model_name, old_name=old_name, new_name=new_name),
            )
            self.old_field_keys.remove((app_label, model_name, old_name))
            self.old_field_keys.add((app_label, model_name, new_name))

    # --- added ---------------------------------------------------------------------------------------------------------------

    def find_added_fields(self) -> None:
        """Add new fields."""
        for key in sorted(self.new_field_keys - self.old_field_keys):
            self._added_field(*key)

    def _added_field(self, app_label: str, model_name: str, field_name: str) -> None:
        field = self.to_state.models[app_label, model_name].get_field(field_name)
        dependencies: list[OperationDependency] = [
            # The same name may have belonged to a field of another kind.
            OperationDependency(app_label, model_name, field_name, TYPES.REMOVE)
        ]
        if field.remote_field and field.remote_field.model:
            dependencies.extend(self._fk_dependencies(app_label, model_name, field))
        if field.generated:
            dependencies.extend(self._sources_of(app_label, model_name, field))
        preserve_default = self._needs_no_default(field)
        if not preserve_default:
            field = field.clone()
            if isinstance(field, (DateField, DateTimeField, TimeField)) and field.auto_now_add:
                field.default = self.questioner.ask_auto_now_add_addition(field_name, model_name)
            else:
                field.default = self.questioner.ask_not_null_addition(field_name, model_name)
        if field.unique and field.has_default() and callable(field.default):
            self.questioner.ask_unique_callable_default_addition(field_name, model_name)
        self.add_operation(
            app_label,
            operations.AddField(
                model_name=model_name, name=field_name, field=field, preserve_default=preserve_default
            ),
            dependencies=dependencies,
        )

    @staticmethod
    def _needs_no_default(field: Any) -> bool:
        """Whether existing rows get something in the new column without being asked for it."""
        return bool(
            field.null
            or field.has_default()
            or field.has_db_default()
            or field.many_to_many
            or field.generated
            or isinstance(field, AutoFieldMixin)
            or (field.blank and field.empty_strings_allowed)
            or (isinstance(field, (DateField, DateTimeField, TimeField)) and field.auto_now)
        )

    def _sources_of(self, app_label: str, model_name: str, field: Any) -> list[OperationDependency]:
        """The new fields that a generated column is computed from."""
        used = {name for name, _ in _references(field)}
        fields = self.to_state.models[app_label, model_name].fields
        # A key may be meant by its column.
        names = [name for name in sorted(fields) if name in used or (fields[name].is_relation and f"{name}_id" in used)]
        return [OperationDependency(app_label, model_name, name, TYPES.CREATE) for name in names]

    # --- removed -------------------------------------------------------------------------------------------------------------

    def find_removed_fields(self) -> None:
        """Remove fields that are gone."""
        for key in sorted(self.old_field_keys - self.new_field_keys):
            self._removed_field(*key)

    def _removed_field(self, app_label: str, model_name: str, field_name: str) -> None:
        dependencies = [
            OperationDependency(app_label, model_name, field_name, TYPES.REMOVE_ORDER_WRT),
            OperationDependency(app_label, model_name, field_name, TYPES.ALTER_FOO_TOGETHER),
        ]
        old_state = self._old_state((app_label, model_name))
        for option in ("indexes", "constraints"):
            dependencies += [
                OperationDependency(app_label, model_name, each.name, TYPES.REMOVE_INDEX_OR_CONSTRAINT)
                for each in old_state.options[option]
            ]
        for name, field in old_state.fields.items():
            if field.generated and name != field_name and field_name in {each for each, _ in _references(field)}:
                dependencies.append(OperationDependency(app_label, model_name, name, TYPES.REMOVE))
        self.add_operation(
            app_label,
            operations.RemoveField(model_name=model_name, name=field_name),
            dependencies=dependencies,
        )

    # --- altered -------------------------------------------------------------------------------------------------------------

    def find_altered_fields(self) -> None:
        """Alter fields whose definition has changed; one that became many-to-many, or no longer is, comes anew."""
        for app_label, model_name, field_name in sorted(self.old_field_keys & self.new_field_keys):
            old_name = self.renamed_fields.get((app_label, model_name, field_name), field_name)
            old_field = self._old_state((app_label, model_name)).get_field(old_name)
            new_field = self.to_state.models[app_label, model_name].get_field(field_name)
            old_definition = self.deep_deconstruct(old_field)
            new_definition = self._as_before(app_label, model_name, old_definition, old_field, new_field)
            if old_definition == new_definition or old_name != field_name:
                continue
            if bool(old_field.many_to_many) == bool(new_field.many_to_many) and not self._leads_elsewhere(
                (app_label, model_name), old_field, new_field
            ):
                self._alter(app_label, model_name, field_name, old_field, new_field)
            else:
                self._removed_field(app_label, model_name, field_name)
                self._added_field(app_label, model_name, field_name)

    def _leads_elsewhere(self, key: ModelKey, old_field: Any, new_field: Any) -> bool:
        """Whether a many-to-many field refers to another model now: the rows of its table mean nothing there."""
        if not new_field.many_to_many:
            return False
        old_target = resolve_relation(old_field.remote_field.model, key[0], self._old_name(key))
        new_target = resolve_relation(new_field.remote_field.model, *key)
        return old_target not in (new_target, self._renamed_from(new_target))

    def _as_before(self, app_label: str, model_name: str, old_definition: Any, old_field: Any, new_field: Any) -> Any:
        """The new definition, with the old names of models and fields that were only renamed."""
        path, args, kwargs = self.deep_deconstruct(new_field)
        if is_free(new_field.help_text) and "help_text" in old_definition[2]:
            kwargs = {**kwargs, "help_text": old_definition[2]["help_text"]}
        remote, old_remote = new_field.remote_field, old_field.remote_field
        if not (remote and old_remote and getattr(remote, "model", None)):
            return path, args, kwargs
        kwargs = dict(kwargs)
        key = app_label, model_name
        target = resolve_relation(remote.model, *key)
        if self._renamed_from(target) == resolve_relation(old_remote.model, app_label, self._old_name(key)):
            if "to" in kwargs and "to" in old_definition[2]:
                kwargs["to"] = old_definition[2]["to"]
        if "to_field" in kwargs:
            kwargs["to_field"] = self.renamed_fields.get((*target, kwargs["to_field"]), kwargs["to_field"])
        for option, owner in (("to_fields", target), ("from_fields", key)):
            if kwargs.get(option):
                renamed = [self.renamed_fields.get((*owner, name), name) for name in kwargs[option]]
                kwargs[option] = type(kwargs[option])(renamed)
        through, old_through = getattr(remote, "through", None), getattr(old_remote, "through", None)
        if through and old_through and "through" in old_definition[2]:
            between = resolve_relation(through, *key)
            if self._renamed_from(between) == resolve_relation(old_through, app_label, self._old_name(key)):
                kwargs["through"] = old_definition[2]["through"]
        return path, args, kwargs

    def _renamed_from(self, key: ModelKey) -> ModelKey:
        """The old key of a model that was renamed; nothing that could match for others."""
        return (key[0], self.renamed_models[key]) if key in self.renamed_models else ("", "")

    def _alter(self, app_label: str, model_name: str, field_name: str, old_field: Any, new_field: Any) -> None:
        preserve_default = True
        field = new_field
        filled = new_field.null or new_field.has_default() or new_field.has_db_default() or new_field.many_to_many
        if old_field.null and not filled:
            field = new_field.clone()
            default = self.questioner.ask_not_null_alteration(field_name, model_name)
            if default is not NOT_PROVIDED:
                field.default = default
                preserve_default = False
        dependencies: list[OperationDependency] = []
        if new_field.remote_field and getattr(new_field.remote_field, "model", None):
            dependencies = self._fk_dependencies(app_label, model_name, new_field)
        self.add_operation(
            app_label,
            operations.AlterField(
                model_name=model_name, name=field_name, field=field, preserve_default=preserve_default
            ),
            dependencies=dependencies,
        )


def _references(field: Any) -> list[tuple[str, Any]]:
    """The names that the expression of a generated column uses."""
    found: list[tuple[str, Any]] = []
    waiting = [field.expression]
    while waiting:
        expression = waiting.pop()
        name = getattr(expression, "name", None)
        if type(expression).__name__ == "F" and isinstance(name, str):
            found.append((name.split("__", 1)[0], expression))
        elif isinstance(expression, tuple) and len(expression) == 2 and isinstance(expression[0], str):
            found.append((expression[0].split("__", 1)[0], expression))
        sources = getattr(expression, "get_source_expressions", None)
        if sources is not None:
            waiting.extend(each for each in sources() if each is not None)
        elif hasattr(expression, "children"):
            waiting.extend(expression.children)
    return found

"""Options, managers, indexes and constraints that changed."""

from __future__ import annotations

from typing import Any

from nuages.migrations import operations
from nuages.migrations.detection.comparing import Comparison, OperationDependency
from nuages.migrations.references import ModelKey
from nuages.models.options import normalize_together

TYPES = OperationDependency.Type


class OptionChanges(Comparison):
    """Finds out what became of the options of models that stay."""

    # --- indexes -------------------------------------------------------------------------------------------------------------

    def compare_indexes(self) -> None:
        """Which indexes come, go, or change their names only."""
        self.altered_indexes: dict[ModelKey, dict[str, list[Any]]] = {}
        for key in sorted(self.kept_model_keys):
            old = self._old_state(key).options["indexes"]
            new = self.to_state.models[key].options["indexes"]
            added = [index for index in new if index not in old]
            removed = [index for index in old if index not in new]
            renamed = []
            for index in list(added):
                match = next((each for each in removed if _nameless(each) == _nameless(index)), None)
                if match is not None:
                    renamed.append((match.name, index.name))
                    added.remove(index)
                    removed.remove(match)
            self.altered_indexes[key] = {"added": added, "removed": removed, "renamed": renamed}

    def find_added_indexes(self) -> None:
        """Add new indexes."""
        for (app_label, model_name), changes in self.altered_indexes.items():
            dependencies = self._foreign_fields(app_label, model_name)
            for index in changes["added"]:
                operation = operations.AddIndex(model_name=model_name, index=index)
                self.add_operation(app_label, operation, dependencies=dependencies)

    def find_removed_indexes(self) -> None:
        """Remove indexes that are gone."""
        for (app_label, model_name), changes in self.altered_indexes.items():
            for index in changes["removed"]:
                self.add_operation(app_label, operations.RemoveIndex(model_name=model_name, name=index.name))

    def find_renamed_indexes(self) -> None:
        """Rename indexes."""
        for (app_label, model_name), changes in self.altered_indexes.items():
            for old_name, new_name in changes["renamed"]:
                operation = operations.RenameIndex(model_name=model_name, new_name=new_name, old_name=old_name)
                self.add_operation(app_label, operation)

    def _foreign_fields(self, app_label: str, model_name: str) -> list[OperationDependency]:
        found: list[OperationDependency] = []
        for field in self.to_state.models[app_label, model_name].fields.values():
            if field.is_relation and field.remote_field:
                found.extend(self._dependencies_of(app_label, model_name, field, self.to_state))
        return list(dict.fromkeys(found))

    # --- constraints -----------------------------------------------------------------------------------------------------------

    def compare_constraints(self) -> None:
        """Which constraints come, go, or change only in what the database does not see."""
        self.altered_constraints: dict[ModelKey, dict[str, list[Any]]] = {}
        for key in sorted(self.kept_model_keys):
            old = self._old_state(key).options["constraints"]
            new = self.to_state.models[key].options["constraints"]
            added = [constraint for constraint in new if constraint not in old]
            removed = [constraint for constraint in old if constraint not in new]
            altered = []
            by_name = {constraint.name: constraint for constraint in removed}
            for constraint in list(added):
                match = by_name.get(constraint.name)
                if match is not None and _for_database(self._renamed(key, match)) == _for_database(constraint):
                    altered.append(constraint)
                    added.remove(constraint)
                    removed.remove(match)
            self.altered_constraints[key] = {"added": added, "removed": removed, "altered": altered}

    def _renamed(self, key: ModelKey, constraint: Any) -> Any:
        """A constraint under the new names of fields whose columns have stayed."""
        names = {}
        for (app_label, model_name, new), old in self.renamed_fields.items():
            if (app_label, model_name) == key:
                old_field, new_field = self._old_state(key).fields[old], self.to_state.models[key].fields[new]
                if (old_field.db_column or old) == (new_field.db_column or new):
                    names[old] = new
        if not names.keys() & set(getattr(constraint, "fields", ())):
            return constraint
        _, args, kwargs = constraint.deconstruct()
        kwargs = {**kwargs, "fields": tuple(names.get(name, name) for name in constraint.fields)}
        return type(constraint)(*args, **kwargs)

    def find_added_constraints(self) -> None:
        """Add new constraints."""
        for (app_label, model_name), changes in self.altered_constraints.items():
            dependencies = self._foreign_fields(app_label, model_name)
            for constraint in changes["added"]:
                operation = operations.AddConstraint(model_name=model_name, constraint=constraint)
                self.add_operation(app_label, operation, dependencies=dependencies)

    def find_removed_constraints(self) -> None:
        """Remove constraints that are gone."""
        for (app_label, model_name), changes in self.altered_constraints.items():
            for constraint in changes["removed"]:
                operation = operations.RemoveConstraint(model_name=model_name, name=constraint.name)
                self.add_operation(app_label, operation)

    def find_altered_constraints(self) -> None:
        """Change messages and codes."""
        for (app_label, model_name), changes in self.altered_constraints.items():
            for constraint in changes["altered"]:
                operation = operations.AlterConstraint(
                    model_name=model_name, name=constraint.name, constraint=constraint
                )
                dependencies = self._foreign_fields(app_label, model_name)
                self.add_operation(app_label, operation, dependencies=dependencies)

    # --- unique_together -------------------------------------------------------------------------------------------------------

    def _together_changes(self) -> Any:
        """``(app_label, model_name, old set under new names of fields, new set)`` for each model."""
        for app_label, model_name in sorted(self.kept_model_keys):
            key = app_label, model_name
            old_names = {
                old: new
                for (label, model, new), old in self.renamed_fields.items()
                if (label, model) == key
            }
            old_value = normalize_together(self._old_state(key).options.get("unique_together")) or ()
            old = {tuple(old_names.get(name, name) for name in names) for names in old_value}
            new = set(normalize_together(self.to_state.models[key].options.get("unique_together")) or ())
            if set(old_value) != new:
                yield app_label, model_name, old, new

    def find_removed_unique_together(self) -> None:
        """Take away what is gone, before the fields go."""
        for app_label, model_name, old, new in self._together_changes():
            if old - new:
                self._alter_together(app_label, model_name, old & new)

    def find_added_unique_together(self) -> None:
        """Add what is new, after the fields have come."""
        for app_label, model_name, old, new in self._together_changes():
            if new - old or (old == new):
                self._alter_together(app_label, model_name, new)

    def _alter_together(self, app_label: str, model_name: str, value: set[tuple[str, ...]]) -> None:
        dependencies: list[OperationDependency] = []
        fields = self.to_state.models[app_label, model_name].fields
        for name in {each for names in value for each in names}:
            field = fields.get(name)
            if field is not None and field.remote_field and getattr(field.remote_field, "model", None):
                dependencies.extend(self._dependencies_of(app_label, model_name, field, self.to_state))
        operation = operations.AlterUniqueTogether(name=model_name, unique_together=value)
        self.add_operation(app_label, operation, dependencies=dependencies)

    # --- other options -----------------------------------------------------------------------------------------------------------

    def find_altered_db_table(self) -> None:
        """Rename tables."""
        for key in sorted(self.kept_model_keys | self.kept_proxy_keys | self.kept_unmanaged_keys):
            old = self._old_state(key).options.get("db_table")
            new = self.to_state.models[key].options.get("db_table")
            if old != new:
                self.add_operation(key[0], operations.AlterModelTable(name=key[1], table=new))

    def find_altered_db_table_comment(self) -> None:
        """Change comments of tables."""
        for key in sorted(self.kept_model_keys | self.kept_proxy_keys | self.kept_unmanaged_keys):
            old = self._old_state(key).options.get("db_table_comment")
            new = self.to_state.models[key].options.get("db_table_comment")
            if old != new:
                operation = operations.AlterModelTableComment(name=key[1], table_comment=new)
                self.add_operation(key[0], operation)

    def find_altered_options(self) -> None:
        """Change options that the database does not see."""
        stay = (
            self.kept_model_keys
            | self.kept_proxy_keys
            | self.kept_unmanaged_keys
            # Whether migrations manage a model is such an option.
            | (self.old_unmanaged_keys & self.new_model_keys)
            | (self.old_model_keys & self.new_unmanaged_keys)
        )
        names = operations.AlterModelOptions.ALTER_OPTION_KEYS
        for key in sorted(stay):
            old = _chosen(self._old_state(key).options, names)
            new = _chosen(self.to_state.models[key].options, names)
            if old != new:
                self.add_operation(key[0], operations.AlterModelOptions(name=key[1], options=new))

    def find_altered_order(self) -> None:
        """Let the order of rows follow another field, or none."""
        for app_label, model_name in sorted(self.kept_model_keys):
            key = app_label, model_name
            old = self._old_state(key).options.get("order_with_respect_to")
            new = self.to_state.models[key].options.get("order_with_respect_to")
            if old == new:
                continue
            dependencies = [OperationDependency(app_label, model_name, new, TYPES.CREATE)] if new else []
            operation = operations.AlterOrderWithRespectTo(name=model_name, order_with_respect_to=new)
            self.add_operation(app_label, operation, dependencies=dependencies)

    def find_altered_managers(self) -> None:
        """Change the managers that migrations see."""
        for key in sorted(self.kept_model_keys | self.kept_proxy_keys | self.kept_unmanaged_keys):
            new = self.to_state.models[key].managers
            if self._old_state(key).managers != new:
                self.add_operation(key[0], operations.AlterModelManagers(name=key[1], managers=new))


def _chosen(options: dict[str, Any], names: list[str]) -> dict[str, Any]:
    return {name: value for name, value in options.items() if name in names}


def _nameless(index: Any) -> Any:
    path, args, kwargs = index.deconstruct()
    return path, args, {name: value for name, value in kwargs.items() if name != "name"}


def _for_database(constraint: Any) -> Any:
    path, args, kwargs = constraint.deconstruct()
    return path, args, {name: value for name, value in kwargs.items() if name not in constraint.non_db_attrs}

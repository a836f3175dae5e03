"""Operations on fields."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cached_property
from typing import Any

from nuages.migrations.operations.operation import Operation, OperationCategory
from nuages.migrations.references import field_is_referenced, field_references
from nuages.models.fields.markers import NOT_PROVIDED


class FieldOperation(Operation):
    """An operation on one field of one model."""

    def __init__(self, model_name: str, name: str, field: Any = None) -> None:
        self.model_name, self.name, self.field = model_name, name, field

    @cached_property
    def model_name_lower(self) -> str:
        """The model's name in lower case."""
        return self.model_name.lower()

    @cached_property
    def name_lower(self) -> str:
        """The field's name in lower case."""
        return self.name.lower()

    def is_same_model_operation(self, operation: Any) -> bool:
        """Whether another operation is on the same model."""
        return bool(self.model_name_lower == operation.model_name_lower)

    def is_same_field_operation(self, operation: Any) -> bool:
        """Whether another operation is on the same field."""
        return self.is_same_model_operation(operation) and bool(self.name_lower == operation.name_lower)

    def references_model(self, name: str, app_label: str) -> bool:
        name_lower = name.lower()
        if name_lower == self.model_name_lower:
            return True
        if self.field is None:
            return False
        return bool(field_references((app_label, self.model_name_lower), self.field, (app_label, name_lower)))

    def references_field(self, model_name: str, name: str, app_label: str) -> bool:
        model_name_lower = model_name.lower()
        if model_name_lower == self.model_name_lower:
            if name == self.name:
                return True
            if self.field is not None and name in (getattr(self.field, "from_fields", None) or ()):
                return True
        if self.field is None:
            return False
        return bool(field_references((app_label, self.model_name_lower), self.field, (app_label, model_name_lower), name))

    def reduce(self, operation: Any, app_label: str) -> Any:
        return super().reduce(operation, app_label) or not operation.references_field(
            self.model_name, self.name, app_label
        )


class FieldDefinition(FieldOperation):
    """An operation that says what a field is. Without ``preserve_default`` its default only fills the existing rows."""

    field: Any

    def __init__(self, model_name: str, name: str, field: Any, preserve_default: bool = True) -> None:
        self.preserve_default = preserve_default
        super().__init__(model_name, name, field)

    def deconstruct(self) -> tuple[str, list[Any], dict[str, Any]]:
        kwargs = {"model_name": self.model_name, "name": self.name, "field": self.field}
        if self.preserve_default is not True:
            kwargs["preserve_default"] = self.preserve_default
        return type(self).__name__, [], kwargs

    @contextmanager
    def _filling(self, field: Any) -> Iterator[Any]:
        """Lend the default to the model's ``field`` while the schema changes."""
        if self.preserve_default:
            yield field
            return
        field.default = self.field.default
        yield field
        field.default = NOT_PROVIDED


class AddField(FieldDefinition):
    """Add a field."""

    category = OperationCategory.ADDITION

    def state_forwards(self, app_label: str, state: Any) -> None:
        state.add_field(app_label, self.model_name_lower, self.name, self.field, self.preserve_default)

    def database_forwards(self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any) -> None:
        to_model = to_state.apps.get_model(app_label, self.model_name)
        if not self.allow_migrate_model(schema_editor.connection.alias, to_model):
            return
        from_model = from_state.apps.get_model(app_label, self.model_name)
        with self._filling(to_model._meta.get_field(self.name)) as field:
            schema_editor.add_field(from_model, field)

    def database_backwards(self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any) -> None:
        from_model = from_state.apps.get_model(app_label, self.model_name)
        if self.allow_migrate_model(schema_editor.connection.alias, from_model):
            schema_editor.remove_field(from_model, from_model._meta.get_field(self.name))

    def describe(self) -> str:
        return f"Add field {self.name} to {self.model_name}"

    @property
    def migration_name_fragment(self) -> str:
        return f"{self.model_name_lower}_{self.name_lower}"

    def reduce(self, operation: Any, app_label: str) -> Any:
        if isinstance(operation, FieldOperation) and self.is_same_field_operation(operation):
            if isinstance(operation, AlterField):
                return [AddField(self.model_name, operation.name, operation.field, operation.preserve_default)]
            if isinstance(operation, RemoveField):
                return []
            if isinstance(operation, RenameField):
                return [AddField(self.model_name, operation.new_name, self.field, self.preserve_default)]
        return super().reduce(operation, app_label)


class RemoveField(FieldOperation):
    """Remove a field."""

    category = OperationCategory.REMOVAL

    def deconstruct(self) -> tuple[str, list[Any], dict[str, Any]]:
        return type(self).__name__, [], {"model_name": self.model_name, "name": self.name}

    def state_forwards(self, app_label: str, state: Any) -> None:
        state.remove_field(app_label, self.model_name_lower, self.name)

    def database_forwards(self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any) -> None:
        from_model = from_state.apps.get_model(app_label, self.model_name)
        if self.allow_migrate_model(schema_editor.connection.alias, from_model):
            schema_editor.remove_field(from_model, from_model._meta.get_field(self.name))

    def database_backwards(self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any) -> None:
        to_model = to_state.apps.get_model(app_label, self.model_name)
        if self.allow_migrate_model(schema_editor.connection.alias, to_model):
            from_model = from_state.apps.get_model(app_label, self.model_name)
            schema_editor.add_field(from_model, to_model._meta.get_field(self.name))

    def describe(self) -> str:
        return f"Remove field {self.name} from {self.model_name}"

    @property
    def migration_name_fragment(self) -> str:
        return f"remove_{self.model_name_lower}_{self.name_lower}"

    def reduce(self, operation: Any, app_label: str) -> Any:
        # The model goes, and the field with it.
        if getattr(operation, "deletes_model", False) and operation.name_lower == self.model_name_lower:
            return [operation]
        return super().reduce(operation, app_label)


class AlterField(FieldDefinition):
    """Give a field another definition."""

    category = OperationCategory.ALTERATION

    def state_forwards(self, app_label: str, state: Any) -> None:
        state.alter_field(app_label, self.model_name_lower, self.name, self.field, self.preserve_default)

    def database_forwards(self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any) -> None:
        to_model = to_state.apps.get_model(app_label, self.model_name)
        if not self.allow_migrate_model(schema_editor.connection.alias, to_model):
            return
        key = app_label, self.model_name_lower
        if field_is_referenced(from_state, key, (self.name, from_state.models[key].fields[self.name])):
            from_state.clear_delayed_apps_cache()  # all columns that refer to this one have to be found
        from_model = from_state.apps.get_model(app_label, self.model_name)
        with self._filling(to_model._meta.get_field(self.name)) as to_field:
            schema_editor.alter_field(from_model, from_model._meta.get_field(self.name), to_field)

    def database_backwards(self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any) -> None:
        self.database_forwards(app_label, schema_editor, from_state, to_state)

    def describe(self) -> str:
        return f"Alter field {self.name} on {self.model_name}"

    @property
    def migration_name_fragment(self) -> str:
        return f"alter_{self.model_name_lower}_{self.name_lower}"

    def reduce(self, operation: Any, app_label: str) -> Any:
        if isinstance(operation, (AlterField, RemoveField)) and self.is_same_field_operation(operation):
            return [operation]
        if (
            isinstance(operation, RenameField)
            and self.is_same_field_operation(operation)
            and self.field.db_column is None
        ):
            return [
                operation,
                AlterField(self.model_name, operation.new_name, self.field, self.preserve_default),
            ]
        return super().reduce(operation, app_label)


class RenameField(FieldOperation):
    """Rename a field, and its column where that has no name of its own."""

    category = OperationCategory.ALTERATION

    def __init__(self, model_name: str, old_name: str, new_name: str) -> None:
        self.old_name, self.new_name = old_name, new_name
        super().__init__(model_name, old_name)

    @cached_property
    def old_name_lower(self) -> str:
        """The old name in lower case."""
        return self.old_name.lower()

    @cached_property
    def new_name_lower(self) -> str:
        """The new name in lower case."""
        return self.new_name.lower()

    def deconstruct(self) -> tuple[str, list[Any], dict[str, Any]]:
        kwargs = {"model_name": self.model_name, "old_name": self.old_name, "new_name": self.new_name}
        return type(self).__name__, [], kwargs

    def state_forwards(self, app_label: str, state: Any) -> None:
        state.rename_field(app_label, self.model_name_lower, self.old_name, self.new_name)

    def _alter(self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any, old: str, new: str) -> None:
        to_model = to_state.apps.get_model(app_label, self.model_name)
        if self.allow_migrate_model(schema_editor.connection.alias, to_model):
            from_model = from_state.apps.get_model(app_label, self.model_name)
            schema_editor.alter_field(from_model, from_model._meta.get_field(old), to_model._meta.get_field(new))

    def database_forwards(self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any) -> None:
        self._alter(app_label, schema_editor, from_state, to_state, self.old_name, self.new_name)

    def database_backwards(self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any) -> None:
        self._alter(app_label, schema_editor, from_state, to_state, self.new_name, self.old_name)

    def describe(self) -> str:
        return f"Rename field {self.old_name} on {self.model_name} to {self.new_name}"

    @property
    def migration_name_fragment(self) -> str:
        return f"rename_{self.old_name_lower}_{self.model_name_lower}_{self.new_name_lower}"

    def references_field(self, model_name: str, name: str, app_label: str) -> bool:
        return self.references_model(model_name, app_label) and name.lower() in (
            self.old_name_lower,
            self.new_name_lower,
        )

    def reduce(self, operation: Any, app_label: str) -> Any:
        if (
            isinstance(operation, RenameField)
            and self.is_same_model_operation(operation)
            and self.new_name_lower == operation.old_name_lower
        ):
            return [RenameField(self.model_name, self.old_name, operation.new_name)]
        # Neither name may mean something to an operation that is moved past this one.
        return Operation.reduce(self, operation, app_label) or not (
            operation.references_field(self.model_name, self.old_name, app_label)
            or operation.references_field(self.model_name, self.new_name, app_label)
        )

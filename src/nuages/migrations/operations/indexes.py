"""Operations on indexes and constraints."""

from __future__ import annotations

from functools import cached_property
from typing import Any

from nuages.migrations.operations.operation import Operation, OperationCategory
from nuages.models.indexes import Index


class IndexOperation(Operation):
    """An operation on an index or a constraint of a model."""

    option_name = "indexes"
    model_name: str

    @cached_property
    def model_name_lower(self) -> str:
        """The model's name in lower case."""
        return self.model_name.lower()

    def references_model(self, name: str, app_label: str) -> bool:
        return name.lower() == self.model_name_lower

    def reduce(self, operation: Any, app_label: str) -> Any:
        return super().reduce(operation, app_label) or not operation.references_model(self.model_name, app_label)


class AddIndex(IndexOperation):
    """Add an index, which must have a name."""

    category = OperationCategory.ADDITION

    def __init__(self, model_name: str, index: Any) -> None:
        self.model_name = model_name
        if not index.name:
            raise ValueError(
                f"AddIndex takes indexes that have a name, and {index!r} has none."
            )
        self.index = index

    def deconstruct(self) -> tuple[str, list[Any], dict[str, Any]]:
        return type(self).__name__, [], {"model_name": self.model_name, "index": self.index}

    def state_forwards(self, app_label: str, state: Any) -> None:
        state.add_index(app_label, self.model_name_lower, self.index)

    def database_forwards(self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any) -> None:
        model = to_state.apps.get_model(app_label, self.model_name)
        if self.allow_migrate_model(schema_editor.connection.alias, model):
            schema_editor.add_index(model, self.index)

    def database_backwards(self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any) -> None:
        model = from_state.apps.get_model(app_label, self.model_name)
        if self.allow_migrate_model(schema_editor.connection.alias, model):
            schema_editor.remove_index(model, self.index)

    def describe(self) -> str:
        if self.index.expressions:
            listed = ", ".join(str(expression) for expression in self.index.expressions)
            return f"Create index {self.index.name} on {listed} on model {self.model_name}"
        return (
            f"Create index {self.index.name} on field(s) {', '.join(self.index.fields)} of model {self.model_name}"
        )

    @property
    def migration_name_fragment(self) -> str:
        return f"{self.model_name_lower}_{self.index.name.lower()}"

    def reduce(self, operation: Any, app_label: str) -> Any:
        if isinstance(operation, RemoveIndex) and self.index.name == operation.name:
            return []
        if isinstance(operation, RenameIndex) and self.index.name == operation.old_name:
            renamed = self.index.clone()
            renamed.name = operation.new_name
            return [type(self)(model_name=self.model_name, index=renamed)]
        return super().reduce(operation, app_label)


class RemoveIndex(IndexOperation):
    """Remove an index."""

    category = OperationCategory.REMOVAL

    def __init__(self, model_name: str, name: str) -> None:
        self.model_name, self.name = model_name, name

    def deconstruct(self) -> tuple[str, list[Any], dict[str, Any]]:
        return type(self).__name__, [], {"model_name": self.model_name, "name": self.name}

    def state_forwards(self, app_label: str, state: Any) -> None:
        state.remove_index(app_label, self.model_name_lower, self.name)

    def database_forwards(self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any) -> None:
        model = from_state.apps.get_model(app_label, self.model_name)
        if self.allow_migrate_model(schema_editor.connection.alias, model):
            index = from_state.models[app_label, self.model_name_lower].get_index_by_name(self.name)
            schema_editor.remove_index(model, index)

    def database_backwards(self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any) -> None:
        model = to_state.apps.get_model(app_label, self.model_name)
        if self.allow_migrate_model(schema_editor.connection.alias, model):
            index = to_state.models[app_label, self.model_name_lower].get_index_by_name(self.name)
            schema_editor.add_index(model, index)

    def describe(self) -> str:
        return f"Remove index {self.name} from {self.model_name}"

    @property
    def migration_name_fragment(self) -> str:
        return f"remove_{self.model_name_lower}_{self.name.lower()}"


class RenameIndex(IndexOperation):
    """Rename an index, or give a name to one that ``index_together`` made (``old_fields``)."""

    category = OperationCategory.ALTERATION

    def __init__(
        self, model_name: str, new_name: str, old_name: str | None = None, old_fields: Any = None
    ) -> None:
        if not old_name and not old_fields:
            raise ValueError("RenameIndex has to know the index by its old_name or its old_fields.")
        if old_name and old_fields:
            raise ValueError("RenameIndex.old_name and old_fields are mutually exclusive.")
        self.model_name, self.new_name, self.old_name, self.old_fields = model_name, new_name, old_name, old_fields

    @cached_property
    def old_name_lower(self) -> str:
        """The old name in lower case."""
        return (self.old_name or "").lower()

    @cached_property
    def new_name_lower(self) -> str:
        """The new name in lower case."""
        return self.new_name.lower()

    def deconstruct(self) -> tuple[str, list[Any], dict[str, Any]]:
        kwargs: dict[str, Any] = {"model_name": self.model_name, "new_name": self.new_name}
        if self.old_name:
            kwargs["old_name"] = self.old_name
        if self.old_fields:
            kwargs["old_fields"] = self.old_fields
        return type(self).__name__, [], kwargs

    def state_forwards(self, app_label: str, state: Any) -> None:
        if not self.old_fields:
            state.rename_index(app_label, self.model_name_lower, self.old_name, self.new_name)
            return
        state.remove_model_options(app_label, self.model_name_lower, "index_together", self.old_fields)
        state.add_index(app_label, self.model_name_lower, Index(fields=list(self.old_fields), name=self.new_name))

    def database_forwards(self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any) -> None:
        model = to_state.apps.get_model(app_label, self.model_name)
        if not self.allow_migrate_model(schema_editor.connection.alias, model):
            return
        if self.old_fields:
            old_index = self._unnamed_index(app_label, schema_editor, from_state)
        else:
            old_index = from_state.models[app_label, self.model_name_lower].get_index_by_name(self.old_name)
        if old_index.name == self.new_name:
            return
        new_index = to_state.models[app_label, self.model_name_lower].get_index_by_name(self.new_name)
        schema_editor.rename_index(model, old_index, new_index)

    def _unnamed_index(self, app_label: str, schema_editor: Any, state: Any) -> Any:
        model = state.apps.get_model(app_label, self.model_name)
        columns = [model._meta.get_field(name).column for name in self.old_fields]
        names = schema_editor._constraint_names(model, column_names=columns, index=True, unique=False)
        if len(names) != 1:
            raise ValueError(
                f"Found wrong number ({len(names)}) of indexes for {model._meta.db_table}({', '.join(columns)})."
            )
        return Index(fields=list(self.old_fields), name=names[0])

    def database_backwards(self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any) -> None:
        # The name that was made by a rule is not given back: nothing asks for it.
        if self.old_fields:
            return
        RenameIndex(self.model_name, new_name=self.old_name or "", old_name=self.new_name).database_forwards(
            app_label, schema_editor, from_state, to_state
        )

    def describe(self) -> str:
        if self.old_name:
            return f"Rename index {self.old_name} on {self.model_name} to {self.new_name}"
        return f"Rename unnamed index for {self.old_fields} on {self.model_name} to {self.new_name}"

    @property
    def migration_name_fragment(self) -> str:
        if self.old_name:
            return f"rename_{self.old_name_lower}_{self.new_name_lower}"
        return f"rename_{self.model_name_lower}_{'_'.join(self.old_fields)}_{self.new_name_lower}"

    def reduce(self, operation: Any, app_label: str) -> Any:
        same = isinstance(operation, (RenameIndex, RemoveIndex)) and self.model_name_lower == operation.model_name_lower
        if same and isinstance(operation, RenameIndex) and operation.old_name:
            if self.new_name_lower == operation.old_name_lower:
                return [RenameIndex(self.model_name, operation.new_name, self.old_name, self.old_fields)]
        return super().reduce(operation, app_label)


class AddConstraint(IndexOperation):
    """Add a constraint."""

    category = OperationCategory.ADDITION
    option_name = "constraints"

    def __init__(self, model_name: str, constraint: Any) -> None:
        self.model_name, self.constraint = model_name, constraint

    def deconstruct(self) -> tuple[str, list[Any], dict[str, Any]]:
        return type(self).__name__, [], {"model_name": self.model_name, "constraint": self.constraint}

    def state_forwards(self, app_label: str, state: Any) -> None:
        state.add_constraint(app_label, self.model_name_lower, self.constraint)

    def database_forwards(self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any) -> None:
        model = to_state.apps.get_model(app_label, self.model_name)
        if self.allow_migrate_model(schema_editor.connection.alias, model):
            schema_editor.add_constraint(model, self.constraint)

    def database_backwards(self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any) -> None:
        model = to_state.apps.get_model(app_label, self.model_name)
        if self.allow_migrate_model(schema_editor.connection.alias, model):
            schema_editor.remove_constraint(model, self.constraint)

    def describe(self) -> str:
        return f"Create constraint {self.constraint.name} on model {self.model_name}"

    @property
    def migration_name_fragment(self) -> str:
        return f"{self.model_name_lower}_{self.constraint.name.lower()}"

    def reduce(self, operation: Any, app_label: str) -> Any:
        same = (
            isinstance(operation, (RemoveConstraint, AlterConstraint))
            and self.model_name_lower == operation.model_name_lower
            and self.constraint.name == operation.name
        )
        if same:
            if isinstance(operation, RemoveConstraint):
                return []
            return [AddConstraint(self.model_name, operation.constraint)]
        return super().reduce(operation, app_label)


class RemoveConstraint(IndexOperation):
    """Remove a constraint."""

    category = OperationCategory.REMOVAL
    option_name = "constraints"

    def __init__(self, model_name: str, name: str) -> None:
        self.model_name, self.name = model_name, name

    def deconstruct(self) -> tuple[str, list[Any], dict[str, Any]]:
        return type(self).__name__, [], {"model_name": self.model_name, "name": self.name}

    def state_forwards(self, app_label: str, state: Any) -> None:
        state.remove_constraint(app_label, self.model_name_lower, self.name)

    def database_forwards(self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any) -> None:
        model = to_state.apps.get_model(app_label, self.model_name)
        if self.allow_migrate_model(schema_editor.connection.alias, model):
            constraint = from_state.models[app_label, self.model_name_lower].get_constraint_by_name(self.name)
            schema_editor.remove_constraint(model, constraint)

    def database_backwards(self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any) -> None:
        model = to_state.apps.get_model(app_label, self.model_name)
        if self.allow_migrate_model(schema_editor.connection.alias, model):
            constraint = to_state.models[app_label, self.model_name_lower].get_constraint_by_name(self.name)
            schema_editor.add_constraint(model, constraint)

    def describe(self) -> str:
        return f"Remove constraint {self.name} from model {self.model_name}"

    @property
    def migration_name_fragment(self) -> str:
        return f"remove_{self.model_name_lower}_{self.name.lower()}"


class AlterConstraint(IndexOperation):
    """Change what the database does not see of a constraint: the message and code of its violation."""

    category = OperationCategory.ALTERATION
    option_name = "constraints"

    def __init__(self, model_name: str, name: str, constraint: Any) -> None:
        self.model_name, self.name, self.constraint = model_name, name, constraint

    def deconstruct(self) -> tuple[str, list[Any], dict[str, Any]]:
        kwargs = {"model_name": self.model_name, "name": self.name, "constraint": self.constraint}
        return type(self).__name__, [], kwargs

    def state_forwards(self, app_label: str, state: Any) -> None:
        state.alter_constraint(app_label, self.model_name_lower, self.name, self.constraint)

    def database_forwards(self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any) -> None:
        pass

    def database_backwards(self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any) -> None:
        pass

    def describe(self) -> str:
        return f"Alter constraint {self.name} on {self.model_name}"

    @property
    def migration_name_fragment(self) -> str:
        return f"alter_{self.model_name_lower}_{self.constraint.name.lower()}"

    def reduce(self, operation: Any, app_label: str) -> Any:
        if isinstance(operation, (AlterConstraint, RemoveConstraint)):
            if (self.model_name_lower, self.name) == (operation.model_name_lower, operation.name):
                return [operation]
        return super().reduce(operation, app_label)

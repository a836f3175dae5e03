"""Operations on models and their options."""

from __future__ import annotations

from functools import cached_property
from typing import Any

from nuages.migrations.model_state import ModelState
from nuages.migrations.operations.fields import (
    AddField,
    AlterField,
    FieldOperation,
    RemoveField,
    RenameField,
)
from nuages.migrations.operations.indexes import (
    AddConstraint,
    AddIndex,
    AlterConstraint,
    IndexOperation,
    RemoveConstraint,
    RemoveIndex,
    RenameIndex,
)
from nuages.migrations.operations.operation import OperationCategory
from nuages.migrations.operations.options import (
    AlterModelManagers,
    AlterModelOptions,
    AlterModelTable,
    AlterModelTableComment,
    AlterOrderWithRespectTo,
    AlterTogetherOptionOperation,
    ModelOperation,
    ModelOptionOperation,
)
from nuages.migrations.references import field_references, resolve_relation
from nuages.models.model import Model


def _check_for_duplicates(arg_name: str, names: Any) -> None:
    used = set()
    for name in names:
        if name in used:
            raise ValueError(f"Found duplicate value {name} in CreateModel {arg_name} argument.")
        used.add(name)


class CreateModel(ModelOperation):
    """Create a model and its table."""

    category = OperationCategory.ADDITION
    serialization_expand_args = ["fields", "options", "managers"]

    def __init__(
        self, name: str, fields: Any, options: Any = None, bases: Any = None, managers: Any = None
    ) -> None:
        self.fields = fields
        self.options: dict[str, Any] = options or {}
        self.bases: tuple[Any, ...] = tuple(bases or (Model,))
        self.managers: list[tuple[str, Any]] = managers or []
        super().__init__(name)
        _check_for_duplicates("fields", (name for name, _ in self.fields))
        _check_for_duplicates("bases", (_base_name(base) for base in self.bases))
        _check_for_duplicates("managers", (name for name, _ in self.managers))

    def deconstruct(self) -> tuple[str, list[Any], dict[str, Any]]:
        kwargs: dict[str, Any] = {"name": self.name, "fields": self.fields}
        if self.options:
            kwargs["options"] = self.options
        if self.bases and self.bases != (Model,):
            kwargs["bases"] = self.bases
        if self.managers and self.managers != [("objects", None)]:
            kwargs["managers"] = self.managers
        return type(self).__name__, [], kwargs

    def state_forwards(self, app_label: str, state: Any) -> None:
        state.add_model(
            ModelState(
                app_label, self.name, list(self.fields), dict(self.options), tuple(self.bases), list(self.managers)
            )
        )

    def database_forwards(self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any) -> None:
        model = to_state.apps.get_model(app_label, self.name)
        if self.allow_migrate_model(schema_editor.connection.alias, model):
            schema_editor.create_model(model)

    def database_backwards(self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any) -> None:
        model = from_state.apps.get_model(app_label, self.name)
        if self.allow_migrate_model(schema_editor.connection.alias, model):
            schema_editor.delete_model(model)

    def describe(self) -> str:
        return f"Create {'proxy ' if self.options.get('proxy', False) else ''}model {self.name}"

    @property
    def migration_name_fragment(self) -> str:
        return self.name_lower

    def references_model(self, name: str, app_label: str) -> bool:
        name_lower = name.lower()
        if name_lower == self.name_lower:
            return True
        key = app_label, name_lower
        for base in self.bases:
            if base is not Model and (isinstance(base, str) or hasattr(base, "_meta")):
                if resolve_relation(base, app_label) == key:
                    return True
        return any(field_references((app_label, self.name_lower), field, key) for _, field in self.fields)

    def _with(self, **changes: Any) -> CreateModel:
        given = {
            "fields": self.fields,
            "options": self.options,
            "bases": self.bases,
            "managers": self.managers,
            "name": self.name,
        }
        return CreateModel(**{**given, **changes})

    def reduce(self, operation: Any, app_label: str) -> Any:
        if isinstance(operation, DeleteModel) and self.name_lower == operation.name_lower:
            if not self.options.get("proxy", False):
                return []
        elif isinstance(operation, RenameModel) and self.name_lower == operation.old_name_lower:
            return [self._with(name=operation.new_name)]
        elif isinstance(operation, FieldOperation) and self.name_lower == operation.model_name_lower:
            reduced = self._reduce_field(operation)
            if reduced is not None:
                return reduced
        elif isinstance(operation, ModelOptionOperation) and self.name_lower == operation.name_lower:
            reduced = self._reduce_options(operation)
            if reduced is not None:
                return reduced
        elif isinstance(operation, IndexOperation) and self.name_lower == operation.model_name_lower:
            reduced = self._reduce_index(operation)
            if reduced is not None:
                return reduced
        return super().reduce(operation, app_label)

    def _reduce_field(self, operation: Any) -> Any:
        if isinstance(operation, AddField):
            return [self._with(fields=[*self.fields, (operation.name, operation.field)])]
        if isinstance(operation, AlterField):
            fields = [(name, operation.field if name == operation.name else field) for name, field in self.fields]
            return [self._with(fields=fields)]
        if isinstance(operation, RemoveField):
            return [self._without_field(operation)]
        if isinstance(operation, RenameField):
            return [self._with_renamed_field(operation)]
        return None

    def _without_field(self, operation: RemoveField) -> CreateModel:
        options = dict(self.options)
        for together in ("unique_together", "index_together"):
            if together in options:
                kept = {names for names in options[together] if operation.name_lower not in names}
                options[together] = kept
                if not kept:
                    del options[together]
        if options.get("order_with_respect_to") == operation.name_lower:
            del options["order_with_respect_to"]
        fields = [(name, field) for name, field in self.fields if name.lower() != operation.name_lower]
        return self._with(fields=fields, options=options)

    def _with_renamed_field(self, operation: RenameField) -> CreateModel:
        options = dict(self.options)
        for together in ("unique_together", "index_together"):
            if together in options:
                options[together] = {
                    tuple(operation.new_name if name == operation.old_name else name for name in names)
                    for names in options[together]
                }
        if options.get("order_with_respect_to") == operation.old_name:
            options["order_with_respect_to"] = operation.new_name
        fields = [(operation.new_name if name == operation.old_name else name, field) for name, field in self.fields]
        return self._with(fields=fields, options=options)

    def _reduce_options(self, operation: Any) -> Any:
        if isinstance(operation, AlterModelOptions):
            options = {**self.options, **operation.options}
            for name in operation.ALTER_OPTION_KEYS:
                if name not in operation.options:
                    options.pop(name, None)
            return [self._with(options=options)]
        if isinstance(operation, AlterModelManagers):
            return [self._with(managers=operation.managers)]
        if isinstance(operation, AlterModelTable):
            return [self._with(options={**self.options, "db_table": operation.table})]
        if isinstance(operation, AlterModelTableComment):
            return [self._with(options={**self.options, "db_table_comment": operation.table_comment})]
        if isinstance(operation, AlterTogetherOptionOperation):
            return [self._with(options={**self.options, operation.option_name: operation.option_value})]
        if isinstance(operation, AlterOrderWithRespectTo):
            options = {**self.options, "order_with_respect_to": operation.order_with_respect_to}
            return [self._with(options=options)]
        return None

    def _reduce_index(self, operation: Any) -> Any:
        def put(option: str, values: list[Any]) -> list[CreateModel]:
            return [self._with(options={**self.options, option: values})]

        indexes = list(self.options.get("indexes", []))
        constraints = list(self.options.get("constraints", []))
        if isinstance(operation, AddIndex):
            return put("indexes", [*indexes, operation.index])
        if isinstance(operation, RemoveIndex):
            return put("indexes", [index for index in indexes if index.name != operation.name])
        if isinstance(operation, AddConstraint):
            return put("constraints", [*constraints, operation.constraint])
        if isinstance(operation, AlterConstraint):
            kept = [each for each in constraints if each.name != operation.name]
            return put("constraints", [*kept, operation.constraint])
        if isinstance(operation, RemoveConstraint):
            return put("constraints", [each for each in constraints if each.name != operation.name])
        if isinstance(operation, RenameIndex) and operation.old_name:
            renamed = []
            for index in indexes:
                if index.name == operation.old_name:
                    index = index.clone()
                    index.name = operation.new_name
                renamed.append(index)
            return put("indexes", renamed)
        return None


def _base_name(base: Any) -> Any:
    if hasattr(base, "_meta"):
        return base._meta.label_lower
    return base.lower() if isinstance(base, str) else base


class DeleteModel(ModelOperation):
    """Delete a model and its table."""

    category = OperationCategory.REMOVAL
    deletes_model = True

    def deconstruct(self) -> tuple[str, list[Any], dict[str, Any]]:
        return type(self).__name__, [], {"name": self.name}

    def state_forwards(self, app_label: str, state: Any) -> None:
        state.remove_model(app_label, self.name_lower)

    def database_forwards(self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any) -> None:
        model = from_state.apps.get_model(app_label, self.name)
        if self.allow_migrate_model(schema_editor.connection.alias, model):
            schema_editor.delete_model(model)

    def database_backwards(self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any) -> None:
        model = to_state.apps.get_model(app_label, self.name)
        if self.allow_migrate_model(schema_editor.connection.alias, model):
            schema_editor.create_model(model)

    def references_model(self, name: str, app_label: str) -> bool:
        # What the deleted model referred to is not known here.
        return True

    def describe(self) -> str:
        return f"Delete model {self.name}"

    @property
    def migration_name_fragment(self) -> str:
        return f"delete_{self.name_lower}"


class RenameModel(ModelOperation):
    """Rename a model, its table, and the columns that are called by it."""

    category = OperationCategory.ALTERATION

    def __init__(self, old_name: str, new_name: str) -> None:
        self.old_name, self.new_name = old_name, new_name
        super().__init__(old_name)

    @cached_property
    def old_name_lower(self) -> str:
        """The old name in lower case."""
        return self.old_name.lower()

    @cached_property
    def new_name_lower(self) -> str:
        """The new name in lower case."""
        return self.new_name.lower()

    def deconstruct(self) -> tuple[str, list[Any], dict[str, Any]]:
        return type(self).__name__, [], {"old_name": self.old_name, "new_name": self.new_name}

    def state_forwards(self, app_label: str, state: Any) -> None:
        state.rename_model(app_label, self.old_name, self.new_name)

    def database_forwards(self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any) -> None:
        new_model = to_state.apps.get_model(app_label, self.new_name)
        if not self.allow_migrate_model(schema_editor.connection.alias, new_model):
            return
        from_state.clear_delayed_apps_cache()  # all columns that refer to this model have to be found
        old_model = from_state.apps.get_model(app_label, self.old_name)
        schema_editor.alter_db_table(new_model, old_model._meta.db_table, new_model._meta.db_table)
        self._alter_referring(app_label, schema_editor, old_model, new_model, to_state)
        for old_field, new_field in zip(
            old_model._meta.local_many_to_many, new_model._meta.local_many_to_many, strict=True
        ):
            self._alter_between(schema_editor, old_model, old_field, new_field)

    def _alter_referring(
        self, app_label: str, schema_editor: Any, old_model: Any, new_model: Any, to_state: Any
    ) -> None:
        """Foreign keys to the model follow the name of its table."""
        for relation in old_model._meta.related_objects:
            if relation.related_model == old_model:
                model, key = new_model, (app_label, self.new_name_lower)
            else:
                model = relation.related_model
                key = model._meta.app_label, model._meta.model_name
            new_field = to_state.apps.get_model(*key)._meta.get_field(relation.field.name)
            schema_editor.alter_field(model, relation.field, new_field)

    @staticmethod
    def _alter_between(schema_editor: Any, old_model: Any, old_field: Any, new_field: Any) -> None:
        """The table of a many-to-many field of the model, and the column that is called by it."""
        old_between, new_between = old_field.remote_field.through, new_field.remote_field.through
        if new_field.model == new_field.related_model or not new_between._meta.auto_created:
            return
        old_table, new_table = old_between._meta.db_table, new_between._meta.db_table
        old_column = old_between._meta.get_field(old_model._meta.model_name)
        new_column = new_between._meta.get_field(new_field.model._meta.model_name)
        if old_table == new_table and old_column.column == new_column.column:
            return
        schema_editor.alter_db_table(new_between, old_table, new_table)
        schema_editor.alter_field(new_between, old_column, new_column)

    def database_backwards(self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any) -> None:
        RenameModel(self.new_name, self.old_name).database_forwards(app_label, schema_editor, from_state, to_state)

    def references_model(self, name: str, app_label: str) -> bool:
        return name.lower() in (self.old_name_lower, self.new_name_lower)

    def describe(self) -> str:
        return f"Rename model {self.old_name} to {self.new_name}"

    @property
    def migration_name_fragment(self) -> str:
        return f"rename_{self.old_name_lower}_{self.new_name_lower}"

    def reduce(self, operation: Any, app_label: str) -> Any:
        if isinstance(operation, RenameModel) and self.new_name_lower == operation.old_name_lower:
            return [RenameModel(self.old_name, operation.new_name)]
        # Neither name may mean something to an operation that is moved past this one.
        return super(ModelOperation, self).reduce(operation, app_label) or not operation.references_model(
            self.new_name, app_label
        )

"""Operations on the options of models."""

from __future__ import annotations

from functools import cached_property
from typing import Any

from nuages.migrations.operations.operation import Operation, OperationCategory
from nuages.models.options import normalize_together


class ModelOperation(Operation):
    """An operation on one model."""

    deletes_model = False
    """Whether nothing of the model is left afterwards."""

    def __init__(self, name: str) -> None:
        self.name = name

    @cached_property
    def name_lower(self) -> str:
        """The model's name in lower case."""
        return self.name.lower()

    def references_model(self, name: str, app_label: str) -> bool:
        return name.lower() == self.name_lower

    def can_reduce_through(self, operation: Any, app_label: str) -> bool:
        """Whether another operation leaves the model alone."""
        return not operation.references_model(self.name, app_label)

    def reduce(self, operation: Any, app_label: str) -> Any:
        return super().reduce(operation, app_label) or self.can_reduce_through(operation, app_label)


class ModelOptionOperation(ModelOperation):
    """An operation on options of a model. Of two of the same kind the later one counts."""

    category = OperationCategory.ALTERATION

    def reduce(self, operation: Any, app_label: str) -> Any:
        same = isinstance(operation, ModelOperation) and self.name_lower == operation.name_lower
        if same and (operation.deletes_model or isinstance(operation, type(self))):
            return [operation]
        return super().reduce(operation, app_label)


class AlterModelTable(ModelOptionOperation):
    """Rename a model's table."""

    def __init__(self, name: str, table: str | None) -> None:
        self.table = table
        super().__init__(name)

    def deconstruct(self) -> tuple[str, list[Any], dict[str, Any]]:
        return type(self).__name__, [], {"name": self.name, "table": self.table}

    def state_forwards(self, app_label: str, state: Any) -> None:
        state.alter_model_options(app_label, self.name_lower, {"db_table": self.table})

    def database_forwards(self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any) -> None:
        new_model = to_state.apps.get_model(app_label, self.name)
        if not self.allow_migrate_model(schema_editor.connection.alias, new_model):
            return
        old_model = from_state.apps.get_model(app_label, self.name)
        schema_editor.alter_db_table(new_model, old_model._meta.db_table, new_model._meta.db_table)
        # Tables of many-to-many fields are called by it.
        for old_field, new_field in zip(
            old_model._meta.local_many_to_many, new_model._meta.local_many_to_many, strict=True
        ):
            between = new_field.remote_field.through
            if between._meta.auto_created:
                schema_editor.alter_db_table(
                    between, old_field.remote_field.through._meta.db_table, between._meta.db_table
                )

    def database_backwards(self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any) -> None:
        self.database_forwards(app_label, schema_editor, from_state, to_state)

    def describe(self) -> str:
        return f"Rename table for {self.name} to {self.table if self.table is not None else '(default)'}"

    @property
    def migration_name_fragment(self) -> str:
        return f"alter_{self.name_lower}_table"


class AlterModelTableComment(ModelOptionOperation):
    """Change the comment of a model's table."""

    def __init__(self, name: str, table_comment: str | None) -> None:
        self.table_comment = table_comment
        super().__init__(name)

    def deconstruct(self) -> tuple[str, list[Any], dict[str, Any]]:
        return type(self).__name__, [], {"name": self.name, "table_comment": self.table_comment}

    def state_forwards(self, app_label: str, state: Any) -> None:
        state.alter_model_options(app_label, self.name_lower, {"db_table_comment": self.table_comment})

    def database_forwards(self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any) -> None:
        new_model = to_state.apps.get_model(app_label, self.name)
        if self.allow_migrate_model(schema_editor.connection.alias, new_model):
            old_model = from_state.apps.get_model(app_label, self.name)
            schema_editor.alter_db_table_comment(
                new_model, old_model._meta.db_table_comment, new_model._meta.db_table_comment
            )

    def database_backwards(self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any) -> None:
        self.database_forwards(app_label, schema_editor, from_state, to_state)

    def describe(self) -> str:
        return f"Alter {self.name} table comment"

    @property
    def migration_name_fragment(self) -> str:
        return f"alter_{self.name_lower}_table_comment"


class AlterTogetherOptionOperation(ModelOptionOperation):
    """Change a set of groups of fields."""

    option_name: str = ""

    def __init__(self, name: str, option_value: Any) -> None:
        if option_value:
            option_value = set(normalize_together(option_value))
        setattr(self, self.option_name, option_value)
        super().__init__(name)

    @cached_property
    def option_value(self) -> Any:
        """The new set."""
        return getattr(self, self.option_name)

    def deconstruct(self) -> tuple[str, list[Any], dict[str, Any]]:
        return type(self).__name__, [], {"name": self.name, self.option_name: self.option_value}

    def state_forwards(self, app_label: str, state: Any) -> None:
        state.alter_model_options(app_label, self.name_lower, {self.option_name: self.option_value})

    def database_forwards(self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any) -> None:
        new_model = to_state.apps.get_model(app_label, self.name)
        if self.allow_migrate_model(schema_editor.connection.alias, new_model):
            from_state_model = from_state.models[app_label, self.name_lower]
            to_state_model = to_state.models[app_label, self.name_lower]
            alter = getattr(schema_editor, f"alter_{self.option_name}")
            alter(
                new_model,
                from_state_model.options.get(self.option_name) or set(),
                to_state_model.options.get(self.option_name) or set(),
            )

    def database_backwards(self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any) -> None:
        self.database_forwards(app_label, schema_editor, from_state, to_state)

    def references_field(self, model_name: str, name: str, app_label: str) -> bool:
        return self.references_model(model_name, app_label) and (
            not self.option_value or any(name in names for names in self.option_value)
        )

    def describe(self) -> str:
        return f"Alter {self.option_name} for {self.name} ({len(self.option_value or '')} constraint(s))"

    @property
    def migration_name_fragment(self) -> str:
        return f"alter_{self.name_lower}_{self.option_name}"

    def can_reduce_through(self, operation: Any, app_label: str) -> bool:
        same_kind = isinstance(operation, AlterTogetherOptionOperation) and type(operation) is not type(self)
        return super().can_reduce_through(operation, app_label) or same_kind


class AlterUniqueTogether(AlterTogetherOptionOperation):
    """Change ``unique_together``."""

    option_name = "unique_together"

    def __init__(self, name: str, unique_together: Any) -> None:
        super().__init__(name, unique_together)


class AlterIndexTogether(AlterTogetherOptionOperation):
    """Change ``index_together``, which only old migrations have."""

    option_name = "index_together"

    def __init__(self, name: str, index_together: Any) -> None:
        super().__init__(name, index_together)


class AlterOrderWithRespectTo(ModelOptionOperation):
    """Change ``order_with_respect_to``: the column ``_order`` comes or goes."""

    def __init__(self, name: str, order_with_respect_to: str | None) -> None:
        self.order_with_respect_to = order_with_respect_to
        super().__init__(name)

    def deconstruct(self) -> tuple[str, list[Any], dict[str, Any]]:
        return type(self).__name__, [], {"name": self.name, "order_with_respect_to": self.order_with_respect_to}

    def state_forwards(self, app_label: str, state: Any) -> None:
        state.alter_model_options(
            app_label, self.name_lower, {"order_with_respect_to": self.order_with_respect_to}
        )

    def database_forwards(self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any) -> None:
        to_model = to_state.apps.get_model(app_label, self.name)
        if not self.allow_migrate_model(schema_editor.connection.alias, to_model):
            return
        from_model = from_state.apps.get_model(app_label, self.name)
        before, after = from_model._meta.order_with_respect_to, to_model._meta.order_with_respect_to
        if before and not after:
            schema_editor.remove_field(from_model, from_model._meta.get_field("_order"))
        elif after and not before:
            field = to_model._meta.get_field("_order")
            if not field.has_default():
                field.default = 0
            schema_editor.add_field(from_model, field)

    def database_backwards(self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any) -> None:
        self.database_forwards(app_label, schema_editor, from_state, to_state)

    def references_field(self, model_name: str, name: str, app_label: str) -> bool:
        return self.references_model(model_name, app_label) and (
            self.order_with_respect_to is None or name == self.order_with_respect_to
        )

    def describe(self) -> str:
        return f"Set order_with_respect_to on {self.name} to {self.order_with_respect_to}"

    @property
    def migration_name_fragment(self) -> str:
        return f"alter_{self.name_lower}_order_with_respect_to"


class AlterModelOptions(ModelOptionOperation):
    """Change options that the database does not see."""

    ALTER_OPTION_KEYS = [
        *(f"{kind}_manager_name" for kind in ("base", "default")),
        *("default_permissions", "permissions", "default_related_name", "get_latest_by", "managed", "ordering"),
        *("select_on_save", "verbose_name", "verbose_name_plural"),
    ]

    def __init__(self, name: str, options: dict[str, Any]) -> None:
        self.options = options
        super().__init__(name)

    def deconstruct(self) -> tuple[str, list[Any], dict[str, Any]]:
        return type(self).__name__, [], {"name": self.name, "options": self.options}

    def state_forwards(self, app_label: str, state: Any) -> None:
        state.alter_model_options(app_label, self.name_lower, self.options, self.ALTER_OPTION_KEYS)

    def database_forwards(self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any) -> None:
        pass

    def database_backwards(self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any) -> None:
        pass

    def describe(self) -> str:
        return f"Change Meta options on {self.name}"

    @property
    def migration_name_fragment(self) -> str:
        return f"alter_{self.name_lower}_options"


class AlterModelManagers(ModelOptionOperation):
    """Change the managers that migrations see."""

    serialization_expand_args = ["managers"]

    def __init__(self, name: str, managers: Any) -> None:
        self.managers = managers
        super().__init__(name)

    def deconstruct(self) -> tuple[str, list[Any], dict[str, Any]]:
        return type(self).__name__, [self.name, self.managers], {}

    def state_forwards(self, app_label: str, state: Any) -> None:
        state.alter_model_managers(app_label, self.name_lower, self.managers)

    def database_forwards(self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any) -> None:
        pass

    def database_backwards(self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any) -> None:
        pass

    def describe(self) -> str:
        return f"Change managers on {self.name}"

    @property
    def migration_name_fragment(self) -> str:
        return f"alter_{self.name_lower}_managers"

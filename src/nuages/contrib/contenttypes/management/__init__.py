"""Rows of content types that follow the models: made after migrations, renamed with them."""

from __future__ import annotations

import warnings
from typing import Any

from nuages.apps import apps as global_apps
from nuages.db import DEFAULT_DB_ALIAS, IntegrityError, router, transaction
from nuages.migrations import RenameModel, RunPython


class FollowRename(RunPython):
    """Base of operations that stand behind a RenameModel: ``_rename`` takes rows along, in either direction."""

    def __init__(self, app_label: str, old_model: str, new_model: str) -> None:
        self.app_label, self.old_model, self.new_model = app_label, old_model, new_model
        super().__init__(self.rename_forward, self.rename_backward)

    def _rename(self, apps: Any, schema_editor: Any, old_model: str, new_model: str) -> None:
        raise NotImplementedError(f"{type(self).__name__} must say in _rename() which rows follow the model.")

    def rename_forward(self, apps: Any, schema_editor: Any) -> None:
        """From the old name to the new one."""
        self._rename(apps, schema_editor, self.old_model, self.new_model)

    def rename_backward(self, apps: Any, schema_editor: Any) -> None:
        """From the new name to the old one."""
        self._rename(apps, schema_editor, self.new_model, self.old_model)


class RenameContentType(FollowRename):
    """Renames the row of a model; put behind each RenameModel."""

    def _rename(self, apps: Any, schema_editor: Any, old_model: str, new_model: str) -> None:
        types = apps.get_model("contenttypes", "ContentType")
        db = schema_editor.connection.alias
        if not router.allow_migrate_model(db, types):
            return
        try:
            found = types.objects.db_manager(db).get_by_natural_key(self.app_label, old_model)
        except types.DoesNotExist:
            return
        found.model = new_model
        try:
            with transaction.atomic(using=db):
                found.save(using=db, update_fields={"model"})
        except IntegrityError:
            # The new name is taken: the stale row stays, to be removed by the command for it.
            found.model = old_model
            warnings.warn(
                f"The content type '{self.app_label}.{old_model}' keeps its name, since another is called '{new_model}' already: "
                "'remove_stale_contenttypes' deletes the one that no model has.",
                RuntimeWarning,
                stacklevel=2,
            )
        else:
            types.objects.clear_cache()


def inject_rename_contenttypes_operations(
    plan: Any = None, apps: Any = global_apps, using: str = DEFAULT_DB_ALIAS, **kwargs: Any
) -> None:
    """Put a RenameContentType behind every RenameModel of the plan, once the table of types is there."""
    if plan is None:
        return
    try:
        types = apps.get_model("contenttypes", "ContentType")
    except LookupError:
        available = False
    else:
        if not router.allow_migrate_model(using, types):
            return
        available = True
    for migration, _backward in plan:
        if (migration.app_label, migration.name) == ("contenttypes", "0001_initial"):
            # It cannot be renamed in a table that goes or is being made with this very plan.
            if available:
                break
            available = True
            continue
        if not available:
            continue
        operations: list[Any] = []
        for operation in migration.operations:
            operations.append(operation)
            if isinstance(operation, RenameModel):
                operations.append(
                    RenameContentType(migration.app_label, operation.old_name_lower, operation.new_name_lower)
                )
        migration.operations[:] = operations


def get_contenttypes_and_models(
    app_config: Any, using: str, types: Any
) -> tuple[dict[str, Any], dict[str, Any]] | None:
    """The rows and the models of an app, each by name; None where the table does not belong on the database."""
    if not router.allow_migrate_model(using, types):
        return None
    types.objects.clear_cache()
    rows = {row.model: row for row in types.objects.using(using).filter(app_label=app_config.label)}
    return rows, {model._meta.model_name: model for model in app_config.get_models()}


def create_contenttypes(
    app_config: Any,
    verbosity: int = 2,
    interactive: bool = True,
    using: str = DEFAULT_DB_ALIAS,
    apps: Any = global_apps,
    **kwargs: Any,
) -> None:
    """Make the missing rows of an app; runs after migrations."""
    if not app_config.models_module:
        return
    try:
        app_config = apps.get_app_config(app_config.label)
        types = apps.get_model("contenttypes", "ContentType")
    except LookupError:
        return
    found = get_contenttypes_and_models(app_config, using, types)
    if found is None:
        return
    rows, models = found
    missing = [types(app_label=app_config.label, model=name) for name in models if name not in rows]
    if missing:
        types.objects.using(using).bulk_create(missing)
    if verbosity >= 2:
        for one in missing:
            print(f"Adding content type '{one.app_label} | {one.model}'")

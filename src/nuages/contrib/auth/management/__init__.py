"""Permissions that follow the models, and the default name of the first user."""

from __future__ import annotations

import getpass
import unicodedata
from collections.abc import Iterator
from typing import Any

from nuages.apps import apps as global_apps
from nuages.contrib.auth.logins import get_permission_codename, get_user_model
from nuages.contrib.contenttypes.management import FollowRename, create_contenttypes
from nuages.db import DEFAULT_DB_ALIAS, IntegrityError, router, transaction
from nuages.exceptions import FieldDoesNotExist, ImproperlyConfigured, ValidationError
from nuages.migrations import RenameModel


def _get_builtin_permissions(opts: Any) -> Iterator[tuple[str, str]]:
    for action in opts.default_permissions:
        yield get_permission_codename(action, opts), f"Can {action} {opts.verbose_name_raw}"


def _get_all_permissions(opts: Any) -> list[tuple[str, str]]:
    """(codename, name) of the permissions that a model has by itself and by its Meta."""
    return [*_get_builtin_permissions(opts), *opts.permissions]


def create_permissions(
    app_config: Any,
    verbosity: int = 2,
    interactive: bool = True,
    using: str = DEFAULT_DB_ALIAS,
    apps: Any = global_apps,
    **kwargs: Any,
) -> None:
    """Create what permissions of the application's models are missing."""
    if not app_config.models_module:
        return
    create_contenttypes(app_config, verbosity=verbosity, interactive=interactive, using=using, apps=apps, **kwargs)
    try:
        current = apps.get_app_config(app_config.label)
        permission_model = apps.get_model("auth", "Permission")
        type_model = apps.get_model("contenttypes", "ContentType")
    except LookupError:
        return
    if not router.allow_migrate_model(using, permission_model):
        return
    types = type_model.objects.db_manager(using)
    wanted = [
        (types.get_for_model(model, for_concrete_model=False), codename, name)
        for model in current.get_models()
        for codename, name in _get_all_permissions(model._meta)
    ]
    present = set(
        permission_model.objects.using(using)
        .filter(content_type__in={content_type.pk for content_type, _, _ in wanted})
        .values_list("content_type", "codename")
    )
    missing = [
        permission_model(codename=codename, name=name, content_type=content_type)
        for content_type, codename, name in wanted
        if (content_type.pk, codename) not in present
    ]
    permission_model.objects.using(using).bulk_create(missing)
    if verbosity >= 2:
        for permission in missing:
            print(f"Adding permission '{permission}'")


class RenamePermissions(FollowRename):
    """Renames a model's permissions together with the model."""

    def _rename(self, apps: Any, schema_editor: Any, old_model: str, new_model: str) -> None:
        old, new = old_model.lower(), new_model.lower()
        alias = schema_editor.connection.alias
        try:
            types = apps.get_model("contenttypes", "ContentType").objects.db_manager(alias)
            permissions = apps.get_model("auth", "Permission").objects.using(alias)
            model = apps.get_model(self.app_label, new)
        except LookupError:
            return
        names = {old, new}
        found = permissions.filter(content_type__in=types.filter(app_label=self.app_label, model__in=names))
        for action in model._meta.default_permissions:
            try:
                with transaction.atomic(using=alias):
                    found.filter(codename=f"{action}_{old}").update(
                        codename=f"{action}_{new}", name=f"Can {action} {model._meta.verbose_name_raw}"
                    )
            except IntegrityError:
                # Somebody made the new permission by hand; it stays, and so does the old one.
                continue


def inject_rename_permissions(
    plan: Any = None, apps: Any = global_apps, using: str = DEFAULT_DB_ALIAS, **kwargs: Any
) -> None:
    """Put a ``RenamePermissions`` behind each ``RenameModel`` of the plan."""
    try:
        permission_model = apps.get_model("auth", "Permission")
    except LookupError:
        return
    if not router.allow_migrate_model(using, permission_model):
        return
    for migration, _backward in plan or ():
        extended = []
        for operation in migration.operations:
            extended.append(operation)
            if isinstance(operation, RenameModel):
                extended.append(RenamePermissions(migration.app_label, operation.old_name, operation.new_name))
        migration.operations = extended


def get_system_username() -> str:
    """The name of whoever runs this process, or an empty text."""
    try:
        return getpass.getuser()
    except (ImportError, KeyError, OSError):
        # No such user in the system's list, as in many containers.
        return ""


def get_default_username(check_db: bool = True, database: str = DEFAULT_DB_ALIAS) -> str:
    """A name for the first superuser made from the system's; empty when it cannot serve or is taken."""
    user_model = get_user_model()
    try:
        field = user_model._meta.get_field(user_model.USERNAME_FIELD)
        plain = unicodedata.normalize("NFKD", get_system_username()).encode("ascii", "ignore").decode("ascii")
        name = plain.replace(" ", "").lower()
        field.run_validators(name)
    except (FieldDoesNotExist, ImproperlyConfigured, ValidationError):
        return ""
    if (
        check_db
        and name
        and user_model._default_manager.db_manager(database).filter(**{user_model.USERNAME_FIELD: name}).exists()
    ):
        return ""
    return name

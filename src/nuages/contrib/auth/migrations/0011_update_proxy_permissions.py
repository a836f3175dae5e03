"""Permissions of proxy models move from the concrete model's content type to the proxy's own."""

from __future__ import annotations

from typing import Any

from nuages.db import IntegrityError, transaction
from nuages.migrations import Migration as BaseMigration
from nuages.migrations import RunPython
from nuages.models import Q


def _move(apps: Any, schema_editor: Any, to_proxy: bool) -> None:
    alias = schema_editor.connection.alias
    types = apps.get_model("contenttypes", "ContentType").objects.db_manager(alias)
    permissions = apps.get_model("auth", "Permission").objects.using(alias)
    for model in apps.get_models():
        opts = model._meta
        if not opts.proxy:
            continue
        codenames = {f"{action}_{opts.model_name}" for action in opts.default_permissions}
        codenames |= {codename for codename, _ in opts.permissions}
        concrete = types.get_for_model(model, for_concrete_model=True)
        proxy = types.get_for_model(model, for_concrete_model=False)
        source, target = (concrete, proxy) if to_proxy else (proxy, concrete)
        try:
            with transaction.atomic(using=alias):
                permissions.filter(Q(codename__in=codenames), content_type=source).update(content_type=target)
        except IntegrityError:
            print(
                f"Some permissions of the proxy model {opts.label} exist for both content types. "
                "They were left as they are: compare the two sets and delete what is not needed."
            )


def forward(apps: Any, schema_editor: Any) -> None:
    _move(apps, schema_editor, to_proxy=True)


def backward(apps: Any, schema_editor: Any) -> None:
    _move(apps, schema_editor, to_proxy=False)


class Migration(BaseMigration):
    dependencies = [
        ("auth", "0010_alter_group_name_max_length"),
        ("contenttypes", "0002_remove_content_type_name"),
    ]
    operations = [RunPython(forward, backward)]

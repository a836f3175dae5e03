"""SQL statements and signals that several database commands share."""

from collections.abc import Iterator
from typing import Any

from nuages.apps import apps
from nuages.cli.color import Style
from nuages.models import signals


def sql_flush(style: Style, connection: Any, reset_sequences: bool = True, allow_cascade: bool = False) -> list[str]:
    """The statements that empty all tables of the installed models."""
    tables = connection.introspection.django_table_names(only_existing=True, include_views=False)
    statements: list[str] = connection.ops.sql_flush(
        style, tables, reset_sequences=reset_sequences, allow_cascade=allow_cascade
    )
    return statements


def _app_configs_with_models() -> Iterator[Any]:
    return (app_config for app_config in apps.get_app_configs() if app_config.models_module is not None)


def emit_pre_migrate_signal(verbosity: int, interactive: bool, db: str, **kwargs: Any) -> None:
    """Send ``pre_migrate`` for each app that has models."""
    _emit(signals.pre_migrate, "pre-migrate", verbosity, interactive, db, kwargs)


def emit_post_migrate_signal(verbosity: int, interactive: bool, db: str, **kwargs: Any) -> None:
    """Send ``post_migrate`` for each app that has models."""
    _emit(signals.post_migrate, "post-migrate", verbosity, interactive, db, kwargs)


def _emit(signal: Any, title: str, verbosity: int, interactive: bool, db: str, extra: dict[str, Any]) -> None:
    stdout = extra.get("stdout")
    for app_config in _app_configs_with_models():
        if verbosity >= 2:
            message = f"Running {title} handlers for application {app_config.label}"
            if stdout is None:
                print(message)
            else:
                stdout.write(message)
        signal.send(
            sender=app_config,
            app_config=app_config,
            verbosity=verbosity,
            interactive=interactive,
            using=db,
            **extra,
        )

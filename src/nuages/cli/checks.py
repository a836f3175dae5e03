"""System checks of management commands."""

from typing import Any

from nuages.checks import CheckMessage, Error, Tags, register
from nuages.cli.calling import get_commands, load_command_class


@register(Tags.commands)
def migrate_and_makemigrations_autodetector(**kwargs: Any) -> list[CheckMessage]:
    """``migrate`` and ``makemigrations``, which a project may override, must detect changes in the same way."""
    commands = get_commands()
    migrate, make = (load_command_class(commands[name], name) for name in ("migrate", "makemigrations"))
    if migrate.autodetector is make.autodetector:  # type: ignore[attr-defined]
        return []
    shown = [
        f"{type(command).__module__.rpartition('.')[2]}.Command.autodetector is {command.autodetector.__name__}"  # type: ignore[attr-defined]
        for command in (make, migrate)
    ]
    return [
        Error(
            "migrate and makemigrations must use the same autodetector.",
            hint=f"{shown[0]}, but {shown[1]}.",
            id="commands.E001",
        )
    ]

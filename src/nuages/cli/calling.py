"""Finding management commands, and calling them from code."""

import argparse
import functools
import os
import pkgutil
from collections.abc import Iterable, Iterator
from importlib import import_module
from pathlib import Path
from typing import Any

from nuages.apps import apps
from nuages.cli.command import BaseCommand, CommandError, CommandParser
from nuages.conf import names, settings

BUILT_IN = "nuages.cli"


def find_commands(management_dir: str | os.PathLike[str]) -> list[str]:
    """Names of the commands in ``commands`` below *management_dir*."""
    folder = os.path.join(management_dir, "commands")
    return [name for _, name, is_pkg in pkgutil.iter_modules([folder]) if not is_pkg and not name.startswith("_")]


def load_command_class(app_name: str, name: str) -> BaseCommand:
    """An instance of the command *name* of the app *app_name*; import errors pass through."""
    folder = app_name if names.native(app_name) == BUILT_IN else f"{app_name}.management"
    command: BaseCommand = import_module(f"{folder}.commands.{name}").Command()
    return command


@functools.cache
def get_commands() -> dict[str, str]:
    """All commands: name to app name. Apps that stand earlier in INSTALLED_APPS override later ones."""
    built_in = names.public(BUILT_IN)
    commands = dict.fromkeys(find_commands(Path(__file__).parent), built_in)
    if not settings.configured:
        return commands
    for app_config in reversed(list(apps.get_app_configs())):
        path = os.path.join(app_config.path, "management")
        commands.update(dict.fromkeys(find_commands(path), app_config.name))
    return commands


def call_command(command_name: str | BaseCommand | tuple[str], *args: Any, **options: Any) -> Any:
    """Run a command from code and return what its ``handle`` returns.

    *args* are parsed as on the command line; *options* are keyword arguments by destination or option name.
    Raises :exc:`CommandError` for an unknown command or a wrong argument, TypeError for an unknown option.
    """
    command, name = _command(command_name)
    parser = command.create_parser("", name)
    actions = list(_all_actions(parser))
    by_option = {
        min(action.option_strings).lstrip("-").replace("-", "_"): action.dest
        for action in actions
        if action.option_strings and action in parser._actions
    }
    given = {by_option.get(key, key): value for key, value in options.items()}
    argv = [str(argument) for argument in _flat(args)]
    argv += _required_arguments(parser, actions, by_option, options, given)
    values = {**vars(parser.parse_args(args=argv)), **given}
    _refuse_unknown(command, name, actions, by_option, options, given)
    positional = values.pop("args", ())
    if "skip_checks" not in options:
        values["skip_checks"] = True
    return command.execute(*positional, **values)


def _command(command_name: str | BaseCommand | tuple[str]) -> tuple[BaseCommand, str]:
    if isinstance(command_name, BaseCommand):
        return command_name, type(command_name).__module__.rpartition(".")[2]
    name = command_name if isinstance(command_name, str) else command_name[0]
    try:
        app_name = get_commands()[name]
    except KeyError:
        raise CommandError(f"Unknown command: {name!r}") from None
    if isinstance(app_name, BaseCommand):
        return app_name, name
    return load_command_class(app_name, name), name


def _flat(args: Iterable[Any]) -> Iterator[Any]:
    for argument in args:
        if isinstance(argument, list | tuple):
            yield from argument
        else:
            yield argument


def _all_actions(parser: argparse.ArgumentParser) -> Iterator[argparse.Action]:
    """The parser's actions, those of subparsers in their place."""
    for action in parser._actions:
        if isinstance(action, argparse._SubParsersAction):
            for subparser in action.choices.values():
                yield from _all_actions(subparser)
        else:
            yield action


def _required_arguments(
    parser: CommandParser,
    actions: list[argparse.Action],
    by_option: dict[str, str],
    options: dict[str, Any],
    given: dict[str, Any],
) -> list[str]:
    """Arguments that argparse insists on and that came as keywords: these must pass through the parser."""
    exclusive = {
        action for group in parser._mutually_exclusive_groups if group.required for action in group._group_actions
    }
    argv: list[str] = []
    for action in actions:
        if action.dest not in given or not (action.required or action in exclusive) or not action.option_strings:
            continue
        sharing = [other for other in actions if other.dest == action.dest]
        if len(sharing) > 1 and action.dest in options:
            raise TypeError(f"Cannot pass the dest {action.dest!r} that matches multiple arguments via **options.")
        if len(sharing) > 1 and not any(by_option.get(key) and _is_option(action, key) for key in options):
            continue
        argv += _as_arguments(action, given[action.dest])
    return argv


def _is_option(action: argparse.Action, key: str) -> bool:
    return min(action.option_strings).lstrip("-").replace("-", "_") == key


def _as_arguments(action: argparse.Action, value: Any) -> list[str]:
    option = min(action.option_strings)
    valueless = (argparse._AppendConstAction, argparse._CountAction, argparse._StoreConstAction)
    if isinstance(action, valueless):
        return [option] * value if isinstance(action, argparse._CountAction) else [option]
    if isinstance(value, list | tuple):
        return [option, *map(str, value)]
    return [f"{option}={value}"]


def _refuse_unknown(
    command: BaseCommand,
    name: str,
    actions: list[argparse.Action],
    by_option: dict[str, str],
    options: dict[str, Any],
    given: dict[str, Any],
) -> None:
    stealth = {*command.base_stealth_options, *command.stealth_options}
    valid = {action.dest for action in actions} | stealth | set(by_option)
    unknown = set(given) - valid
    if unknown:
        raise TypeError(
            f"Unknown option(s) for {name} command: {', '.join(sorted(unknown))}. "
            f"Valid options are: {', '.join(sorted(valid))}."
        )

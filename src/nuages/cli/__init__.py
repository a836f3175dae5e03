"""Management commands: the command line of a project, and calling commands from code."""

from nuages.cli import checks, color
from nuages.cli.calling import call_command, find_commands, get_commands, load_command_class
from nuages.cli.color import color_style
from nuages.cli.command import (
    AppCommand, BaseCommand, CommandError, CommandParser, LabelCommand, SystemCheckError, handle_default_options,
)
from nuages.cli.main import ManagementUtility, execute_from_command_line
from nuages.cli.programs import find_command, popen_wrapper

__all__ = [
    "AppCommand", "BaseCommand", "CommandError", "CommandParser", "LabelCommand", "ManagementUtility",
    "SystemCheckError", "call_command", "checks", "color", "color_style", "execute_from_command_line", "find_command",
    "find_commands", "get_commands", "handle_default_options", "load_command_class", "popen_wrapper",
]

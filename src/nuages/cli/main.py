"""The command line: finds the command that is asked for, sets the project up, and runs it."""

import os
import sys
from collections import defaultdict
from difflib import get_close_matches
from typing import Any

import nuages
from nuages.apps import apps
from nuages.cli.calling import get_commands, load_command_class
from nuages.cli.color import color_style
from nuages.cli.command import BaseCommand, CommandError, CommandParser, handle_default_options
from nuages.conf import names, settings
from nuages.exceptions import ImproperlyConfigured
from nuages.start import setup

NEED_NO_APPS = frozenset({"help", "version", "startproject", "--help", "-h", "--version", "port"})


class ManagementUtility:
    """One invocation of the command line, with the arguments *argv* (default: those of the process)."""

    def __init__(self, argv: list[str] | None = None) -> None:
        self.argv = argv or sys.argv[:]
        self.prog_name = os.path.basename(self.argv[0])
        if self.prog_name == "__main__.py":
            self.prog_name = f"python -m {names.public('nuages').partition('.')[0]}"
        self.settings_exception: Exception | None = None

    def main_help_text(self, commands_only: bool = False) -> str:
        """The text of ``help``; just the names of commands if *commands_only*."""
        if commands_only:
            return "\n".join(sorted(get_commands()))
        by_app: dict[str, list[str]] = defaultdict(list)
        for name, app in get_commands().items():
            title = app if isinstance(app, str) else app.__module__
            by_app["built-in" if names.native(title) == "nuages.cli" else title.rpartition(".")[2]].append(name)
        style = color_style()
        lines = ["", f"Type '{self.prog_name} help <subcommand>' for help on a specific subcommand.", ""]
        lines.append("Available subcommands:")
        for app in sorted(by_app):
            lines += ["", style.NOTICE(f"[{app}]"), *(f"    {name}" for name in sorted(by_app[app]))]
        if self.settings_exception is not None:
            lines.append(
                style.NOTICE(
                    f"\nOnly built-in commands are listed: settings cannot be used ({self.settings_exception})."
                )
            )
        return "\n".join(lines)

    def fetch_command(self, subcommand: str) -> BaseCommand:
        """The command *subcommand*; prints an error with a suggestion and exits when there is none."""
        commands = get_commands()
        if subcommand in commands:
            app_name: Any = commands[subcommand]
            return app_name if isinstance(app_name, BaseCommand) else load_command_class(app_name, subcommand)
        if os.environ.get(names.ENVIRONMENT_VARIABLE):
            settings.INSTALLED_APPS  # raises what is wrong with the settings, the likely cause
        elif not settings.configured:
            sys.stderr.write("No settings specified.\n")
        sys.stderr.write(f"Unknown command: {subcommand!r}")
        matches = get_close_matches(subcommand, commands)
        if matches:
            sys.stderr.write(f". Did you mean {matches[0]}?")
        sys.stderr.write(f"\nType '{self.prog_name} help' for usage.\n")
        sys.exit(1)

    def autocomplete(self) -> None:
        """Answer a shell that asks for completions (by environment variables), and exit."""
        if names.environment("AUTO_COMPLETE") not in os.environ:
            return
        words = os.environ["COMP_WORDS"].split()[1:]
        cword = int(os.environ["COMP_CWORD"])
        current = words[cword - 1] if cword <= len(words) else ""
        subcommands = [*get_commands(), "help"]
        if cword == 1:
            print(" ".join(sorted(name for name in subcommands if name.startswith(current))))
        elif words[0] in subcommands and words[0] != "help":
            for option in self._completions(words, cword, current):
                print(option)
        sys.exit(0)

    def _completions(self, words: list[str], cword: int, current: str) -> list[str]:
        command = self.fetch_command(words[0])
        options: list[tuple[str, bool]] = []
        if words[0] in {"dumpdata", "sqlmigrate", "sqlsequencereset", "test"}:
            try:
                options += [(app_config.label, False) for app_config in apps.get_app_configs()]
            except ImportError:
                pass  # settings cannot be read: there are no labels to offer
        parser = command.create_parser("", words[0])
        options += [
            (min(action.option_strings), action.nargs != 0) for action in parser._actions if action.option_strings
        ]
        used = {word.partition("=")[0] for word in words[1 : cword - 1]}
        fitting = sorted((name, value) for name, value in options if name not in used and name.startswith(current))
        return [name + "=" if value and name.startswith("--") else name for name, value in fitting]

    def execute(self) -> None:
        """Set the project up as far as the command needs it, and run the command."""
        subcommand = self.argv[1] if len(self.argv) > 1 else "help"
        parser = CommandParser(
            prog=self.prog_name, usage="%(prog)s subcommand [options] [args]", add_help=False, allow_abbrev=False
        )
        parser.add_argument("--settings")
        parser.add_argument("--pythonpath")
        parser.add_argument("args", nargs="*")
        try:
            options, _ = parser.parse_known_args(self.argv[2:])
            handle_default_options(options)
        except CommandError:
            options = None  # the command's own parser will say what is wrong
        try:
            self._prepare(subcommand)
            self.autocomplete()
            self._dispatch(subcommand, options)
        except (ImproperlyConfigured, ModuleNotFoundError) as error:
            if "--traceback" in self.argv or not self._says_enough(error):
                raise
            sys.exit(color_style().ERROR(f"{type(error).__name__}: {error}"))

    @staticmethod
    def _says_enough(error: Exception) -> bool:
        """Whether the message names the fault: settings that are incomplete, or a module of settings that does not exist."""
        wanted = os.environ.get(names.ENVIRONMENT_VARIABLE, "")
        return not isinstance(error, ModuleNotFoundError) or bool(error.name and f"{wanted}.".startswith(f"{error.name}."))

    def _prepare(self, subcommand: str) -> None:
        """Read settings and load the apps, if there are settings."""
        try:
            settings.INSTALLED_APPS
        except (ImproperlyConfigured, ImportError) as error:
            self.settings_exception = error
        if settings.configured and subcommand not in NEED_NO_APPS | {"help"}:
            setup()
        elif settings.configured:
            try:
                setup()
            except Exception as error:
                self.settings_exception = error

    def _dispatch(self, subcommand: str, options: Any) -> None:
        if subcommand == "help":
            words = options.args if options else []
            if "--commands" in self.argv[2:]:
                sys.stdout.write(self.main_help_text(commands_only=True) + "\n")
            elif not words:
                sys.stdout.write(self.main_help_text() + "\n")
            else:
                self.fetch_command(words[0]).print_help(self.prog_name, words[0])
        elif subcommand == "version" or self.argv[1:] == ["--version"]:
            sys.stdout.write((names.version() or nuages.__version__) + "\n")
        elif self.argv[1:] in (["--help"], ["-h"]):
            sys.stdout.write(self.main_help_text() + "\n")
        else:
            self.fetch_command(subcommand).run_from_argv(self.argv)


def execute_from_command_line(argv: list[str] | None = None) -> None:
    """Run the command that *argv* names, as ``manage.py`` does."""
    ManagementUtility(argv).execute()


def main() -> None:
    """The console script ``nuages``."""
    sys.path.insert(0, os.getcwd())
    execute_from_command_line(sys.argv)

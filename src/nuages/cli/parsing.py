"""Command-line parsing shared by all management commands."""

import argparse
import sys
from collections.abc import Iterable, Sequence
from typing import Any, NoReturn

from nuages.cli.failures import CommandError

COMMON_OPTIONS = frozenset(
    f"--{name}"
    for name in ("pythonpath", "settings", "verbosity", "version", "traceback", "skip-checks", "force-color", "no-color")
)


class HelpFormatter(argparse.HelpFormatter):
    """Lists a command's own options before those that every command has."""

    @staticmethod
    def _own_first(actions: Iterable[argparse.Action]) -> list[argparse.Action]:
        return sorted(actions, key=lambda action: not COMMON_OPTIONS.isdisjoint(action.option_strings))

    def add_usage(self, usage: str | None, actions: Iterable[argparse.Action], *args: Any, **kwargs: Any) -> None:
        """Add the usage line, common options last."""
        super().add_usage(usage, self._own_first(actions), *args, **kwargs)

    def add_arguments(self, actions: Iterable[argparse.Action]) -> None:
        """Add the section of options, common options last."""
        super().add_arguments(self._own_first(actions))


class CommandParser(argparse.ArgumentParser):
    """An ``ArgumentParser`` that raises :exc:`CommandError` instead of exiting when a command is called from code.

    *missing_args_message* replaces the parser's own message when a required positional argument is absent.
    """

    def __init__(
        self,
        *,
        missing_args_message: str | None = None,
        called_from_command_line: bool | None = None,
        **kwargs: Any,
    ) -> None:
        self.missing_args_message = missing_args_message
        self.called_from_command_line = called_from_command_line
        if sys.version_info >= (3, 14):
            kwargs.setdefault("suggest_on_error", True)
        super().__init__(**kwargs)

    def parse_args(self, args: Sequence[str] | None = None, namespace: Any = None) -> Any:  # type: ignore[override]
        """Parse *args*; complains with ``missing_args_message`` when nothing but options was given."""
        given = list(args or ())
        if self.missing_args_message and not given:
            self.error(self.missing_args_message)
        return super().parse_args(args, namespace)

    def error(self, message: str) -> NoReturn:
        """Exit with status 2 on the command line; raise :exc:`CommandError` elsewhere."""
        if self.called_from_command_line:
            super().error(message)
        raise CommandError(f"Error: {message}")

    def add_subparsers(self, **kwargs: Any) -> Any:
        """Add subparsers that treat errors in the same way as this parser."""
        parser_class = kwargs.get("parser_class", type(self))
        if issubclass(parser_class, CommandParser):
            origin = self.called_from_command_line

            def make(**options: Any) -> CommandParser:
                options.setdefault("called_from_command_line", origin)
                made: CommandParser = parser_class(**options)
                return made

            kwargs["parser_class"] = make
        return super().add_subparsers(**kwargs)

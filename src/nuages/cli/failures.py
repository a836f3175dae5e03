"""The exceptions by which management commands report a problem."""

from typing import Any


class CommandError(Exception):
    """A command cannot do its work; on the command line the message is printed and *returncode* is the exit status."""

    def __init__(self, *args: Any, returncode: int = 1, **kwargs: Any) -> None:
        self.returncode = returncode
        super().__init__(*args, **kwargs)


class SystemCheckError(CommandError):
    """System checks found serious problems; the message is the full report."""

"""Starting a database's own command-line client (``dbshell``)."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Sequence
from typing import Any


class Client:
    """The client program of one connection's database."""

    executable_name: str = ""

    def __init__(self, connection: Any) -> None:
        self.connection = connection

    @classmethod
    def settings_to_cmd_args_env(
        cls, settings_dict: dict[str, Any], parameters: Any
    ) -> tuple[list[str], dict[str, str] | None]:
        """The command line and what is added to the environment."""
        raise NotImplementedError(f"{cls.__name__} must make a command line from its settings.")

    def runshell(self, parameters: Sequence[str]) -> None:
        """Run the program; ``CalledProcessError`` where it fails."""
        arguments, environment = self.settings_to_cmd_args_env(self.connection.settings_dict, parameters)
        subprocess.run(arguments, env={**os.environ, **environment} if environment else None, check=True)

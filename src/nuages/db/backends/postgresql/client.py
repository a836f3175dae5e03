"""``dbshell`` for PostgreSQL."""

from __future__ import annotations

import signal
from collections.abc import Sequence
from typing import Any

from nuages.db.client import Client

_ENVIRONMENT = {
    "service": "PGSERVICE",
    "sslmode": "PGSSLMODE",
    "sslrootcert": "PGSSLROOTCERT",
    "sslcert": "PGSSLCERT",
    "sslkey": "PGSSLKEY",
    "passfile": "PGPASSFILE",
}


class PostgreSQLClient(Client):
    """The program ``psql``."""

    executable_name = "psql"

    @classmethod
    def settings_to_cmd_args_env(
        cls, settings_dict: dict[str, Any], parameters: Any
    ) -> tuple[list[str], dict[str, str] | None]:
        """The command line; secrets travel in the environment."""
        options = settings_dict.get("OPTIONS", {})
        arguments = [cls.executable_name]
        for setting, flag in (("USER", "-U"), ("HOST", "-h"), ("PORT", "-p")):
            if settings_dict.get(setting):
                arguments += [flag, str(settings_dict[setting])]
        arguments.extend(parameters)
        name: str | None = settings_dict.get("NAME")
        if not name and not options.get("service"):
            name = "postgres"
        if name:
            arguments.append(name)
        environment = {}
        if settings_dict.get("PASSWORD"):
            environment["PGPASSWORD"] = str(settings_dict["PASSWORD"])
        environment |= {
            variable: str(options[option]) for option, variable in _ENVIRONMENT.items() if options.get(option)
        }
        return arguments, environment or None

    def runshell(self, parameters: Sequence[str]) -> None:
        """Run ``psql``, which wants interrupts for itself."""
        kept = signal.getsignal(signal.SIGINT)
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        try:
            super().runshell(parameters)
        finally:
            signal.signal(signal.SIGINT, kept)

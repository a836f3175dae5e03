"""``dbshell`` for MariaDB and MySQL."""

from __future__ import annotations

import signal
from collections.abc import Sequence
from typing import Any

from nuages.db.client import Client


class MySQLClient(Client):
    """The program ``mysql``."""

    executable_name = "mysql"

    @classmethod
    def settings_to_cmd_args_env(
        cls, settings_dict: dict[str, Any], parameters: Any
    ) -> tuple[list[str], dict[str, str] | None]:
        """The command line; the password travels in the environment."""
        options = settings_dict.get("OPTIONS", {})

        def option(*names: str, setting: str) -> Any:
            return next((options[name] for name in names if name in options), settings_dict.get(setting))

        database = option("database", "db", setting="NAME")
        password = option("password", "passwd", setting="PASSWORD")
        host = option("host", setting="HOST")
        tls = options.get("ssl", {})
        flags = [
            ("--defaults-file", options.get("read_default_file")),
            ("--user", option("user", setting="USER")),
            ("--socket" if host and "/" in str(host) else "--host", host),
            ("--port", option("port", setting="PORT")),
            ("--ssl-ca", tls.get("ca")),
            ("--ssl-cert", tls.get("cert")),
            ("--ssl-key", tls.get("key")),
            ("--default-character-set", options.get("charset")),
        ]
        arguments = [cls.executable_name, *(f"{flag}={value}" for flag, value in flags if value)]
        if database:
            arguments.append(database)
        arguments.extend(parameters)
        return arguments, {"MYSQL_PWD": str(password)} if password else None

    def runshell(self, parameters: Sequence[str]) -> None:
        """Run the program, which wants interrupts for itself."""
        kept = signal.getsignal(signal.SIGINT)
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        try:
            super().runshell(parameters)
        finally:
            signal.signal(signal.SIGINT, kept)

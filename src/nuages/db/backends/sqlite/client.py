"""``dbshell`` for SQLite."""

from __future__ import annotations

from typing import Any

from nuages.db.client import Client


class SQLiteClient(Client):
    """The program ``sqlite3``."""

    executable_name = "sqlite3"

    @classmethod
    def settings_to_cmd_args_env(
        cls, settings_dict: dict[str, Any], parameters: Any
    ) -> tuple[list[str], dict[str, str] | None]:
        """The command line, and no environment."""
        return [cls.executable_name, settings_dict["NAME"], *parameters], None

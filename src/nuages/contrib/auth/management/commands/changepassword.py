"""Set a user's password from the terminal."""

from __future__ import annotations

import getpass
from typing import Any

from nuages.cli.command import BaseCommand, CommandError
from nuages.contrib.auth.logins import get_user_model
from nuages.contrib.auth.password_validation import validate_password
from nuages.db import DEFAULT_DB_ALIAS, connections
from nuages.exceptions import ValidationError

MAX_TRIES = 3


class Command(BaseCommand):
    """``changepassword [NAME]``."""

    help = "Changes a user's password."
    requires_migrations_checks = True
    requires_system_checks = []

    def _get_pass(self, prompt: str = "Password: ") -> str:
        entered = getpass.getpass(prompt=prompt)
        if not entered:
            raise CommandError("aborted")
        return entered

    def add_arguments(self, parser: Any) -> None:
        """The options."""
        parser.add_argument("username", nargs="?", help="Whose password; by default that of the user who runs this.")
        parser.add_argument(
            "--database", default=DEFAULT_DB_ALIAS, choices=tuple(connections), help="The database of the users."
        )

    def handle(self, **options: Any) -> str:  # type: ignore[override]
        """Ask twice, at most three times over; ``CommandError`` for an unknown user or no agreement."""
        model = get_user_model()
        name = options["username"] or getpass.getuser()
        try:
            user = model._default_manager.using(options["database"]).get(**{model.USERNAME_FIELD: name})
        except model.DoesNotExist:
            raise CommandError(f"user '{name}' does not exist") from None
        self.stdout.write(f"Changing password for user '{user}'")
        for _ in range(MAX_TRIES):
            first, second = self._get_pass(), self._get_pass("Password (again): ")
            if first != second:
                self.stdout.write("Passwords do not match. Please try again.")
                continue
            try:
                validate_password(second, user)
            except ValidationError as error:
                self.stderr.write("\n".join(error.messages))
                continue
            user.set_password(first)
            user.save()
            return f"Password changed successfully for user '{user}'"
        raise CommandError(f"Aborting password change for user '{user}' after {MAX_TRIES} attempts")

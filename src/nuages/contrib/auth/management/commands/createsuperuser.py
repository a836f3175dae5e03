"""Create a user who may do everything."""

from __future__ import annotations

import getpass
import os
import sys
from typing import Any

from nuages.cli.command import BaseCommand, CommandError
from nuages.contrib.auth.logins import get_user_model
from nuages.contrib.auth.management import get_default_username
from nuages.contrib.auth.password_validation import validate_password
from nuages.db import DEFAULT_DB_ALIAS, connections
from nuages.exceptions import ValidationError
from nuages.text.formatting import capfirst

PASSWORD_FIELD = "password"
ENVIRONMENT_PREFIX = "DJANGO_SUPERUSER_"
"""Documented: with --no-input, values may stand in DJANGO_SUPERUSER_PASSWORD and the like."""


class NotRunningInTTYException(Exception):
    """There is nobody to ask."""


class Command(BaseCommand):
    """``createsuperuser``: asks for what the user model requires, or takes it from options and the environment."""

    help = "Creates a superuser."
    requires_migrations_checks = True
    stealth_options = ("stdin",)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.UserModel = get_user_model()
        self.username_field = self.UserModel._meta.get_field(self.UserModel.USERNAME_FIELD)

    def add_arguments(self, parser: Any) -> None:
        """An option for the name and for each required field."""
        parser.add_argument(f"--{self.UserModel.USERNAME_FIELD}", help="The name to log in with.")
        parser.add_argument(
            "--noinput", "--no-input", action="store_false", dest="interactive",
            help=(
                f"Ask nothing. Needs the options of all required fields, or {ENVIRONMENT_PREFIX}… variables; without "
                "a password in the environment the user cannot log in until one is set."
            ),
        )  # fmt: skip
        parser.add_argument(
            "--database", default=DEFAULT_DB_ALIAS, choices=tuple(connections), help="The database of the users."
        )
        for name in self.UserModel.REQUIRED_FIELDS:
            field = self.UserModel._meta.get_field(name)
            text = f"The {name} of the superuser."
            if field.many_to_many:
                through = field.remote_field.through
                if through and not through._meta.auto_created:
                    raise CommandError(
                        f"Required field '{name}' specifies a many-to-many relation through model, which is not supported."
                    )
                parser.add_argument(f"--{name}", action="append", help=f"{text} May be given several times.")
            else:
                parser.add_argument(f"--{name}", help=text)

    def execute(self, *args: Any, **options: Any) -> Any:
        """Remember where answers come from."""
        self.stdin: Any = options.get("stdin", sys.stdin)
        return super().execute(*args, **options)

    def handle(self, *args: Any, **options: Any) -> None:
        """Collect the values and create the user; ``CommandError`` for what is missing or wrong."""
        database = options["database"]
        data: dict[str, Any] = {}
        shown: dict[str, Any] = {}
        if any(field.name == PASSWORD_FIELD for field in self.UserModel._meta.get_fields()):
            data[PASSWORD_FIELD] = None
        try:
            if options["interactive"]:
                self._ask_all(data, shown, options, database)
            else:
                self._take_all(data, options, database)
            self.UserModel._default_manager.db_manager(database).create_superuser(**data)
        except KeyboardInterrupt:
            self.stderr.write("\nOperation cancelled.")
            sys.exit(1)
        except ValidationError as error:
            raise CommandError("; ".join(error.messages)) from error
        except NotRunningInTTYException:
            self.stdout.write(
                "Superuser creation skipped: there is no terminal to ask at. Run `manage.py createsuperuser` at one, or with "
                "--noinput."
            )
            return
        if options["verbosity"] >= 1:
            self.stdout.write("Superuser created successfully.")

    # Interactive

    def _ask_all(self, data: dict[str, Any], shown: dict[str, Any], options: dict[str, Any], database: str) -> None:
        if hasattr(self.stdin, "isatty") and not self.stdin.isatty():
            raise NotRunningInTTYException
        name_field = self.UserModel.USERNAME_FIELD
        title = self.username_field.verbose_name
        username = options[name_field]
        if username is not None:
            if problem := self._validate_username(username, title, database):
                self.stderr.write(problem)
                username = None
            elif username == "":
                raise CommandError(f"{capfirst(title)} cannot be blank.")
        default = get_default_username(database=database)
        while username is None:
            username = self.get_input_data(
                self.username_field, self._get_input_message(self.username_field, default), default
            )
            if username is not None and (problem := self._validate_username(username, title, database)):
                self.stderr.write(problem)
                username = None
        data[name_field] = username
        shown[name_field] = self._instance_for(self.username_field, username)
        for field_name in self.UserModel.REQUIRED_FIELDS:
            self._ask_field(field_name, data, shown, options)
        if PASSWORD_FIELD in data:
            data[PASSWORD_FIELD] = self._ask_password(shown)

    def _ask_field(self, name: str, data: dict[str, Any], shown: dict[str, Any], options: dict[str, Any]) -> None:
        field = self.UserModel._meta.get_field(name)
        value = options[name]
        data[name] = field.clean(value, None) if value is not None and not field.many_to_many else value
        while data[name] is None:
            value = self.get_input_data(field, self._get_input_message(field))
            data[name] = value
            if field.many_to_many and value is not None:
                data[name] = [part.strip() for part in value.split(",")]
        shown[name] = self._instance_for(field, data[name])
        if field.many_to_one:
            data[name] = shown[name]

    def _instance_for(self, field: Any, value: Any) -> Any:
        """What stands for the value in an unsaved user: an instance for a foreign key."""
        return field.remote_field.model(value) if field.many_to_one else value

    def _ask_password(self, shown: dict[str, Any]) -> str:
        plain = {name: value for name, value in shown.items() if not self.UserModel._meta.get_field(name).many_to_many}
        while True:
            first, second = getpass.getpass(), getpass.getpass("Password (again): ")
            if first != second:
                self.stderr.write("Error: Your passwords didn't match.")
                continue
            if not first.strip():
                self.stderr.write("Error: Blank passwords aren't allowed.")
                continue
            try:
                validate_password(second, self.UserModel(**plain))
            except ValidationError as error:
                self.stderr.write("\n".join(error.messages))
                if input("Bypass password validation and create user anyway? [y/N]: ").lower() != "y":
                    continue
            return first

    # Not interactive

    def _take_all(self, data: dict[str, Any], options: dict[str, Any], database: str) -> None:
        if PASSWORD_FIELD in data and f"{ENVIRONMENT_PREFIX}PASSWORD" in os.environ:
            data[PASSWORD_FIELD] = os.environ[f"{ENVIRONMENT_PREFIX}PASSWORD"]
        name_field = self.UserModel.USERNAME_FIELD
        username = options[name_field] or self._from_environment(name_field)
        if username is None:
            raise CommandError(f"You must use --{name_field} with --noinput.")
        if problem := self._validate_username(username, self.username_field.verbose_name, database):
            raise CommandError(problem)
        data[name_field] = username
        for name in self.UserModel.REQUIRED_FIELDS:
            value = options[name] or self._from_environment(name)
            field = self.UserModel._meta.get_field(name)
            if not value and not field.blank:
                raise CommandError(f"You must use --{name} with --noinput.")
            if field.many_to_many and isinstance(value, str):
                value = [part.strip() for part in value.split(",")]
            elif value and not field.many_to_many:
                value = field.clean(value, None)
            data[name] = self._instance_for(field, value) if value else value

    def _from_environment(self, name: str) -> str | None:
        return os.environ.get(f"{ENVIRONMENT_PREFIX}{name.upper()}")

    # Questions

    def get_input_data(self, field: Any, message: str, default: Any = None) -> Any:
        """Ask once; ``None`` for an answer that the field refuses."""
        raw = input(message)
        if default and raw == "":
            raw = default
        try:
            return field.clean(raw, None)
        except ValidationError as error:
            self.stderr.write(f"Error: {'; '.join(error.messages)}")
            return None

    def _get_input_message(self, field: Any, default: Any = None) -> str:
        hint = f" (leave blank to use '{default}')" if default else ""
        target = ""
        if field.remote_field:
            key = field.m2m_target_field_name() if field.many_to_many else field.remote_field.field_name
            target = f" ({field.remote_field.model._meta.object_name}.{key})"
        return f"{capfirst(field.verbose_name)}{hint}{target}: "

    def _validate_username(self, username: str, verbose_field_name: Any, database: str) -> str | None:
        """What is wrong with the name, if anything."""
        title = capfirst(verbose_field_name)
        if self.username_field.unique:
            try:
                self.UserModel._default_manager.db_manager(database).get_by_natural_key(username)
            except self.UserModel.DoesNotExist:
                pass
            else:
                return f"Error: That {verbose_field_name} is already taken."
        if not username:
            return f"{title} cannot be blank."
        try:
            self.username_field.clean(username, None)
        except ValidationError as error:
            return "; ".join(error.messages)
        return None

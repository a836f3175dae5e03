"""Asks what the difference of two states cannot tell: was it renamed, what do existing rows get?"""

from __future__ import annotations

import datetime
import importlib
import os
import sys
from collections.abc import Collection
from typing import Any

from nuages.apps import apps
from nuages.i18n import timezone
from nuages.migrations.loader import MigrationLoader
from nuages.models.fields.markers import NOT_PROVIDED


class MigrationQuestioner:
    """Answers from a dictionary of defaults; asks nobody."""

    def __init__(
        self,
        defaults: dict[str, Any] | None = None,
        specified_apps: Collection[str] | None = None,
        dry_run: bool | None = None,
    ) -> None:
        self.defaults = defaults or {}
        self.specified_apps = specified_apps or set()
        self.dry_run = dry_run

    def ask_initial(self, app_label: str) -> Any:
        """Shall an app without migrations get its first?"""
        # An app that was named on the command line is meant.
        if app_label in self.specified_apps:
            return True
        try:
            config = apps.get_app_config(app_label)
        except LookupError:
            return self.defaults.get("ask_initial", False)
        path, _ = MigrationLoader.migrations_module(config.label)
        if path is None:
            return False
        try:
            module = importlib.import_module(path)
        except ImportError:
            return self.defaults.get("ask_initial", False)
        file = getattr(module, "__file__", None)
        if file:
            names = os.listdir(os.path.dirname(file))
        elif hasattr(module, "__path__"):
            if len(module.__path__) > 1:
                return False
            names = os.listdir(next(iter(module.__path__)))
        else:
            names = []
        return not any(name.endswith(".py") for name in names if name != "__init__.py")

    def ask_not_null_addition(self, field_name: str, model_name: str) -> Any:
        """What do existing rows get in a new column that takes no NULL?"""
        return None

    def ask_not_null_alteration(self, field_name: str, model_name: str) -> Any:
        """What do rows with NULL get when the column takes none any more?"""
        return None

    def ask_rename(self, model_name: str, old_name: str, new_name: str, field_instance: Any) -> Any:
        """Was this field renamed?"""
        return self.defaults.get("ask_rename", False)

    def ask_rename_model(self, old_model_state: Any, new_model_state: Any) -> Any:
        """Was this model renamed?"""
        return self.defaults.get("ask_rename_model", False)

    def ask_merge(self, app_label: str) -> Any:
        """Shall these migrations be merged?"""
        return self.defaults.get("ask_merge", False)

    def ask_auto_now_add_addition(self, field_name: str, model_name: str) -> Any:
        """What do existing rows get in a column for the moment of creation?"""
        return None

    def ask_unique_callable_default_addition(self, field_name: str, model_name: str) -> Any:
        """Go on, though existing rows would all get the same value in a unique column?"""
        return None


class InteractiveMigrationQuestioner(MigrationQuestioner):
    """Asks the person at the terminal."""

    def __init__(
        self,
        defaults: dict[str, Any] | None = None,
        specified_apps: Collection[str] | None = None,
        dry_run: bool | None = None,
        prompt_output: Any = None,
    ) -> None:
        super().__init__(defaults=defaults, specified_apps=specified_apps, dry_run=dry_run)
        self.prompt_output: Any = prompt_output or sys.stdout

    def _say(self, text: str, ending: str = "\n") -> None:
        if hasattr(self.prompt_output, "style_func"):
            self.prompt_output.write(text, ending=ending)
        else:
            self.prompt_output.write(text + ending)

    def _ask(self, text: str) -> str:
        self._say(text, ending=" ")
        return input()

    def _boolean_input(self, question: str, default: bool | None = None) -> bool:
        answer = self._ask(question)
        if not answer and default is not None:
            return default
        while not answer or answer[0].lower() not in "yn":
            answer = self._ask("Please answer yes or no:")
        return answer[0].lower() == "y"

    def _choice_input(self, question: str, choices: Any) -> int:
        self._say(question)
        for number, choice in enumerate(choices, 1):
            self._say(f" {number}) {choice}")
        self._say("Select an option:", ending=" ")
        while True:
            try:
                number = int(input())
            except ValueError:
                pass
            except KeyboardInterrupt:
                self._say("\nCancelled.")
                sys.exit(1)
            else:
                if 0 < number <= len(choices):
                    return number
            self._say("Please select a valid option:", ending=" ")

    def _ask_default(self, default: str = "") -> Any:
        """Ask for Python source, and evaluate it."""
        self._say("Please enter the default value as valid Python.")
        if default:
            self._say(
                f"'Enter' alone takes the default '{default}'."
            )
        self._say("The modules datetime and timezone are there for values such as timezone.now.")
        self._say("Type 'exit' to exit this prompt")
        while True:
            shown = f"[default: {default}] >>>" if default else ">>>"
            self._say(shown, ending=" ")
            try:
                code = input() or default
            except KeyboardInterrupt:
                self._say("\nCancelled.")
                sys.exit(1)
            if not code:
                self._say("There was no code in that. Type some, or exit.")
            elif code == "exit":
                sys.exit(1)
            else:
                try:
                    # The person at the terminal may run any code here anyway.
                    return eval(code, {}, {"datetime": datetime, "timezone": timezone})
                except Exception as error:
                    self._say(f"{type(error).__name__}: {error}")

    def ask_not_null_addition(self, field_name: str, model_name: str) -> Any:
        """Ask, unless nothing is written."""
        if self.dry_run:
            return None
        choice = self._choice_input(
            f"It is impossible to add a non-nullable field '{field_name}' to {model_name} without specifying a default: the "
            "database needs a value for the rows that exist.\nPlease select a fix:",
            [
                "Provide a one-off default now (will be set on all existing rows with a null value for this column)",
                "Quit and manually define a default value in models.py.",
            ],
        )
        if choice == 2:
            sys.exit(3)
        return self._ask_default()

    def ask_not_null_alteration(self, field_name: str, model_name: str) -> Any:
        """Ask, unless nothing is written."""
        if self.dry_run:
            return None
        choice = self._choice_input(
            f"It is impossible to change a nullable field '{field_name}' on {model_name} to non-nullable without providing a "
            "default: rows may hold NULL there.\nPlease select a fix:",
            [
                "Provide a one-off default now, which the rows that hold NULL will get",
                "Ignore for now. A RunPython or RunSQL operation of your own must then see to the rows that hold NULL.",
                "Quit and manually define a default value in models.py.",
            ],
        )
        if choice == 2:
            return NOT_PROVIDED
        if choice == 3:
            sys.exit(3)
        return self._ask_default()

    def ask_rename(self, model_name: str, old_name: str, new_name: str, field_instance: Any) -> Any:
        """Ask."""
        kind = type(field_instance).__name__
        return self._boolean_input(
            f"Was {model_name}.{old_name} renamed to {model_name}.{new_name} (a {kind})? [y/N]", False
        )

    def ask_rename_model(self, old_model_state: Any, new_model_state: Any) -> Any:
        """Ask."""
        old, new = old_model_state, new_model_state
        return self._boolean_input(
            f"Was the model {old.app_label}.{old.name} renamed to {new.name}? [y/N]", False
        )

    def ask_merge(self, app_label: str) -> Any:
        """Ask."""
        return self._boolean_input(
            "\nMerging will only work if the operations printed above do not conflict\n"
            "with each other (working on different fields or models)\n"
            "Should these migration branches be merged? [y/N]",
            False,
        )

    def ask_auto_now_add_addition(self, field_name: str, model_name: str) -> Any:
        """Ask, unless nothing is written."""
        if self.dry_run:
            return None
        choice = self._choice_input(
            f"It is impossible to add the field '{field_name}' with 'auto_now_add=True' to {model_name} without providing a "
            "default: the database needs a value for the rows that exist.\n",
            [
                "Provide a one-off default now which will be set on all existing rows",
                "Quit and manually define a default value in models.py.",
            ],
        )
        if choice == 2:
            sys.exit(3)
        return self._ask_default(default="timezone.now")

    def ask_unique_callable_default_addition(self, field_name: str, model_name: str) -> Any:
        """Ask, unless nothing is written."""
        if self.dry_run:
            return None
        choice = self._choice_input(
            f"Callable default on unique field {model_name}.{field_name} will not generate unique values upon migrating.\n"
            "Please choose how to proceed:\n",
            [
                "Continue making this migration as the first step in writing a manual migration to generate unique values.",
                "Quit and edit field options in models.py.",
            ],
        )
        if choice == 2:
            sys.exit(3)
        return None


class NonInteractiveMigrationQuestioner(MigrationQuestioner):
    """Takes the safe answer, and says in the log what it could not ask."""

    def __init__(
        self,
        defaults: dict[str, Any] | None = None,
        specified_apps: Collection[str] | None = None,
        dry_run: bool | None = None,
        verbosity: int = 1,
        log: Any = None,
    ) -> None:
        self.verbosity, self.log = verbosity, log
        super().__init__(defaults=defaults, specified_apps=specified_apps, dry_run=dry_run)

    def _log(self, field_name: str, model_name: str, outcome: str) -> None:
        if self.log is not None:
            self.log(f"Field '{field_name}' on model '{model_name}' {outcome}")

    def log_lack_of_migration(self, field_name: str, model_name: str, reason: str) -> None:
        """Say which migration was not made, and why."""
        if self.verbosity > 0:
            self._log(field_name, model_name, f"not migrated: {reason}.")

    def ask_not_null_addition(self, field_name: str, model_name: str) -> Any:
        """Give up."""
        self.log_lack_of_migration(
            field_name, model_name, "it is impossible to add a non-nullable field without specifying a default"
        )
        sys.exit(3)

    def ask_not_null_alteration(self, field_name: str, model_name: str) -> Any:
        """Go on without a default."""
        self._log(field_name, model_name, "given a default of NOT PROVIDED and must be corrected.")
        return NOT_PROVIDED

    def ask_auto_now_add_addition(self, field_name: str, model_name: str) -> Any:
        """Give up."""
        self.log_lack_of_migration(
            field_name,
            model_name,
            "it is impossible to add a field with 'auto_now_add=True' without specifying a default",
        )
        sys.exit(3)

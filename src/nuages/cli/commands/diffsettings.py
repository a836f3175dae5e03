"""Show how the settings differ from the defaults."""

from collections.abc import Callable
from typing import Any

from nuages.cli.command import BaseCommand, CommandParser
from nuages.conf import defaults, names, settings
from nuages.conf.settings import Settings

Values = dict[str, Any]


class Command(BaseCommand):
    """``diffsettings``: settings that the project sets, and with ``--all`` those that it leaves."""

    help = "Shows the settings that differ from the defaults."
    requires_system_checks = []

    def add_arguments(self, parser: CommandParser) -> None:
        """Declare the arguments."""
        parser.add_argument("--all", action="store_true", help="Show settings with their default value, too.")
        parser.add_argument("--default", metavar="MODULE", help="Compare with this settings module instead.")
        parser.add_argument(
            "--output",
            default="hash",
            choices=("hash", "unified"),
            help='"hash" marks settings without a default; "unified" is like a diff.',
        )

    def handle(self, **options: Any) -> str:
        """Return the comparison."""
        if not settings.configured:
            settings._setup()
        user = _values(settings)
        if options["default"]:
            base = _values(Settings(options["default"]))
        else:
            base = {name: names.public_value(getattr(defaults, name)) for name in dir(defaults) if name.isupper()}
        show: dict[str, Callable[[Values, Values, bool], list[str]]] = {"hash": self.hashed, "unified": self.unified}
        return "\n".join(show[options["output"]](user, base, options["all"]))

    def hashed(self, user: Values, base: Values, everything: bool) -> list[str]:
        """Lines ``NAME = value``, with ``###`` behind names without a default and before default values."""
        lines = []
        for name in sorted(user):
            if name not in base:
                lines.append(f"{name} = {user[name]!r}  ###")
            elif user[name] != base[name]:
                lines.append(f"{name} = {user[name]!r}")
            elif everything:
                lines.append(f"### {name} = {user[name]!r}")
        return lines

    def unified(self, user: Values, base: Values, everything: bool) -> list[str]:
        """Lines with ``-`` and ``+`` as in a diff."""
        lines = []
        for name in sorted(user):
            if name not in base:
                lines.append(self.style.SUCCESS(f"+ {name} = {user[name]!r}"))
            elif user[name] != base[name]:
                lines.append(self.style.ERROR(f"- {name} = {base[name]!r}"))
                lines.append(self.style.SUCCESS(f"+ {name} = {user[name]!r}"))
            elif everything:
                lines.append(f"  {name} = {user[name]!r}")
        return lines


def _values(holder: Any) -> Values:
    return {name: getattr(holder, name) for name in dir(holder) if name.isupper()}

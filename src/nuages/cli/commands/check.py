"""Run the system checks."""

from typing import Any

from nuages import checks
from nuages.apps import apps
from nuages.checks.registry import registry
from nuages.cli.command import BaseCommand, CommandError, CommandParser
from nuages.db import connections

LEVELS = ("CRITICAL", "ERROR", "WARNING", "INFO", "DEBUG")


class Command(BaseCommand):
    """``check``: all checks, or those of some apps or tags."""

    help = "Checks the whole project for problems that can be seen without running it."
    requires_system_checks = []

    def add_arguments(self, parser: CommandParser) -> None:
        """Declare the arguments."""
        parser.add_argument("args", metavar="app_label", nargs="*", help="Apps to check (default: all).")
        parser.add_argument("--tag", "-t", action="append", dest="tags", help="Run only checks with this tag.")
        parser.add_argument("--list-tags", action="store_true", help="List the tags and stop.")
        parser.add_argument("--deploy", action="store_true", help="Run the checks for deployment, too.")
        parser.add_argument(
            "--fail-level",
            default="ERROR",
            choices=LEVELS,
            help="Exit with an error from messages of this level on (default: ERROR).",
        )
        parser.add_argument(
            "--database",
            action="append",
            dest="databases",
            choices=tuple(connections),
            help="Run checks that need this database, too.",
        )

    def handle(self, *app_labels: str, **options: Any) -> None:
        """Run them."""
        deploy = options["deploy"]
        if options["list_tags"]:
            self.stdout.write("\n".join(sorted(registry.tags_available(deploy))))
            return
        tags = options["tags"]
        unknown = next((tag for tag in tags or () if not checks.tag_exists(tag, deploy)), None)
        if unknown is not None:
            raise CommandError(f'There is no system check with the "{unknown}" tag.')
        self.check(
            app_configs=[apps.get_app_config(label) for label in app_labels] if app_labels else None,
            tags=tags,
            display_num_errors=True,
            include_deployment_checks=deploy,
            fail_level=getattr(checks, options["fail_level"]),
            databases=options["databases"],
        )

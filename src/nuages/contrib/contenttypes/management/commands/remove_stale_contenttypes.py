"""Delete the rows of content types whose models are gone."""

from __future__ import annotations

import itertools
from typing import Any

from nuages.apps import apps
from nuages.cli.command import BaseCommand, CommandParser
from nuages.contrib.contenttypes.models import ContentType
from nuages.db import DEFAULT_DB_ALIAS, connections
from nuages.models.deletion import Collector


class NoFastDeleteCollector(Collector):
    """Collects every object, so that all can be shown."""

    def can_fast_delete(self, objs: Any, from_field: Any = None) -> bool:
        """Never."""
        return False


class Command(BaseCommand):
    """``remove_stale_contenttypes``."""

    help = "Deletes stale content types in the database."

    def add_arguments(self, parser: CommandParser) -> None:
        """Declare the arguments."""
        parser.add_argument(
            "--noinput",
            "--no-input",
            action="store_false",
            dest="interactive",
            help="Ask nothing: delete at once.",
        )
        parser.add_argument(
            "--database",
            default=DEFAULT_DB_ALIAS,
            choices=tuple(connections),
            help="The database to clean.",
        )
        parser.add_argument(
            "--include-stale-apps",
            action="store_true",
            default=False,
            help="Delete the types of apps too that are not installed any more.",
        )

    def handle(self, **options: Any) -> None:
        """Find, show, ask and delete."""
        db = options["database"]
        verbosity = options["verbosity"]
        if not apps.is_installed("nuages.contrib.contenttypes"):
            return
        ContentType.objects.clear_cache()
        rows = itertools.groupby(
            ContentType.objects.using(db).order_by("pk").order_by("app_label"), key=lambda row: row.app_label
        )
        for label, group in rows:
            if not options["include_stale_apps"] and label not in apps.app_configs:
                continue
            stale = [row for row in group if row.model_class() is None]
            if not stale:
                continue
            if not options["interactive"] or self._confirmed(stale, db):
                for row in stale:
                    if verbosity >= 2:
                        self.stdout.write(f"Deleting stale content type '{row.app_label} | {row.model}'")
                    row.delete()
            elif verbosity >= 2:
                self.stdout.write("Stale content types remain.")

    def _confirmed(self, stale: list[Any], db: str) -> bool:
        """Show what would be deleted, and ask."""
        lines = []
        for row in stale:
            lines.append(f"    - Content type for {row.app_label}.{row.model}")
            collector = NoFastDeleteCollector(using=db, origin=row)
            collector.collect([row])
            for kind, objects in collector.data.items():
                if objects and not (kind is ContentType and len(objects) == 1):
                    lines.append(f"    - {len(objects)} {kind._meta.label} object(s)")
        self.stdout.write("Some content types in your database are stale and can be deleted.\n")
        self.stdout.write("Everything that depends on them would be deleted too:\n\n" + "\n".join(lines))
        self.stdout.write("\nThis list does not show data that the database itself deletes by its own rules.")
        return (
            input("Are you sure you want to delete these content types? Type 'yes' to continue, or 'no' to cancel: ")
            == "yes"
        )

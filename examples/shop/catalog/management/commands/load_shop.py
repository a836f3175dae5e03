"""Fill an empty shop."""

from typing import Any

from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

from catalog import loading
from catalog.models import Product
from nuages.cli import BaseCommand, CommandParser
from nuages.contrib.auth.models import User


class Command(BaseCommand):
    """``load_shop``: products, customers, reviews and orders for the demonstration; nothing if there are products."""

    help = "Fills an empty shop with data for the demonstration, and makes an account for the back office."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--login", default="admin", help="Name of the account (default: admin).")
        parser.add_argument("--password", default="admin", help="Its password (default: admin).")

    def handle(self, **options: Any) -> None:
        if not User.objects.filter(username=options["login"]).exists():
            User.objects.create_superuser(options["login"], "admin@example.com", options["password"])
        if Product.objects.exists():
            return
        columns = TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn()
        with Progress(*columns, disable=options["verbosity"] == 0) as progress:
            task = progress.add_task("Filling the shelves", total=loading.COUNT)
            loading.load(lambda steps: progress.advance(task, steps))

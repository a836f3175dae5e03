"""Say where static files come from."""

from __future__ import annotations

import os
from typing import Any

from nuages.cli.command import LabelCommand
from nuages.contrib.staticfiles import finders


class Command(LabelCommand):
    """``findstatic PATH …``."""

    help = "Finds the absolute paths of the static files given."
    label = "staticfile"

    def add_arguments(self, parser: Any) -> None:
        """The options."""
        super().add_arguments(parser)
        parser.add_argument("--first", action="store_false", dest="all", help="Show the first match of each file only.")

    def handle_label(self, label: str, **options: Any) -> str | None:
        """Report one file."""
        verbosity = options["verbosity"]
        found = finders.find(label, find_all=options["all"])
        searched = ""
        if verbosity >= 2:
            places = "\n  ".join(str(place) for place in finders.searched_locations)
            searched = f"\nLooking in the following locations:\n  {places}"
        if not found:
            self.stderr.write("\n".join(part for part in (f"No matching file found for '{label}'.", searched) if part))
            return None
        paths = [os.path.realpath(path) for path in (found if isinstance(found, (list, tuple)) else [found])]
        if verbosity < 1:
            return "\n".join(paths)
        return f"Found '{label}' here:\n  " + "\n  ".join(paths) + searched

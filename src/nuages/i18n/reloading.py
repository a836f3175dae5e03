"""Following changes of translation files while the development server runs."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from nuages.i18n import catalogs
from nuages.i18n.catalogs import locale_directories
from nuages.i18n.translation import reset_cache


def watch_for_translation_changes(sender: Any, **kwargs: Any) -> None:
    """Have the watcher ``sender`` report changed catalogs."""
    for folder in {Path("locale"), *locale_directories()}:
        for ending in ("mo", "po"):
            sender.watch_dir(folder.absolute(), f"**/*.{ending}")


def translation_file_changed(sender: Any, file_path: Path, **kwargs: Any) -> bool | None:
    """Forget what was read if a catalog changed; True says that no restart is needed."""
    if file_path.suffix not in {".mo", ".po"}:
        return None
    catalogs.forget()
    reset_cache()
    return True

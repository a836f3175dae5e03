"""What a reloading server does when a template changes: forget the cached ones, and go on."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from nuages.template.engines import engines

__all__ = ["get_template_directories", "hold", "reset_loaders", "template_changed", "watch_for_template_changes"]

#: Functions that return more engines than the settings name (that of the forms), put in by their owners.
_more_engines: list[Any] = []


def hold(finder: Any) -> None:
    """Also reset the engine that ``finder()`` returns."""
    _more_engines.append(finder)


def _native_engines() -> list[Any]:
    return [engine for engine in engines.all() if getattr(engine, "native", False)]


def get_template_directories() -> set[Path]:
    """Return the directories of templates that the engines search, without those of this package."""
    own = Path(__file__).parents[1]
    base = Path.cwd()
    found: set[Path] = set()
    for backend in _native_engines():
        found.update(base / folder for folder in backend.engine.dirs if folder)
        for loader in backend.engine.template_loaders:
            if hasattr(loader, "get_dirs"):
                found.update(base / folder for folder in loader.get_dirs() if folder and own not in Path(folder).parents)
    return found


def reset_loaders() -> None:
    """Make all loaders forget what they loaded."""
    holders = [*_native_engines(), *(finder() for finder in _more_engines)]
    for holder in holders:
        engine = getattr(holder, "engine", None)
        for loader in getattr(engine, "template_loaders", ()):
            loader.reset()


def watch_for_template_changes(sender: Any, **kwargs: Any) -> None:
    """Have the reloader ``sender`` watch the directories of templates."""
    for folder in get_template_directories():
        sender.watch_dir(folder, "**/*")


def template_changed(sender: Any, file_path: Path, **kwargs: Any) -> bool | None:
    """Reset the loaders if ``file_path`` is a template, and return True: no restart is needed. Else None."""
    if file_path.suffix == ".py":
        return None
    if any(folder in file_path.parents for folder in get_template_directories()):
        reset_loaders()
        return True
    return None

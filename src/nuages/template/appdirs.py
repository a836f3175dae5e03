"""The folders of templates that installed apps bring."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from nuages.apps import apps

__all__ = ["get_app_template_dirs"]


@lru_cache
def get_app_template_dirs(dirname: str) -> tuple[Path, ...]:
    """Return the existing folders called ``dirname`` in the installed apps."""
    folders = (Path(config.path) / dirname for config in apps.get_app_configs() if config.path)
    return tuple(folder for folder in folders if folder.is_dir())

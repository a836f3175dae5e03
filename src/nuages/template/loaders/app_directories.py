"""Templates from the ``templates`` folder of each installed app."""

from __future__ import annotations

from typing import Any

from nuages.template.appdirs import get_app_template_dirs
from nuages.template.loaders.filesystem import Loader as FilesystemLoader

__all__ = ["Loader"]


class Loader(FilesystemLoader):
    """Loads from the installed apps, in their order."""

    def get_dirs(self) -> Any:
        """Return the apps' template folders."""
        return get_app_template_dirs("templates")

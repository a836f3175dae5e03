"""What may be wrong with the settings of static files."""

from __future__ import annotations

from typing import Any

from nuages.checks import CheckMessage, Error
from nuages.conf import settings
from nuages.contrib.staticfiles.finders import get_finders

E005 = Error(
    "The STORAGES setting must define a 'staticfiles' storage.",
    id="staticfiles.E005",
)


def check_finders(app_configs: Any = None, **kwargs: Any) -> list[CheckMessage]:
    """What each finder finds wrong with itself."""
    found: list[CheckMessage] = []
    for finder in get_finders():
        try:
            found += finder.check()
        except NotImplementedError:
            continue
    return found


def check_storages(app_configs: Any = None, **kwargs: Any) -> list[CheckMessage]:
    """``staticfiles.E005``."""
    return [] if "staticfiles" in settings.STORAGES else [E005]

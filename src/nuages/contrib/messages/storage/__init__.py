"""Where messages wait until they are shown."""

from __future__ import annotations

from typing import Any

from nuages.conf import settings
from nuages.conf.names import import_string


def default_storage(request: Any) -> Any:
    """The storage that ``MESSAGE_STORAGE`` names, for this request."""
    return import_string(settings.MESSAGE_STORAGE)(request)

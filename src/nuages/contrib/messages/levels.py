"""The tags of levels, as the settings have them."""

from __future__ import annotations

from nuages.conf import settings
from nuages.contrib.messages.constants import DEFAULT_TAGS


def get_level_tags() -> dict[int, str]:
    """Tags by level: the defaults under ``MESSAGE_TAGS``."""
    return {**DEFAULT_TAGS, **getattr(settings, "MESSAGE_TAGS", {})}

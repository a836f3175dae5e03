"""The tags of levels, as the settings have them."""

from __future__ import annotations

from functools import cache
from typing import Any

from nuages.conf import settings
from nuages.contrib.messages.constants import DEFAULT_TAGS
from nuages.signals import receiver, setting_changed


@cache
def get_level_tags() -> dict[int, str]:
    """Tags by level: the defaults under ``MESSAGE_TAGS``."""
    return {**DEFAULT_TAGS, **getattr(settings, "MESSAGE_TAGS", {})}


@receiver(setting_changed)
def _follow_settings(*, setting: str, **kwargs: Any) -> None:
    if setting == "MESSAGE_TAGS":
        get_level_tags.cache_clear()

"""Listing the files of a storage, and the settings that must be right first."""

from __future__ import annotations

import fnmatch
import os
from collections.abc import Iterable, Iterator
from typing import Any

from nuages.conf import settings
from nuages.exceptions import ImproperlyConfigured


def matches_patterns(path: str, patterns: Iterable[str]) -> bool:
    """Whether any shell pattern matches the path."""
    return any(fnmatch.fnmatchcase(path, pattern) for pattern in patterns)


def get_files(storage: Any, ignore_patterns: Iterable[str] | None = None, location: str = "") -> Iterator[str]:
    """The paths of all files of the storage below ``location``, but for ignored names and paths."""
    patterns = list(ignore_patterns or ())
    folders, files = storage.listdir(location)
    for name in files:
        path = os.path.join(location, name) if location else name
        if not matches_patterns(name, patterns) and not (location and matches_patterns(path, patterns)):
            yield path
    for name in folders:
        if not matches_patterns(name, patterns):
            yield from get_files(storage, patterns, os.path.join(location, name) if location else name)


def check_settings(base_url: str | None = None) -> None:
    """Raise ``ImproperlyConfigured`` where the settings of static and of uploaded files get in each other's way."""
    base_url = settings.STATIC_URL if base_url is None else base_url
    if not base_url:
        raise ImproperlyConfigured(
            "You're using the staticfiles app without having set the required STATIC_URL setting."
        )
    if base_url == settings.MEDIA_URL:
        raise ImproperlyConfigured("The MEDIA_URL and STATIC_URL settings must have different values")
    media, static = settings.MEDIA_URL, settings.STATIC_URL
    if settings.DEBUG and media and static and media.startswith(static):
        raise ImproperlyConfigured(
            "runserver can't serve media if MEDIA_URL is within STATIC_URL: uploaded files would be looked up as static ones."
        )
    if settings.MEDIA_ROOT and settings.STATIC_ROOT and settings.MEDIA_ROOT == settings.STATIC_ROOT:
        raise ImproperlyConfigured("The MEDIA_ROOT and STATIC_ROOT settings must have different values")

"""Checks of the setting CACHES."""

import pathlib
from typing import Any

from nuages.cache.backends.filebased import FileBasedCache
from nuages.cache.handler import DEFAULT_CACHE_ALIAS, caches
from nuages.checks.messages import CheckMessage, Error, Warning
from nuages.checks.registry import Tags, register
from nuages.conf import settings

E001 = Error(f"You must define a '{DEFAULT_CACHE_ALIAS}' cache in your CACHES setting.", id="caches.E001")


@register(Tags.caches)
def check_default_cache_is_configured(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """E001."""
    return [] if DEFAULT_CACHE_ALIAS in settings.CACHES else [E001]


def _public_folders() -> list[tuple[str, set[pathlib.Path]]]:
    static = [entry[1] if isinstance(entry, list | tuple) else entry for entry in settings.STATICFILES_DIRS]
    named = {"MEDIA_ROOT": [settings.MEDIA_ROOT], "STATIC_ROOT": [settings.STATIC_ROOT], "STATICFILES_DIRS": static}
    found = []
    for name, folders in named.items():
        if paths := {pathlib.Path(folder).resolve() for folder in folders if folder}:
            found.append((name, paths))
    return found


def _relation(cache: pathlib.Path, folders: set[pathlib.Path]) -> str | None:
    if cache in folders:
        return "matches"
    if any(folder in cache.parents for folder in folders):
        return "is inside"
    return "contains" if any(cache in folder.parents for folder in folders) else None


def _file_caches() -> list[tuple[str, FileBasedCache]]:
    return [(alias, cache) for alias in settings.CACHES if isinstance(cache := caches[alias], FileBasedCache)]


@register(Tags.caches)
def check_cache_location_not_exposed(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """W002: whoever can write the files that are served could have the cache load them."""
    messages: list[CheckMessage] = []
    for setting, folders in _public_folders():
        for alias, cache in _file_caches():
            if relation := _relation(pathlib.Path(cache._dir).resolve(), folders):
                text = f"The LOCATION of your '{alias}' cache {relation} {setting}, which exposes the cache or lets others corrupt it."
                messages.append(Warning(text, id="caches.W002"))
    return messages


@register(Tags.caches)
def check_file_based_cache_is_absolute(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """W003."""
    relative = [
        alias
        for alias, _ in _file_caches()
        if not pathlib.Path(settings.CACHES[alias].get("LOCATION", "")).is_absolute()
    ]
    text = "Your '{}' cache LOCATION path is relative; make it absolute."
    return [Warning(text.format(alias), id="caches.W003") for alias in relative]

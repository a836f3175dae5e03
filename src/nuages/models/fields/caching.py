"""The cache of related objects that an instance carries."""

from __future__ import annotations

from typing import Any

ABSENT = object()


class FieldCacheMixin:
    """Reads and writes the related object in ``instance._state.fields_cache``."""

    @property
    def cache_name(self) -> str:
        """The key of the cached related object; subclasses must define it."""
        raise NotImplementedError("A relation must define cache_name.")

    def get_cached_value(self, instance: Any, default: Any = ABSENT) -> Any:
        """The related object; raises KeyError when none is cached and no `default` was given."""
        cache = instance._state.fields_cache
        if default is ABSENT:
            return cache[self.cache_name]
        return cache.get(self.cache_name, default)

    def is_cached(self, instance: Any) -> bool:
        """Whether the related object was loaded or set."""
        return self.cache_name in instance._state.fields_cache

    def set_cached_value(self, instance: Any, value: Any) -> None:
        """Remember `value` as the related object."""
        instance._state.fields_cache[self.cache_name] = value

    def delete_cached_value(self, instance: Any) -> None:
        """Forget the related object."""
        del instance._state.fields_cache[self.cache_name]

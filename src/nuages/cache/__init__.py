"""Caches by alias, behind one interface (documented as "cache framework")."""

from nuages.cache.backends.protocol import (
    BaseCache,
    CacheKeyWarning,
    InvalidCacheBackendError,
    InvalidCacheKey,
)
from nuages.cache.handler import DEFAULT_CACHE_ALIAS, CacheHandler, cache, caches, close_caches

__all__ = [
    "DEFAULT_CACHE_ALIAS", "BaseCache", "CacheHandler", "CacheKeyWarning", "InvalidCacheBackendError",
    "InvalidCacheKey", "cache", "caches", "close_caches",
]

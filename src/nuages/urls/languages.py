"""Whether a URLconf puts the language into paths."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from nuages.urls.patterns import LocalePrefixPattern
from nuages.urls.resolvers import get_resolver


@lru_cache(None)
def is_language_prefix_patterns_used(urlconf: Any) -> tuple[bool, bool]:
    """Give whether ``i18n_patterns`` is used in ``urlconf``, and whether the default language has a prefix there, too."""
    for pattern in get_resolver(urlconf).url_patterns:
        if isinstance(pattern.pattern, LocalePrefixPattern):
            return True, pattern.pattern.prefix_default_language
    return False, False

"""Keys of cached template fragments."""

from __future__ import annotations

from collections.abc import Iterable
from hashlib import md5
from typing import Any

TEMPLATE_FRAGMENT_KEY_TEMPLATE = "template.cache.%s.%s"


def make_template_fragment_key(fragment_name: str, vary_on: Iterable[Any] | None = None) -> str:
    """Return the key under which ``{% cache %}`` stores the fragment for these values."""
    hasher = md5(usedforsecurity=False)
    for value in vary_on or ():
        hasher.update(f"{value}:".encode())
    return TEMPLATE_FRAGMENT_KEY_TEMPLATE % (fragment_name, hasher.hexdigest())

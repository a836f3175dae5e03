"""The views of a site with their addresses, readable ones."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from nuages.contrib.admindocs.describing import get_view_name
from nuages.urls.patterns import RegexPattern
from nuages.urls.readable import simplify_regex


@dataclass(frozen=True)
class Route:
    """A view and where it answers."""

    callback: Any
    full_name: str
    url: str
    url_name: str | None
    namespaces: tuple[str, ...]

    @property
    def namespace(self) -> str:
        """The namespaces, joined by colons."""
        return ":".join(self.namespaces)

    @property
    def name(self) -> str:
        """The name to reverse, with namespaces; empty without one."""
        return ":".join([*self.namespaces, self.url_name]) if self.url_name else ""


def _readable(pattern: Any) -> str:
    text = str(pattern)
    if not isinstance(pattern, RegexPattern):
        return text
    return simplify_regex(text)[0 if text.lstrip("^").startswith("/") else 1 :]


def site_routes(patterns: Any, prefix: str = "/", namespaces: tuple[str, ...] = ()) -> Iterator[Route]:
    """All views below ``patterns``, in the order in which they are tried."""
    for entry in patterns:
        url = prefix + _readable(entry.pattern)
        if hasattr(entry, "url_patterns"):
            inner = (*namespaces, entry.namespace) if entry.namespace else namespaces
            yield from site_routes(entry.url_patterns, url, inner)
        else:
            yield Route(entry.callback, get_view_name(entry.callback), url, entry.name, namespaces)

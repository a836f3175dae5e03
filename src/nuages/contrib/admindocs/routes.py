"""The views of a site with their addresses, readable ones."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from nuages.contrib.admindocs.describing import get_view_name
from nuages.urls.patterns import RegexPattern

_TOKEN = re.compile(
    r"\\\\(?=[AZbB])|\\\\|\\.|\(\?P<(?P<name>\w+)>|\((?P<silent>\?)|\(|\[\^?\]?(?:\\.|[^\]\\])*\]|.", re.DOTALL
)
_ANCHORS = frozenset([r"\A", r"\Z", r"\b", r"\B"])


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


def _tokens(pattern: str) -> Iterator[tuple[str, str]]:
    """The tokens outside of groups with what is shown for each; a group is one token."""
    position = 0
    while found := _TOKEN.match(pattern, position):
        token, position = found[0], found.end()
        if token.startswith("(") and not token.startswith("\\"):
            position = _end_of_group(pattern, position)
            silent = found["silent"] is not None
            yield token, f"<{found['name']}>" if found["name"] else ("" if silent else "<var>")
        else:
            yield token, _shown(token, pattern[position : position + 1])


def _end_of_group(pattern: str, position: int) -> int:
    depth = 1
    while depth and (found := _TOKEN.match(pattern, position)):
        position = found.end()
        depth += found[0].startswith("(") - (found[0] == ")")
    return position


def _shown(token: str, following: str) -> str:
    if token == "\\\\":
        # Before one of these letters, a single backslash cannot be taken for an escaped one.
        return "\\" if following and following in "AZbB" else token
    if token in _ANCHORS or token in "^$?*+":
        return ""
    if token.startswith("\\") and not token[1].isalnum():
        return token[1]
    return token


def simplify_regex(pattern: str) -> str:
    """A regular expression for people: groups as ``<name>`` or ``<var>``, no anchors or quantifiers, a slash in front."""
    text = "".join(shown for _token, shown in _tokens(pattern))
    return text if text.startswith("/") else f"/{text}"


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

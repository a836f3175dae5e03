"""Regular expressions of routes as people read them: ``^(?P<id>\\d+)/edit/$`` is ``/<id>/edit/``."""

from __future__ import annotations

import re

# A parenthesis after backslashes is left to the next step where these are pairs, so that it still opens a group.
_ESCAPES = re.compile(r"(?P<pairs>(?:\\\\)+)(?=\()|(?P<signs>\\+)(?P<following>.?)", re.DOTALL)
_NAMED = re.compile(r"\(\?P<(\w+)>")
_ANCHORS = "AbBZ"
_SIGNS = "^$?*+"


def simplify_regex(pattern: str) -> str:
    """The route with ``<name>`` and ``<var>`` for groups, without anchors, quantifiers and groups that capture nothing."""
    pieces: list[str] = []
    at = 0
    while at < len(pattern):
        if escape := _ESCAPES.match(pattern, at):
            pieces.append(escape["pairs"] or _unescaped(len(escape["signs"]), escape["following"]))
            at = escape.end()
        elif pattern[at] == "(":
            pieces.append(_placeholder(pattern, at))
            at = _group_end(pattern, at)
        else:
            pieces.append("" if pattern[at] in _SIGNS else pattern[at])
            at += 1
    readable = "".join(pieces)
    return readable if readable.startswith("/") else f"/{readable}"


def _unescaped(count: int, following: str) -> str:
    """What *count* backslashes and the character after them say."""
    odd = count % 2
    if following and following in _ANCHORS:
        return "\\" * (count - 1) + ("" if odd else following)
    if following and following in _SIGNS:
        return "\\" * (count - 1) + following if odd else "\\" * count
    return "\\" * count + following


def _placeholder(pattern: str, start: int) -> str:
    if named := _NAMED.match(pattern, start):
        return f"<{named[1]}>"
    return "" if pattern.startswith("(?", start) else "<var>"


def _group_end(pattern: str, start: int) -> int:
    """The index behind the parenthesis that closes the one at *start*; the end of the pattern if none does."""
    depth, at = 0, start
    while at < len(pattern):
        sign = pattern[at]
        if sign == "\\":
            at += 1
        elif sign in "()":
            depth += 1 if sign == "(" else -1
            if not depth:
                return at + 1
        at += 1
    return len(pattern)

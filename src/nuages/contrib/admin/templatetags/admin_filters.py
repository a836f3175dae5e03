"""Filters of the pages that ask before deleting."""

from __future__ import annotations

from typing import Any

from nuages.i18n.translation import ngettext
from nuages.template import Library
from nuages.text.html import conditional_escape
from nuages.text.safestring import mark_safe

register = Library()


class _Tree:
    """Writes nested lists until ``limit`` entries are out, and counts the rest."""

    def __init__(self, limit: int | None, autoescape: bool) -> None:
        self.left = limit
        self.escape = conditional_escape if autoescape else str
        self.skipped = 0

    def write(self, entries: Any, depth: int = 1) -> str:
        indent = "\t" * depth
        lines = []
        for entry, children in _pairs(entries):
            if self.left is not None and self.left <= 0:
                self.skipped += 1 + _count(children)
                continue
            if self.left is not None:
                self.left -= 1
            below = self.write(children, depth + 1) if children else ""
            nested = f"\n{indent}<ul>\n{below}\n{indent}</ul>\n{indent}" if below else ""
            lines.append(f"{indent}<li>{self.escape(entry)}{nested}</li>")
        return "\n".join(lines)


def _pairs(entries: Any) -> list[tuple[Any, list[Any]]]:
    """Each entry with the list that follows it."""
    pairs: list[tuple[Any, list[Any]]] = []
    for entry in entries:
        if isinstance(entry, (list, tuple)) and pairs:
            pairs[-1] = (pairs[-1][0], list(entry))
        elif isinstance(entry, (list, tuple)):
            pairs.extend(_pairs(entry))
        else:
            pairs.append((entry, []))
    return pairs


def _count(entries: Any) -> int:
    return sum(1 + _count(children) for _entry, children in _pairs(entries))


@register.filter(is_safe=True, needs_autoescape=True)
def truncated_unordered_list(value: Any, max_items: int | None, autoescape: bool = True) -> Any:
    """Nested lists as ``<li>`` elements, at most ``max_items`` of all levels together, then how many more there are.

    ``None`` shows everything, 0 nothing at all.
    """
    if max_items == 0:
        return ""
    tree = _Tree(max_items, autoescape)
    text = tree.write(value)
    if tree.skipped:
        more = ngettext("…and %(count)d more object.", "…and %(count)d more objects.", tree.skipped)
        text += f"\n\t<li>{more % {'count': tree.skipped}}</li>"
    return mark_safe(text)

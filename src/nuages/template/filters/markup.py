"""Filters that make, take out or escape HTML."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from nuages.i18n.prose import Truncator
from nuages.template.filters.registry import register, stringfilter
from nuages.text import html
from nuages.text.formatting import normalize_newlines
from nuages.text.html import conditional_escape
from nuages.text.lazy import Promise
from nuages.text.safestring import SafeData, mark_safe
from nuages.text.urlizing import urlize as _urlize

__all__ = [
    "escape_filter",
    "escapejs_filter",
    "escapeseq",
    "force_escape",
    "json_script",
    "linebreaks_filter",
    "linebreaksbr",
    "linenumbers",
    "safe",
    "safeseq",
    "striptags",
    "truncatechars_html",
    "truncatewords_html",
    "unordered_list",
    "urlize",
    "urlizetrunc",
]


@register.filter("escape", is_safe=True)
@stringfilter
def escape_filter(value: str) -> str:
    """Escape for HTML, once."""
    return conditional_escape(value)


@register.filter("escapejs")
@stringfilter
def escapejs_filter(value: str) -> str:
    """Escape for a string in JavaScript."""
    return html.escapejs(value)


@register.filter(is_safe=True)
def escapeseq(value: Iterable[Any]) -> list[str]:
    """Escape each element of a sequence."""
    return [conditional_escape(item) for item in value]


@register.filter(is_safe=True)
@stringfilter
def force_escape(value: str) -> str:
    """Escape for HTML at once, and again what is escaped already."""
    return html.escape(value)


@register.filter(is_safe=True)
def json_script(value: Any, element_id: str | None = None) -> str:
    """Put a value out as JSON in a script element."""
    return html.json_script(value, element_id)


@register.filter("linebreaks", is_safe=True, needs_autoescape=True)
@stringfilter
def linebreaks_filter(value: str, autoescape: bool = True) -> str:
    """Make paragraphs of blocks, and ``<br>`` of line breaks."""
    autoescape = autoescape and not isinstance(value, SafeData)
    return mark_safe(html.linebreaks(value, autoescape))


@register.filter(is_safe=True, needs_autoescape=True)
@stringfilter
def linebreaksbr(value: str, autoescape: bool = True) -> str:
    """Make ``<br>`` of line breaks."""
    text = normalize_newlines(value)
    if autoescape and not isinstance(value, SafeData):
        text = html.escape(text)
    return mark_safe(text.replace("\n", "<br>"))


@register.filter(is_safe=True, needs_autoescape=True)
@stringfilter
def linenumbers(value: str, autoescape: bool = True) -> str:
    """Put a number before each line."""
    lines = value.split("\n")
    width = len(str(len(lines)))
    escaping = autoescape and not isinstance(value, SafeData)
    numbered = (f"{number:0{width}}. {html.escape(line) if escaping else line}" for number, line in enumerate(lines, 1))
    return mark_safe("\n".join(numbered))


@register.filter(is_safe=True)
@stringfilter
def safe(value: str) -> str:
    """Mark as safe: no escaping."""
    return mark_safe(value)


@register.filter(is_safe=True)
def safeseq(value: Iterable[Any]) -> list[str]:
    """Mark each element of a sequence as safe."""
    return [mark_safe(item) for item in value]


@register.filter(is_safe=True)
@stringfilter
def striptags(value: str) -> str:
    """Take out all tags."""
    return html.strip_tags(value)


@register.filter(is_safe=True)
@stringfilter
def truncatechars_html(value: str, arg: Any) -> str:
    """Cut to a number of characters, closing the tags that are open."""
    try:
        length = int(arg)
    except ValueError:
        return value
    return Truncator(value).chars(length, html=True)


@register.filter(is_safe=True)
@stringfilter
def truncatewords_html(value: str, arg: Any) -> str:
    """Cut after a number of words, closing the tags that are open."""
    try:
        length = int(arg)
    except ValueError:
        return value
    return Truncator(value).words(length, html=True, truncate=" …")


@register.filter(is_safe=True, needs_autoescape=True)
def unordered_list(value: Any, autoescape: bool = True) -> str:
    """Make the items of a list, with nested lists below the item before them, without the outer ``<ul>``."""
    return mark_safe(_items(value, 1, conditional_escape if autoescape else str))


def _items(values: Any, depth: int, show: Any) -> str:
    indent = "\t" * depth
    lines = []
    for item, below in _with_children(values):
        sublist = ""
        if below:
            inner = _items(below, depth + 1, show)
            sublist = f"\n{indent}<ul>\n{inner}\n{indent}</ul>\n{indent}"
        lines.append(f"{indent}<li>{show(item)}{sublist}</li>")
    return "\n".join(lines)


def _with_children(values: Any) -> Iterator[tuple[Any, Any]]:
    """Yield each item with the list that follows it, or None."""
    waiting: list[Any] = []
    for item in values:
        if waiting and not isinstance(item, str) and _is_list(item):
            yield waiting.pop(), item
            continue
        if waiting:
            yield waiting.pop(), None
        waiting.append(item)
    if waiting:
        yield waiting.pop(), None


def _is_list(item: Any) -> bool:
    if isinstance(item, Promise):
        # A lazy string lets itself be iterated.
        return False
    try:
        iter(item)
    except TypeError:
        return False
    return True


@register.filter(is_safe=True, needs_autoescape=True)
@stringfilter
def urlize(value: str, autoescape: bool = True) -> str:
    """Make links of URLs and e-mail addresses."""
    return mark_safe(_urlize(value, nofollow=True, autoescape=autoescape))


@register.filter(is_safe=True, needs_autoescape=True)
@stringfilter
def urlizetrunc(value: str, limit: Any, autoescape: bool = True) -> str:
    """Make links of URLs and e-mail addresses, their text cut to a number of characters."""
    return mark_safe(_urlize(value, trim_url_limit=int(limit), nofollow=True, autoescape=autoescape))

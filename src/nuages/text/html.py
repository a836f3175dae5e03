"""Building, escaping and cleaning HTML (documented as "HTML helper functions")."""

import html
import json
import re
from collections.abc import Callable, Iterable, Mapping
from typing import Any, TypeVar

import markupsafe

from nuages.exceptions import SuspiciousOperation
from nuages.text.encoding import MAX_URL_LENGTH
from nuages.text.formatting import normalize_newlines
from nuages.text.jsonencoder import JSONEncoder
from nuages.text.lazy import Promise, keep_lazy, keep_lazy_text
from nuages.text.safestring import SafeData, SafeString, mark_safe
from nuages.text.tagparsing import TagParser, TooManyUnfinished
from nuages.text.urlizing import Urlizer, smart_urlquote, urlize

__all__ = [
    "MAX_URL_LENGTH",
    "SafeData",
    "SafeString",
    "Urlizer",
    "avoid_wrapping",
    "conditional_escape",
    "escape",
    "escapejs",
    "format_html",
    "format_html_join",
    "html_safe",
    "json_script",
    "linebreaks",
    "mark_safe",
    "smart_urlquote",
    "strip_spaces_between_tags",
    "strip_tags",
    "urlize",
]

C = TypeVar("C", bound=type)

# Elements that have no end tag (HTML living standard, section 13.1.2), and the obsolete ones that browsers treat alike.
VOID_ELEMENTS = frozenset(
    "area base br col embed hr img input link meta param source track wbr frame spacer".split()  # noqa: SIM905
)
MAX_STRIP_TAGS_DEPTH = 50

_JS_ESCAPES = {
    **{code: f"\\u{code:04X}" for code in (*range(32), *range(127, 160))},
    **{ord(char): f"\\u{ord(char):04X}" for char in "\\'\"><&=-;`\u2028\u2029"},
}
_SCRIPT_ESCAPES = {ord(char): f"\\u{ord(char):04X}" for char in "<>&"}
_LONG_OPEN_TAG = re.compile(r"<[a-zA-Z][^>]{1000,}")
_TAG_START = re.compile(r"<[a-zA-Z/!?]")
_BLANK_BETWEEN_TAGS = re.compile(r">\s+<")
_SEVERAL_NEWLINES = re.compile(r"\n{2,}")


#: Escape the special characters of an exact ``str``, in C where MarkupSafe offers it; text without any comes back as it is.
escape_inner: Callable[[str], str] = getattr(markupsafe, "_escape_inner", html.escape)


def documented_quotes(escaped: str) -> str:
    """Replace the two entities that MarkupSafe uses for quotes by the documented ones.

    Each ampersand of the text has become an entity: what looks like one of these two now was a quote.
    """
    return escaped.replace("&#34;", "&quot;").replace("&#39;", "&#x27;")


def escape_text(text: str) -> str:
    """Escape the five special characters of an exact ``str``; the result is a plain ``str``."""
    escaped = escape_inner(text)
    return text if escaped is text else documented_quotes(escaped)


def escape(text: Any) -> SafeString:
    """Return ``text`` with ``& < > " '`` as character references, marked safe. Escapes again what was escaped before."""
    return SafeString(escape_text(text)) if type(text) is str else _escape(text)


@keep_lazy(SafeString)
def _escape(text: Any) -> SafeString:
    return SafeString(html.escape(str(text)))


def conditional_escape(text: Any) -> str:
    """Return ``text`` escaped, unless it is marked safe (by having ``__html__``)."""
    kind = type(text)
    if kind is SafeString:
        return text  # type: ignore[no-any-return]
    if kind is str:
        return SafeString(escape_text(text))
    if isinstance(text, Promise):
        text = str(text)
    if hasattr(text, "__html__"):
        return text.__html__()  # type: ignore[no-any-return]
    return escape(text)


@keep_lazy(SafeString)
def escapejs(value: Any) -> SafeString:
    """Escape ``value`` for a JavaScript string literal with ``\\uXXXX`` sequences."""
    return SafeString(str(value).translate(_JS_ESCAPES))


def json_script(value: Any, element_id: str | None = None, encoder: type[json.JSONEncoder] | None = None) -> SafeString:
    """Return ``value`` as JSON in a ``<script type="application/json">`` element with the given id."""
    text = SafeString(json.dumps(value, cls=encoder or JSONEncoder).translate(_SCRIPT_ESCAPES))
    if element_id:
        return format_html('<script id="{}" type="application/json">{}</script>', element_id, text)
    return format_html('<script type="application/json">{}</script>', text)


def format_html(format_string: str, *args: Any, **kwargs: Any) -> SafeString:
    """Like ``str.format``, but each argument is escaped unless it is safe, and the result is safe.

    Raises TypeError when there is nothing to fill in: then the call could only hide a value that was formatted before.
    """
    if not (args or kwargs):
        raise TypeError("args or kwargs must be provided.")
    safe_kwargs = {name: conditional_escape(value) for name, value in kwargs.items()}
    return SafeString(format_string.format(*map(conditional_escape, args), **safe_kwargs))


def format_html_join(sep: str, format_string: str, args_generator: Iterable[Any]) -> SafeString:
    """Join the results of :func:`format_html` for each sequence of positional, or mapping of keyword, arguments."""
    parts = (
        format_html(format_string, **args) if isinstance(args, Mapping) else format_html(format_string, *args)
        for args in args_generator
    )
    return SafeString(conditional_escape(sep).join(parts))


@keep_lazy_text
def linebreaks(value: Any, autoescape: bool = False) -> str:
    """Turn blank lines into paragraphs and single newlines into ``<br>``."""
    paragraphs = _SEVERAL_NEWLINES.split(str(normalize_newlines(value)))
    if autoescape:
        paragraphs = [escape(paragraph) for paragraph in paragraphs]
    return "\n\n".join(f"<p>{paragraph}</p>".replace("\n", "<br>") for paragraph in paragraphs)


class _TextOnly(TagParser):
    """Keeps what is not a tag, character references as they are written."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=False)
        self.kept: list[str] = []

    def handle_data(self, data: str) -> None:
        self.kept.append(data)

    def handle_entityref(self, name: str) -> None:
        self.kept.append(f"&{name};")

    def handle_charref(self, name: str) -> None:
        self.kept.append(f"&#{name};")


def _strip_tags_once(value: str) -> str:
    parser = _TextOnly()
    parser.feed(value)
    parser.close()
    return "".join(parser.kept)


@keep_lazy_text
def strip_tags(value: Any) -> str:
    """Remove what looks like tags. The result is text, not safe HTML: escape it before it is shown.

    Raises SuspiciousOperation for input that is built to make removal slow.
    """
    text = str(value)
    for tag in _LONG_OPEN_TAG.finditer(text):
        if tag.group().count("<") >= MAX_STRIP_TAGS_DEPTH:
            raise SuspiciousOperation("strip_tags() was given too many tags that are never closed.")
    rounds = 0
    while _TAG_START.search(text) or ("<" in text and ">" in text):
        if rounds >= MAX_STRIP_TAGS_DEPTH:
            raise SuspiciousOperation("strip_tags() was given tags nested too deeply in one another.")
        try:
            stripped = _strip_tags_once(text)
        except TooManyUnfinished as error:
            raise SuspiciousOperation("strip_tags() was given too many tags that are never closed.") from error
        if stripped.count("<") == text.count("<"):
            break
        text = stripped
        rounds += 1
    return text


@keep_lazy_text
def strip_spaces_between_tags(value: Any) -> str:
    """Remove white space that stands between two tags."""
    return _BLANK_BETWEEN_TAGS.sub("><", str(value))


def avoid_wrapping(value: str) -> str:
    """Replace spaces by non-breaking ones."""
    return value.replace(" ", "\xa0")


def html_safe(klass: C) -> C:
    """Class decorator: define ``__html__()`` as the safe form of ``__str__()``.

    Raises ValueError for a class that has its own ``__html__``, or no ``__str__``.
    """
    if "__html__" in klass.__dict__:
        raise ValueError(f"can't apply @html_safe to {klass.__name__} because it defines __html__().")
    if "__str__" not in klass.__dict__:
        raise ValueError(f"can't apply @html_safe to {klass.__name__} because it doesn't define __str__().")
    plain = klass.__dict__["__str__"]

    def text(self: Any) -> Any:
        return mark_safe(plain(self))

    marked: Any = klass
    marked.__str__ = text
    marked.__html__ = lambda self: str(self)
    return klass

"""Cutting and joining text in ways that depend on the language."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from html import escape, unescape
from typing import Any

from nuages.i18n.translation import gettext, gettext_lazy, pgettext
from nuages.text.html import VOID_ELEMENTS
from nuages.text.lazy import SimpleLazyObject
from nuages.text.tagparsing import TagParser, TooManyUnfinished

_GAP = re.compile(r"(?<=\S)\s+(?=\S)")


_OR = gettext_lazy("or")


def get_text_list(list_: Sequence[Any], last_word: Any = _OR) -> str:
    """Join the items with commas, and the last one with ``last_word``."""
    if not list_:
        return ""
    if len(list_) == 1:
        return str(list_[0])
    start = gettext(", ").join(str(item) for item in list_[:-1])
    return f"{start} {last_word} {list_[-1]}"


def add_truncation_text(text: str, truncate: str | None = None) -> str:
    """Return ``text`` with the mark that it was cut: an ellipsis, as the language wants it, or ``truncate``."""
    if truncate is None:
        truncate = _usual_mark()
    if "%(truncated_text)s" in truncate:
        return truncate % {"truncated_text": text}
    return text if text.endswith(truncate) else f"{text}{truncate}"


def _usual_mark() -> str:
    return pgettext("String to return when truncating text", "%(truncated_text)s…")


def truncated(value: str, length: int, truncate: str | None = None) -> str:
    """Return a text cut to ``length`` characters, the ellipsis (or ``truncate``) included."""
    if length <= 0:
        return ""
    text = unicodedata.normalize("NFC", value)
    if _count(text) <= length:
        return text
    if truncate is None:
        truncate = _usual_mark()
    return add_truncation_text(_prefix(text, length - _count(add_truncation_text("", truncate))), truncate)


def _has_no_marks(text: str) -> bool:
    # The first mark that combines with a letter is U+0300: most texts need no closer look.
    return text.isascii() or max(text) < "\u0300"


def _count(text: str) -> int:
    return len(text) if _has_no_marks(text) else sum(1 for _ in _visible(text))


def _visible(text: str) -> Iterator[tuple[int, str]]:
    # A letter and the marks that combine with it count as one character.
    return ((position, char) for position, char in enumerate(text) if not unicodedata.combining(char))


def _prefix(text: str, count: int) -> str:
    """Return the first ``count`` characters, the marks that combine with the last one included."""
    if count <= 0:
        return ""
    if _has_no_marks(text):
        return text[:count]
    for number, (position, _) in enumerate(_visible(text)):
        if number == count:
            return text[:position]
    return text


class _Enough(Exception):
    """The text is as long as it may be."""


class _HTMLCutter(TagParser):
    """Copies HTML until there is enough text, and closes what is open then."""

    def __init__(self, limit: int, truncate: str | None) -> None:
        super().__init__(convert_charrefs=True)
        self.limit, self.truncate = limit, truncate
        self.written: list[str] = []
        self.open_tags: list[str] = []

    def cut(self, text: str) -> str:
        """Return the start of ``text``."""
        try:
            self._read(text)
        except _Enough:
            self.written.extend(f"</{tag}>" for tag in reversed(self.open_tags))
        return "".join(self.written)

    def _read(self, text: str) -> None:
        try:
            self.feed(text)
            self.close()
        except TooManyUnfinished as error:
            # Nobody means these as tags: the rest is text.
            self.handle_data(unescape(self.rawdata[error.position :]))

    def handle_starttag(self, tag: str, attrs: Any) -> None:
        """Copy the tag, and remember it unless it is void."""
        self.written.append(self.get_starttag_text() or "")
        if tag not in VOID_ELEMENTS:
            self.open_tags.append(tag)

    def handle_startendtag(self, tag: str, attrs: Any) -> None:
        """Copy the tag."""
        self.written.append(self.get_starttag_text() or "")

    def handle_endtag(self, tag: str) -> None:
        """Copy the tag; only the innermost open one is closed by it."""
        if tag not in VOID_ELEMENTS:
            self.written.append(f"</{tag}>")
            if self.open_tags and self.open_tags[-1] == tag:
                self.open_tags.pop()

    def handle_data(self, data: str) -> None:
        """Copy text as far as the limit allows."""
        kept, length = self.measure(data)
        if length <= self.limit:
            self.limit -= length
            self.written.append(escape(kept, quote=False))
            return
        self.written.append(escape(add_truncation_text(self.start(data), self.truncate), quote=False))
        raise _Enough

    def measure(self, data: str) -> tuple[str, int]:
        """Return the text to copy and how much of the limit it takes."""
        return data, sum(1 for _ in _visible(data))

    def start(self, data: str) -> str:
        """Return as much of ``data`` as the limit allows."""
        return _prefix(data, self.limit)


class _HTMLWordCutter(_HTMLCutter):
    def measure(self, data: str) -> tuple[str, int]:
        if not data.strip():
            return data, 0
        words = _GAP.split(data)
        return " ".join(words), len(words)

    def start(self, data: str) -> str:
        return " ".join(_GAP.split(data)[: self.limit]).rstrip() if self.limit else ""


class Truncator(SimpleLazyObject):
    """Cuts a text, lazily evaluated, to a number of characters or words."""

    def __init__(self, text: Any) -> None:
        super().__init__(lambda: str(text))

    def chars(self, num: int, truncate: str | None = None, html: bool = False) -> str:
        """Return the text cut to ``num`` characters, the ellipsis (or ``truncate``) included. ``html`` keeps tags whole."""
        length = int(num)
        if length <= 0:
            return ""
        if not html:
            return truncated(str(self), length, truncate)
        mark = _count(add_truncation_text("", truncate))
        return _HTMLCutter(max(length - mark, 0), truncate).cut(unicodedata.normalize("NFC", str(self)))

    def words(self, num: int, truncate: str | None = None, html: bool = False) -> str:
        """Return the text cut to ``num`` words, and an ellipsis (or ``truncate``). ``html`` keeps tags whole."""
        length = int(num)
        if length <= 0:
            return ""
        if html:
            return _HTMLWordCutter(length, truncate).cut(str(self))
        words = str(self).split()
        if len(words) <= length:
            return " ".join(words)
        return add_truncation_text(" ".join(words[:length]), truncate)

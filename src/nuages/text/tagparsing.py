"""Python's HTML parser, made safe against text that is built to make it slow."""

from __future__ import annotations

from collections.abc import Callable
from html.parser import HTMLParser
from typing import Any

MAX_UNFINISHED = 50
"""So many end tags, comments and declarations may begin without ever ending."""

MAX_UNFINISHED_TAGS = 1000
"""So many start tags may; the parser gives these up at the next one."""


class TooManyUnfinished(Exception):
    """The text has more beginnings without an end than any honest one; ``position`` is that of the first one too many."""

    def __init__(self, position: int) -> None:
        super().__init__("Too many tags begin and never end.")
        self.position = position


class TagParser(HTMLParser):
    """Parses as usual, but raises `TooManyUnfinished`.

    For each tag that never ends the parser reads on to the end of the text, in vain: the time would grow with the square of the
    length, and worse.
    """

    def __init__(self, *, convert_charrefs: bool = True) -> None:
        super().__init__(convert_charrefs=convert_charrefs)
        self.room = {"tags": MAX_UNFINISHED_TAGS, "others": MAX_UNFINISHED}

    def _counted(self, parse: Callable[[int], int], position: int, kind: str = "others") -> int:
        if not self.room[kind]:
            raise TooManyUnfinished(position)
        end = parse(position)
        if end < 0:
            self.room[kind] -= 1
        return end

    def parse_starttag(self, i: int) -> int:
        """Parse the tag that begins at ``i``."""
        return self._counted(super().parse_starttag, i, "tags")

    def parse_endtag(self, i: int) -> int:
        """Parse the end tag that begins at ``i``."""
        return self._counted(super().parse_endtag, i)

    def parse_comment(self, i: int, report: Any = 1) -> int:
        """Parse the comment that begins at ``i``."""
        return self._counted(lambda start: super(TagParser, self).parse_comment(start, report), i)

    def parse_pi(self, i: int) -> int:
        """Parse the processing instruction that begins at ``i``."""
        return self._counted(super().parse_pi, i)

    def parse_html_declaration(self, i: int) -> int:
        """Parse the declaration that begins at ``i``."""
        return self._counted(super().parse_html_declaration, i)

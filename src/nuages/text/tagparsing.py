"""Python's HTML parser, made safe against text that is built to make it slow."""

from __future__ import annotations

from collections.abc import Callable
from html.parser import HTMLParser
from typing import Any

MAX_UNFINISHED = 50
"""So many tags, comments and declarations may begin without ever ending."""

SHORT = 2000
"""In so few characters any number may: reading them again and again takes no time."""


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

    unfinished = 0

    def _counted(self, parse: Callable[[int], int], position: int) -> int:
        if self.unfinished >= MAX_UNFINISHED and len(self.rawdata) - position > SHORT:
            raise TooManyUnfinished(position)
        end = parse(position)
        if end < 0:
            self.unfinished += 1
        return end

    def parse_starttag(self, i: int) -> int:
        """Parse the tag that begins at ``i``."""
        return self._counted(super().parse_starttag, i)

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

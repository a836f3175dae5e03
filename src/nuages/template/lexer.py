"""From the text of a template to tokens: text, ``{{ variable }}``, ``{% tag %}`` and ``{# comment #}``."""

from __future__ import annotations

import re
from collections.abc import Iterator
from enum import Enum

from nuages.text.formatting import smart_split

__all__ = ["DebugLexer", "Lexer", "Token", "TokenType", "tag_re"]

BLOCK_TAG_START, BLOCK_TAG_END = "{%", "%}"
VARIABLE_TAG_START, VARIABLE_TAG_END = "{{", "}}"
COMMENT_TAG_START, COMMENT_TAG_END = "{#", "#}"
SINGLE_BRACE_START, SINGLE_BRACE_END = "{", "}"
TRANSLATOR_COMMENT_MARK = "Translators"

#: A tag never spans lines: that is why a stray ``{{`` in a script does no harm.
tag_re = re.compile(r"({%.*?%}|{{.*?}}|{#.*?#})")


class TokenType(Enum):
    """The four kinds of tokens."""

    TEXT = 0
    VAR = 1
    BLOCK = 2
    COMMENT = 3


_KINDS = {"{%": TokenType.BLOCK, "{{": TokenType.VAR, "{#": TokenType.COMMENT}


class Token:
    """One piece of a template.

    ``contents`` is the text, without delimiters and outer spaces for anything but text. ``position`` is ``(start, end)`` in
    the source and ``source`` the whole text; both are recorded only in debug mode.
    """

    __slots__ = ("contents", "lineno", "position", "source", "token_type")

    def __init__(
        self,
        token_type: TokenType,
        contents: str,
        position: tuple[int, int] | None = None,
        lineno: int | None = None,
        source: str | None = None,
    ) -> None:
        self.token_type: TokenType = token_type
        self.contents: str = contents
        self.position: tuple[int, int] | None = position
        self.lineno: int | None = lineno
        self.source: str | None = source

    def __repr__(self) -> str:
        excerpt = self.contents[:20].replace("\n", "")
        return f'<{self.token_type.name.capitalize()} token: "{excerpt}...">'

    def split_contents(self) -> list[str]:
        """Split on spaces, keeping quoted strings and ``_("translated strings")`` whole."""
        pieces: list[str] = []
        words: Iterator[str] = iter(smart_split(self.contents))
        for word in words:
            if word.startswith(('_("', "_('")):
                closing = word[2] + ")"
                parts = [word]
                while not parts[-1].endswith(closing):
                    following = next(words, None)
                    if following is None:
                        break
                    parts.append(following)
                word = " ".join(parts)
            pieces.append(word)
        return pieces


class Lexer:
    """Cuts ``template_string`` into tokens that know their line."""

    keeps_positions = False

    def __init__(self, template_string: str) -> None:
        self.template_string = template_string
        #: The contents of the tag that ends the ``{% verbatim %}`` section being read, else False.
        self.verbatim: str | bool = False

    def __repr__(self) -> str:
        excerpt = self.template_string[:20].replace("\n", "")
        return f'<{type(self).__name__} template_string="{excerpt}...", verbatim={self.verbatim}>'

    def tokenize(self) -> list[Token]:
        """Return the tokens in order; joined, their sources are the template again."""
        source = self.template_string
        tokens: list[Token] = []
        line, cursor = 1, 0
        for match in tag_re.finditer(source):
            start, end = match.span()
            if start > cursor:
                tokens.append(self.create_token(source[cursor:start], (cursor, start), line, in_tag=False))
                line += source.count("\n", cursor, start)
            tokens.append(self.create_token(match.group(), (start, end), line, in_tag=True))
            cursor = end
        if cursor < len(source):
            tokens.append(self.create_token(source[cursor:], (cursor, len(source)), line, in_tag=False))
        return tokens

    def create_token(self, token_string: str, position: tuple[int, int] | None, lineno: int, in_tag: bool) -> Token:
        """Make one token; inside ``{% verbatim %}`` everything but the closing tag is text."""
        kind, contents = TokenType.TEXT, token_string
        if in_tag:
            kind, contents = self._classify(token_string)
        if not self.keeps_positions:
            return Token(kind, contents, None, lineno)
        return Token(kind, contents, position, lineno, self.template_string)

    def _classify(self, token_string: str) -> tuple[TokenType, str]:
        kind = _KINDS[token_string[:2]]
        contents = token_string[2:-2].strip()
        if self.verbatim:
            if kind is not TokenType.BLOCK or contents != self.verbatim:
                return TokenType.TEXT, token_string
            self.verbatim = False
        elif kind is TokenType.BLOCK and contents.split(" ", 1)[0] == "verbatim":
            self.verbatim = f"end{contents}"
        return kind, contents


class DebugLexer(Lexer):
    """A lexer whose tokens also know their position, for the error pages of debug mode."""

    keeps_positions = True

"""The parser: from tokens to nodes, through the tags that libraries register."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING, Any, NoReturn

from nuages.template.errors import TemplateSyntaxError
from nuages.template.expressions import FilterExpression
from nuages.template.lexer import Token, TokenType
from nuages.template.nodes import NodeList, TextNode, VariableNode

if TYPE_CHECKING:
    from nuages.template.library import Library

__all__ = ["Parser", "kwarg_re", "token_kwargs"]

#: ``name=value`` or ``value``.
kwarg_re = re.compile(r"(?:(\w+)=)?(.+)")


def token_kwargs(bits: list[str], parser: Parser, support_legacy: bool = False) -> dict[str, FilterExpression]:
    """Take ``name=value`` arguments from the front of ``bits`` and return them, compiled.

    ``support_legacy`` also allows the older ``value as name`` joined by ``and``. What is no such argument stays in ``bits``.
    """
    found: dict[str, FilterExpression] = {}
    if not bits:
        return found
    match = kwarg_re.match(bits[0])
    named = bool(match and match[1])
    if not named:
        if not support_legacy or len(bits) < 3 or bits[1] != "as":
            return found
    while bits:
        if named:
            match = kwarg_re.match(bits[0])
            if not match or not match[1]:
                return found
            name, value = match.groups()
            del bits[:1]
        else:
            if len(bits) < 3 or bits[1] != "as":
                return found
            name, value = bits[2], bits[0]
            del bits[:3]
        found[name] = parser.compile_filter(value)
        if bits and not named:
            if bits[0] != "and":
                return found
            del bits[:1]
    return found


class Parser:
    """Turns the tokens of one template into a node list.

    A tag's compilation function is called with the parser and its token; it may read on with ``parse`` and ``next_token``.
    ``extra_data`` collects what tags want to leave on the template.
    """

    def __init__(
        self,
        tokens: Sequence[Token],
        libraries: dict[str, Library] | None = None,
        builtins: Iterable[Library] | None = None,
        origin: Any = None,
    ) -> None:
        # Reversed, so that taking the next token is a pop from the end.
        self.tokens: list[Token] = list(reversed(tokens))
        self.tags: dict[str, Callable[[Parser, Token], Any]] = {}
        self.filters: dict[str, Callable[..., Any]] = {}
        self.command_stack: list[tuple[str, Token]] = []
        self.libraries: dict[str, Library] = libraries if libraries is not None else {}
        self.extra_data: dict[str, Any] = {}
        self.origin = origin
        #: The token that was taken last.
        self.current: Token | None = None
        for builtin in builtins or ():
            self.add_library(builtin)

    def __repr__(self) -> str:
        return f"<{type(self).__name__} tokens={self.tokens!r}>"

    def parse(self, parse_until: Iterable[str] | None = None) -> NodeList:
        """Parse up to the end, or up to one of the tags in ``parse_until``, whose token stays the next one.

        Raises TemplateSyntaxError; exceptions of tags get the token as ``token``.
        """
        ends = tuple(parse_until or ())
        nodelist = NodeList()
        while self.tokens:
            token = self.next_token()
            kind = token.token_type
            if kind is TokenType.TEXT:
                self.extend_nodelist(nodelist, TextNode(token.contents), token)
            elif kind is TokenType.VAR:
                self.extend_nodelist(nodelist, self._variable(token), token)
            elif kind is TokenType.BLOCK:
                command = self._command(token)
                if command in ends:
                    self.prepend_token(token)
                    return nodelist
                self.extend_nodelist(nodelist, self._tag(command, token, ends), token)
        if ends:
            self.unclosed_block_tag(ends)
        return nodelist

    def _variable(self, token: Token) -> VariableNode:
        if not token.contents:
            raise self.error(token, f"Empty variable tag on line {token.lineno}")
        try:
            return VariableNode(self.compile_filter(token.contents))
        except TemplateSyntaxError as error:
            raise self.error(token, error)

    def _command(self, token: Token) -> str:
        words = token.contents.split(None, 1)
        if not words:
            raise self.error(token, f"Empty block tag on line {token.lineno}")
        return words[0]

    def _tag(self, command: str, token: Token, ends: Sequence[str]) -> Any:
        compile_function = self.tags.get(command)
        # Remembered for the message about a tag that is never closed.
        self.command_stack.append((command, token))
        if compile_function is None:
            self.invalid_block_tag(token, command, ends)
        try:
            node = compile_function(self, token)
        except Exception as error:
            raise self.error(token, error)
        self.command_stack.pop()
        return node

    def skip_past(self, endtag: str) -> None:
        """Drop tokens up to and including the tag ``endtag``. Raises TemplateSyntaxError when there is none."""
        while self.tokens:
            token = self.next_token()
            if token.token_type is TokenType.BLOCK and token.contents == endtag:
                return
        self.unclosed_block_tag([endtag])

    def extend_nodelist(self, nodelist: NodeList, node: Any, token: Token) -> None:
        """Append ``node``, which came from ``token``. Raises TemplateSyntaxError if it had to be the first."""
        if node.must_be_first and nodelist.contains_nontext:
            name = getattr(self.origin, "template_name", None)
            place = f"'{name}'" if name else "the template"
            raise self.error(token, f"{{% {token.contents} %}} must be the first tag in {place}.")
        if not isinstance(node, TextNode):
            nodelist.contains_nontext = True
        node.token = token
        node.origin = self.origin
        nodelist.append(node)

    def error(self, token: Token, e: Exception | str) -> Exception:
        """Return ``e`` as an exception that carries the innermost token at fault."""
        error = e if isinstance(e, Exception) else TemplateSyntaxError(e)
        if getattr(error, "token", None) is None:
            error.token = token  # type: ignore[attr-defined]
        return error

    def invalid_block_tag(self, token: Token, command: str, parse_until: Sequence[str] | None = None) -> NoReturn:
        """Raise the error for a tag that is not known at this place."""
        expected = f", expected {_listed(parse_until)}" if parse_until else ""
        raise self.error(
            token,
            f"Invalid block tag on line {token.lineno}: '{command}'{expected}. "
            "If it belongs to a library, is that named in a load tag above?",
        )

    def unclosed_block_tag(self, parse_until: Sequence[str]) -> NoReturn:
        """Raise the error for a tag whose end is missing."""
        command, token = self.command_stack.pop()
        raise self.error(
            token, f"Unclosed tag on line {token.lineno}: '{command}'. Looking for one of: {', '.join(parse_until)}."
        )

    def next_token(self) -> Token:
        """Take the next token."""
        self.current = self.tokens.pop()
        return self.current

    def place(self) -> str:
        """Return the template and the line that are being read, as warnings name them."""
        name = getattr(self.origin, "template_name", None) or getattr(self.origin, "name", "unknown")
        return f"\n  Template: {name}\n  Line: {self.current.lineno if self.current else 'unknown'}"

    def prepend_token(self, token: Token) -> None:
        """Put a token back."""
        self.tokens.append(token)

    def delete_first_token(self) -> None:
        """Drop the next token (after ``parse``: the end tag)."""
        del self.tokens[-1]

    def add_library(self, lib: Library) -> None:
        """Make the tags and filters of a library known from here on."""
        self.tags.update(lib.tags)
        self.filters.update(lib.filters)

    def compile_filter(self, token: str) -> FilterExpression:
        """Return the filter expression written in ``token``. Raises TemplateSyntaxError."""
        return FilterExpression(token, self)

    def find_filter(self, filter_name: str) -> Callable[..., Any]:
        """Return a filter by name. Raises TemplateSyntaxError."""
        found = self.filters.get(filter_name)
        if found is None:
            raise TemplateSyntaxError(f"Invalid filter: '{filter_name}'")
        return found


def _listed(names: Sequence[str]) -> str:
    quoted = [f"'{name}'" for name in names]
    return quoted[0] if len(quoted) == 1 else f"{', '.join(quoted[:-1])} or {quoted[-1]}"

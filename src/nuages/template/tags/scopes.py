"""``with`` and ``load``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from nuages.template.codegen import LoopNames, reads
from nuages.template.errors import TemplateSyntaxError
from nuages.template.library import Library
from nuages.template.nodes import CompiledNode, NodeList
from nuages.template.parser import token_kwargs
from nuages.template.tags.registry import register

if TYPE_CHECKING:
    from collections.abc import Iterable

    from nuages.template.codegen import Code, Path
    from nuages.template.lexer import Token
    from nuages.template.parser import Parser

__all__ = ["LoadNode", "WithNode", "find_library", "load_from_library"]


class WithNode(CompiledNode):
    """``{% with name=value %}…{% endwith %}``"""

    def __init__(self, var: Any, name: str | None, nodelist: NodeList, extra_context: dict[str, Any] | None = None) -> None:
        self.nodelist = nodelist
        self.extra_context: dict[str, Any] = dict(extra_context or {})
        if name:
            self.extra_context[name] = var

    def __repr__(self) -> str:
        return f"<{type(self).__name__}>"

    def compile(self, code: Code) -> None:
        values: dict[str, str | LoopNames] = {}
        for name, expression in self.extra_context.items():
            values[name] = code.temp("v")
            code.line(f"{values[name]} = {code.resolve(expression)}")
        if code.bindings is not None:
            with code.bound(values):
                code.nodes(self.nodelist)
            return
        pairs = ", ".join(f"{name!r}: {local}" for name, local in values.items())
        code.line(f"context.push({{{pairs}}})")
        with code.block("try:"):
            code.nodes(self.nodelist)
        with code.block("finally:"):
            code.line("context.pop()")

    def reads(self) -> set[Path] | None:
        found = reads(self.nodelist)
        if found is None:
            return None
        found = {path for path in found if path[0] not in self.extra_context}
        for expression in self.extra_context.values():
            paths = expression.reads()
            if paths is None:
                return None
            found |= paths
        return found


class LoadNode(CompiledNode):
    """``{% load %}``: its work was done by the parser."""

    child_nodelists = ()

    def compile(self, code: Code) -> None:
        return

    def reads(self) -> set[Path] | None:
        return set()


def find_library(parser: Parser, name: str) -> Library:
    """Return the library registered as ``name``. Raises TemplateSyntaxError."""
    try:
        return parser.libraries[name]
    except KeyError:
        known = "\n".join(sorted(parser.libraries))
        raise TemplateSyntaxError(f"'{name}' is not a registered tag library. Must be one of:\n{known}")


def load_from_library(library: Library, label: str, names: Iterable[str]) -> Library:
    """Return a library of only the tags and filters called ``names``. Raises TemplateSyntaxError."""
    subset = Library()
    for name in names:
        if name not in library.tags and name not in library.filters:
            raise TemplateSyntaxError(f"'{name}' is not a valid tag or filter in tag library '{label}'")
        if name in library.tags:
            subset.tags[name] = library.tags[name]
        if name in library.filters:
            subset.filters[name] = library.filters[name]
    return subset


@register.tag
def load(parser: Parser, token: Token) -> LoadNode:
    """Make the tags and filters of libraries known: ``load a b``, or ``load name other from a``."""
    words = token.contents.split()
    if len(words) >= 4 and words[-2] == "from":
        parser.add_library(load_from_library(find_library(parser, words[-1]), words[-1], words[1:-2]))
    else:
        for name in words[1:]:
            parser.add_library(find_library(parser, name))
    return LoadNode()


@register.tag("with")
def do_with(parser: Parser, token: Token) -> WithNode:
    """Give values names for the length of the body."""
    words = token.split_contents()
    rest = words[1:]
    extra_context = token_kwargs(rest, parser, support_legacy=True)
    if not extra_context:
        raise TemplateSyntaxError(f"'{words[0]}' expected at least one variable assignment")
    if rest:
        raise TemplateSyntaxError(f"'{words[0]}' received an invalid token: '{rest[0]}'")
    nodelist = parser.parse(("endwith",))
    parser.delete_first_token()
    return WithNode(None, None, nodelist, extra_context=extra_context)

"""Tags that treat the output of their body: ``autoescape``, ``filter``, ``spaceless``, ``verbatim``, ``comment``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from nuages.template.codegen import reads
from nuages.template.errors import TemplateSyntaxError
from nuages.template.nodes import CompiledNode, NodeList
from nuages.template.tags.registry import register
from nuages.text.html import strip_spaces_between_tags

if TYPE_CHECKING:
    from nuages.template.codegen import Code, Path
    from nuages.template.lexer import Token
    from nuages.template.parser import Parser

__all__ = ["AutoEscapeControlNode", "CommentNode", "FilterNode", "SpacelessNode", "VerbatimNode"]


class AutoEscapeControlNode(CompiledNode):
    """``{% autoescape on %}…{% endautoescape %}``"""

    def __init__(self, setting: bool, nodelist: NodeList) -> None:
        self.setting = setting
        self.nodelist = nodelist

    def compile(self, code: Code) -> None:
        if code.bindings is not None:
            with code.escaping(self.setting):
                code.nodes(self.nodelist)
            return
        # A custom tag in the body reads the setting from the context.
        before = code.temp()
        code.line(f"{before} = context.autoescape")
        code.line(f"context.autoescape = {self.setting}")
        with code.block("try:"), code.escaping(self.setting):
            code.nodes(self.nodelist)
        with code.block("finally:"):
            code.line(f"context.autoescape = {before}")

    def reads(self) -> set[Path] | None:
        return reads(self.nodelist)


class CommentNode(CompiledNode):
    """``{% comment %}…{% endcomment %}``: nothing."""

    child_nodelists = ()

    def compile(self, code: Code) -> None:
        return

    def reads(self) -> set[Path] | None:
        return set()


class FilterNode(CompiledNode):
    """``{% filter name|other %}…{% endfilter %}``"""

    def __init__(self, filter_expr: Any, nodelist: NodeList) -> None:
        self.filter_expr = filter_expr
        self.nodelist = nodelist

    def compile(self, code: Code) -> None:
        with code.capture() as buffer:
            code.nodes(self.nodelist)
        value = code.temp()
        code.line(f"{value} = SafeString(''.join({buffer}))")
        code.add(f"str({code.filtered(value, self.filter_expr)})")

    def reads(self) -> set[Path] | None:
        inside = reads(self.nodelist)
        if inside is None:
            return None
        for _, arguments in self.filter_expr.filters:
            for is_variable, argument in arguments:
                inside |= argument.reads() if is_variable else set()
        return inside


class SpacelessNode(CompiledNode):
    """``{% spaceless %}…{% endspaceless %}``"""

    def __init__(self, nodelist: NodeList) -> None:
        self.nodelist = nodelist

    def compile(self, code: Code) -> None:
        with code.capture() as buffer:
            code.nodes(self.nodelist)
        code.add(f"{code.const(strip_spaces_between_tags)}(''.join({buffer}).strip())")

    def reads(self) -> set[Path] | None:
        return reads(self.nodelist)


class VerbatimNode(CompiledNode):
    """``{% verbatim %}…{% endverbatim %}``: the lexer made text of the body."""

    child_nodelists = ()

    def __init__(self, content: str) -> None:
        self.content = content

    def compile(self, code: Code) -> None:
        code.text(self.content)

    def reads(self) -> set[Path] | None:
        return set()


@register.tag
def autoescape(parser: Parser, token: Token) -> AutoEscapeControlNode:
    """Switch automatic escaping on or off for the body."""
    words = token.contents.split()
    if len(words) != 2:
        raise TemplateSyntaxError("'autoescape' tag requires exactly one argument.")
    if words[1] not in ("on", "off"):
        raise TemplateSyntaxError("'autoescape' argument should be 'on' or 'off'")
    nodelist = parser.parse(("endautoescape",))
    parser.delete_first_token()
    return AutoEscapeControlNode(words[1] == "on", nodelist)


@register.tag
def comment(parser: Parser, token: Token) -> CommentNode:
    """Leave the body out."""
    parser.skip_past("endcomment")
    return CommentNode()


@register.tag("filter")
def do_filter(parser: Parser, token: Token) -> FilterNode:
    """Pass the body through filters. ``escape`` and ``safe`` are refused: ``autoescape`` is meant for that."""
    _, _, rest = token.contents.partition(" ")
    filter_expr = parser.compile_filter(f"var|{rest}")
    for function, _arguments in filter_expr.filters:
        name = getattr(function, "_filter_name", None)
        if name in ("escape", "safe"):
            raise TemplateSyntaxError(f'"filter {name}" is not permitted.  Use the "autoescape" tag instead.')
    nodelist = parser.parse(("endfilter",))
    parser.delete_first_token()
    return FilterNode(filter_expr, nodelist)


@register.tag
def spaceless(parser: Parser, token: Token) -> SpacelessNode:
    """Take out the white space between the HTML tags of the body."""
    nodelist = parser.parse(("endspaceless",))
    parser.delete_first_token()
    return SpacelessNode(nodelist)


@register.tag
def verbatim(parser: Parser, token: Token) -> VerbatimNode:
    """Put the body out as it stands."""
    nodelist = parser.parse(("endverbatim",))
    parser.delete_first_token()
    return VerbatimNode("".join(node.s for node in nodelist))

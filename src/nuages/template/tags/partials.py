"""``partialdef`` and ``partial``: named parts of a template that can be rendered again, or on their own."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nuages.template.codegen import reads
from nuages.template.errors import TemplateSyntaxError
from nuages.template.nodes import CompiledNode, Node, NodeList
from nuages.template.tags.registry import register
from nuages.template.template import PartialTemplate

if TYPE_CHECKING:
    from nuages.template.codegen import Code, Path
    from nuages.template.context import Context
    from nuages.template.lexer import Token
    from nuages.template.parser import Parser

__all__ = ["PartialDefNode", "PartialNode"]


class PartialDefNode(CompiledNode):
    """``{% partialdef name inline %}…{% endpartialdef %}``: rendered in place only when inline."""

    def __init__(self, partial_name: str, inline: bool, nodelist: NodeList) -> None:
        self.partial_name = partial_name
        self.inline = inline
        self.nodelist = nodelist

    def compile(self, code: Code) -> None:
        if self.inline:
            code.nodes(self.nodelist)

    def reads(self) -> set[Path] | None:
        return reads(self.nodelist) if self.inline else set()


class PartialNode(Node):
    """``{% partial name %}``"""

    child_nodelists = ()

    def __init__(self, partial_name: str, partial_mapping: dict[str, PartialTemplate]) -> None:
        self.partial_name = partial_name
        self.partial_mapping = partial_mapping

    def render(self, context: Context) -> str:
        """Render the partial in the context of this place. Raises TemplateSyntaxError when there is none."""
        try:
            partial = self.partial_mapping[self.partial_name]
        except KeyError:
            raise TemplateSyntaxError(f"Partial '{self.partial_name}' is not defined in the current template.")
        return partial.render(context)


def _partials(parser: Parser) -> dict[str, PartialTemplate]:
    return parser.extra_data.setdefault("partials", {})  # type: ignore[no-any-return]


@register.tag
def partialdef(parser: Parser, token: Token) -> PartialDefNode:
    """Define a partial."""
    match token.split_contents():
        case [_, name, "inline"]:
            inline = True
        case [_, _, option]:
            raise TemplateSyntaxError(f"The 'inline' argument does not have any parameters; if you want to use 'inline' remove '{option}'.")
        case [_, name]:
            inline = False
        case [_]:
            raise TemplateSyntaxError("'partialdef' tag requires a name")
        case _:
            raise TemplateSyntaxError("'partialdef' tag takes at most 2 arguments")
    nodelist = parser.parse(("endpartialdef",))
    end = parser.next_token()
    if end.contents not in ("endpartialdef", f"endpartialdef {name}"):
        parser.invalid_block_tag(end, "endpartialdef", ["endpartialdef", f"endpartialdef {name}"])
    partials = _partials(parser)
    if name in partials:
        raise TemplateSyntaxError(f"Partial '{name}' is already defined in the '{parser.origin.name}' template.")
    start = token.position[0] if token.position else None
    partials[name] = PartialTemplate(
        nodelist, parser.origin, name, source_start=start, source_end=end.position[1] if end.position else None, full_source=token.source
    )
    return PartialDefNode(name, inline, nodelist)


@register.tag
def partial(parser: Parser, token: Token) -> PartialNode:
    """Render a partial that this template defines, above or below."""
    words = token.split_contents()
    if len(words) != 2:
        raise TemplateSyntaxError(f"'{words[0]}' tag requires a single argument")
    return PartialNode(words[1], _partials(parser))

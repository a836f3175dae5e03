"""``{% load l10n %}``: switching the local formats of numbers and dates (topics/i18n/formatting)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from nuages.i18n import formats
from nuages.template.errors import TemplateSyntaxError
from nuages.template.library import Library
from nuages.template.nodes import Node, NodeList

if TYPE_CHECKING:
    from nuages.template.context import Context
    from nuages.template.lexer import Token
    from nuages.template.parser import Parser

__all__ = ["LocalizeNode", "localize", "localize_tag", "register", "unlocalize"]

register = Library()


@register.filter(is_safe=False)
def localize(value: Any) -> str:
    """Show in the local format, whatever the settings say."""
    return str(formats.localize(value, use_l10n=True))


@register.filter(is_safe=False)
def unlocalize(value: Any) -> str:
    """Show in no local format, whatever the settings say."""
    return str(formats.localize(value, use_l10n=False))


class LocalizeNode(Node):
    """``{% localize on %}…{% endlocalize %}``"""

    def __init__(self, nodelist: NodeList, use_l10n: bool) -> None:
        self.nodelist = nodelist
        self.use_l10n = use_l10n

    def __repr__(self) -> str:
        return f"<{type(self).__name__}>"

    def render(self, context: Context) -> str:
        """Render the body with local formats on or off."""
        before = context.use_l10n
        context.use_l10n = self.use_l10n
        try:
            return self.nodelist.render(context)
        finally:
            context.use_l10n = before


@register.tag("localize")
def localize_tag(parser: Parser, token: Token) -> LocalizeNode:
    """Switch local formats for the body."""
    words = token.split_contents()
    if len(words) > 2 or (len(words) == 2 and words[1] not in ("on", "off")):
        raise TemplateSyntaxError(f"{words[0]!r} argument should be 'on' or 'off'")
    nodelist = parser.parse(("endlocalize",))
    parser.delete_first_token()
    return LocalizeNode(nodelist, words[-1] != "off")

"""``regroup``."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING, Any, NamedTuple

from nuages.template.errors import TemplateSyntaxError
from nuages.template.nodes import Node
from nuages.template.tags.registry import register

if TYPE_CHECKING:
    from nuages.template.context import Context
    from nuages.template.lexer import Token
    from nuages.template.parser import Parser

__all__ = ["GroupedResult", "RegroupNode"]


class GroupedResult(NamedTuple):
    """One group: what its items have in common, and the items."""

    grouper: Any
    list: Any


class RegroupNode(Node):
    """``{% regroup values by attribute as name %}``"""

    child_nodelists = ()

    def __init__(self, target: Any, expression: Any, var_name: str) -> None:
        self.target = target
        self.expression = expression
        self.var_name = var_name

    def resolve_expression(self, obj: Any, context: Context) -> Any:
        """Return what ``obj`` is grouped by; the expression sees it under the name of the result."""
        context[self.var_name] = obj
        return self.expression.resolve(context, ignore_failures=True)

    def render(self, context: Context) -> str:
        """Store the groups under the name; nothing is put out."""
        values = self.target.resolve(context, ignore_failures=True)
        if values is None:
            context[self.var_name] = []
            return ""
        groups = groupby(values, lambda obj: self.resolve_expression(obj, context))
        context[self.var_name] = [GroupedResult(grouper=key, list=list(items)) for key, items in groups]
        return ""


@register.tag
def regroup(parser: Parser, token: Token) -> RegroupNode:
    """Group neighbouring items that have an attribute in common."""
    words = token.split_contents()
    if len(words) != 6:
        raise TemplateSyntaxError("'regroup' tag takes five arguments")
    if words[2] != "by":
        raise TemplateSyntaxError("second argument to 'regroup' tag must be 'by'")
    if words[4] != "as":
        raise TemplateSyntaxError("next-to-last argument to 'regroup' tag must be 'as'")
    name = words[5]
    return RegroupNode(parser.compile_filter(words[1]), parser.compile_filter(f"{name}.{words[3]}"), name)

"""The built-in tags (ref/templates/builtins), one library for all."""

from __future__ import annotations

from nuages.template.tags import blocks, choices, loops, output, partials, regroup, scopes
from nuages.template.tags.blocks import AutoEscapeControlNode, CommentNode, FilterNode, SpacelessNode, VerbatimNode
from nuages.template.tags.choices import IfChangedNode, IfNode, TemplateIfParser, TemplateLiteral
from nuages.template.tags.loops import CycleNode, ForNode, ResetCycleNode
from nuages.template.tags.output import (
    CsrfTokenNode, DebugNode, FirstOfNode, LoremNode, NowNode, TemplateTagNode, URLNode, WidthRatioNode, querystring,
)
from nuages.template.tags.partials import PartialDefNode, PartialNode
from nuages.template.tags.registry import register
from nuages.template.tags.regroup import GroupedResult, RegroupNode
from nuages.template.tags.scopes import LoadNode, WithNode, find_library, load_from_library

__all__ = [
    "AutoEscapeControlNode", "CommentNode", "CsrfTokenNode", "CycleNode", "DebugNode", "FilterNode", "FirstOfNode",
    "ForNode", "GroupedResult", "IfChangedNode", "IfNode", "LoadNode", "LoremNode", "NowNode", "PartialDefNode",
    "PartialNode", "RegroupNode", "ResetCycleNode", "SpacelessNode", "TemplateIfParser", "TemplateLiteral",
    "TemplateTagNode", "URLNode", "VerbatimNode", "WidthRatioNode", "WithNode", "blocks", "choices", "find_library",
    "load_from_library", "loops", "output", "partials", "querystring", "register", "regroup", "scopes",
]

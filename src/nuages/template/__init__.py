"""The template language (documentation: ref/templates, topics/templates, howto/custom-template-tags)."""

from nuages.template.context import Context, ContextPopException, RequestContext
from nuages.template.engine import Engine
from nuages.template.engines import EngineHandler, engines
from nuages.template.errors import (
    InvalidTemplateLibrary,
    TemplateDoesNotExist,
    TemplateSyntaxError,
    VariableDoesNotExist,
)
from nuages.template.expressions import Variable
from nuages.template.library import Library
from nuages.template.nodes import Node, NodeList
from nuages.template.template import Origin, PartialTemplate, Template

__all__ = [
    "Context", "ContextPopException", "Engine", "EngineHandler", "InvalidTemplateLibrary", "Library", "Node",
    "NodeList", "Origin", "PartialTemplate", "RequestContext", "Template", "TemplateDoesNotExist",
    "TemplateSyntaxError", "Variable", "VariableDoesNotExist", "engines",
]

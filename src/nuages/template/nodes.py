"""The nodes of a parsed template, and the list that renders them.

A built-in node derives from ``CompiledNode``: it writes code for itself. Any other node keeps the documented protocol, a
``render(context)`` that returns a string, and is called from the generated code.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from nuages.template import debugging
from nuages.template.codegen import Code, Path, Program, program_for

if TYPE_CHECKING:
    from nuages.template.context import Context
    from nuages.template.expressions import FilterExpression
    from nuages.template.lexer import Token
    from nuages.text.safestring import SafeString

__all__ = ["CompiledNode", "Node", "NodeList", "TextNode", "VariableNode"]


class Node:
    """What a tag compiles to. A custom tag's node overrides ``render``."""

    #: ``{% extends %}`` sets it: nothing but text may stand before.
    must_be_first = False
    #: The attributes that hold the node lists of the tag's body.
    child_nodelists: Any = ("nodelist",)
    token: Token | None = None
    origin: Any = None

    def render(self, context: Context) -> str:
        """Return the node's output as a string."""
        raise NotImplementedError(f"{type(self).__name__} must have a render(context) method.")

    def render_annotated(self, context: Context) -> str:
        """Render; in debug mode an exception gets ``template_debug``, which tells where in the template it came from."""
        try:
            return self.render(context)
        except Exception as error:
            debugging.locate(error, context, self)
            raise

    def get_nodes_by_type(self, nodetype: type) -> list[Any]:
        """Return this node and all nodes below it that are instances of ``nodetype``."""
        found: list[Any] = [self] if isinstance(self, nodetype) else []
        for name in self.child_nodelists:
            nodelist = getattr(self, name, None)
            if nodelist:
                found.extend(nodelist.get_nodes_by_type(nodetype))
        return found


class CompiledNode(Node):
    """A node that takes part in code generation.

    A subclass that overrides ``render`` instead is called like any other node.
    """

    #: True when it pays to look names up once for the whole node, as for a loop.
    opens_region: ClassVar[bool] = False

    def compile(self, code: Code) -> None:
        """Write the statements that add the node's output."""
        raise NotImplementedError(f"{type(self).__name__} must have a compile(code) method.")

    def reads(self) -> set[Path] | None:
        """Return the variables that the node reads, or None when it must see or change the context itself."""
        return None

    def render(self, context: Context) -> str:
        """Render the node on its own, by a program compiled for it alone."""
        alone = self.__dict__.get("_alone")
        if alone is None:
            alone = self.__dict__["_alone"] = NodeList([self])
        return str(alone.render(context))


class NodeList(list[Any]):
    """A list of nodes; ``render`` compiles it at the first use."""

    #: Set by the parser as soon as the list holds anything but text.
    contains_nontext = False
    _programs: dict[Any, Program] | None = None
    _compiled: list[Any] | None = None

    def render(self, context: Context) -> SafeString:
        """Return the output of all nodes, marked safe."""
        try:
            return self.program(context).run(context)
        except Exception as error:
            debugging.locate(error, context)
            raise

    def program(self, context: Context) -> Program:
        """Return the function that renders this list with the options of ``context``."""
        if self._programs is None or self._compiled != self:
            # A user's tag may change its list while it builds it: a program holds for the nodes it was made from.
            self._compiled, self._programs = list(self), {}
        template = context.template
        invalid = "" if template is None else template.engine.string_if_invalid
        program = self._programs.get((context.autoescape, invalid))
        if program is None:
            program = self._programs[context.autoescape, invalid] = program_for(self, bool(context.autoescape), invalid)
        return program

    def get_nodes_by_type(self, nodetype: type) -> list[Any]:
        """Return all nodes in and below this list that are instances of ``nodetype``."""
        return [found for node in self for found in node.get_nodes_by_type(nodetype)]



class TextNode(CompiledNode):
    """Literal text."""

    child_nodelists = ()

    def __init__(self, s: str) -> None:
        self.s = s

    def __repr__(self) -> str:
        return f"<{type(self).__name__}: {self.s[:25]!r}>"

    def compile(self, code: Code) -> None:
        code.text(self.s)

    def reads(self) -> set[Path] | None:
        return set()

    def render(self, context: Context) -> str:
        """Return the text."""
        return self.s

    def render_annotated(self, context: Context) -> str:
        """Return the text: nothing can go wrong."""
        return self.s


class VariableNode(CompiledNode):
    """``{{ variable|filter }}``"""

    child_nodelists = ()

    def __init__(self, filter_expression: FilterExpression) -> None:
        self.filter_expression = filter_expression

    def __repr__(self) -> str:
        return f"<Variable Node: {self.filter_expression}>"

    def compile(self, code: Code) -> None:
        code.output(self.filter_expression)

    def reads(self) -> set[Path] | None:
        return self.filter_expression.reads()

"""``if`` and ``ifchanged``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from nuages.template.codegen import reads
from nuages.template.conditions import Condition, TemplateIfParser, TemplateLiteral
from nuages.template.errors import TemplateSyntaxError
from nuages.template.nodes import CompiledNode, NodeList
from nuages.template.tags.registry import register

if TYPE_CHECKING:
    from collections.abc import Iterator

    from nuages.template.codegen import Code, Path
    from nuages.template.lexer import Token
    from nuages.template.parser import Parser

__all__ = ["IfChangedNode", "IfNode", "TemplateIfParser", "TemplateLiteral"]


#: So many branches are written as nested if and else.
_NESTED_BRANCHES = 5


class IfNode(CompiledNode):
    """``{% if %}``; ``conditions_nodelists`` holds pairs, the condition of ``else`` is None."""

    def __init__(self, conditions_nodelists: list[tuple[Condition | None, NodeList]]) -> None:
        self.conditions_nodelists = conditions_nodelists

    def __repr__(self) -> str:
        return f"<{type(self).__name__}>"

    def __iter__(self) -> Iterator[Any]:
        for _, nodelist in self.conditions_nodelists:
            yield from nodelist

    @property
    def nodelist(self) -> NodeList:
        """The nodes of all branches."""
        return NodeList(node for _, nodelist in self.conditions_nodelists for node in nodelist)

    def compile(self, code: Code) -> None:
        if len(self.conditions_nodelists) <= _NESTED_BRANCHES:
            self._branch(code, 0)
            return
        # A long chain would be indented too deep: leave a loop of one round instead.
        with code.block("for _ in ONCE:"):
            for condition, nodelist in self.conditions_nodelists:
                if condition is None:
                    code.nodes(nodelist)
                    break
                with code.block(f"if {self._value(code, condition)}:"):
                    code.nodes(nodelist)
                    code.flush()
                    code.line("break")

    def _branch(self, code: Code, index: int) -> None:
        condition, nodelist = self.conditions_nodelists[index]
        if condition is None:
            code.nodes(nodelist)
            return
        value = self._value(code, condition)
        with code.block(f"if {value}:"):
            code.nodes(nodelist)
        if index + 1 < len(self.conditions_nodelists):
            # Nested, since the next condition may take several statements.
            with code.block("else:"):
                self._branch(code, index + 1)

    @staticmethod
    def _value(code: Code, condition: Condition) -> str:
        if not (isinstance(condition, TemplateLiteral) and condition.may_lack()):
            return condition.compile(code)
        result = code.temp("c")
        with code.indented("try:"):
            code.line(f"{result} = {condition.compile(code)}")
        with code.indented("except VariableDoesNotExist:"):
            code.line(f"{result} = None")
        return result

    def reads(self) -> set[Path] | None:
        found: set[Path] = set()
        for condition, nodelist in self.conditions_nodelists:
            for paths in (condition.reads() if condition is not None else set(), reads(nodelist)):
                if paths is None:
                    return None
                found |= paths
        return found


class IfChangedNode(CompiledNode):
    """``{% ifchanged %}``: the state belongs to the innermost loop, else to the rendering."""

    child_nodelists = ("nodelist_true", "nodelist_false")

    def __init__(self, nodelist_true: NodeList, nodelist_false: NodeList, *varlist: Any) -> None:
        self.nodelist_true = nodelist_true
        self.nodelist_false = nodelist_false
        self._varlist = varlist

    def compile(self, code: Code) -> None:
        state, seen = code.temp(), code.temp()
        loop = code.name("forloop")
        code.line(f"{state} = context.render_context if {loop} is MISSING else {loop}")
        output = ""
        if self._varlist:
            values = [code.resolve(variable, ignore_failures=True) for variable in self._varlist]
            code.line(f"{seen} = [{', '.join(values)}]")
        else:
            output = self._captured(code)
            code.line(f"{seen} = {output}")
        key = code.const(self)
        with code.block(f"if {key} not in {state} or {state}[{key}] != {seen}:"):
            code.line(f"{state}[{key}] = {seen}")
            if output:
                code.add(output)
            else:
                code.nodes(self.nodelist_true)
        if self.nodelist_false:
            with code.block("else:"):
                code.nodes(self.nodelist_false)

    def _captured(self, code: Code) -> str:
        with code.capture() as buffer:
            code.nodes(self.nodelist_true)
        output = code.temp()
        code.line(f"{output} = ''.join({buffer})")
        return output

    def reads(self) -> set[Path] | None:
        found: set[Path] = {("forloop",)}
        parts = [variable.reads() for variable in self._varlist]
        for paths in (*parts, reads(self.nodelist_true), reads(self.nodelist_false)):
            if paths is None:
                return None
            found |= paths
        return found


@register.tag("if")
def do_if(parser: Parser, token: Token) -> IfNode:
    """Choose a branch by conditions."""
    branches: list[tuple[Condition | None, NodeList]] = []
    while True:
        words = token.split_contents()
        command = words[0]
        if command == "endif":
            break
        if branches and branches[-1][0] is None:
            raise TemplateSyntaxError(f'Malformed template tag at line {token.lineno}: "{token.contents}"')
        if command == "else" and len(words) > 1:
            raise TemplateSyntaxError(f'Malformed template tag at line {token.lineno}: "{token.contents}"')
        condition = None if command == "else" else TemplateIfParser(parser, words[1:]).parse()
        branches.append((condition, parser.parse(("endif",) if condition is None else ("elif", "else", "endif"))))
        token = parser.next_token()
    return IfNode(branches)


@register.tag
def ifchanged(parser: Parser, token: Token) -> IfChangedNode:
    """Put the body out only if it, or the given values, changed since the last time."""
    words = token.split_contents()
    nodelist_true = parser.parse(("else", "endifchanged"))
    nodelist_false = NodeList()
    if parser.next_token().contents == "else":
        nodelist_false = parser.parse(("endifchanged",))
        parser.delete_first_token()
    values = [parser.compile_filter(word) for word in words[1:]]
    return IfChangedNode(nodelist_true, nodelist_false, *values)

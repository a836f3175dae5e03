"""``for``, ``cycle`` and ``resetcycle``."""

from __future__ import annotations

from itertools import cycle as endless
from typing import TYPE_CHECKING, Any

from nuages.template.codegen import LoopNames, reads
from nuages.template.errors import TemplateSyntaxError
from nuages.template.nodes import CompiledNode, Node, NodeList
from nuages.template.tags.registry import register

if TYPE_CHECKING:
    from nuages.template.codegen import Code, Path
    from nuages.template.context import Context
    from nuages.template.lexer import Token
    from nuages.template.parser import Parser

__all__ = ["CycleNode", "ForNode", "ResetCycleNode"]

_COUNTERS = frozenset({"counter", "counter0", "revcounter", "revcounter0", "first", "last", "length"})


def sized(values: Any) -> Any:
    """Return ``values`` as something with a length; None is empty."""
    if values is None:
        return ()
    return values if hasattr(values, "__len__") else list(values)


def unpack(item: Any, count: int) -> Any:
    """Return the values that ``item`` gives to ``count`` loop variables. Raises ValueError for another number."""
    try:
        length = len(item)
    except TypeError:
        length = 1
    if length != count:
        raise ValueError(f"Need {count} values to unpack in for loop; got {length}. ")
    return item


def tick(loop: dict[Any, Any], index: int, length: int) -> None:
    """Set the counters of ``forloop`` for one round."""
    loop["counter0"] = index
    loop["counter"] = index + 1
    loop["revcounter"] = length - index
    loop["revcounter0"] = length - index - 1
    loop["first"] = index == 0
    loop["last"] = index == length - 1


class ForNode(CompiledNode):
    """``{% for a, b in values reversed %}…{% empty %}…{% endfor %}``"""

    child_nodelists = ("nodelist_loop", "nodelist_empty")
    opens_region = True

    def __init__(
        self, loopvars: list[str], sequence: Any, is_reversed: bool, nodelist_loop: NodeList, nodelist_empty: NodeList | None = None
    ) -> None:
        self.loopvars = loopvars
        self.sequence = sequence
        self.is_reversed = is_reversed
        self.nodelist_loop = nodelist_loop
        self.nodelist_empty: NodeList = NodeList() if nodelist_empty is None else nodelist_empty

    def __repr__(self) -> str:
        names = ", ".join(self.loopvars)
        reverse = " reversed" if self.is_reversed else ""
        return f"<{type(self).__name__}: for {names} in {self.sequence}, tail_len: {len(self.nodelist_loop)}{reverse}>"

    def _uses(self) -> set[Path] | None:
        """Return what the body reads of ``forloop``; None when a node in it may read anything."""
        paths = reads(self.nodelist_loop)
        return None if paths is None else {path for path in paths if path[0] == "forloop"}

    def _looked_into(self) -> int:
        """Return how many attributes of the loop variable the body reads, in a region."""
        return sum(path[0] == self.loopvars[0] and len(path) > 1 for path in reads(self.nodelist_loop) or ())

    def _needs_dictionary(self, uses: set[Path]) -> bool:
        return any(len(path) != 2 or path[1] not in _COUNTERS for path in uses)

    def reads(self) -> set[Path] | None:
        body, empty, sequence = reads(self.nodelist_loop), reads(self.nodelist_empty), self.sequence.reads()
        if body is None or empty is None or sequence is None:
            return None
        bound = {*self.loopvars, "forloop"}
        found: set[Path] = {path for path in body if path[0] not in bound} | empty | sequence
        if self._needs_dictionary({path for path in body if path[0] == "forloop"}):
            # Its ``parentloop`` is the loop around this one.
            found.add(("forloop",))
        return found

    def compile(self, code: Code) -> None:
        values, length = code.temp("s"), code.temp("n")
        code.line(f"{values} = {code.const(sized)}({code.resolve(self.sequence, ignore_failures=True)})")
        code.line(f"{length} = len({values})")
        if self.is_reversed:
            code.line(f"{values} = reversed({values})")
        with code.block(f"if {length}:"):
            if code.bindings is None:
                self._loop_in_context(code, values, length)
            else:
                self._loop_in_region(code, values, length)
        if self.nodelist_empty:
            with code.block("else:"):
                code.nodes(self.nodelist_empty)

    def _head(self, code: Code, values: str, counter: str) -> tuple[str, str]:
        item = code.temp("i")
        return item, f"for {counter}, {item} in enumerate({values}):" if counter else f"for {item} in {values}:"

    def _unpacked(self, code: Code, item: str) -> dict[str, str | LoopNames]:
        """Write the unpacking of an item; return the local name of each loop variable."""
        if len(self.loopvars) == 1:
            return {self.loopvars[0]: item}
        names = [code.temp("v") for _ in self.loopvars]
        code.line(f"{', '.join(names)}, = {code.const(unpack)}({item}, {len(names)})")
        return dict(zip(self.loopvars, names, strict=True))

    def _dictionary(self, code: Code, length: str) -> str:
        loop = code.temp("v")
        parent = code.name("forloop")
        code.line(f"{loop} = {{'parentloop': {{}} if {parent} is MISSING else {parent}, 'length': {length}}}")
        return loop

    def _loop_in_region(self, code: Code, values: str, length: str) -> None:
        uses = self._uses() or set()
        names: dict[str, str | LoopNames] = {}
        counter = code.temp("n") if uses else ""
        loop = ""
        if uses and self._needs_dictionary(uses):
            names["forloop"] = loop = self._dictionary(code, length)
        elif uses:
            names["forloop"] = LoopNames(counter, length)
        item, head = self._head(code, values, counter)
        with code.block(head):
            if loop:
                code.line(f"{code.const(tick)}({loop}, {counter}, {length})")
            names.update(self._unpacked(code, item))
            if len(self.loopvars) == 1 and self._looked_into() > 1:
                code.knows(item)
            with code.bound(names):
                code.nodes(self.nodelist_loop)

    def _loop_in_context(self, code: Code, values: str, length: str) -> None:
        layer, counter = code.temp("d"), code.temp("n")
        loop = self._dictionary(code, length)
        code.line(f"{layer} = context.push()")
        code.line(f"{layer}['forloop'] = {loop}")
        with code.block("try:"):
            item, head = self._head(code, values, counter)
            with code.block(head):
                code.line(f"{code.const(tick)}({loop}, {counter}, {length})")
                self._set_in_context(code, layer, item)
        with code.block("finally:"):
            code.line("context.pop()")

    def _set_in_context(self, code: Code, layer: str, item: str) -> None:
        names = self._unpacked(code, item)
        if len(names) == 1:
            code.line(f"{layer}[{self.loopvars[0]!r}] = {item}")
            code.nodes(self.nodelist_loop)
            return
        pairs = ", ".join(f"{name!r}: {local}" for name, local in names.items())
        code.line(f"context.update({{{pairs}}})")
        code.nodes(self.nodelist_loop)
        code.line("context.pop()")


def advance(state: Any, node: CycleNode) -> int:
    """Return which value of a cycle is next in this rendering."""
    if node not in state:
        state[node] = endless(range(len(node.cyclevars)))
    return int(next(state[node]))


class CycleNode(CompiledNode):
    """``{% cycle 'a' 'b' as name silent %}``; the position is kept per rendering."""

    child_nodelists = ()

    def __init__(self, cyclevars: list[Any], variable_name: str | None = None, silent: bool = False) -> None:
        self.cyclevars = cyclevars
        self.variable_name = variable_name
        self.silent = silent

    def compile(self, code: Code) -> None:
        index, value = code.temp("n"), code.temp()
        code.line(f"{index} = {code.const(advance)}(context.render_context, {code.const(self)})")
        for position, variable in enumerate(self.cyclevars):
            with code.block(f"{'el' if position else ''}if {index} == {position}:"):
                code.line(f"{value} = {code.resolve(variable)}")
        if self.variable_name:
            code.line(f"context.set_upward({self.variable_name!r}, {value})")
        if not self.silent:
            code.add(code.shown(value))

    def reads(self) -> set[Path] | None:
        if self.variable_name:
            return None
        found: set[Path] = set()
        for variable in self.cyclevars:
            paths = variable.reads()
            if paths is None:
                return None
            found |= paths
        return found

    def reset(self, context: Context) -> None:
        """Start again with the first value."""
        context.render_context[self] = endless(range(len(self.cyclevars)))  # type: ignore[index]


class ResetCycleNode(Node):
    """``{% resetcycle %}``"""

    child_nodelists = ()

    def __init__(self, node: CycleNode) -> None:
        self.node = node

    def render(self, context: Context) -> str:
        """Reset the cycle; nothing is put out."""
        self.node.reset(context)
        return ""


@register.tag("for")
def do_for(parser: Parser, token: Token) -> ForNode:
    """Render the body for each item of a sequence."""
    words = token.split_contents()
    if len(words) < 4:
        raise TemplateSyntaxError(f"'for' statements should have at least four words: {token.contents}")
    is_reversed = words[-1] == "reversed"
    in_index = -3 if is_reversed else -2
    if words[in_index] != "in":
        raise TemplateSyntaxError(f"'for' statements should use the format 'for x in y': {token.contents}")
    loopvars = [name.strip() for name in " ".join(words[1:in_index]).split(",")]
    for name in loopvars:
        if not name or any(character in name for character in " \"'|"):
            raise TemplateSyntaxError(f"'for' tag received an invalid argument: {token.contents}")
    sequence = parser.compile_filter(words[in_index + 1])
    nodelist_loop = parser.parse(("empty", "endfor"))
    nodelist_empty = None
    if parser.next_token().contents == "empty":
        nodelist_empty = parser.parse(("endfor",))
        parser.delete_first_token()
    return ForNode(loopvars, sequence, is_reversed, nodelist_loop, nodelist_empty)


def _named_cycles(parser: Parser) -> dict[str, CycleNode]:
    return parser.__dict__.setdefault("_named_cycle_nodes", {})  # type: ignore[no-any-return]


@register.tag
def cycle(parser: Parser, token: Token) -> CycleNode:
    """Put out one value after the other, each time the tag is reached."""
    words = token.split_contents()
    if len(words) < 2:
        raise TemplateSyntaxError("'cycle' tag requires at least two arguments")
    if len(words) == 2:
        return _earlier_cycle(parser, words[1])
    as_form = silent = False
    if len(words) > 4:
        as_form = words[-2] == "as"
        if not as_form and words[-3] == "as":
            if words[-1] != "silent":
                raise TemplateSyntaxError(f"Only 'silent' flag is allowed after cycle's name, not '{words[-1]}'.")
            as_form = silent = True
            words = words[:-1]
    if as_form:
        node = CycleNode([parser.compile_filter(value) for value in words[1:-2]], words[-1], silent=silent)
        _named_cycles(parser)[words[-1]] = node
    else:
        node = CycleNode([parser.compile_filter(value) for value in words[1:]])
    parser.__dict__["_last_cycle_node"] = node
    return node


def _earlier_cycle(parser: Parser, name: str) -> CycleNode:
    named = _named_cycles(parser)
    if not named:
        raise TemplateSyntaxError(f"No named cycles in template. '{name}' is not defined")
    if name not in named:
        raise TemplateSyntaxError(f"Named cycle '{name}' does not exist")
    return named[name]


@register.tag
def resetcycle(parser: Parser, token: Token) -> ResetCycleNode:
    """Start a cycle again: the one that is named, else the last one."""
    words = token.split_contents()
    if len(words) > 2:
        raise TemplateSyntaxError(f"{words[0]} tag accepts at most one argument.")
    if len(words) == 2:
        named = _named_cycles(parser)
        if words[1] not in named:
            raise TemplateSyntaxError(f"Named cycle '{words[1]}' does not exist.")
        return ResetCycleNode(named[words[1]])
    last = parser.__dict__.get("_last_cycle_node")
    if last is None:
        raise TemplateSyntaxError("No cycles in template.")
    return ResetCycleNode(last)

"""The code generator: from a list of nodes to one Python function.

The function takes the context and returns the output. What comes from the template (text, names, arguments) enters the
generated source only as the ``repr`` of a string or a number, as an object bound to a name in the function's globals, or as the name of an
attribute, if that is a plain ASCII identifier; never as other code.

A *region* is a part of a template of which every node says which variables it reads, and none needs the context itself. In a
region, names are looked up once and loop variables are plain local variables. Elsewhere (a custom tag, an ``include`` …) the
stack of the context is kept up to date, as the documentation describes.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from keyword import iskeyword
from math import isfinite
from typing import TYPE_CHECKING, Any, TypeAlias

from nuages.template import debugging, runtime
from nuages.text.generated import define

if TYPE_CHECKING:
    from nuages.template.expressions import FilterExpression, Variable
    from nuages.text.safestring import SafeString

__all__ = ["Code", "LoopNames", "Path", "Program", "program_for", "reads"]

#: A variable as a template names it: ``("forloop", "counter")``.
Path: TypeAlias = tuple[str, ...]


#: What the generated code may use: the names are those of ``runtime``.
_NAMESPACE: dict[str, Any] = {name: getattr(runtime, name) for name in runtime.__all__}


class Program:
    """The compiled form of a node list: ``run(context)`` returns its output."""

    __slots__ = ("__weakref__", "filename", "run", "source", "table")

    def __init__(self, run: Callable[[Any], SafeString], filename: str, source: str, table: list[Any]) -> None:
        self.run: Callable[[Any], SafeString] = run
        self.filename: str = filename
        self.source: str = source
        #: The node that each line of ``source`` was written for.
        self.table: list[Any] = table

    def node_at(self, lineno: int) -> Any:
        """Return the node for which line ``lineno`` was generated, or None."""
        return self.table[lineno - 1] if 0 < lineno <= len(self.table) else None


class LoopNames:
    """How ``forloop`` is reached inside a region: by a dictionary, or by the counter and the length alone."""

    def __init__(self, counter: str, length: str) -> None:
        self.expressions: dict[str, str] = {
            "counter": f"({counter} + 1)",
            "counter0": counter,
            "revcounter": f"({length} - {counter})",
            "revcounter0": f"({length} - {counter} - 1)",
            "first": f"({counter} == 0)",
            "last": f"({counter} == {length} - 1)",
            "length": length,
        }


def compiles(kind: type) -> bool:
    """Say whether instances of ``kind`` write code: ``compile`` is defined at least as deep in the class as ``render``."""
    for cls in kind.__mro__:
        if "compile" in cls.__dict__:
            return True
        if "render" in cls.__dict__ or "render_annotated" in cls.__dict__:
            return False
    return False


def reads(nodes: Iterable[Any]) -> set[Path] | None:
    """Return what the nodes read, or None when one of them needs the context itself."""
    found: set[Path] = set()
    for node in nodes:
        paths = node.reads() if compiles(type(node)) else None
        if paths is None:
            return None
        found |= paths
    return found


#: Python allows 20 statically nested loops and ``try`` blocks, and 100 levels of indentation. From this depth on, a node
#: becomes a function of its own (outside of regions); regions are only opened for nodes nested less than ``_NESTED`` deep.
_DEEP = 9
_NESTED = 8


def nesting(nodes: Iterable[Any]) -> int:
    """Return how deep the nodes are nested."""
    deepest = 0
    for node in nodes:
        lists = [found for name in node.child_nodelists if (found := getattr(node, name, None))]
        if lists:
            deepest = max(deepest, 1 + max(map(nesting, lists)))
    return deepest


def region_reads(nodes: Iterable[Any]) -> set[Path] | None:
    """Return what the nodes read if they can be a region, else None."""
    paths = reads(nodes)
    return paths if paths is not None and nesting(nodes) <= _NESTED else None


def program_for(nodes: Iterable[Any], autoescape: bool, invalid: str) -> Program:
    """Compile ``nodes``. ``invalid`` is what a missing variable shows (the engine's ``string_if_invalid``)."""
    nodes = list(nodes)
    code = Code(autoescape, invalid)
    with code.function():
        code.region_or_not(nodes)
    return code.program(_label(nodes))


def _label(nodes: list[Any]) -> str:
    for node in nodes:
        name = getattr(getattr(node, "origin", None), "name", None)
        if name:
            return str(name).strip("<>")
    return "nodes"


def attribute(holder: str, name: str) -> str:
    """Write the look-up of an attribute: directly, which Python does fastest, where the name is a plain identifier."""
    if name.isascii() and name.isidentifier() and not iskeyword(name):
        return f"{holder}.{name}"
    return f"getattr({holder}, {name!r})"


class Code:
    """The function being written. Nodes call its methods from their ``compile``."""

    def __init__(self, autoescape: bool, invalid: str) -> None:
        self.autoescape: bool = autoescape
        self.invalid = invalid
        #: In a region: name of a variable → local Python name (or ``LoopNames``). None: names are read from the context.
        self.bindings: dict[str, str | LoopNames] | None = None
        self._lines: list[str] = []
        self._table: list[Any] = []
        self._depth = 0
        self._counter = itertools.count(1)
        self._constants: dict[str, Any] = {}
        self._constant_names: dict[int, str] = {}
        #: Local name of a loop variable → the local that says whether its value's type is in ``PLAIN``.
        self._plain: dict[str, str] = {}
        self._pending: list[str] = []
        self._node: Any = None

    # Writing lines -----------------------------------------------------------------------------------------------------

    def line(self, text: str) -> None:
        """Write one statement, at the current depth."""
        self._lines.append("    " * self._depth + text)
        self._table.append(self._node)

    @contextmanager
    def block(self, head: str) -> Iterator[None]:
        """Write ``head`` and indent what follows; output inside is added inside."""
        self.flush()
        with self.indented(head):
            yield
            self.flush()

    @contextmanager
    def indented(self, head: str) -> Iterator[None]:
        """Write ``head`` and indent what follows, where nothing is put out: output that waits may go on waiting."""
        self.line(head)
        self._depth += 1
        before = len(self._lines)
        yield
        if len(self._lines) == before:
            self.line("pass")
        self._depth -= 1

    def temp(self, letter: str = "t") -> str:
        """Return an unused local name."""
        return f"{letter}{next(self._counter)}"

    def const(self, value: Any) -> str:
        """Return an expression for ``value``: a literal where one is exact, else a global name bound to the object."""
        kind = type(value)
        if value is None or kind is bool or kind is int or kind is str or (kind is float and isfinite(value)):
            return f"({value!r})" if kind is int or kind is float else repr(value)
        name = self._constant_names.get(id(value))
        if name is None:
            name = self._constant_names[id(value)] = self.temp("k")
            self._constants[name] = value
        return name

    # Output ------------------------------------------------------------------------------------------------------------

    def text(self, literal: str) -> None:
        """Add literal text to the output."""
        if literal:
            self._pending.append(repr(str(literal)))

    def add(self, expression: str) -> None:
        """Add a string to the output; the expression must not depend on names that change later."""
        self._pending.append(expression)

    def flush(self) -> None:
        """Write what was added so far as one statement."""
        if self._pending:
            pieces, self._pending = self._pending, []
            self.line(f"append({pieces[0]})" if len(pieces) == 1 else f"extend(({', '.join(pieces)}))")

    @contextmanager
    def function(self) -> Iterator[None]:
        """Write the function's frame around what is written inside."""
        with self.block("def run(context):"):
            self.line("out = []")
            self.line("append = out.append")
            self.line("extend = out.extend")
            yield
            self.flush()
            self.line("return SafeString(''.join(out))")

    @contextmanager
    def capture(self) -> Iterator[str]:
        """Send the output written inside to a list of its own; gives the name of that list."""
        self.flush()
        outer, buffer = self.temp("o"), self.temp("b")
        self.line(f"{outer} = append, extend")
        self.line(f"{buffer} = []")
        self.line(f"append = {buffer}.append")
        self.line(f"extend = {buffer}.extend")
        yield buffer
        self.flush()
        self.line(f"append, extend = {outer}")

    # Nodes -------------------------------------------------------------------------------------------------------------

    def node(self, node: Any) -> None:
        """Write the code of one node, or a call of its ``render`` when it is not one that compiles."""
        previous, self._node = self._node, node
        if self.bindings is None and self._depth > _DEEP and node.child_nodelists:
            self.call(node)
        elif compiles(type(node)):
            if self.bindings is None and node.opens_region and (paths := region_reads([node])) is not None:
                with self.region(paths):
                    node.compile(self)
            else:
                node.compile(self)
        else:
            self.call(node)
        self._node = previous

    def call(self, node: Any) -> None:
        """Write the call of a node that renders itself."""
        result = self.temp()
        self.line(f"{result} = {self.const(node)}.render_annotated(context)")
        self.add(result)

    def nodes(self, nodes: Iterable[Any]) -> None:
        """Write the code of several nodes."""
        for node in nodes:
            self.node(node)

    def region_or_not(self, nodes: list[Any]) -> None:
        """Write the nodes as a region when they allow it."""
        paths = region_reads(nodes)
        if paths is None:
            self.nodes(nodes)
        else:
            with self.region(paths):
                self.nodes(nodes)

    @contextmanager
    def region(self, paths: Iterable[Path]) -> Iterator[None]:
        """Look up the names of ``paths`` now, and use the results for what is written inside."""
        names = sorted({path[0] for path in paths})
        bound: dict[str, str | LoopNames] = {}
        for name in names:
            bound[name] = self.temp("v")
            self.line(f"{bound[name]} = context.get({name!r}, MISSING)")
        self.bindings = bound
        yield
        self.bindings = None

    @contextmanager
    def bound(self, names: dict[str, str | LoopNames]) -> Iterator[None]:
        """Bind names to locals for what is written inside (a region only)."""
        outer = self.bindings
        self.bindings = {**(outer or {}), **names}
        yield
        self.bindings = outer

    @contextmanager
    def escaping(self, setting: bool) -> Iterator[None]:
        """Switch automatic escaping for what is written inside."""
        outer, self.autoescape = self.autoescape, setting
        yield
        self.autoescape = outer

    # Values ------------------------------------------------------------------------------------------------------------

    def name(self, name: str) -> str:
        """Return an expression for the raw value of a variable's first name (``MISSING`` when there is none)."""
        if self.bindings is None:
            local = self.temp("v")
            self.line(f"{local} = context.get({name!r}, MISSING)")
            return local
        found = self.bindings[name]
        assert isinstance(found, str), "a loop without its dictionary is only read through its counters"
        return found

    def knows(self, item: str) -> None:
        """Find out once whether the attributes of a loop variable can be read directly; many look-ups of it follow."""
        self._plain[item] = flag = self.temp("p")
        self.line(f"{flag} = type({item}) in PLAIN")

    def variable(self, variable: Variable, default: str | None, settled: bool = True) -> str:
        """Write the look-ups of ``variable``; return the name of the result.

        ``default`` is an expression for the value of a variable that does not exist; None lets the exception pass.
        Unless ``settled``, the result may still be a callable that is to be called.
        """
        if variable.lookups is None:
            return self._literal(variable)
        root, *bits = variable.lookups
        loop = self.bindings.get(root) if self.bindings is not None else None
        if isinstance(loop, LoopNames):
            return loop.expressions[bits[0]]
        start = self.name(root)
        result = self.temp()
        if not bits:
            self._simple(result, start, root, default, settled)
        elif default is None:
            self.line(f"{result} = follow({start}, {variable.lookups!r}, context)")
        else:
            self._chain(result, start, bits, default)
            if settled:
                with self.indented(f"if type({result}) not in INERT:"):
                    self.line(f"{result} = settle({result}, {self.invalid!r})")
        return result

    def _literal(self, variable: Variable) -> str:
        if not variable.translate:
            return self.const(variable.literal)
        result = self.temp()
        self.line(f"{result} = {self.const(variable)}.resolve(context)")
        return result

    def _simple(self, result: str, start: str, root: str, default: str | None, settled: bool) -> None:
        self.line(f"{result} = {start}")
        if not settled:
            with self.indented(f"if {result} is MISSING:"):
                self.line(f"{result} = absent({root!r}, {default}, context)")
            return
        with self.indented(f"if type({result}) not in INERT:"):
            if default is None:
                self.line(f"{result} = follow({start}, ({root!r},), context)")
            else:
                self.line(f"{result} = absent({root!r}, {default}, context) if {result} is MISSING else settle({result}, {self.invalid!r})")

    def _chain(self, result: str, start: str, bits: list[str], default: str) -> None:
        holders = [start, *(self.temp() for _ in bits[1:])]
        if bits[1:]:
            # What is still MISSING when an exception comes tells which look-up raised it.
            self.line(f"{' = '.join(holders[1:])} = MISSING")
        with self.indented("try:"):
            for holder, bit, target in zip(holders, bits, [*holders[1:], result], strict=True):
                plain = self._plain.get(holder) or f"type({holder}) in PLAIN"
                self.line(f"{target} = {attribute(holder, bit)} if {plain} else step({holder}, {bit!r}, {self.invalid!r})")
        with self.indented("except Exception as error:"):
            self.line(f"{result} = failed(error, ({', '.join(holders)},), {tuple(bits)!r}, {default}, {self.invalid!r}, context)")
            with self.indented(f"if {result} is RAISE:"):
                self.line("raise")

    def resolve(self, expression: FilterExpression, ignore_failures: bool = False) -> str:
        """Write the value of a filter expression and return its name.

        As the documentation says: a missing variable gives None with ``ignore_failures``; otherwise the engine's
        ``string_if_invalid``, to which filters apply only when it is empty.
        """
        variable = expression.var_object
        if variable is None:
            return self.filtered(self.const(expression.var), expression)
        if not expression.filters or ignore_failures or not self.invalid or variable.lookups is None:
            default = "None" if ignore_failures else self._shown_as(expression)
            return self.filtered(self.variable(variable, default), expression)
        value = self.variable(variable, "MISSING")
        result = self.temp()
        with self.indented(f"if {value} is MISSING:"):
            self.line(f"{result} = {self._shown_as(expression)}")
        with self.indented("else:"):
            self.line(f"{result} = {self.filtered(value, expression)}")
        return result

    def _shown_as(self, expression: FilterExpression) -> str:
        shown = self.invalid
        return repr(shown % expression.var if "%s" in shown else shown)

    def filtered(self, value: str, expression: FilterExpression) -> str:
        """Write the filters of ``expression`` applied to ``value``; return the name of the result."""
        for function, arguments in expression.filters:
            prepare = getattr(function, "prepared", None)
            prepared = prepare(*(argument for _, argument in arguments)) if prepare and not any(varies for varies, _ in arguments) else None
            if prepared is not None:
                value = self._apply(function, prepared, value, [])
            else:
                values = [self.variable(argument, None) if varies else self.const(argument) for varies, argument in arguments]
                value = self._apply(function, function, value, values)
        return value

    def _apply(self, function: Callable[..., Any], called: Callable[..., Any], value: str, arguments: list[str]) -> str:
        """Write the call of a filter; ``called`` is the filter ``function`` itself, or what it prepared for its arguments."""
        result = self.temp()
        if getattr(function, "expects_localtime", False):
            local = self.temp()
            self.line(f"{local} = localtime({value}, context.use_tz) if isinstance({value}, datetime) else {value}")
            value = local
        needs_autoescape = getattr(function, "needs_autoescape", False)
        keywords = [f"autoescape={self.autoescape}"] if needs_autoescape else []
        call = f"{self.const(called)}({', '.join([value, *arguments, *keywords])})"
        if getattr(function, "is_safe", False):
            call = f"mark_safe({call}) if isinstance({value}, SafeData) else {call}"
        inline = getattr(function, "inline", None)
        plain = getattr(function, "plain", None)
        if inline is not None:
            self.line(f"{result} = {inline.format(value, *arguments)}")
        elif plain is not None and not needs_autoescape:
            direct = f"{self.const(plain)}({', '.join([value, *arguments])})"
            self.line(f"{result} = {direct} if type({value}) is str else {call}")
        else:
            self.line(f"{result} = {call}")
        return result

    def output(self, expression: FilterExpression) -> None:
        """Add the value of a filter expression to the output, localized and escaped."""
        variable = expression.var_object
        if variable is None or expression.filters or variable.lookups is None:
            self.add(self.shown(self.resolve(expression)))
        else:
            self.add(self.shown(self.variable(variable, self._shown_as(expression), settled=False), settled=False))

    def shown(self, value: str, settled: bool = True) -> str:
        """Write the conversion of a value to the text that is put out; return the name of the result."""
        result = value if value.isidentifier() and value[0] == "t" else self.temp()
        if result != value:
            self.line(f"{result} = {value}")
        final = result if settled else f"{result} if type({result}) in INERT else settle({result}, {self.invalid!r})"
        if not self.autoescape:
            with self.indented(f"if type({result}) is not str:"):
                self.line(f"{result} = show({final}, context)")
            return result
        with self.indented(f"if type({result}) is str:"):
            plain = self.temp()
            self.line(f"{plain} = {result}")
            self.line(f"{result} = escape_inner({plain})")
            # Each ampersand is an entity now: this can only be one of the two for quotes.
            with self.indented(f"if {result} is not {plain} and '&#3' in {result}:"):
                self.line(f"{result} = documented_quotes({result})")
        with self.indented(f"elif type({result}) is int and not settings.USE_THOUSAND_SEPARATOR:"):
            self.line(f"{result} = str({result})")
        with self.indented(f"elif type({result}) is not SafeString:"):
            self.line(f"{result} = show_escaped({final}, context)")
        return result

    # The result --------------------------------------------------------------------------------------------------------

    def program(self, label: str) -> Program:
        """Compile what was written, and register its source so that tracebacks and debuggers show it."""
        source = "\n".join([*(self._annotated()), ""])
        run = define("run", source, f"template {label}", {**_NAMESPACE, **self._constants})
        filename = run.__code__.co_filename
        program = Program(run, filename, source, self._table)
        debugging.programs[filename] = program
        return program

    def _annotated(self) -> Iterator[str]:
        shown = None
        for text, node in zip(self._lines, self._table, strict=True):
            lineno = getattr(getattr(node, "token", None), "lineno", None)
            if isinstance(lineno, int) and lineno != shown:
                shown = lineno
                text = f"{text}  # line {lineno}"
            yield text

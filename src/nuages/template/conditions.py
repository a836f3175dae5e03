"""The conditions of ``{% if %}``: operators with the precedence that the documentation gives, by top-down parsing.

A condition can be evaluated (``eval``), and it can write code. As documented, an operator whose operands cannot be compared is
false, whatever the exception.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING, Any

from nuages.template.errors import TemplateSyntaxError

if TYPE_CHECKING:
    from nuages.template.codegen import Code, Path

__all__ = ["Condition", "IfParser", "Infix", "Literal", "Prefix"]

#: Binding powers, weakest first; ``not`` stands between ``and`` and ``in``.
_NOT_POWER = 8


class Condition:
    """A node of a condition's tree."""

    def eval(self, context: Any) -> Any:
        """Return the value in ``context``."""
        raise NotImplementedError(f"{type(self).__name__} has no value of its own")

    def compile(self, code: Code) -> str:
        """Write the evaluation; return the name of the result."""
        raise NotImplementedError(f"{type(self).__name__} must have a compile(code) method")

    def reads(self) -> set[Path] | None:
        """Return the variables read, or None when the context itself is needed."""
        raise NotImplementedError(f"{type(self).__name__} must have a reads() method")


class Literal(Condition):
    """A value: any object that an ``IfParser`` makes of a token that is no operator."""

    id = "literal"

    def __init__(self, value: Any, text: str = "") -> None:
        self.value = value
        self.text = text

    def __repr__(self) -> str:
        return f"({self.id} {self.value!r})"

    def display(self) -> str:
        """Return the value as messages show it."""
        return repr(self.value)

    def eval(self, context: Any) -> Any:
        """Return the value."""
        return self.value

    def compile(self, code: Code) -> str:
        return code.const(self.value)

    def reads(self) -> set[Path] | None:
        return set()


def _compiled_before(operand: Condition, code: Code) -> str | None:
    """Write an operand before the ``try`` of its operator, if it is one that never raises: long chains stay flat."""
    return operand.compile(code) if isinstance(operand, (Prefix, Infix)) else None


class Prefix(Condition):
    """``not x``"""

    def __init__(self, first: Condition) -> None:
        self.first = first

    def __repr__(self) -> str:
        return f"(not {self.first!r})"

    def eval(self, context: Any) -> Any:
        """Return the negation; False when that fails."""
        try:
            return not self.first.eval(context)
        except Exception:
            return False

    def compile(self, code: Code) -> str:
        result = code.temp("c")
        first = _compiled_before(self.first, code)
        with code.indented("try:"):
            code.line(f"{result} = not {first or self.first.compile(code)}")
        with code.indented("except Exception:"):
            code.line(f"{result} = False")
        return result

    def reads(self) -> set[Path] | None:
        return self.first.reads()


class Infix(Condition):
    """``x operator y``"""

    def __init__(self, symbol: str, first: Condition, second: Condition) -> None:
        self.symbol = symbol
        self.first = first
        self.second = second

    def __repr__(self) -> str:
        return f"({self.symbol} {self.first!r} {self.second!r})"

    def eval(self, context: Any) -> Any:
        """Return the result; False when that fails."""
        try:
            first = self.first.eval(context)
            if self.symbol == "or":
                return first or self.second.eval(context)
            if self.symbol == "and":
                return first and self.second.eval(context)
            return _COMPARISONS[self.symbol](first, self.second.eval(context))
        except Exception:
            return False

    def compile(self, code: Code) -> str:
        result = code.temp("c")
        first = _compiled_before(self.first, code)
        with code.indented("try:"):
            code.line(f"{result} = {first or self.first.compile(code)}")
            if self.symbol in ("or", "and"):
                with code.indented(f"if {'not ' if self.symbol == 'or' else ''}{result}:"):
                    code.line(f"{result} = {self.second.compile(code)}")
            else:
                # The symbol is one of the keys of a table of ours, and spelled as in Python.
                code.line(f"{result} = {result} {self.symbol} {self.second.compile(code)}")
        with code.indented("except Exception:"):
            code.line(f"{result} = False")
        return result

    def reads(self) -> set[Path] | None:
        first, second = self.first.reads(), self.second.reads()
        return None if first is None or second is None else first | second


_COMPARISONS: dict[str, Callable[[Any, Any], Any]] = {
    "in": lambda first, second: first in second,
    "not in": lambda first, second: first not in second,
    "is": operator.is_,
    "is not": operator.is_not,
    "==": operator.eq,
    "!=": operator.ne,
    ">": operator.gt,
    ">=": operator.ge,
    "<": operator.lt,
    "<=": operator.le,
}
_POWERS = {"or": 6, "and": 7, "in": 9, "not in": 9, **dict.fromkeys(("is", "is not", "==", "!=", ">", ">=", "<", "<="), 10)}


class IfParser:
    """Parses the words of a condition. A subclass says what a word that is no operator means (``create_var``)."""

    error_class: type[Exception] = ValueError

    def __init__(self, tokens: Iterable[str]) -> None:
        self.tokens: list[str] = _join_words(list(tokens))
        self.position = 0

    def create_var(self, value: Any) -> Literal:
        """Make a value of one word."""
        return Literal(value)

    def parse(self) -> Condition:
        """Return the whole condition. Raises ``error_class``."""
        tree = self.expression()
        if self.position < len(self.tokens):
            raise self.error_class(f"Unused '{self.tokens[self.position]}' at end of if expression.")
        return tree

    def expression(self, power: int = 0) -> Condition:
        """Parse what binds tighter than ``power``."""
        left = self._operand()
        while (symbol := self._operator()) is not None and _POWERS[symbol] > power:
            self.position += 1
            left = Infix(symbol, left, self.expression(_POWERS[symbol]))
        return left

    def _operator(self) -> str | None:
        token = self.tokens[self.position] if self.position < len(self.tokens) else None
        if token is None or (isinstance(token, str) and token in _POWERS):
            return token
        raise self.error_class(f"Unused '{token}' at end of if expression.")

    def _operand(self) -> Condition:
        if self.position >= len(self.tokens):
            raise self.error_class("Unexpected end of expression in if tag.")
        token = self.tokens[self.position]
        self.position += 1
        if not isinstance(token, str):
            return self.create_var(token)
        if token == "not":
            return Prefix(self.expression(_NOT_POWER))
        if token in _POWERS:
            raise self.error_class(f"Not expecting '{token}' in this position in if tag.")
        return self.create_var(token)


def _join_words(words: Sequence[str]) -> list[str]:
    """Make one token of each operator of two words."""
    joined: list[str] = []
    for word in words:
        pair = f"{joined[-1]} {word}" if joined and isinstance(word, str) and isinstance(joined[-1], str) else ""
        if pair in ("not in", "is not"):
            joined[-1] = pair
        else:
            joined.append(word)
    return joined


class TemplateLiteral(Literal):
    """A filter expression inside a condition; a missing variable is None."""

    def __init__(self, value: Any, text: str) -> None:
        super().__init__(value, text)

    def display(self) -> str:
        """Return the text of the expression."""
        return self.text

    def eval(self, context: Any) -> Any:
        """Return the value in ``context``."""
        return self.value.resolve(context, ignore_failures=True)

    def compile(self, code: Code) -> str:
        return code.resolve(self.value, ignore_failures=True)

    def may_lack(self) -> bool:
        """Say whether an argument of a filter is a variable: a missing one makes the whole condition None."""
        return any(is_variable for _, arguments in self.value.filters for is_variable, _ in arguments)

    def reads(self) -> set[Path] | None:
        return self.value.reads()  # type: ignore[no-any-return]


class TemplateIfParser(IfParser):
    """The parser that ``{% if %}`` uses."""

    error_class = TemplateSyntaxError

    def __init__(self, parser: Any, *args: Any, **kwargs: Any) -> None:
        self.template_parser = parser
        super().__init__(*args, **kwargs)

    def create_var(self, value: Any) -> Literal:
        """Make a filter expression of a word."""
        return TemplateLiteral(self.template_parser.compile_filter(value), value)



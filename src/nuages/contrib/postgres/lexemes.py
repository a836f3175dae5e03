"""``Lexeme``: terms of a text search in which nothing is taken for an operator."""

from __future__ import annotations

from typing import Any, Self

from nuages.sql.expressions import CombinedExpression, Value

WEIGHTS = frozenset("ABCD")


class LexemeCombinable:
    """``&``, ``|`` and ``~`` between lexemes."""

    BITAND = "&"
    BITOR = "|"

    def _combine(self, other: Any, connector: str, reversed: bool) -> CombinedLexeme:
        if not isinstance(other, LexemeCombinable):
            raise TypeError(f"A Lexeme can only be combined with another Lexeme, got {type(other).__name__}.")
        return CombinedLexeme(other, connector, self) if reversed else CombinedLexeme(self, connector, other)

    def __and__(self, other: Any) -> CombinedLexeme:
        return self._combine(other, self.BITAND, False)

    def __or__(self, other: Any) -> CombinedLexeme:
        return self._combine(other, self.BITOR, False)


class Lexeme(LexemeCombinable, Value):  # type: ignore[misc]
    """One term, taken word for word.

    Args:
        value: The text; users' input is safe here.
        invert: Whether it must not occur.
        prefix: Whether words that begin with it are found.
        weight: "A" to "D": where it must occur.
    """

    def __init__(
        self,
        value: Any,
        output_field: Any = None,
        *,
        invert: bool = False,
        prefix: bool = False,
        weight: str | None = None,
    ) -> None:
        if not isinstance(value, str):
            raise TypeError(f"Lexeme value must be a string, got {type(value).__name__}.")
        if not value:
            raise ValueError("Lexeme value cannot be empty.")
        if weight is not None and (not isinstance(weight, str) or weight.upper() not in WEIGHTS):
            raise ValueError(f"Weight must be one of 'A', 'B', 'C', and 'D', got {weight!r}.")
        self.invert = invert
        self.prefix = prefix
        self.weight = weight
        super().__init__(value, output_field)

    def as_sql(self, compiler: Any, connection: Any) -> Any:
        """The term in quotes, with its marks, as one parameter."""
        text = self.value.replace("\0", "").replace("\\", "\\\\").replace("'", "''")
        marks = ("*" if self.prefix else "") + (self.weight or "")
        return "%s", (f"{'!' if self.invert else ''}'{text}'{':' if marks else ''}{marks}",)

    def __invert__(self) -> Lexeme:
        return Lexeme(self.value, invert=not self.invert, prefix=self.prefix, weight=self.weight)


class CombinedLexeme(LexemeCombinable, CombinedExpression):  # type: ignore[misc]
    """Two terms, or combinations of terms, with ``&`` or ``|`` between them."""

    def __init__(self, lhs: Any, connector: str, rhs: Any, output_field: Any = None, *, invert: bool = False) -> None:
        super().__init__(lhs, connector, rhs, output_field)
        self.invert = invert

    def _resolve_output_field(self) -> Any:
        return self.lhs.output_field

    def as_sql(self, compiler: Any, connection: Any) -> Any:
        """The whole combination as one parameter: it is not SQL that the operators stand in."""
        (_, (left,)), (_, (right,)) = compiler.compile(self.lhs), compiler.compile(self.rhs)
        return "%s", (f"{'!' if self.invert else ''}({left} {self.connector} {right})",)

    def __invert__(self) -> Self:
        return type(self)(self.lhs, self.connector, self.rhs, invert=not self.invert)

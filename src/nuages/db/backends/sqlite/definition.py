"""Reads CREATE TABLE statements: SQLite tells of check and unique constraints nowhere else."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

_TOKEN = re.compile(
    r"""
    \s+ | --[^\n]*\n? | /\*.*?\*/
    | (?P<string>'(?:[^']|'')*')
    | (?P<name>"(?:[^"]|"")*" | `(?:[^`]|``)*` | \[[^\]]*\])
    | (?P<word>[^\W\d]\w*)
    | (?P<number>\d[\w.]*)
    | (?P<sign>.)
    """,
    re.VERBOSE | re.DOTALL,
)


@dataclass
class Token:
    """A word, quoted name, string, number or sign, and how deep in parentheses it stands."""

    kind: str
    text: str
    depth: int

    @property
    def upper(self) -> str:
        return self.text.upper() if self.kind == "word" else ""

    @property
    def name(self) -> str:
        """The token as an identifier, without quotes."""
        if self.kind != "name":
            return self.text
        quote = self.text[-1]
        return self.text[1:-1].replace(quote * 2, quote)


def tokenize(sql: str) -> Iterator[Token]:
    """The tokens of a statement, without white space and comments."""
    depth = 0
    for found in _TOKEN.finditer(sql):
        kind = found.lastgroup
        if kind is None:
            continue
        text = found[kind]
        if kind == "sign" and text == ")":
            depth -= 1
        yield Token(kind, text, depth)
        if kind == "sign" and text == "(":
            depth += 1


@dataclass
class Constraint:
    """A check or unique constraint."""

    name: str | None
    unique: bool = False
    check: bool = False
    columns: list[str] = field(default_factory=list)


@dataclass
class TableDefinition:
    """What a CREATE TABLE statement says: constraints in order, and collations by column."""

    constraints: list[Constraint] = field(default_factory=list)
    collations: dict[str, str] = field(default_factory=dict)
    columns: list[str] = field(default_factory=list)


def _items(sql: str) -> Iterator[list[Token]]:
    """The parts between the commas of the outermost parentheses."""
    item: list[Token] = []
    for token in tokenize(sql):
        if token.kind == "sign" and token.depth <= 1 and token.text in "(,)":
            if (token.text == "," and token.depth == 1) or (token.text == ")" and token.depth == 0):
                yield item
                item = []
                if token.text == ")":
                    return
                continue
            if token.depth == 0:
                item = []
                continue
        if token.depth >= 1:
            item.append(token)


def parse(sql: str, columns: set[str]) -> TableDefinition:
    """Read a CREATE TABLE statement; ``columns`` are the names of the table's columns."""
    table = TableDefinition()
    for item in _items(sql):
        if not item:
            continue
        if item[0].upper in ("CONSTRAINT", "UNIQUE", "CHECK", "PRIMARY", "FOREIGN"):
            _read_clauses(table, item, None, columns)
        else:
            column = item[0].name
            table.columns.append(column)
            _read_clauses(table, item[1:], column, columns)
    return table


def _read_clauses(table: TableDefinition, tokens: list[Token], column: str | None, columns: set[str]) -> None:
    """Read the constraints of one part: of a column, or of the table where ``column`` is ``None``."""
    name: str | None = None
    position = 0
    while position < len(tokens):
        word = tokens[position].upper if tokens[position].depth == 1 else ""
        if word == "CONSTRAINT":
            name = tokens[position + 1].name
            position += 1
        elif word == "UNIQUE":
            inside = _inside(tokens, position + 1) if column is None else []
            names = [token.name for token in inside if token.name in columns]
            table.constraints.append(Constraint(name, unique=True, columns=names if column is None else [column]))
            name = None
        elif word == "CHECK":
            inside = _inside(tokens, position + 1)
            used = [token.name for token in inside if token.kind in ("name", "word") and token.name in columns]
            table.constraints.append(Constraint(name, check=True, columns=used))
            name = None
            position += len(inside) + 1
        elif word == "COLLATE" and column is not None:
            table.collations[column] = tokens[position + 1].name
        position += 1


def _inside(tokens: list[Token], start: int) -> list[Token]:
    """The tokens in the parentheses that open at ``start``."""
    found: list[Token] = []
    for token in tokens[start + 1 :]:
        if token.kind == "sign" and token.text == ")" and token.depth == tokens[start].depth:
            break
        found.append(token)
    return found


def as_dictionary(constraint: Constraint) -> dict[str, Any]:
    """A constraint in the form of ``get_constraints``."""
    return {
        "columns": constraint.columns,
        "primary_key": False,
        "unique": constraint.unique,
        "foreign_key": None,
        "check": constraint.check,
        "index": False,
    }

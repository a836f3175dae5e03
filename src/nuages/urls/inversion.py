"""From a regular expression back to the texts that it matches: format strings for reversing.

Python's own parser reads the expression; each node of its tree yields pieces. A capturing group becomes a parameter
(``%(name)s``, or ``%(_0)s`` where it has no name), a character set its first member, optional pieces are left out, unless
a parameter stands in them: then both ways are possible. A disjunction cannot be reversed.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from re import _constants as codes  # type: ignore[attr-defined]
from re import _parser as parser  # type: ignore[attr-defined]
from typing import Any

Possibility = tuple[str, tuple[str, ...]]

FLAGS = re.compile(r"\(\?[aiLmsux]+\)")
CATEGORIES = {
    codes.CATEGORY_DIGIT: "0",
    codes.CATEGORY_NOT_DIGIT: "x",
    codes.CATEGORY_SPACE: " ",
    codes.CATEGORY_NOT_SPACE: "x",
    codes.CATEGORY_WORD: "x",
    codes.CATEGORY_NOT_WORD: "!",
}


class Irreversible(Exception):
    """The expression has an alternative outside of its groups."""


@dataclass
class Inverter:
    """Walks a parsed expression."""

    names: dict[int, str]
    backrefs: dict[int, str]
    unnamed: int = 0

    def sequence(self, nodes: Iterable[Any]) -> list[Possibility]:
        """Give all texts of a sequence of nodes."""
        results: list[Possibility] = [("", ())]
        for code, argument in nodes:
            choices = self.node(code, argument)
            results = [(text + more, names + also) for text, names in results for more, also in choices]
        return results

    def node(self, code: Any, argument: Any) -> list[Possibility]:
        """Give all texts of one node."""
        if code is codes.LITERAL:
            return [(chr(argument).replace("%", "%%"), ())]
        if code is codes.IN:
            return [(member(argument).replace("%", "%%"), ())]
        if code is codes.ANY:
            return [(".", ())]
        if code is codes.NOT_LITERAL:
            return [("x" if argument != ord("x") else "y", ())]
        if code is codes.SUBPATTERN:
            return self.group(argument)
        if code in (codes.MAX_REPEAT, codes.MIN_REPEAT, codes.POSSESSIVE_REPEAT):
            return self.repeat(*argument)
        if code is codes.GROUPREF:
            return [(f"%({self.backrefs[argument]})s", ())]
        if code in (codes.AT, codes.ASSERT, codes.ASSERT_NOT):
            return [("", ())]
        if code is codes.ATOMIC_GROUP:
            return self.sequence(argument)
        raise Irreversible(str(code))

    def group(self, argument: Any) -> list[Possibility]:
        """A capturing group is a parameter, and what stands in it is its own business."""
        number, _add, _remove, content = argument
        if number is None:
            return self.sequence(content)
        name = self.names.get(number)
        if name is None:
            name = f"_{self.unnamed}"
            self.unnamed += 1
        self.backrefs[number] = name
        return [(f"%({name})s", (name,))]

    def repeat(self, least: int, _most: Any, content: Any) -> list[Possibility]:
        """Repeat as often as needed; optional parameters may be given or not."""
        once = self.sequence(content)
        if least > 1:
            return [(text * least, names) for text, names in once] if not any(n for _t, n in once) else once
        if least == 1:
            return once
        return [("", ())] + [choice for choice in once if choice[1]]


def member(items: list[Any]) -> str:
    """Give a character of a set: the first one of it, or some letter that is not in it."""
    code, argument = items[0]
    if code is codes.NEGATE:
        excluded = {chr(value) for kind, value in items[1:] if kind is codes.LITERAL}
        return next(letter for letter in "x.y-z_abcdefghijklmnop" if letter not in excluded)
    if code is codes.LITERAL:
        return chr(argument)
    if code is codes.RANGE:
        return chr(argument[0])
    return CATEGORIES.get(argument, "x")


def invert(regex: str) -> list[Possibility]:
    """Give the format strings of ``regex`` and the parameters of each; an empty list if it cannot be reversed."""
    try:
        tree = parser.parse(regex)
        names = {number: name for name, number in tree.state.groupdict.items()}
        return Inverter(names, {}).sequence(tree)
    except (Irreversible, re.error, OverflowError):
        return []


def join(*regexes: str) -> str:
    """Put the expressions of nested patterns behind one another; global flags move to the front."""
    flags, pieces = "", []
    for regex in regexes:
        match = FLAGS.match(regex)
        if match:
            flags = match[0]
            regex = regex[match.end() :]
        pieces.append(regex[1:] if regex.startswith("^") else regex)
    return flags + "".join(pieces)

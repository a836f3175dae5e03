"""Splitting at blanks outside quotes: by expression for short texts, by a table for long ones that hold backslashes."""

from __future__ import annotations

import random

from nuages.text import formatting
from nuages.text.formatting import smart_split, smart_split_re


def test_both_ways_agree() -> None:
    chance = random.Random(7)
    for _ in range(20_000):
        text = "".join(chance.choice("ab \t\"'\\") for _ in range(chance.randrange(14)))
        assert list(formatting._split_by_table(text)) == [match[0] for match in smart_split_re.finditer(text)], text


def test_escaped_quotes_that_never_close() -> None:
    text = '"' + '\\" ' * 40_000
    assert len(list(smart_split(text))) == 40_000
    assert list(smart_split('say "a \\" b" ' + "x" * 600)) == ["say", '"a \\" b"', "x" * 600]


def test_wrapping_many_blanks() -> None:
    assert formatting.wrap(" " * 100_000 + "end", 10) == " " * 100_000 + "end"

"""Names in words, and choices in pairs."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from nuages.text.choices import flatten_choices
from nuages.text.formatting import camel_case_to_spaces


@pytest.mark.parametrize(
    ("name", "words"),
    [("HTTPServer", "http server"), ("PNM2", "pn m2"), ("XViewSet2", "x view set2"), ("A1B2", "a1 b2"), ("ABC", "abc"), ("a_B", "a_b")],
)
def test_camel_case(name: str, words: str) -> None:
    assert camel_case_to_spaces(name) == words


class Unmeasured:
    """Choices of an extension that have no length until they are asked for."""

    def __len__(self) -> int:
        raise TypeError

    def __iter__(self) -> Iterator[tuple[int, str]]:
        return iter([(1, "one")])


def test_choices_are_not_asked_for_their_length() -> None:
    assert list(flatten_choices(Unmeasured())) == [(1, "one")] and list(flatten_choices(None)) == []

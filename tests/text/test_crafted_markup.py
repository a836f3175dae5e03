"""Markup that is built to make its reader slow: each reader gives up early, and treats the rest as text."""

from __future__ import annotations

import pytest

from nuages.exceptions import SuspiciousOperation
from nuages.i18n.prose import Truncator
from nuages.text.html import strip_tags
from nuages.text.tagparsing import MAX_UNFINISHED, SHORT, TagParser, TooManyUnfinished

UNFINISHED = ["<a ", '<a "', "<a/", '<a b="c>d" ', "<!--", "<!--x>", "<script><!--", "</x", "<![if>"]


@pytest.mark.parametrize("markup", UNFINISHED)
def test_the_parser_counts_its_vain_attempts(markup: str) -> None:
    tries = 0

    class Counting(TagParser):
        def _counted(self, parse: object, position: int) -> int:
            nonlocal tries
            tries += 1
            return super()._counted(parse, position)  # type: ignore[arg-type]

    parser = Counting()
    try:
        parser.feed(markup * 2000)
        parser.close()
    except TooManyUnfinished:
        assert parser.unfinished == MAX_UNFINISHED
    assert parser.unfinished <= MAX_UNFINISHED + SHORT
    assert tries < 5000


@pytest.mark.parametrize("markup", ["<a ", '<a "', '<a b="c>d" ', "<!--x>"])
def test_truncating_takes_the_rest_as_text(markup: str) -> None:
    text = markup * 20_000
    whole = Truncator(text).chars(10**6, html=True)
    assert len(Truncator(text).chars(100, html=True)) < 1000
    assert whole.count("&lt;") >= 10_000


@pytest.mark.parametrize("markup", ["<!--x>", '<a b="c>d" '])
def test_stripping_refuses(markup: str) -> None:
    with pytest.raises(SuspiciousOperation):
        strip_tags(markup * 20_000)


def test_a_few_unfinished_tags_are_no_crime() -> None:
    assert strip_tags("<b>1</b> <- 2 <!-- 3 </i") != ""
    assert Truncator("<p>one <b>two</b> three</p>").words(2, html=True) == "<p>one <b>two</b>…</p>"


def test_short_texts_are_read_as_they_are() -> None:
    text = ">" + "<a" * 500 + "a"
    assert strip_tags(text) in (text, ">")

"""Routes as people read them."""

import pytest

from nuages.urls.readable import simplify_regex


@pytest.mark.parametrize(
    ("pattern", "text"),
    [
        (r"^(?P<id>\d+)/edit/$", "/<id>/edit/"),
        (r"^(?P<a>(x|y)(\(|\)))/(\w+)?", "/<a>/<var>"),
        (r"^a(?:(x|y))/b", "/a/b"),
        (r"^files/?$", "/files/"),
        (r"a\?\$", "/a?$"),
        (r"\Aa\\\Z", r"/a\\"),
        (r"a\\(\w+)", r"/a\\<var>"),
        (r"a(\w+", "/a<var>"),
        (r"^page\.html\??$", r"/page\.html?"),
        (r"/\/x/", r"/\/x/"),
    ],
)
def test_groups_and_signs(pattern: str, text: str) -> None:
    assert simplify_regex(pattern) == text

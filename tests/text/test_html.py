"""Escaping, joining, linking and stripping HTML."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nuages.exceptions import SuspiciousOperation
from nuages.text.html import (
    conditional_escape,
    escape,
    format_html,
    format_html_join,
    json_script,
    linebreaks,
    mark_safe,
    strip_tags,
    urlize,
)
from nuages.text.lazy import lazystr
from nuages.text.safestring import SafeString


@given(st.text())
def test_escaped_text_has_no_markup_left(text):
    escaped = escape(text)
    assert not set(escaped) & set("<>\"'")
    assert isinstance(escaped, SafeString)


def test_safe_text_is_not_escaped_twice():
    assert conditional_escape(mark_safe("<b>")) == "<b>"
    assert conditional_escape(lazystr(mark_safe("<b>"))) == "<b>"
    assert conditional_escape("<b>") == "&lt;b&gt;"


def test_format_html_escapes_arguments_only():
    assert format_html("<i>{}</i>{x}", "<", x=mark_safe("<hr>")) == "<i>&lt;</i><hr>"
    assert format_html_join(mark_safe("<br>"), "{}", [("<",), (">",)]) == "&lt;<br>&gt;"
    with pytest.raises(TypeError):
        format_html("<i>")


def test_safety_is_lost_by_changes():
    safe = mark_safe("<b>")
    assert isinstance(safe + mark_safe("x"), SafeString)
    assert type(safe + "x") is str
    assert type(safe.strip()) is str


def test_json_in_a_script_cannot_leave_it():
    assert "</script>" not in json_script({"a": "</script>"}, "id")[:-9]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("see https://a.org/x?q=1.", 'see <a href="https://a.org/x?q=1">https://a.org/x?q=1</a>.'),
        ("(https://a.org/b_(c))", '(<a href="https://a.org/b_(c)">https://a.org/b_(c)</a>)'),
        ("me@a.org", '<a href="mailto:me@a.org">me@a.org</a>'),
        ("a@" + "x." * 100_000 + "y", "a@" + "x." * 100_000 + "y"),
        ("http:///a.org", "http:///a.org"),
        ("https://a.org/?x=1&y=2", '<a href="https://a.org/?x=1&amp;y=2">https://a.org/?x=1&y=2</a>'),
    ],
)
def test_urlize(text, expected):
    assert urlize(text) == expected


def test_strip_tags():
    assert strip_tags("<b>Joel</b> <i>is</i> 1 < 2") == "Joel is 1 < 2"
    assert strip_tags("<" * 50 + "a>" * 50) == ""
    with pytest.raises(SuspiciousOperation):
        strip_tags("<" * 60 + "a>" * 60)


def test_linebreaks():
    assert linebreaks("a\nb\r\n\r\nc") == "<p>a<br>b</p>\n\n<p>c</p>"

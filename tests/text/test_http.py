"""Dates, hosts and parameters of HTTP."""

from email.header import Header, decode_header, make_header
from email.utils import collapse_rfc2231_value, decode_params, formatdate, unquote
from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nuages.text.datastructures import MultiValueDict
from nuages.text.http import (
    content_disposition_header,
    encoded_word,
    http_date,
    parse_etags,
    parse_header_parameters,
    parse_http_date,
    url_has_allowed_host_and_scheme,
    urlencode,
)


@pytest.mark.parametrize("text", ["Sun, 06 Nov 1994 08:49:37 GMT", "Sunday, 06-Nov-94 08:49:37 GMT", "Sun Nov  6 08:49:37 1994"])
def test_all_three_forms_of_dates(text):
    assert http_date(parse_http_date(text)) == "Sun, 06 Nov 1994 08:49:37 GMT"


@pytest.mark.parametrize(
    "url",
    ["http://evil.org", "//evil.org", r"\\evil.org", r"/\evil.org", "javascript:x", "\x08//evil.org", "http:///evil.org", r"http://ok.org\@evil.org", ""],
)
def test_redirects_that_lead_elsewhere(url):
    assert not url_has_allowed_host_and_scheme(url, {"ok.org"})


def test_redirects_that_stay():
    assert url_has_allowed_host_and_scheme("/a?b=http://c", None)
    assert url_has_allowed_host_and_scheme("https://ok.org/a", {"ok.org"}, require_https=True)
    assert not url_has_allowed_host_and_scheme("http://ok.org/a", {"ok.org"}, require_https=True)


def test_header_parameters():
    line = "form-data; name=\"a;b\"; filename*=UTF-8''f%C3%A4.txt; x=1"
    assert parse_header_parameters(line) == ("form-data", {"name": "a;b", "filename": "fä.txt", "x": "1"})
    with pytest.raises(ValueError):
        parse_header_parameters("x" * 10_001)


def test_query_strings_and_tags():
    assert urlencode(MultiValueDict({"a": [1, 2]}), doseq=True) == "a=1&a=2"
    with pytest.raises(TypeError):
        urlencode({"a": None})
    assert parse_etags('W/"a", "b" , c') == ['W/"a"', '"b"']
    assert content_disposition_header(True, "ü.txt") == "attachment; filename*=utf-8''%C3%BC.txt"


@given(st.text(st.characters(exclude_categories=["Cs", "Cc", "Zl", "Zp"]), min_size=1))
def test_encoded_word_is_what_mail_tools_write(text):
    if not text.isascii():
        word = encoded_word(text)
        assert word == Header(text, "utf-8", maxlinelen=2**31).encode()
        assert str(make_header(decode_header(word))) == text


@given(st.integers(0, 4_102_444_800) | st.sampled_from([0.25, 784111777.75]))
def test_http_date_is_the_form_of_rfc_9110(moment):
    assert http_date(moment) == formatdate(moment, usegmt=True)


@given(st.sampled_from(["utf-8", "iso-8859-1", "us-ascii", ""]), st.text(st.characters(min_codepoint=32, max_codepoint=255)))
def test_extended_parameters_read_as_rfc_2231_says(charset, text):
    value = f"{charset}'en'{quote(text, encoding='latin-1')}"
    decoded = decode_params([("", ""), ("title*", value)])[1][1]
    assert parse_header_parameters(f"text/plain; title*={value}")[1]["title"] == unquote(collapse_rfc2231_value(decoded))

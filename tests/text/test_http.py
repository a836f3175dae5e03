"""Dates, hosts and parameters of HTTP."""

import pytest

from nuages.text.datastructures import MultiValueDict
from nuages.text.http import (
    content_disposition_header,
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

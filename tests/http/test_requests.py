"""Requests: what is read from the environ, the body and the headers."""

from io import BytesIO

import pytest

from nuages.exceptions import BadRequest, DisallowedHost, RequestDataTooBig, TooManyFieldsSent
from nuages.http import HttpRequest, QueryDict, RawPostDataException, parse_cookie
from nuages.http.meta import Meta
from nuages.server.asgi import ASGIRequest
from nuages.server.wsgi import LimitedStream, WSGIRequest


def wsgi(body=b"", **environ):
    """A request with a body."""
    base = {
        "REQUEST_METHOD": "POST" if body else "GET",
        "PATH_INFO": "/",
        "CONTENT_LENGTH": str(len(body)),
        "SERVER_NAME": "testserver",
        "SERVER_PORT": "80",
        "wsgi.input": BytesIO(body),
    }
    return WSGIRequest({**base, **environ})


FORM = "application/x-www-form-urlencoded"


def test_a_form_is_read_and_the_body_stays():
    request = wsgi(b"a=1&a=2&b=%C3%A9", CONTENT_TYPE=FORM)
    assert request.POST == {"a": ["1", "2"], "b": ["é"]}
    assert request.body == b"a=1&a=2&b=%C3%A9"
    assert request.read(3) == b"a=1"


def test_the_body_is_gone_after_reading_the_stream():
    request = wsgi(b"a=1", CONTENT_TYPE=FORM)
    assert request.read(1) == b"a"
    with pytest.raises(RawPostDataException):
        request.body
    assert request.POST == {}


def test_limits_count_received_bytes(override):
    override(DATA_UPLOAD_MAX_MEMORY_SIZE=4)
    with pytest.raises(RequestDataTooBig):
        wsgi(b"a=123", CONTENT_TYPE=FORM).body
    lying = ASGIRequest({"type": "http", "method": "POST", "path": "/", "headers": [(b"content-length", b"1")]}, BytesIO(b"x" * 9))
    with pytest.raises(RequestDataTooBig):
        lying.body
    override(DATA_UPLOAD_MAX_MEMORY_SIZE=None, DATA_UPLOAD_MAX_NUMBER_FIELDS=1)
    with pytest.raises(TooManyFieldsSent):
        wsgi(b"a=1&b=2", CONTENT_TYPE=FORM).POST


def test_a_malformed_content_type_is_a_bad_request():
    with pytest.raises(BadRequest):
        wsgi(CONTENT_TYPE="text/plain; charset*=BOGUS''%20")


def test_paths_that_are_no_utf8_stay_encoded():
    assert wsgi(PATH_INFO="/caf\xe9/").path == "/caf%E9/"
    assert wsgi(PATH_INFO="/سلام/".encode().decode("latin-1")).path == "/سلام/"


@pytest.mark.parametrize("host", ["evil.com@good.com", "good.com:80/x", "good.com: evil.com", "other.com"])
def test_hosts_are_checked(override, host):
    override(ALLOWED_HOSTS=["good.com"])
    assert wsgi(HTTP_HOST="good.com:81").get_host() == "good.com:81"
    with pytest.raises(DisallowedHost):
        wsgi(HTTP_HOST=host).get_host()


def test_absolute_addresses(override):
    override(ALLOWED_HOSTS=["*"])
    request = wsgi(PATH_INFO="/a/b/", QUERY_STRING="x=1")
    assert request.build_absolute_uri() == "http://testserver/a/b/?x=1"
    assert request.build_absolute_uri("/c/../d/") == "http://testserver/d/"
    assert request.build_absolute_uri("//elsewhere.org/") == "http://elsewhere.org/"
    assert request.build_absolute_uri("e") == "http://testserver/a/b/e"


def test_meta_looks_headers_up_and_behaves_like_a_dict():
    headers = {"user-agent": "x", "x-one": "1"}
    asked = []

    def find(name):
        asked.append(name)
        return headers.get(name)

    meta = Meta({"REQUEST_METHOD": "GET"}, find, headers.items)
    assert meta["HTTP_USER_AGENT"] == "x" and meta.get("HTTP_NONE") is None
    assert asked == ["user-agent", "none"]
    meta["HTTP_X_ONE"] = "changed"
    assert dict(meta) == {"REQUEST_METHOD": "GET", "HTTP_USER_AGENT": "x", "HTTP_X_ONE": "changed"}
    del meta["HTTP_USER_AGENT"]
    assert "HTTP_USER_AGENT" not in meta and len(meta) == 2


def test_headers_with_underscores_cannot_pass_for_others():
    scope = {"type": "http", "method": "GET", "path": "/", "headers": [(b"x_user", b"evil"), (b"cookie", b"a=1;"), (b"cookie", b"b=2")]}
    request = ASGIRequest(scope, BytesIO())
    assert "HTTP_X_USER" not in request.META and "x_user" not in request.headers
    assert request.COOKIES == {"a": "1", "b": "2"}


def test_content_negotiation():
    request = HttpRequest()
    request.META["HTTP_ACCEPT"] = "text/*;q=0.3, text/html;q=0.7, text/html;level=1, */*;q=0.5"
    assert request.accepted_type("text/html;level=3").quality == 0.7
    assert request.get_preferred_type(["text/html", "text/html; level=1"]) == "text/html; level=1"
    assert request.get_preferred_type(["text/plain", "image/png"]) == "image/png"
    request = HttpRequest()
    request.META["HTTP_ACCEPT"] = "text/html;q=0"
    assert not request.accepts("text/html")


def test_querydict_is_immutable_until_copied():
    query = QueryDict("a=1&a=2&c=3")
    with pytest.raises(AttributeError):
        query["a"] = "x"
    twin = query.copy()
    twin["a"] = "x y"
    assert twin.urlencode() == "a=x+y&c=3" and query.getlist("a") == ["1", "2"]
    assert QueryDict("next=/a b/").urlencode(safe="/") == "next=/a%20b/"


def test_cookies_are_parsed_as_browsers_write_them():
    assert parse_cookie('a=b; "; c=d=e; a=f;  =  g  ') == {"a": "f", "": "g", "c": "d=e"}


def test_the_limited_stream_stops_at_its_end():
    stream = LimitedStream(BytesIO(b"12\n345"), 5)
    assert stream.readline() == b"12\n"
    assert stream.read() == b"34"
    assert stream.read(1) == b"" == stream.readline()


def test_signed_cookies():
    from nuages.http import HttpResponse
    from nuages.signing import BadSignature

    response = HttpResponse()
    response.set_signed_cookie("a", "v", salt="bc")
    request = HttpRequest()
    request.COOKIES = {"a": response.cookies["a"].value, "ab": response.cookies["a"].value}
    assert request.get_signed_cookie("a", salt="bc") == "v"
    with pytest.raises(BadSignature):
        request.get_signed_cookie("ab", salt="c")
    assert request.get_signed_cookie("none", default=1) == 1

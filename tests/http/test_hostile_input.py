"""Input that somebody crafted: it must be refused, quickly, and with an error that becomes a 400."""

from __future__ import annotations

import time
from io import BytesIO
from typing import Any

import pytest

from nuages.contrib.sessions.backends.store import SessionBase
from nuages.http import HttpRequest, HttpResponse, parse_cookie
from nuages.http.errors import BadHeaderError
from nuages.http.multipart import MultiPartParser, MultiPartParserError
from nuages.http.uploads import MemoryFileUploadHandler, TemporaryFileUploadHandler
from nuages.test import Client, override_settings

PLAIN = "multipart/form-data; boundary=b"


def parse(body: bytes, content_type: str = PLAIN) -> tuple[Any, Any]:
    meta = {"CONTENT_TYPE": content_type, "CONTENT_LENGTH": str(len(body))}
    return MultiPartParser(meta, BytesIO(body), [MemoryFileUploadHandler(), TemporaryFileUploadHandler()]).parse()


def test_padding_behind_a_delimiter_is_not_collected() -> None:
    started = time.perf_counter()
    with pytest.raises(MultiPartParserError):
        parse(b"--b" + b"x" * 30_000_000)
    assert time.perf_counter() - started < 3


def test_parts_without_a_name_are_limited() -> None:
    parse(b"--b\r\n" + b"\r\n\r\n--b\r\n" * 900)
    with pytest.raises(MultiPartParserError):
        parse(b"--b\r\n" + b"\r\n\r\n--b\r\n" * 1100)


def test_boundary_outside_ascii() -> None:
    with pytest.raises(MultiPartParserError):
        parse(b"--b--", "multipart/form-data; boundary*=utf-8''%E2%82%AC")


def test_extension_that_no_file_system_takes() -> None:
    body = b'--b\r\nContent-Disposition: form-data; name="a"; filename="x.' + b"e" * 400 + b'"\r\n\r\nv\r\n--b--\r\n'
    with override_settings(FILE_UPLOAD_MAX_MEMORY_SIZE=1):
        _post, files = parse(body)
    assert files["a"].read() == b"v"
    files["a"].close()


@pytest.mark.parametrize("charset", ["undefined", "\0", "idna", "punycode", "unicode_escape", "rot13", "nonsense"])
def test_codecs_that_are_no_charsets_are_ignored(charset: str) -> None:
    request = HttpRequest()
    request._set_content_type_params({"CONTENT_TYPE": f"{PLAIN}; charset={charset}"})
    assert request.encoding is None


@pytest.mark.parametrize(
    "attributes", [{"path": "/\r\nSet-Cookie: a=b"}, {"domain": "example.com; Secure"}, {"expires": "never\nX: y"}]
)
def test_cookie_attributes_cannot_start_something_new(attributes: dict[str, str]) -> None:
    response = HttpResponse()
    with pytest.raises(ValueError, match="semicolon or a control character"):
        response.set_cookie("name", "value", **attributes)  # type: ignore[arg-type]
    assert not response.cookies


def test_reason_phrase_that_is_set_later() -> None:
    response = HttpResponse()
    with pytest.raises(BadHeaderError):
        response.reason_phrase = "Fine\r\nX-Other: 1"


def test_session_key_with_a_nul() -> None:
    assert SessionBase("a" * 20 + "\0").session_key is None


def test_escapes_in_cookies() -> None:
    assert parse_cookie('a="x\\"y\\\\z\\054\\303"; b="open; c=\\"') == {"a": 'x"y\\z,Ã', "b": '"open', "c": '\\"'}
    started = time.perf_counter()
    assert parse_cookie('a="' + '\\"' * 300_000 + '"') == {"a": '"' * 300_000}
    assert time.perf_counter() - started < 3


@pytest.mark.parametrize(
    "content_type",
    ["multipart/form-data", "multipart/form-data; boundary=", "application/x-www-form-urlencoded; charset=utf-7"],
)
@pytest.mark.parametrize(("path", "status"), [("/nowhere/", 404), ("/admin/logout/", 400)])
def test_error_pages_do_not_need_the_body(path: str, status: int, content_type: str) -> None:
    protected = ["nuages.middleware.csrf.CsrfViewMiddleware"]
    with override_settings(ROOT_URLCONF="tests.contrib.urls", MIDDLEWARE=protected):
        client = Client(enforce_csrf_checks=True, raise_request_exception=False)
        client.cookies["csrftoken"] = "a" * 32
        response = client.generic("POST", path, b"csrfmiddlewaretoken=x", content_type=content_type)
    assert response.status_code == status

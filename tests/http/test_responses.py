"""Responses."""

import asyncio
import io
import warnings

import pytest

from nuages.exceptions import DisallowedRedirect
from nuages.http import (
    BadHeaderError,
    FileResponse,
    HttpRequest,
    HttpResponse,
    HttpResponseNotModified,
    HttpResponseRedirect,
    JsonResponse,
    StreamingHttpResponse,
    caching,
)


def test_content_comes_from_anything():
    assert HttpResponse("é").content == "é".encode()
    assert HttpResponse("é", content_type="text/plain; charset=latin-1").content == b"\xe9"
    assert HttpResponse([1, "2", b"3"]).content == b"123"
    response = HttpResponse(memoryview(b"m"))
    response.write("ore")
    assert response.content == b"more" and response.tell() == 4


def test_headers_are_checked():
    response = HttpResponse(headers={"X-One": 1})
    assert response["x-one"] == "1"
    with pytest.raises(BadHeaderError):
        response["X"] = "a\r\nSet-Cookie: b"
    with pytest.raises(UnicodeError):
        response["ø"] = "x"
    response["Y"] = "†"
    assert response["Y"] == "=?utf-8?b?4oCg?="
    del response["never set"]


def test_statuses():
    assert HttpResponse(status="404").reason_phrase == "Not Found"
    with pytest.raises(ValueError):
        HttpResponse(status=600)
    with pytest.raises(TypeError):
        HttpResponse(status="x")
    with pytest.raises(AttributeError):
        HttpResponseNotModified().content = "x"


def test_cookies():
    response = HttpResponse()
    response.set_cookie("a", "1", max_age=10, samesite="Lax", httponly=True)
    assert "Max-Age=10" in response.cookies["a"].OutputString()
    response.delete_cookie("__Secure-x")
    assert response.cookies["__Secure-x"]["secure"] is True
    with pytest.raises(ValueError):
        response.set_cookie("a", samesite="odd")


@pytest.mark.parametrize("url", ["javascript:alert(1)", "data:text/html,x", "x" * 20000])
def test_redirects_refuse_schemes(url):
    with pytest.raises(DisallowedRedirect):
        HttpResponseRedirect(url)


def test_redirects_keep_the_method_if_asked():
    assert HttpResponseRedirect("/é", preserve_request=True).status_code == 307
    assert HttpResponseRedirect("/é").url == "/%C3%A9"


def test_json_has_the_documented_form():
    assert JsonResponse({"foo": "bar", "n": [1, None]}).content == b'{"foo": "bar", "n": [1, null]}'
    with pytest.raises(TypeError):
        JsonResponse([1])
    assert JsonResponse([1], safe=False, json_dumps_params={"indent": 1}).content == b"[\n 1\n]"


def test_streams_of_both_colours_work_everywhere():
    async def numbers():
        for number in range(3):
            await asyncio.sleep(0)
            yield str(number)

    async def collect(response):
        return [chunk async for chunk in response.sent_chunks()]

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        assert list(StreamingHttpResponse(numbers())) == [b"0", b"1", b"2"]
    assert asyncio.run(collect(StreamingHttpResponse(iter("ab")))) == [b"a", b"b"]
    assert asyncio.run(collect(StreamingHttpResponse(numbers()))) == [b"0", b"1", b"2"]


def test_files():
    source = io.BytesIO(b"binary content")
    source.seek(10)
    response = FileResponse(source, as_attachment=True, filename="é.tar.gz")
    assert response["Content-Length"] == "4" and response["Content-Type"] == "application/gzip"
    assert response["Content-Disposition"] == "attachment; filename*=utf-8''%C3%A9.tar.gz"
    assert b"".join(response) == b"tent"
    response.close()
    assert source.closed


def test_cache_control_is_merged():
    response = HttpResponse(headers={"Cache-Control": "max-age=30, private"})
    caching.patch_cache_control(response, max_age=60, public=True)
    assert response["Cache-Control"] == "max-age=30, public"
    caching.patch_vary_headers(response, ["Cookie", "accept"])
    caching.patch_vary_headers(response, ["cookie"])
    assert response["Vary"] == "Cookie, accept"


@pytest.mark.parametrize(
    ("method", "headers", "status"),
    [
        ("GET", {"HTTP_IF_NONE_MATCH": '"x"'}, 304),
        ("POST", {"HTTP_IF_NONE_MATCH": '"x"'}, 412),
        ("GET", {"HTTP_IF_NONE_MATCH": '"y"'}, 200),
        ("GET", {"HTTP_IF_MATCH": '"y"'}, 412),
        ("GET", {"HTTP_IF_MODIFIED_SINCE": "Thu, 01 Jan 2099 00:00:00 GMT"}, 304),
        ("PUT", {"HTTP_IF_UNMODIFIED_SINCE": "Thu, 01 Jan 1970 00:00:10 GMT"}, 412),
    ],
)
def test_conditional_requests(method, headers, status):
    request = HttpRequest()
    request.method, request.path, request.META = method, "/", headers
    response = caching.get_conditional_response(request, '"x"', 1000, HttpResponse())
    assert response.status_code == status

"""The built-in middleware."""

import asyncio
import re
import zlib
from collections.abc import AsyncIterator

import pytest

from nuages.exceptions import PermissionDenied
from nuages.http import HttpRequest, HttpResponse, StreamingHttpResponse
from nuages.middleware import csrf
from nuages.middleware.addresses import CommonMiddleware
from nuages.middleware.clickjacking import XFrameOptionsMiddleware
from nuages.middleware.csp import ContentSecurityPolicyMiddleware, get_nonce
from nuages.middleware.gzip import GZipMiddleware
from nuages.middleware.http import ConditionalGetMiddleware
from nuages.middleware.security import SecurityMiddleware
from nuages.text.csp import CSP
from nuages.text.formatting import acompress_sequence
from nuages.urls import path

urlpatterns = [path("page/", lambda request: HttpResponse())]


def request_for(url="/page/", method="GET", secure=False, **meta):
    """A request without a server."""
    request = HttpRequest()
    request.method, request.path, request.path_info = method, url, url
    request.META = {"SERVER_NAME": "testserver", "SERVER_PORT": "443" if secure else "80", **meta}
    request._get_scheme = lambda: "https" if secure else "http"
    return request


@pytest.fixture(autouse=True)
def site(override):
    """Any host, one page."""
    override(ALLOWED_HOSTS=["*"], ROOT_URLCONF=__name__, DEBUG=False)


# -- CSRF -----------------------------------------------------------------------------------------------------------------

SECRET = "lcccccccX2kcccccccY2jcccccccssIC"
MASKED = "1bcdefghij2bcdefghij3bcdefghij4bcdefghij5bcdefghij6bcdefghijABCD"


def checked(request):
    """Run the checks; ``None`` means accepted."""
    middleware = csrf.CsrfViewMiddleware(lambda request: HttpResponse())
    middleware.process_request(request)
    return middleware.process_view(request, lambda request: None, (), {})


def test_the_format_of_masked_tokens():
    assert csrf._unmask_cipher_token(MASKED) == SECRET
    assert csrf._unmask_cipher_token(csrf._mask_cipher_secret(SECRET)) == SECRET
    assert csrf._mask_cipher_secret(SECRET) != csrf._mask_cipher_secret(SECRET)


@pytest.mark.parametrize("cookie", [SECRET, MASKED])
@pytest.mark.parametrize("token", [SECRET, MASKED])
def test_cookie_and_token_may_both_be_masked_or_bare(cookie, token):
    for place in ("form", "header"):
        request = request_for(method="POST")
        request.COOKIES["csrftoken"] = cookie
        if place == "form":
            request.POST["csrfmiddlewaretoken"] = token
        else:
            request.META["HTTP_X_CSRFTOKEN"] = token
        assert checked(request) is None


@pytest.mark.parametrize(
    ("cookie", "token", "origin", "secure", "referer"),
    [
        (None, SECRET, None, False, None),
        (SECRET, None, None, False, None),
        (SECRET, "a" * 32, None, False, None),
        (SECRET, "*" * 64, None, False, None),
        (SECRET, SECRET, "https://evil.org", False, None),
        (SECRET, SECRET, "null", False, None),
        (SECRET, SECRET, "https://[", False, None),
        (SECRET, SECRET, None, True, None),
        (SECRET, SECRET, None, True, "https://evil.org/"),
        (SECRET, SECRET, None, True, "http://testserver/"),
        (SECRET, SECRET, None, True, "https://["),
    ],
)
def test_what_is_refused(cookie, token, origin, secure, referer):
    request = request_for(method="POST", secure=secure)
    if cookie:
        request.COOKIES["csrftoken"] = cookie
    if token:
        request.POST["csrfmiddlewaretoken"] = token
    if origin:
        request.META["HTTP_ORIGIN"] = origin
    if referer:
        request.META["HTTP_REFERER"] = referer
    response = checked(request)
    assert response.status_code == 403


def test_trusted_origins(override):
    override(CSRF_TRUSTED_ORIGINS=["https://*.example.com"])
    for meta in ({"HTTP_ORIGIN": "https://a.example.com"}, {"HTTP_REFERER": "https://b.example.com/x"}):
        request = request_for(method="POST", secure=True, **meta)
        request.COOKIES["csrftoken"] = request.POST["csrfmiddlewaretoken"] = SECRET
        assert checked(request) is None


def test_the_cookie_is_sent_when_the_token_is_used():
    request = request_for()
    response = csrf.CsrfViewMiddleware(lambda request: HttpResponse(csrf.get_token(request)))(request)
    secret = response.cookies["csrftoken"].value
    assert csrf._unmask_cipher_token(response.text) == secret and response["Vary"] == "Cookie"
    assert not csrf.CsrfViewMiddleware(lambda request: HttpResponse())(request_for()).cookies


# -- the others -----------------------------------------------------------------------------------------------------------


def test_security_headers(override):
    override(SECURE_HSTS_SECONDS=60, SECURE_HSTS_PRELOAD=True, SECURE_SSL_REDIRECT=True, SECURE_REDIRECT_EXEMPT=["^open"])
    middleware = SecurityMiddleware(lambda request: HttpResponse(headers={"Referrer-Policy": "own"}))
    response = middleware(request_for(secure=True))
    assert response["Strict-Transport-Security"] == "max-age=60; preload"
    assert response["X-Content-Type-Options"] == "nosniff" and response["Referrer-Policy"] == "own"
    assert middleware(request_for("/x/"))["Location"] == "https://testserver/x/"
    assert middleware(request_for("/open/")).status_code == 200


def test_slashes_and_lengths(override):
    missing = CommonMiddleware(lambda request: HttpResponse(status=404))
    assert missing(request_for("/page"))["Location"] == "/page/"
    assert missing(request_for("/nowhere")).status_code == 404
    assert CommonMiddleware(lambda request: HttpResponse("abc"))(request_for())["Content-Length"] == "3"
    override(DEBUG=True)
    with pytest.raises(RuntimeError):
        missing(request_for("/page", "POST"))


def test_forbidden_agents(override):
    override(DISALLOWED_USER_AGENTS=[re.compile("^Bad")])
    with pytest.raises(PermissionDenied):
        CommonMiddleware(lambda request: HttpResponse())(request_for(HTTP_USER_AGENT="Bad bot"))


def test_conditional_get():
    middleware = ConditionalGetMiddleware(lambda request: HttpResponse("content"))
    tag = middleware(request_for())["ETag"]
    assert middleware(request_for(HTTP_IF_NONE_MATCH=tag)).status_code == 304
    assert "ETag" not in ConditionalGetMiddleware(lambda r: HttpResponse("x", headers={"Cache-Control": "no-store"}))(request_for())


def test_compression():
    import gzip

    middleware = GZipMiddleware(lambda request: HttpResponse(b"a" * 1000, headers={"ETag": '"x"'}))
    response = middleware(request_for(HTTP_ACCEPT_ENCODING="gzip"))
    assert gzip.decompress(response.content) == b"a" * 1000 and response["ETag"] == 'W/"x"'
    assert response["Content-Length"] == str(len(response.content)) and response["Vary"] == "Accept-Encoding"
    assert "Content-Encoding" not in middleware(request_for())
    streamed = GZipMiddleware(lambda request: StreamingHttpResponse([b"a" * 500, b"b"]))
    assert gzip.decompress(b"".join(streamed(request_for(HTTP_ACCEPT_ENCODING="gzip")))) == b"a" * 500 + b"b"


def test_frames(override):
    assert XFrameOptionsMiddleware(lambda request: HttpResponse())(request_for())["X-Frame-Options"] == "DENY"

    def exempt(request):
        response = HttpResponse()
        response.xframe_options_exempt = True
        return response

    assert "X-Frame-Options" not in XFrameOptionsMiddleware(exempt)(request_for())


def test_content_security_policy(override):
    override(SECURE_CSP={"script-src": [CSP.SELF, CSP.NONCE]})
    used = ContentSecurityPolicyMiddleware(lambda request: HttpResponse(str(get_nonce(request))))(request_for())
    assert used["Content-Security-Policy"] == f"script-src 'self' 'nonce-{used.text}'"
    unused = ContentSecurityPolicyMiddleware(lambda request: HttpResponse())(request_for())
    assert unused["Content-Security-Policy"] == "script-src 'self'"


def test_asynchronous_parts_make_one_gzip_stream() -> None:
    parts = [b"a" * 500, b"b" * 200]

    async def source() -> AsyncIterator[bytes]:
        for part in parts:
            yield part

    async def packed() -> bytes:
        return b"".join([piece async for piece in acompress_sequence(source())])

    assert zlib.decompress(asyncio.run(packed()), zlib.MAX_WBITS | 16) == b"".join(parts)

"""The same requests over WSGI, ASGI and RSGI."""

import asyncio
import json
import threading
from io import BytesIO

import pytest

from nuages.http import FileResponse, HttpResponse, JsonResponse, StreamingHttpResponse
from nuages.server.application import Application
from nuages.server.asgi import ASGIHandler
from nuages.server.rsgi import RSGIHandler
from nuages.server.wsgi import WSGIHandler
from nuages.signals import request_finished, request_started
from nuages.urls import path


def echo(request):
    return JsonResponse(
        {
            "method": request.method,
            "path": request.path,
            "get": request.GET.dict(),
            "post": request.POST.dict(),
            "files": {name: file.size for name, file in request.FILES.items()},
            "cookie": request.COOKIES.get("a"),
            "header": request.headers.get("X-Test"),
            "host": request.get_host(),
        }
    )


async def later(request):
    await asyncio.sleep(0)
    return HttpResponse("later")


def stream(request):
    async def numbers():
        for number in range(3):
            yield str(number)

    return StreamingHttpResponse(numbers())


def file(request):
    return FileResponse(BytesIO(b"x" * 70000))


def cookies(request):
    response = HttpResponse(status=201)
    response.set_cookie("a", "1")
    response.set_cookie("b", "2")
    return response


urlpatterns = [
    path("echo/é/", echo),
    path("later/", later),
    path("stream/", stream),
    path("file/", file),
    path("cookies/", cookies),
]


def over_wsgi(handler, method, url, query, headers, body):
    environ = {
        "REQUEST_METHOD": method,
        "PATH_INFO": url.encode().decode("latin-1"),
        "QUERY_STRING": query,
        "SERVER_NAME": "testserver",
        "SERVER_PORT": "80",
        "CONTENT_LENGTH": str(len(body)),
        "wsgi.input": BytesIO(body),
    }
    for name, value in headers.items():
        key = name.upper().replace("-", "_")
        environ[key if key == "CONTENT_TYPE" else f"HTTP_{key}"] = value
    started = []
    response = handler(environ, lambda status, pairs: started.append((int(status[:3]), pairs)))
    content = b"".join(response)
    response.close()
    return started[0][0], [(name.lower(), value) for name, value in started[0][1]], content


def over_asgi(handler, method, url, query, headers, body):
    sent = []
    scope = {
        "type": "http",
        "method": method,
        "path": url,
        "query_string": query.encode(),
        "headers": [(name.encode(), value.encode()) for name, value in {**headers, "content-length": str(len(body))}.items()],
        "server": ("testserver", 80),
    }
    messages = [{"type": "http.request", "body": body[:5], "more_body": True}, {"type": "http.request", "body": body[5:]}]

    async def receive():
        if messages:
            return messages.pop(0)
        await asyncio.sleep(60)

    async def send(message):
        sent.append(message)

    asyncio.run(handler(scope, receive, send))
    start, *rest = sent
    pairs = [(name.decode().lower(), value.decode()) for name, value in start["headers"]]
    return start["status"], pairs, b"".join(message.get("body", b"") for message in rest)


class Headers(dict):
    """What Granian gives."""

    def items(self):
        return list(super().items())

    def get_all(self, name):
        return [self[name]] if name in self else []


class Protocol:
    """A connection."""

    def __init__(self, body):
        self.body, self.content, self.reader = body, b"", None

    def __aiter__(self):
        async def chunks():
            yield self.body[:5]
            yield self.body[5:]

        return chunks()

    def response_bytes(self, status, headers, content):
        self.response_empty(status, headers)
        self.content = content

    def response_empty(self, status, headers):
        self.status, self.headers = status, [(name.lower(), value) for name, value in headers]  # as Granian writes them

    def response_file(self, status, headers, path):
        self.response_empty(status, headers)
        self.reader = threading.Thread(target=lambda: self.take(path))
        self.reader.start()

    def take(self, path):
        with open(path, "rb") as file:
            self.content = file.read()

    def response_stream(self, status, headers):
        self.response_empty(status, headers)
        return self

    async def send_bytes(self, chunk):
        self.content += chunk

    async def client_disconnect(self):
        await asyncio.sleep(60)


def over_rsgi(handler, method, url, query, headers, body):
    class Scope:
        proto, http_version, scheme, authority = "http", "1.1", "http", None
        server, client = "testserver:80", "1.2.3.4:5678"

    scope = Scope()
    scope.method, scope.path, scope.query_string = method, url, query
    scope.headers = Headers(headers, **({"content-length": str(len(body))} if body else {}))
    protocol = Protocol(body)
    asyncio.run(handler.__rsgi__(scope, protocol))
    if protocol.reader is not None:
        protocol.reader.join()
    return protocol.status, protocol.headers, protocol.content


SERVERS = {"wsgi": (WSGIHandler, over_wsgi), "asgi": (ASGIHandler, over_asgi), "rsgi": (RSGIHandler, over_rsgi)}


@pytest.fixture(params=list(SERVERS))
def ask(request, override):
    """Ask one of the servers."""
    override(ROOT_URLCONF=__name__, MIDDLEWARE=[], ALLOWED_HOSTS=["*"])
    kind, over = SERVERS[request.param]
    handler = kind()

    def send(url, method="GET", query="", body=b"", **headers):
        return over(handler, method, url, query, {name.replace("_", "-"): value for name, value in headers.items()}, body)

    return send


def test_requests_arrive(ask):
    status, headers, content = ask("/echo/é/", query="q=1%20x", cookie="a=b", x_test="t", host="example.com:81")
    assert status == 200 and ("content-type", "application/json") in headers
    assert json.loads(content) == {
        "method": "GET", "path": "/echo/é/", "get": {"q": "1 x"}, "post": {}, "files": {}, "cookie": "b", "header": "t",
        "host": "example.com:81",
    }


def test_forms_arrive(ask):
    _status, _headers, content = ask(
        "/echo/é/", "POST", body=b"a=1&b=%C3%A9", content_type="application/x-www-form-urlencoded"
    )
    assert json.loads(content)["post"] == {"a": "1", "b": "é"}
    body = b'--B\r\nContent-Disposition: form-data; name="f"; filename="f"\r\n\r\n' + b"z" * 100_000 + b"\r\n--B--\r\n"
    _status, _headers, content = ask("/echo/é/", "POST", body=body, content_type="multipart/form-data; boundary=B")
    assert json.loads(content)["files"] == {"f": 100_000}


@pytest.mark.filterwarnings("ignore:StreamingHttpResponse")
def test_views_and_responses_of_both_colours(ask):
    assert ask("/later/")[2] == b"later"
    assert ask("/stream/")[2] == b"012"
    assert ask("/file/")[2] == b"x" * 70000
    assert ask("/nowhere/")[0] == 404


def test_cookies_are_headers_of_their_own(ask):
    status, headers, _content = ask("/cookies/")
    assert status == 201
    assert [value for name, value in headers if name == "set-cookie"] == ["a=1; Path=/", "b=2; Path=/"]


def test_signals_surround_a_request(ask):
    heard = []

    def begin(**kwargs):
        heard.append("started")

    def end(**kwargs):
        heard.append("finished")

    request_started.connect(begin)
    request_finished.connect(end)
    try:
        ask("/later/")
    finally:
        request_started.disconnect(begin)
        request_finished.disconnect(end)
    assert heard == ["started", "finished"]


def test_one_object_speaks_all_protocols(override):
    override(ROOT_URLCONF=__name__, MIDDLEWARE=[], ALLOWED_HOSTS=["*"])
    application = Application()
    for over in (over_wsgi, over_asgi, over_rsgi):
        assert over(application, "GET", "/later/", "", {"host": "x"}, b"")[2] == b"later"


def test_a_client_that_goes_away_cancels_its_view(override):
    override(ROOT_URLCONF=(path("", slow),), MIDDLEWARE=[], ALLOWED_HOSTS=["*"])
    ended.clear()
    handler = RSGIHandler()

    class Gone(Protocol):
        async def client_disconnect(self):
            return None

    class Scope:
        proto, http_version, scheme, authority, method, path, query_string = "http", "1.1", "http", None, "GET", "/", ""
        server, client, headers = "testserver:80", "1.2.3.4:5678", Headers()

    async def main():
        with pytest.raises(asyncio.CancelledError):
            await asyncio.create_task(handler.__rsgi__(Scope(), Gone(b"")))

    asyncio.run(main())
    assert ended == ["cancelled"]


ended: list[str] = []


async def slow(request):
    try:
        await asyncio.sleep(30)
    except asyncio.CancelledError:
        ended.append("cancelled")
        raise

"""Bad requests to real servers: each gets its 4xx, an error is logged once and shown to nobody, and the next is served."""

import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

SOURCE = Path(__file__).parents[2] / "src"
SITE = {
    "bad_site/__init__.py": "",
    "bad_site/settings.py": """
from pathlib import Path
SECRET_KEY = "of the bad input site"
DEBUG = False
ALLOWED_HOSTS = ["localhost", "127.0.0.1"]
ROOT_URLCONF = "bad_site.urls"
INSTALLED_APPS = ["nuages.contrib.contenttypes", "nuages.contrib.auth"]
MIDDLEWARE = ["nuages.middleware.addresses.CommonMiddleware"]
TEMPLATES = [{"BACKEND": "nuages.template.backends.native.Templates"}]
DATABASES = {"default": {"ENGINE": "nuages.db.backends.sqlite", "NAME": Path(__file__).parent / "db.sqlite3"}}
DATA_UPLOAD_MAX_MEMORY_SIZE = 20000
DATA_UPLOAD_MAX_NUMBER_FIELDS = 10
DATA_UPLOAD_MAX_NUMBER_FILES = 2
USE_TZ = True
LOGGING = {
    "version": 1, "disable_existing_loggers": False,
    "formatters": {"plain": {"format": "LOGGED %(name)s %(levelname)s %(message)s"}},
    "handlers": {"file": {"class": "logging.FileHandler", "filename": Path(__file__).parent / "log", "formatter": "plain"}},
    "root": {"handlers": ["file"], "level": "WARNING"},
    "loggers": {"nuages": {"handlers": [], "propagate": True}},
}
""",
    "bad_site/urls.py": """
import json
from nuages.contrib.auth.models import Group
from nuages.http import HttpResponse, JsonResponse
from nuages.urls import path
from nuages.exceptions import BadRequest
from nuages.views.shortcuts import get_object_or_404

def ok(request):
    return HttpResponse("fine")

def form(request):
    return JsonResponse({"post": dict(request.POST.lists()), "files": sorted(request.FILES), "get": dict(request.GET.lists())})

def body(request):
    try:
        return JsonResponse({"read": json.loads(request.body)})
    except ValueError as error:
        raise BadRequest(f"not JSON: {error}")

def group(request, pk):
    return HttpResponse(get_object_or_404(Group, pk=pk).name)

def cookies(request):
    return JsonResponse(request.COOKIES)

def boom(request):
    raise RuntimeError("the secret reason")

urlpatterns = [path("ok/", ok), path("form/", form), path("body/", body), path("product/<int:pk>/", group),
               path("any/<str:pk>/", group), path("cookies/", cookies), path("boom/", boom)]
""",
    "bad_site/asgi.py": "from nuages.server.asgi import get_asgi_application\napplication = get_asgi_application()\n",
    "bad_site/wsgi.py": "from nuages.server.wsgi import get_wsgi_application\napplication = get_wsgi_application()\n",
}
THREADED = """
import sys
from socketserver import ThreadingMixIn
from wsgiref.simple_server import WSGIServer, make_server
from bad_site.wsgi import application
class Server(ThreadingMixIn, WSGIServer):
    daemon_threads = True
make_server("127.0.0.1", int(sys.argv[1]), application, server_class=Server).serve_forever()
"""
NUAGES = "import sys; sys.argv[0] = 'nuages'; from nuages.cli.main import main; main()"


@dataclass
class Served:
    """A running server."""

    kind: str
    port: int
    log: Path

    def send(self, raw: bytes, wait: float = 20) -> bytes:
        """Everything that comes back for these bytes."""
        received = b""
        with socket.create_connection(("127.0.0.1", self.port), timeout=wait) as connection:
            try:
                connection.sendall(raw)
                while part := connection.recv(65536):
                    received += part
            except ConnectionError:
                pass  # the server need not read all of a request that it refuses
        return received

    def ask(self, target: str, *headers: str, method: str = "GET", body: bytes = b"") -> tuple[int, str]:
        """Status and body of one request."""
        lines = [f"{method} {target} HTTP/1.1", "Connection: close", *headers]
        if not any(header.lower().startswith("host:") for header in headers):
            lines.append("Host: localhost")
        if body or method == "POST":
            lines.append(f"Content-Length: {len(body)}")
        answer = self.send("\r\n".join(lines).encode("latin-1") + b"\r\n\r\n" + body)
        status = re.match(rb"HTTP/1\.[01] (\d{3})", answer)
        assert status, answer
        return int(status[1]), answer.partition(b"\r\n\r\n")[2].decode()

    def alive(self) -> None:
        """Assert that the next request is served."""
        status, text = self.ask("/ok/")
        assert status == 200 and "fine" in text


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture(scope="module", params=["rsgi", "asgi", "wsgi"])
def server(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """The site behind ``nuages serve``, behind uvicorn, and behind the WSGI server of the standard library."""
    folder = tmp_path_factory.mktemp(request.param)
    for name, text in SITE.items():
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_text(text)
    environment = {
        **os.environ, "PYTHONPATH": os.pathsep.join([str(SOURCE), str(folder)]), "NUAGES_SETTINGS_MODULE": "bad_site.settings",
    }  # fmt: skip
    subprocess.run([sys.executable, "-c", NUAGES, "migrate", "-v0"], env=environment, cwd=folder, check=True)
    port = _free_port()
    if request.param == "asgi":
        pytest.importorskip("uvicorn", reason="uvicorn is not installed: the ASGI adapter is not tried behind a real server")
    command = {
        "rsgi": ["-c", NUAGES, "serve", "--port", str(port), "--workers", "1"],
        "asgi": ["-m", "uvicorn", "bad_site.asgi:application", "--port", str(port), "--log-level", "critical"],
        "wsgi": ["-c", THREADED, str(port)],
    }[request.param]
    with open(folder / "output", "w") as output:
        process = subprocess.Popen(
            [sys.executable, *command], env=environment, cwd=folder, stdout=output, stderr=output, start_new_session=True
        )
    try:
        served = Served(request.param, port, folder / "bad_site" / "log")
        for _ in range(150):
            try:
                socket.create_connection(("127.0.0.1", port), timeout=1).close()
                break
            except OSError:
                assert process.poll() is None, (folder / "output").read_text()
                time.sleep(0.1)
        yield served
    finally:
        os.killpg(process.pid, signal.SIGTERM)
        process.wait(20)


NOT_FOUND = ["/nothing/", "/product/abc/", "/product/-1/", f"/product/{'9' * 30}/", f"/product/{'9' * 5000}/", "/product/1/",
             "/%00/", "/ok/%00", "/%ff/", "/ok/../boom2/", "/%2e%2e/%2e%2e/etc/passwd", f"/any/{'9' * 40}/", "//evil.example/%2e%2e"]  # fmt: skip


@pytest.mark.parametrize("target", NOT_FOUND, ids=lambda target: target[:20])
def test_paths_that_mean_nothing(server: Served, target: str) -> None:
    status, text = server.ask(target)
    assert status in (301, 400, 404), (status, text)
    assert "Traceback" not in text
    server.alive()


@pytest.mark.parametrize(
    "target", ["/ok/?%", "/ok/?%ff=%fe", "/ok/?=&&=&a=%00", "/ok/?" + "a" * 3000, "/form/?a=%zz&b", "/form/?a[]=1&a[]=2"]
)
def test_odd_query_strings_are_read(server: Served, target: str) -> None:
    assert server.ask(target)[0] == 200
    server.alive()


def test_too_many_parameters(server: Served) -> None:
    assert server.ask("/form/?" + "a=1&" * 50)[0] == 400
    server.alive()


@pytest.mark.parametrize("host", ["evil.example", "localhost:port", "a b", "", "localhost\t.x", "[::1", "loc@alhost", "%00"])
def test_wrong_hosts(server: Served, host: str) -> None:
    status, text = server.ask("/ok/", f"Host: {host}")
    assert status == 400 or (server.kind == "wsgi" and not host and status == 200), (status, text)
    assert "evil" not in text
    server.alive()


@pytest.mark.parametrize(
    "header", ["", "=", ";;;", "a", "a=\"", "a=\xff\xfe", "=x; b=1", "a=1;" * 300, "a=\"\\999\"; b=2", "messages=x:y:z; sessionid="]
)
def test_odd_cookies_are_survived(server: Served, header: str) -> None:
    assert server.ask("/cookies/", f"Cookie: {header}")[0] == 200
    server.alive()


MULTIPART = "Content-Type: multipart/form-data"
MULTIPARTS = {
    "no boundary": (MULTIPART, b"x"),
    "empty boundary": (f"{MULTIPART}; boundary=", b"x"),
    "long boundary": (f"{MULTIPART}; boundary={'b' * 300}", b"x"),
    "too many fields": (
        f"{MULTIPART}; boundary=b",
        b"".join(b'--b\r\nContent-Disposition: form-data; name="n"\r\n\r\n1\r\n' for _ in range(30)) + b"--b--\r\n",
    ),
    "too many files": (
        f"{MULTIPART}; boundary=b",
        b"".join(b'--b\r\nContent-Disposition: form-data; name="n"; filename="f"\r\n\r\n1\r\n' for _ in range(5)) + b"--b--\r\n",
    ),
    "field too large": (
        f"{MULTIPART}; boundary=b",
        b'--b\r\nContent-Disposition: form-data; name="n"\r\n\r\n' + b"x" * 30000 + b"\r\n--b--\r\n",
    ),
    "bad base64": (
        f"{MULTIPART}; boundary=b",
        b'--b\r\nContent-Disposition: form-data; name="n"; filename="f"\r\nContent-Transfer-Encoding: base64\r\n\r\n!x!\r\n--b--\r\n',
    ),
}


@pytest.mark.parametrize("case", MULTIPARTS)
def test_malformed_multipart(server: Served, case: str) -> None:
    header, body = MULTIPARTS[case]
    status, text = server.ask("/form/", header, method="POST", body=body)
    assert 400 <= status < 500, (status, text)
    server.alive()


@pytest.mark.parametrize("body", [b"--b", b"--b\r\n\r\n\r\n", b"--b\r\nContent-Disposition: form-data\r\n\r\nx\r\n--b--\r\n", b"\x00" * 50])
def test_unfinished_multipart(server: Served, body: bytes) -> None:
    """Parts that end too early are left out or refused, never an error of the server."""
    assert server.ask("/form/", f"{MULTIPART}; boundary=b", method="POST", body=body)[0] in (200, 400)
    server.alive()


def test_boundary_outside_ascii(server: Served) -> None:
    """Refused, or without a form, as Granian leaves out headers that are no text."""
    assert server.ask("/form/", f"{MULTIPART}; boundary=\xff", method="POST", body=b"x")[0] in (200, 400)
    server.alive()


URLENCODED = "Content-Type: application/x-www-form-urlencoded"


def test_bodies_over_the_limits(server: Served) -> None:
    assert server.ask("/form/", URLENCODED, method="POST", body=b"a=" + b"x" * 30000)[0] in (400, 413)
    assert server.ask("/form/", URLENCODED, method="POST", body=b"a=1&" * 40)[0] == 400
    assert server.ask("/body/", method="POST", body=b"[" + b"1," * 20000 + b"1]")[0] in (400, 413)
    assert server.ask("/form/", f"{URLENCODED}; charset=nosuch", method="POST", body=b"a=%ff")[0] in (200, 400, 415)
    server.alive()


@pytest.mark.parametrize("body", [b"", b"{", b'{"a": NaN', b"\xff\xfe", b'"\\ud800', b"1" * 6000])
def test_malformed_json(server: Served, body: bytes) -> None:
    status, text = server.ask("/body/", "Content-Type: application/json", method="POST", body=body)
    assert status == 400, text
    server.alive()


RAW = {
    "no request": b"\r\n\r\n",
    "nonsense": b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n",
    "two words": b"GET /ok/\r\n\r\n",
    "bad version": b"GET /ok/ HTTP/9.9\r\nHost: localhost\r\nConnection: close\r\n\r\n",
    "space in header": b"GET /ok/ HTTP/1.1\r\nHost: localhost\r\nBad Header: x\r\nConnection: close\r\n\r\n",
    "no colon": b"GET /ok/ HTTP/1.1\r\nHost: localhost\r\nnonsense\r\nConnection: close\r\n\r\n",
    "zero in header": b"GET /ok/ HTTP/1.1\r\nHost: localhost\r\nX: a\x00b\r\nConnection: close\r\n\r\n",
    "bad length": b"POST /form/ HTTP/1.1\r\nHost: localhost\r\nContent-Length: abc\r\nConnection: close\r\n\r\n",
    "negative length": b"POST /form/ HTTP/1.1\r\nHost: localhost\r\nContent-Length: -5\r\nConnection: close\r\n\r\n",
    "two lengths": b"POST /form/ HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1\r\nContent-Length: 2\r\nConnection: close\r\n\r\nab",
    "bad chunk": b"POST /form/ HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\nzz\r\nab\r\n",
    "huge header": b"GET /ok/ HTTP/1.1\r\nHost: localhost\r\nX: " + b"a" * 700_000 + b"\r\nConnection: close\r\n\r\n",
}


@pytest.mark.parametrize("case", RAW)
def test_malformed_requests(server: Served, case: str) -> None:
    """The server underneath refuses most of these itself; none may end in an error of ours, or stop the service."""
    try:
        answer = server.send(RAW[case], wait=3)
    except TimeoutError:
        answer = b""  # it waits for the rest of what looks unfinished
    assert not re.match(rb"HTTP/1\.[01] 5(?!05)", answer), answer
    assert b"Traceback" not in answer
    server.alive()


def test_an_error_is_logged_once_and_shown_to_nobody(server: Served) -> None:
    before = server.log.read_text().count("Internal Server Error") if server.log.exists() else 0
    status, text = server.ask("/boom/?q=1")
    assert status == 500
    assert "secret reason" not in text and "Traceback" not in text and "RuntimeError" not in text
    server.alive()
    time.sleep(0.2)
    log = server.log.read_text()
    assert log.count("Internal Server Error") == before + 1
    assert "/boom/" in log and log.count("RuntimeError: the secret reason") == 1


def test_json_is_read_where_it_is_right(server: Served) -> None:
    status, text = server.ask("/body/", "Content-Type: application/json", method="POST", body=b'{"a": [1]}')
    assert status == 200 and json.loads(text) == {"read": {"a": [1]}}

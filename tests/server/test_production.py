"""The production server itself: slow and vanishing clients, new code while it runs, code that does not start."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from http.client import HTTPConnection, RemoteDisconnected
from pathlib import Path
from typing import Any

import pytest

SOURCE = Path(__file__).parents[2] / "src"
MEBIBYTE = 2**20
SETTINGS = """
SECRET_KEY = "of the site that is served"
ALLOWED_HOSTS = ["*"]
ROOT_URLCONF = "urls"
USE_TZ = True
"""
URLS = '''
import os
from pathlib import Path
from nuages.http import FileResponse, HttpResponse, StreamingHttpResponse
from nuages.urls import path
from words import WORD

HERE = Path(__file__).parent

def note(text):
    with open(HERE / "notes", "a") as file:
        file.write(text + "\\n")

def parts():
    try:
        for number in range(512):
            yield bytes(2**20)
            note(f"made {number}")
    finally:
        note("closed")

async def parts_later():
    for part in parts():
        yield part

def upload(request):
    note(f"received {len(request.read())}")
    return HttpResponse("received")

def fails(request):
    raise RuntimeError("of the view")

urlpatterns = [
    path("word", lambda request: HttpResponse(WORD)),
    path("stream", lambda request: StreamingHttpResponse(parts())),
    path("astream", lambda request: StreamingHttpResponse(parts_later())),
    path("small", lambda request: StreamingHttpResponse(iter([b"a", "b", b""]))),
    path("file", lambda request: FileResponse(open(HERE / "large", "rb"))),
    path("events", lambda request: StreamingHttpResponse(iter(["data: 1\\n\\n"]), content_type="text/event-stream")),
    path("upload", upload),
    path("fails", fails),
]
'''
MANAGE = """
from nuages.cli import execute_from_command_line
import sys
execute_from_command_line(sys.argv)
"""


class Site:
    """A site that is being served."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        for name, text in {"settings": SETTINGS, "urls": URLS, "words": 'WORD = "old"\n', "manage": MANAGE}.items():
            (folder / f"{name}.py").write_text(text)
        (folder / "large").write_bytes(os.urandom(3 * MEBIBYTE))
        environment = {**os.environ, "NUAGES_SETTINGS_MODULE": "settings", "PYTHONPATH": str(SOURCE), "PYTHONDONTWRITEBYTECODE": "1"}
        self.log = folder / "log"
        with self.log.open("w") as log:
            command = [sys.executable, "manage.py", "serve", "--port", str(self.port), "--workers", "1"]
            self.process = subprocess.Popen(command, cwd=folder, env=environment, stdout=log, stderr=subprocess.STDOUT)

    def get(self, path: str) -> bytes:
        """The body of a page."""
        with closing(HTTPConnection("127.0.0.1", self.port, timeout=20)) as connection:
            connection.request("GET", path)
            return connection.getresponse().read()

    def notes(self) -> list[str]:
        """What the views have noted."""
        file = self.folder / "notes"
        return file.read_text().splitlines() if file.exists() else []

    def connect(self, request: bytes) -> socket.socket:
        """Send the beginning of a request."""
        connection = socket.create_connection(("127.0.0.1", self.port), timeout=20)
        connection.sendall(request)
        return connection


def wait_for(condition: Callable[[], Any]) -> None:
    """Wait until something is so."""
    for _ in range(300):
        try:
            if condition():
                return
        except (OSError, RemoteDisconnected):
            pass
        time.sleep(0.1)
    raise AssertionError("It did not happen within half a minute.")


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    served = Site(tmp_path_factory.mktemp("production"))
    try:
        wait_for(lambda: served.get("/word"))
        yield served
    finally:
        served.process.send_signal(signal.SIGTERM)
        served.process.wait(40)
    assert served.process.returncode == 0


def test_streams_arrive_whole(site: Site) -> None:
    assert site.get("/small") == b"ab"
    assert site.get("/file") == (site.folder / "large").read_bytes()
    assert site.get("/events") == b"data: 1\n\n"
    assert len(site.get("/stream")) == 512 * MEBIBYTE


@pytest.mark.parametrize("path", [b"/stream", b"/astream"])
def test_a_stream_is_made_no_faster_than_its_client_takes_it(site: Site, path: bytes) -> None:
    (site.folder / "notes").unlink(missing_ok=True)
    client = site.connect(b"GET " + path + b" HTTP/1.1\r\nHost: localhost\r\n\r\n")
    assert client.recv(1000).startswith(b"HTTP/1.1 200")
    time.sleep(1)  # time enough to make them all
    assert 0 < len(site.notes()) < 100
    client.close()
    wait_for(lambda: "closed" in site.notes())
    assert "Traceback" not in site.log.read_text()


def test_a_body_that_breaks_off_never_reaches_the_view(site: Site) -> None:
    (site.folder / "notes").unlink(missing_ok=True)
    for sent in (b"half of it", b""):
        client = site.connect(b"POST /upload HTTP/1.1\r\nHost: localhost\r\nContent-Length: 20\r\n\r\n" + sent)
        time.sleep(0.3)
        client.close()
    whole = site.connect(b"POST /upload HTTP/1.1\r\nHost: localhost\r\nContent-Length: 20\r\n\r\n" + b"x" * 20)
    assert whole.recv(1000).startswith(b"HTTP/1.1 200")
    whole.close()
    assert site.notes() == ["received 20"]


def test_errors_of_views_are_told(site: Site) -> None:
    assert b"Server Error" in site.get("/fails")
    wait_for(lambda: "RuntimeError: of the view" in site.log.read_text())


def test_new_code_takes_over_if_it_starts(site: Site) -> None:
    words = site.folder / "words.py"
    words.write_text("WORD = (\n")
    site.process.send_signal(signal.SIGHUP)
    wait_for(lambda: "does not start" in site.log.read_text())
    assert site.get("/word") == b"old"
    words.write_text('WORD = "brand new"\n')
    site.process.send_signal(signal.SIGHUP)
    wait_for(lambda: site.get("/word") == b"brand new")

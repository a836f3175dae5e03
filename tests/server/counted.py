"""Runs a request through the server's adapter and prints how many Python functions it called.

A process of its own, since it has the settings of a default project. Arguments: the middleware (``default`` or ``none``), and the
cookies of the request.
"""

import asyncio
import sys
from types import SimpleNamespace
from typing import Any

from tests.counting import calls

from nuages import bridge
from nuages.conf import settings
from nuages.http import HttpResponse
from nuages.server.rsgi import RSGIRequest, get_rsgi_application
from nuages.urls import path

MIDDLEWARE = [
    "nuages.middleware.security.SecurityMiddleware",
    "nuages.contrib.sessions.middleware.SessionMiddleware",
    "nuages.middleware.addresses.CommonMiddleware",
    "nuages.middleware.csrf.CsrfViewMiddleware",
    "nuages.contrib.auth.middleware.AuthenticationMiddleware",
    "nuages.contrib.messages.middleware.MessageMiddleware",
    "nuages.middleware.clickjacking.XFrameOptionsMiddleware",
]


class Headers(dict[str, str]):
    """Request headers as the server gives them."""

    def get_all(self, name: str) -> list[str]:
        return [self[name]] if name in self else []


class Protocol:
    """Takes the response."""

    def response_bytes(self, status: int, headers: Any, content: bytes) -> None:
        self.status = status


def hello(request: Any) -> Any:
    return HttpResponse(b"Hello", content_type="text/plain")


def scope() -> Any:
    """What the server knows of a request."""
    headers = Headers({"host": "127.0.0.1:8000", "user-agent": "counter"})
    if len(sys.argv) > 2:
        headers["cookie"] = sys.argv[2]
    return SimpleNamespace(
        proto="http", http_version="1.1", method="GET", path="/", query_string="", scheme="http", client="127.0.0.1:5000",
        server="127.0.0.1:8000", authority=None, headers=headers,
    )


settings.configure(
    SECRET_KEY="k" * 60,
    ALLOWED_HOSTS=["127.0.0.1"],
    ROOT_URLCONF="__main__",
    MIDDLEWARE=MIDDLEWARE if sys.argv[1] == "default" else [],
    INSTALLED_APPS=[f"nuages.contrib.{app}" for app in ("auth", "contenttypes", "sessions", "messages")],
    DATABASES={"default": {"ENGINE": "nuages.db.backends.sqlite", "NAME": ":memory:"}},
    LOGGING_CONFIG=None,
)

urlpatterns = [path("", hello)]
application = get_rsgi_application()
protocol = Protocol()


def count() -> int:
    """How many a request runs."""
    return calls(lambda: application.answer(RSGIRequest(scope(), None), protocol), warm=2)


print(asyncio.run(bridge.run(count)))
assert protocol.status == 200

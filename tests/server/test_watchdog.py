"""The watchdog under ASGI, and where a production server's problems are told."""

from __future__ import annotations

import asyncio
import logging
import sys
import threading
import time
from collections.abc import Iterator
from types import ModuleType
from typing import Any

import pytest

from nuages.conf.logs import show_problems
from nuages.http import HttpResponse
from nuages.loggers import get_logger
from nuages.server.asgi import ASGIHandler
from nuages.test import override_settings
from nuages.urls import path


def sleepy(request: Any) -> HttpResponse:
    """Block the loop."""
    time.sleep(0.5)
    return HttpResponse("at last")


@pytest.fixture
def handler() -> Iterator[ASGIHandler]:
    urls: Any = ModuleType("tests.server.watched_urls")
    urls.urlpatterns = [path("", sleepy)]
    sys.modules[urls.__name__] = urls
    with override_settings(ROOT_URLCONF=urls.__name__, MIDDLEWARE=[]):
        yield ASGIHandler()
    del sys.modules[urls.__name__]


async def ask(handler: ASGIHandler, sent: list[Any]) -> None:
    messages = iter([{"type": "http.request", "body": b""}])
    scope = {"type": "http", "method": "GET", "path": "/", "headers": [(b"host", b"localhost")], "query_string": b""}

    async def receive() -> Any:
        for message in messages:
            return message
        await asyncio.Event().wait()

    async def send(message: Any) -> None:
        sent.append(message)

    await handler(scope, receive, send)


async def say_goodbye(handler: ASGIHandler) -> None:
    messages = iter([{"type": "lifespan.startup"}, {"type": "lifespan.shutdown"}])

    async def receive() -> Any:
        return next(messages)

    async def send(message: Any) -> None:
        return None

    await handler({"type": "lifespan"}, receive, send)


def watchdogs() -> int:
    return sum(thread.name == "nuages-watchdog" for thread in threading.enumerate())


@pytest.fixture(autouse=True)
def nobody_else_watches() -> None:
    """The watches of loops that other tests have closed end by themselves, a little later."""
    for thread in threading.enumerate():
        if thread.name == "nuages-watchdog":
            thread.join()


def test_what_blocks_an_asgi_server_is_named(handler: ASGIHandler, caplog: pytest.LogCaptureFixture) -> None:
    sent: list[Any] = []

    async def serve() -> None:
        await ask(handler, sent)
        await ask(handler, sent)
        assert watchdogs() == 1
        await say_goodbye(handler)
        assert watchdogs() == 0

    with caplog.at_level(logging.WARNING, logger="nuages.bridge"):
        asyncio.run(serve())
    assert [message["status"] for message in sent if "status" in message] == [200, 200]
    named = [record.getMessage() for record in caplog.records if record.name == "nuages.bridge"]
    assert len(named) == 2
    assert "test_watchdog.sleepy has blocked the event loop" in named[0]


def test_each_loop_has_its_watch_and_a_closed_one_none(handler: ASGIHandler, caplog: pytest.LogCaptureFixture) -> None:
    for _ in range(2):
        asyncio.run(ask(handler, []))
    time.sleep(0.8)  # longer than it waits before it reports
    assert watchdogs() == 0
    assert len([record for record in caplog.records if record.name == "nuages.bridge"]) == 2


@pytest.fixture
def handlers() -> Iterator[list[logging.Handler]]:
    root = get_logger()
    before = list(root.handlers)
    yield root.handlers
    root.handlers[:] = before


def test_errors_reach_standard_error_unless_told_otherwise(
    handlers: list[logging.Handler], capsys: pytest.CaptureFixture[str]
) -> None:
    for said in ({"LOGGING": {"version": 1, "disable_existing_loggers": False}}, {"LOGGING_CONFIG": None}, {"DEBUG": True}):
        with override_settings(**{"LOGGING_CONFIG": "logging.config.dictConfig", **said}):
            known = list(handlers)
            show_problems()
            assert handlers == known
    with override_settings(LOGGING_CONFIG="logging.config.dictConfig", LOGGING={}):
        show_problems()
        get_logger("request").error("it broke")
        get_logger("request").warning("not found")
        logging.getLogger("nuages.bridge").warning("it blocks")
    written = capsys.readouterr().err
    assert "nuages.request it broke" in written
    assert "it blocks" in written
    assert "not found" not in written

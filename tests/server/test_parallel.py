"""Requests that wait for the database at the same time: one worker, one loop, and not a thread for each."""

import asyncio
import os
import threading
import types
from collections.abc import Iterator
from typing import Any

import psycopg
import pytest

from nuages import bridge
from nuages.db.handler import ConnectionHandler
from nuages.http import HttpResponse
from nuages.server.asgi import get_asgi_application
from nuages.urls import path

REQUESTS = 200
POOL = 50
NAME = f"nuages-parallel-{os.getpid()}"
SERVER = {
    "host": os.environ.get("NUAGES_TEST_PG_HOST", "127.0.0.1"),
    "user": os.environ.get("NUAGES_TEST_PG_USER", "postgres"),
    "password": os.environ.get("NUAGES_TEST_PG_PASSWORD") or None,
    "dbname": "postgres",
}
ACTIVE = "SELECT count(*) FROM pg_stat_activity WHERE application_name = %s AND query LIKE '%%pg_sleep%%' AND state = 'active'"


def answers() -> bool:
    """Whether there is a server to test with."""
    try:
        psycopg.connect(**SERVER, connect_timeout=2).close()
    except psycopg.OperationalError:
        return False
    return True


pytestmark = pytest.mark.skipif(not answers(), reason="no PostgreSQL answers")


@pytest.fixture
def application(override: Any) -> Iterator[Any]:
    handler = ConnectionHandler(
        {
            "default": {
                "ENGINE": "nuages.db.backends.postgresql",
                "NAME": SERVER["dbname"],
                "HOST": SERVER["host"],
                "USER": SERVER["user"],
                "PASSWORD": SERVER["password"] or "",
                "OPTIONS": {"pool": {"max_size": POOL}, "application_name": NAME},
            }
        }
    )

    def wait() -> None:
        with handler["default"].cursor() as cursor:
            cursor.execute("SELECT pg_sleep(0.1)")
            cursor.fetchall()

    def blocking(request: Any) -> HttpResponse:
        wait()
        return HttpResponse(b"slept")

    async def asynchronous(request: Any) -> HttpResponse:
        await bridge.run(wait)
        return HttpResponse(b"slept")

    routes: Any = types.ModuleType("routes")
    routes.urlpatterns = [path("sync/", blocking), path("async/", asynchronous)]
    override(ROOT_URLCONF=routes)
    yield get_asgi_application()
    handler.close_pools()


async def get(application: Any, address: str) -> bytes:
    """Ask the application for a page; give its body."""
    scope = {"type": "http", "method": "GET", "path": address, "headers": [(b"host", b"testserver")], "query_string": b""}
    received = [{"type": "http.request"}]
    body: list[bytes] = []

    async def receive() -> Any:
        if received:
            return received.pop()
        await asyncio.sleep(60)  # the client stays

    async def send(message: Any) -> None:
        body.append(message.get("body", b""))

    await application(scope, receive, send)
    return b"".join(body)


async def observed(application: Any, address: str) -> tuple[list[bytes], int, int]:
    """Send all requests at once; give the answers, the most back ends that slept together and the most further threads."""
    before = threading.active_count()
    most = threads = 0
    async with await psycopg.AsyncConnection.connect(**SERVER, autocommit=True) as watcher:
        tasks = [asyncio.ensure_future(get(application, address)) for _ in range(REQUESTS)]
        while not all(task.done() for task in tasks):
            row = await (await watcher.execute(ACTIVE, (NAME,))).fetchone()
            most = max(most, row[0])
            threads = max(threads, threading.active_count() - before)
            await asyncio.sleep(0.005)
    return [task.result() for task in tasks], most, threads


@pytest.mark.parametrize("address", ["/sync/", "/async/"])
def test_requests_wait_together(application: Any, address: str) -> None:
    answers, most, threads = asyncio.run(observed(application, address))
    assert answers == [b"slept"] * REQUESTS
    assert POOL // 2 <= most <= POOL
    # Opening connections goes through asyncio's few threads, and one is the watchdog's; waiting needs none.
    assert threads <= min(32, (os.cpu_count() or 1) + 4) + 1

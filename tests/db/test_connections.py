"""Who has which connection: tasks, threads, pools, pins; cursors and their wrappers."""

import asyncio
import threading

import pytest

from nuages import bridge
from nuages.db import OperationalError, connection, connections, transaction
from nuages.db.handler import ConnectionHandler
from nuages.db.pool import Pool
from nuages.db.routers import ConnectionRouter
from nuages.exceptions import SynchronousOnlyOperation


def file_handler(tmp_path, **options):
    database = {"ENGINE": "nuages.db.backends.sqlite", "NAME": str(tmp_path / "db.sqlite3"), "OPTIONS": options}
    return ConnectionHandler({"default": database})


def test_each_thread_has_its_own():
    seen = []
    thread = threading.Thread(target=lambda: seen.append(connections["default"]))
    thread.start()
    thread.join()
    assert seen[0] is not connections["default"]
    assert connections["default"] is connections["default"]


def test_each_task_has_its_own_and_gives_it_back(tmp_path):
    handler = file_handler(tmp_path)
    handler["default"].execute("CREATE TABLE t (n integer)")

    async def work(number):
        def run():
            own = handler["default"]
            with transaction_on(own):
                own.execute("INSERT INTO t VALUES (%s)", (number,))
                bridge.sleep(0.001)
            return id(own)

        return await bridge.run(run)

    async def main():
        own = await asyncio.gather(*(work(number) for number in range(10)))
        await asyncio.sleep(0)
        return own, handler.pool("default")

    own, pool = asyncio.run(main())
    assert len(set(own)) == 10
    assert pool.size == pool.idle_count() > 0
    assert handler["default"].rows("SELECT count(*) FROM t") == [(10,)]
    handler.close_all()
    assert pool.size == 0


class transaction_on:
    """The statements of a block that ``atomic`` cannot open: its connection is in no registry."""

    def __init__(self, own):
        self.own = own

    def __enter__(self):
        self.own.set_autocommit(False, force_begin_transaction_with_broken_autocommit=True)

    def __exit__(self, *details):
        self.own.commit()
        self.own.set_autocommit(True)
        self.own.give_back()


def test_an_exhausted_pool_says_so(tmp_path):
    handler = file_handler(tmp_path, pool={"max_size": 1, "timeout": 0.05})

    def hold():
        handler["default"].rows("SELECT 1")
        bridge.sleep(0.3)

    def want():
        bridge.sleep(0.02)
        handler["default"].rows("SELECT 1")

    async def main():
        await asyncio.gather(bridge.run(hold), bridge.run(want))

    with pytest.raises(OperationalError, match="max_size"):
        asyncio.run(main())
    handler.close_all()


def test_a_waiting_task_gets_what_comes_back(tmp_path):
    handler = file_handler(tmp_path, pool={"max_size": 2})

    async def main():
        await asyncio.gather(
            *(bridge.run(lambda: (handler["default"].rows("SELECT 1"), bridge.sleep(0.002))) for _ in range(8))
        )
        await asyncio.sleep(0)
        return handler.pool("default").size

    assert asyncio.run(main()) == 2
    handler.close_all()


def test_pool_drops_what_is_broken():
    made, dropped = [], []
    pool = Pool(lambda: made.append(object()) or made[-1], lambda raw: False, dropped.append, max_size=1)
    raw, new = pool.lease()
    assert new
    pool.drop(raw)
    assert (pool.size, dropped) == (0, [raw])
    pool.give(pool.lease()[0])
    assert pool.idle_count() == 1
    pool.close()
    assert pool.size == 0


def test_coroutines_must_not_block(db):
    async def main():
        with pytest.raises(SynchronousOnlyOperation):
            connections["default"].cursor()

    asyncio.run(main())


def test_pinned_connections_are_everybodys(db):
    seen = []
    thread = threading.Thread(target=lambda: seen.append(connections["default"].rows("SELECT 1")[0][0]))
    thread.start()
    thread.join()

    async def main():
        return await bridge.run(lambda: connections["default"])

    assert seen == [1]
    assert asyncio.run(main()) is db


def test_execute_wrappers_surround_the_fast_calls(db):
    seen = []

    def wrapper(execute, sql, params, many, context):
        seen.append((sql, many, context["connection"].alias))
        return execute(sql, params, many, context)

    with connection.execute_wrapper(wrapper):
        connection.rows("SELECT %s", (1,))
        with connection.cursor() as cursor:
            cursor.execute("SELECT 2")
    assert seen == [("SELECT %s", False, "default"), ("SELECT 2", False, "default")]


def test_queries_are_logged_when_asked(db):
    connection.force_debug_cursor = True
    try:
        before = len(connection.queries)
        connection.rows("SELECT 1")
        assert connection.queries[before:][0]["sql"] == "SELECT 1"
    finally:
        connection.force_debug_cursor = False


def test_percent_signs(db):
    with connection.cursor() as cursor:
        cursor.execute("SELECT '%'")
        assert cursor.fetchone()[0] == "%"
        cursor.execute("SELECT '%%', %s", ["x"])
        assert tuple(cursor.fetchone()) == ("%", "x")
        cursor.execute("SELECT %(a)s", {"a": "y"})
        assert cursor.fetchone()[0] == "y"


def test_chunks(db):
    sql = " UNION ALL ".join(f"SELECT {number}" for number in range(5))
    assert [len(rows) for rows in connection.chunks(sql, (), 2)] == [2, 2, 1]


def test_routers_answer_in_turn():
    class Silent:
        def db_for_read(self, model, **hints):
            return None

    class Other:
        def db_for_read(self, model, **hints):
            return "other"

        def allow_migrate(self, db, app_label, **hints):
            return False

    router = ConnectionRouter([Silent(), Other()])
    assert router.db_for_read(object) == "other"
    assert router.db_for_write(object) == "default"
    assert router.allow_migrate("default", "app") is False


def test_atomic_gives_the_lease_back(tmp_path, monkeypatch):
    handler = file_handler(tmp_path)
    monkeypatch.setattr(transaction, "connections", handler)

    async def main():
        async with transaction.atomic():
            await bridge.run(lambda: handler["default"].rows("SELECT 1"))
            assert handler["default"].connection is not None
        return handler["default"].connection

    assert asyncio.run(main()) is None
    handler.close_all()

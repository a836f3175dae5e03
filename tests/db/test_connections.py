"""Who has which connection: tasks, threads, pools, pins; cursors and their wrappers."""

import asyncio
import threading

import pytest
from tests.models.models import Writer

from nuages import bridge
from nuages.db import OperationalError, connection, connections, transaction
from nuages.db.handler import ConnectionHandler
from nuages.db.pool import Pool
from nuages.db.routers import ConnectionRouter
from nuages.exceptions import SynchronousOnlyOperation
from nuages.models import BigAutoField, Value


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


def test_a_health_check_replaces_a_dead_connection_once_per_request(transactional_db, monkeypatch):
    if transactional_db.vendor == "sqlite":
        pytest.skip("A database in memory goes with its connection.")
    fresh = transactional_db.copy()
    fresh.settings_dict["CONN_HEALTH_CHECKS"], fresh.settings_dict["CONN_MAX_AGE"] = True, 60
    try:
        assert fresh.rows("SELECT 1") == [(1,)]
        first = fresh.connection
        monkeypatch.setattr(fresh, "is_usable", lambda: False)
        assert fresh.rows("SELECT 1") == [(1,)] and fresh.connection is first
        fresh.close_if_unusable_or_obsolete()
        assert fresh.rows("SELECT 1") == [(1,)] and fresh.connection is not first
    finally:
        fresh.close()


def test_a_log_of_statements_that_overflows_says_so(transactional_db, monkeypatch):
    monkeypatch.setattr(type(transactional_db), "queries_limit", 2)
    fresh = transactional_db.copy() if transactional_db.vendor != "sqlite" else type(transactional_db)(transactional_db.settings_dict, "x")
    fresh.force_debug_cursor = True
    try:
        with fresh.cursor() as cursor:
            fresh.queries_log.clear()
            cursor.execute("SELECT 1")
            assert len(fresh.queries) == 1
            cursor.execute("SELECT 2")
        with pytest.warns(UserWarning, match="only the last 2"):
            assert len(fresh.queries) == 2
    finally:
        fresh.close()


def test_zero_can_be_looked_for_where_it_cannot_be_a_counted_key(db):
    assert not Writer.objects.filter(id=Value(0, BigAutoField())).exists()
    if not db.features.allows_auto_pk_0:
        with pytest.raises(ValueError, match="0"):
            Writer.objects.create(id=0, name="x")


def test_relations_to_other_databases_are_left_out(transactional_db):
    if transactional_db.vendor != "mysql":
        pytest.skip("Foreign keys stay inside a database there.")
    other = f"{transactional_db.settings_dict['NAME']}_far"
    with transactional_db.cursor() as cursor:
        cursor.execute(f"CREATE DATABASE {other}")
        try:
            cursor.execute(f"CREATE TABLE {other}.far (id integer PRIMARY KEY)")
            cursor.execute(f"CREATE TABLE near (id integer PRIMARY KEY, far_id integer, FOREIGN KEY (far_id) REFERENCES {other}.far (id))")
            assert transactional_db.introspection.get_relations(cursor, "near") == {}
            found = transactional_db.introspection.get_constraints(cursor, "near")
            assert not [each for each in found.values() if each["foreign_key"]]
        finally:
            cursor.execute("DROP TABLE IF EXISTS near")
            cursor.execute(f"DROP DATABASE {other}")

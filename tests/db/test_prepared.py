"""Statements that a PostgreSQL connection prepares for itself."""

import asyncio
import decimal
import os
import sys
from collections.abc import Iterator
from typing import Any

import psycopg
import pytest

from nuages import bridge
from nuages.db import DataError, OperationalError, ProgrammingError
from nuages.db.handler import ConnectionHandler

SERVER = {
    "HOST": os.environ.get("NUAGES_TEST_PG_HOST", "127.0.0.1"),
    "USER": os.environ.get("NUAGES_TEST_PG_USER", "postgres"),
    "PASSWORD": os.environ.get("NUAGES_TEST_PG_PASSWORD", ""),
    "NAME": "postgres",
}
SELECT = 'SELECT "id", "word" FROM "nuages_prepared" WHERE "nuages_prepared"."id" = %s'


def answers() -> bool:
    """Whether there is a server to test with."""
    try:
        psycopg.connect(
            host=SERVER["HOST"], user=SERVER["USER"], password=SERVER["PASSWORD"] or None, dbname="postgres", connect_timeout=2
        ).close()
    except psycopg.OperationalError:
        return False
    return True


pytestmark = pytest.mark.skipif(not answers(), reason="no PostgreSQL answers")


@pytest.fixture
def connection() -> Iterator[Any]:
    handler = ConnectionHandler({"default": {"ENGINE": "nuages.db.backends.postgresql", **SERVER}})
    connection = handler["default"]
    with connection.cursor() as cursor:
        cursor.execute("CREATE TEMPORARY TABLE nuages_prepared (id integer, word text)")
        cursor.execute("INSERT INTO nuages_prepared VALUES (1, 'one'), (2, 'two')")
    for _ in range(8):
        assert connection.rows(SELECT, (1,)) == [(1, "one")]
    yield connection
    connection.close()


def prepared(connection: Any) -> int:
    """How many statements the server keeps for this connection."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_prepared_statements WHERE name LIKE 'nuages%'")
        return int(cursor.fetchone()[0])


def test_a_frequent_select_is_prepared(connection: Any) -> None:
    assert prepared(connection) == 1
    assert connection.rows(SELECT, (2,)) == [(2, "two")]
    assert connection.rows(SELECT, (3,)) == []


def test_other_types_of_parameters_are_other_statements(connection: Any) -> None:
    for value in (2, 2**15, 2**40):
        assert connection.rows(SELECT, (value,)) == ([(2, "two")] if value == 2 else [])
    assert prepared(connection) == 1
    for _ in range(8):
        assert connection.rows(SELECT, (decimal.Decimal(2),)) == [(2, "two")]
    assert prepared(connection) == 2
    assert connection.rows(SELECT, (2**70,)) == []


def test_it_survives_what_drops_statements(connection: Any) -> None:
    with connection.cursor() as cursor:
        cursor.execute("DEALLOCATE ALL")
    assert connection.rows(SELECT, (1,)) == [(1, "one")]
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE nuages_prepared ALTER COLUMN word TYPE varchar(9)")
    assert connection.rows(SELECT, (1,)) == [(1, "one")]


def test_errors_are_ours(connection: Any) -> None:
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE nuages_prepared")
    with pytest.raises(ProgrammingError, match="nuages_prepared"):
        connection.rows(SELECT, (1,))


def test_transactions_roll_back(connection: Any) -> None:
    for _ in range(3):
        connection.set_autocommit(False)
        with connection.cursor() as cursor:
            cursor.execute("UPDATE nuages_prepared SET word = 'eins' WHERE id = 1")
        assert connection.rows(SELECT, (1,)) == [(1, "eins")]
        connection.rollback()
        connection.set_autocommit(True)
        assert connection.rows(SELECT, (1,)) == [(1, "one")]


def test_on_the_loop_a_large_result_arrives_whole() -> None:
    handler = ConnectionHandler({"default": {"ENGINE": "nuages.db.backends.postgresql", **SERVER}})
    large = 'SELECT repeat("n"::text, 100) FROM generate_series(1, 50000) "n" WHERE "n" > %s'

    def query() -> list[int]:
        return [len(handler["default"].rows(large, (0,))) for _ in range(8)]

    assert asyncio.run(bridge.run(query)) == [50000] * 8
    handler.close_pools()


def test_statements_that_write_are_prepared(connection: Any) -> None:
    update = 'UPDATE "nuages_prepared" SET "word" = %s WHERE "nuages_prepared"."id" = %s'
    insert = 'INSERT INTO "nuages_prepared" ("id", "word") VALUES (%s, %s) RETURNING "nuages_prepared"."id"'
    delete = 'DELETE FROM "nuages_prepared" WHERE "nuages_prepared"."id" = %s'
    for number in range(10, 20):
        assert connection.execute(insert, (number, None)).fetchone() == (number,)
        assert connection.execute(update, ("new", number)).rowcount == 1
        assert connection.rows(SELECT, (number,)) == [(number, "new")]
        assert connection.execute(delete, (number,)).rowcount == 1
        assert connection.execute(delete, (number,)).rowcount == 0
    assert prepared(connection) == 4
    with pytest.raises(DataError):
        connection.execute(update, ("new", 1)).fetchone() or connection.execute(insert, (2**40, "too large"))


def test_many_rows_are_inserted_with_parameters_apart(connection: Any) -> None:
    rows = [(number, None) if number % 3 else (None, f"w{number}") for number in range(3000)] + [(2**30, "4"), (7, "%s")]
    values = ", ".join(["(%s, %s)"] * len(rows))
    for _ in range(8):
        sql = f'INSERT INTO "nuages_prepared" ("id", "word") VALUES {values} RETURNING "nuages_prepared"."word"'
        done = connection.execute(sql, [value for row in rows for value in row])
        assert done.rowcount == len(rows) and done.fetchall()[-2:] == [("4",), ("%s",)]
    assert connection.rows("SELECT count(*), max(id) FROM nuages_prepared") == [(8 * len(rows) + 2, 2**30)]
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_prepared_statements WHERE statement LIKE 'INSERT%'")
        assert cursor.fetchone() == (0,)
    many = 40000
    sql = f'INSERT INTO "nuages_prepared" ("id", "word") VALUES {", ".join(["(%s, %s)"] * many)}'
    assert connection.execute(sql, [None] * 2 * many).rowcount == many


def on_loop(function: Any) -> Any:
    """What a function gives that is called with a connection which a task leases."""
    handler = ConnectionHandler({"default": {"ENGINE": "nuages.db.backends.postgresql", **SERVER}})
    try:
        return asyncio.run(bridge.run(function, handler))
    finally:
        handler.close_pools()


def test_what_the_server_says_last_is_raised() -> None:
    def query(handler: ConnectionHandler) -> Any:
        connection = handler["default"]
        connection.ensure_connection()
        connection.connection.prepare_threshold = 0
        with pytest.raises(OperationalError, match="administrator command") as caught:
            connection.rows('SELECT pg_terminate_backend(pg_backend_pid()) FROM "pg_class" WHERE "pg_class"."relname" = %s', ("pg_class",))
        connection.close_if_unusable_or_obsolete()
        return caught.value.__cause__, connection.rows("SELECT 1")

    cause, rows = on_loop(query)
    assert isinstance(cause, psycopg.errors.AdminShutdown) and rows == [(1,)]


def test_a_cancelled_query_leaves_the_connection_good() -> None:
    slow = 'SELECT pg_sleep(20) FROM "pg_class" WHERE "pg_class"."relname" = %s'

    def query(handler: ConnectionHandler) -> Any:
        connection = handler["default"]
        connection.ensure_connection()
        connection.connection.prepare_threshold = 0
        asyncio.get_running_loop().call_later(0.1, asyncio.current_task().cancel)  # type: ignore[union-attr]
        with pytest.raises(asyncio.CancelledError):
            connection.rows(slow, ("pg_class",))
        return connection.rows("SELECT 1")

    assert on_loop(query) == [(1,)]


def test_notifications_arrive_with_answers() -> None:
    heard: list[str] = []

    def query(handler: ConnectionHandler) -> Any:
        connection = handler["default"]
        connection.execute("LISTEN nuages_prepared")
        connection.connection.prepare_threshold = 0
        connection.connection.add_notify_handler(lambda notice: heard.append(notice.payload))
        text = "SELECT pg_notify('nuages_prepared', 'hello') FROM \"pg_class\" WHERE \"pg_class\".\"relname\" = %s"
        return [len(connection.rows(text, ("pg_class",))) for _ in range(3)]

    assert on_loop(query) == [1, 1, 1]
    assert heard == ["hello"] * 3


def test_a_task_that_asks_for_one_row_costs_few_calls() -> None:
    text = 'SELECT "relname" FROM "pg_class" WHERE "pg_class"."relname" = %s'
    counts: list[int] = []

    def query(handler: ConnectionHandler) -> None:
        connection = handler["default"]
        assert connection.rows(text, ("pg_class",)) == [("pg_class",)]
        connection.close_if_unusable_or_obsolete()

    async def ask(handler: ConnectionHandler) -> None:
        for _ in range(8):  # a task each, on the same connection of the pool
            await asyncio.ensure_future(bridge.run(query, handler))

        def profile(frame: Any, event: str, argument: Any) -> None:
            counts[0] += event == "call" and "/nuages/" in frame.f_code.co_filename

        counts.append(0)
        sys.setprofile(profile)
        try:
            await asyncio.ensure_future(bridge.run(query, handler))
        finally:
            sys.setprofile(None)

    handler = ConnectionHandler({"default": {"ENGINE": "nuages.db.backends.postgresql", **SERVER}})
    asyncio.run(ask(handler))
    handler.close_pools()
    assert counts[0] <= 55

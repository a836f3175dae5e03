"""Statements that a PostgreSQL connection prepares for itself."""

import asyncio
import decimal
import os
from collections.abc import Iterator
from typing import Any

import psycopg
import pytest

from nuages import bridge
from nuages.db import ProgrammingError
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

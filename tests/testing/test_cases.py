"""Test cases with a database: transactions, test data, queries, and sync and async code on one connection."""

import json
import threading
from typing import Any
from urllib.request import urlopen

import pytest
from tests.testing.models import Book

from nuages.db import connection, transaction
from nuages.http import JsonResponse
from nuages.test import (
    LiveServerTestCase,
    SimpleTestCase,
    TestCase,
    TransactionTestCase,
    override_settings,
    skipUnlessDBFeature,
    tag,
)
from nuages.test.guards import DatabaseOperationForbidden
from nuages.urls import path

pytestmark = pytest.mark.usefixtures("_database")

def count(request: Any) -> JsonResponse:
    return JsonResponse({"count": Book.objects.count()})


async def async_add(request: Any) -> JsonResponse:
    book = await Book.objects.acreate(title="async")
    return JsonResponse({"pk": book.pk})


class Urls:
    urlpatterns = [path("count/", count), path("add/", async_add)]


@override_settings(ROOT_URLCONF=Urls, MEDIA_URL="", MEDIA_ROOT="/nowhere")
class Live(LiveServerTestCase):
    def test_an_unset_media_url_hides_no_view(self) -> None:
        with urlopen(f"{self.live_server_url}/count/") as response:
            assert json.load(response) == {"count": 0}


@override_settings(ROOT_URLCONF=Urls)
class Transactions(TestCase):
    @classmethod
    def setUpTestData(cls) -> None:
        cls.book = Book.objects.create(title="first")
        cls.both = [cls.book]

    def test_data_is_copied_per_test(self) -> None:
        self.book.title = "changed"
        assert self.both[0] is self.book
        assert type(self).book.title == "first"
        Book.objects.create(title="second")
        assert Book.objects.count() == 2

    def test_rolled_back(self) -> None:
        assert self.book.title == "first"
        assert Book.objects.count() == 1

    def test_number_of_queries(self) -> None:
        with self.assertNumQueries(1):
            list(Book.objects.all())
        with pytest.raises(AssertionError, match="1 queries executed, 0 expected"), self.assertNumQueries(0):
            list(Book.objects.all())

    def test_query_sets(self) -> None:
        Book.objects.create(title="second")
        self.assertQuerySetEqual(Book.objects.order_by("title"), ["first", "second"], transform=lambda book: book.title)
        with self.assertRaises(ValueError):
            self.assertQuerySetEqual(Book.objects.all(), [1, 2])

    def test_client(self) -> None:
        assert self.client.get("/count/").json() == {"count": 1}

    async def test_async_client_and_test_share_the_transaction(self) -> None:
        await Book.objects.acreate(title="mine")
        response = await self.async_client.get("/count/")
        assert response.json() == {"count": 2}
        await self.async_client.get("/add/")
        assert await Book.objects.acount() == 3

    def test_nothing_is_left_of_async_tests(self) -> None:
        assert Book.objects.count() == 1

    def test_threads_see_the_transaction(self) -> None:
        found: list[int] = []
        thread = threading.Thread(target=lambda: found.append(Book.objects.count()))
        thread.start()
        thread.join()
        assert found == [1]

    def test_on_commit(self) -> None:
        done: list[str] = []
        with self.captureOnCommitCallbacks(execute=True) as callbacks:
            transaction.on_commit(lambda: done.append("outer"))
            transaction.on_commit(lambda: transaction.on_commit(lambda: done.append("inner")))
        assert len(callbacks) == 3 and done == ["outer", "inner"]

    def test_durable_blocks_are_allowed(self) -> None:
        with transaction.atomic(durable=True):
            Book.objects.create(title="x")

    @tag("slow")
    @skipUnlessDBFeature("supports_transactions")
    def test_decorators(self) -> None:
        assert connection.in_atomic_block


class NoDatabase(SimpleTestCase):
    def test_queries_are_refused(self) -> None:
        with self.assertRaisesMessage(DatabaseOperationForbidden, "add 'default'"):
            Book.objects.first()

    def test_queries_of_threads_are_refused(self) -> None:
        errors: list[BaseException] = []

        def query() -> None:
            try:
                Book.objects.first()
            except DatabaseOperationForbidden as error:
                errors.append(error)

        thread = threading.Thread(target=query)
        thread.start()
        thread.join()
        assert len(errors) == 1


class Committing(TransactionTestCase):
    def test_commits(self) -> None:
        assert not connection.in_atomic_block
        Book.objects.create(title="x")
        assert Book.objects.count() == 1

    async def test_async(self) -> None:
        await Book.objects.acreate(title="y")
        assert await Book.objects.acount() == 1

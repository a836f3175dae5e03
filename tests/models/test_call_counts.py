"""What queries cost, counted in calls of Python functions: limits that nobody raises by accident."""

import os
from collections.abc import Callable
from typing import Any

import pytest
from tests.models.models import Author, Book

from tests import counting

pytestmark = pytest.mark.skipif(
    os.environ.get("NUAGES_TEST_DB") == "mysql",
    reason="PyMySQL itself is written in Python: its calls would be counted",
)


def calls(function: Callable[[], Any]) -> int:
    """How many Python functions a call runs; a statement is prepared after some."""
    return counting.calls(function, warm=8)


@pytest.fixture
def books(db: Any) -> Any:
    author = Author.objects.create(name="Ada")
    Book.objects.bulk_create([Book(pages=number, author=author) for number in range(100)])
    return Book.objects


def test_building_a_filter(books: Any) -> None:
    assert calls(lambda: books.filter(author__name="Ada")) <= 20


def test_getting_by_key(books: Any) -> None:
    key = books.first().pk
    assert calls(lambda: books.get(pk=key)) <= 40


def test_a_related_object_costs_one_call(books: Any) -> None:
    rows = list(books.select_related("author"))
    assert calls(lambda: [book.author for book in rows]) <= len(rows) + 5


@pytest.mark.parametrize("joined", [(), ("author",)])
def test_rows_cost_no_calls(books: Any, joined: tuple[str, ...]) -> None:
    queryset = books.select_related(*joined) if joined else books.all()
    ten, hundred = (calls(lambda number=number: list(queryset[:number])) for number in (10, 100))
    assert hundred - ten <= 5


def test_values_cost_no_calls(books: Any) -> None:
    for queryset in (books.values("pk", "pages"), books.values_list("pages", "author"), books.values_list("pk", flat=True)):
        ten, hundred = (calls(lambda number=number, queryset=queryset: list(queryset[:number])) for number in (10, 100))
        assert hundred - ten <= 5
        assert hundred <= 45


def test_writing_one_row(books: Any) -> None:
    book = books.first()
    assert calls(lambda: books.filter(pk=book.pk).update(pages=7)) <= 55
    assert calls(book.save) <= 76
    assert calls(lambda: books.filter(pk=0).delete()) <= 90

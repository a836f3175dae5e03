"""The pages."""

from __future__ import annotations

from typing import Any

from project.catalogue.models import Book
from project.names import module

http = module("http")
urls = module("urls")
shortcuts = module("views.shortcuts", "shortcuts")
database = module("db")
RawSQL = module("sql.expressions", "db.models.expressions").RawSQL


def plain(request: Any) -> Any:
    """A few bytes."""
    return http.HttpResponse(b"Hello, World!", content_type="text/plain")


async def plain_async(request: Any) -> Any:
    """The same, async."""
    return http.HttpResponse(b"Hello, World!", content_type="text/plain")


def json(request: Any) -> Any:
    """A small document."""
    return http.JsonResponse({"message": "Hello, World!"})


def shown(book: Any) -> Any:
    """A book as JSON."""
    return http.JsonResponse({"id": book.pk, "title": book.title, "price": str(book.price), "pages": book.pages})


def book(request: Any, pk: int) -> Any:
    """One row by its key."""
    return shown(Book.objects.get(pk=pk))


async def book_async(request: Any, pk: int) -> Any:
    """The same, async."""
    return shown(await Book.objects.aget(pk=pk))


def books(request: Any) -> Any:
    """A page of 50 rows with joins, for a user who is logged in."""
    page = Book.objects.select_related("author__city", "publisher").order_by("title")[:50]
    return shortcuts.render(request, "books.html", {"books": page})


def sleep(request: Any) -> Any:
    """Wait for the database."""
    with database.connection.cursor() as cursor:
        cursor.execute("SELECT pg_sleep(0.1)")
        cursor.fetchall()
    return http.HttpResponse(b"slept")


async def sleep_async(request: Any) -> Any:
    """The same, async."""
    await Book.objects.annotate(pause=RawSQL("pg_sleep(0.1)::text", ())).aget(pk=1)
    return http.HttpResponse(b"slept")


urlpatterns = [
    urls.path("", plain),
    urls.path("async/", plain_async),
    urls.path("json/", json),
    urls.path("book/<int:pk>/", book, name="book"),
    urls.path("async/book/<int:pk>/", book_async),
    urls.path("books/", books, name="books"),
    urls.path("sleep/", sleep),
    urls.path("async/sleep/", sleep_async),
]

"""Queries and their rows, on SQLite in memory."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from project import filling


def cases() -> dict[str, Callable[[], Any]]:
    """Give the cases; the package is configured already."""
    filling.make_tables()
    filling.fill()
    books = filling.import_module("project.catalogue.models").Book.objects
    joined = books.select_related("author__city", "publisher").order_by("title")
    return {
        "get(pk=…), SQLite": lambda: books.get(pk=500),
        "filter(), built again": lambda: books.filter(author__name="x"),
        "filter().order_by()[:10], built again": lambda: books.filter(author__name="x", pages__gt=3).order_by("title")[:10],
        "list of 1,000 rows": lambda: list(books.all()),
        "list of 50 rows with joins": lambda: list(joined[:50]),
        "values_list of 1,000 rows": lambda: list(books.values_list("pk", "title", "price")),
        "exists()": lambda: books.filter(title="Book 0500 & more").exists(),
        "update of one row": lambda: books.filter(pk=500).update(pages=500),
    }

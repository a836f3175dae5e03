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
    saved, unsaved = books.get(pk=500), books.get(pk=501)
    values = {field.attname: getattr(unsaved, field.attname) for field in unsaved._meta.concrete_fields if not field.primary_key}
    dearest = filling.import_module("project.catalogue.models").models.Max("price")
    return {
        "get(pk=…), SQLite": lambda: books.get(pk=500),
        "filter(), built again": lambda: books.filter(author__name="x"),
        "filter().order_by()[:10], built again": lambda: books.filter(author__name="x", pages__gt=3).order_by("title")[:10],
        "list of 1,000 rows": lambda: list(books.all()),
        "list of 50 rows with joins": lambda: list(joined[:50]),
        "values_list of 1,000 rows": lambda: list(books.values_list("pk", "title", "price")),
        "values() of 1,000 rows": lambda: list(books.values("pk", "title", "pages")),
        "values_list(flat=True) of 1,000 rows": lambda: list(books.values_list("pk", flat=True)),
        "exists()": lambda: books.filter(title="Book 0500 & more").exists(),
        "count()": lambda: books.filter(pages__gt=500).count(),
        "aggregate()": lambda: books.filter(pages__gt=500).aggregate(dearest=dearest),
        "update of one row": lambda: books.filter(pk=500).update(pages=500),
        "save of a row": saved.save,
        # From here on there are ever more rows.
        "insert of a row": lambda: books.create(**values),
        "insert and delete of a row": lambda: books.create(**values).delete(),
        "delete of a row by filter()": lambda: (books.create(id=10**9, **values), books.filter(pk=10**9).delete()),
        "bulk_create of 1,000 rows": lambda: books.bulk_create([type(saved)(**values) for _ in range(1000)]),
    }

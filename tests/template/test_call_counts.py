"""What a row of a page costs, counted in calls of Python functions: limits that nobody raises by accident."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from nuages.http import HttpRequest
from nuages.template import Context, Engine
from nuages.template.context import make_context
from nuages.text.lazy import SimpleLazyObject
from nuages.urls import path
from tests import counting


class Row:
    """A row of a table."""

    pk = 7
    title = "Tom & Jerry"
    name = 'The "cat"'
    price = Decimal("12.50")
    day = date(2024, 2, 29)
    pages = 320
    active = True

    def __init__(self) -> None:
        self.user = SimpleLazyObject(lambda: self)


urlpatterns = [path("book/<int:pk>/", lambda request, pk: None, name="book")]


def calls(template: Any, number: int) -> int:
    """How many Python functions it takes to render a number of rows."""
    context = Context({"rows": [Row()] * number})
    return counting.calls(lambda: template.render(context))


@pytest.mark.parametrize(
    ("source", "most"),
    [
        ("{{ row.title }}{{ row.pages }}{{ forloop.counter }}{{ row.title|upper }}{{ row.title|lower }}{% if row.active %}x{% endif %}", 0),
        ("{{ row.name }}", 1),  # quotes
        ("{% url 'book' row.pk %}", 4),
        ('{{ row.day|date:"Y-m-d" }}', 2),
        ("{{ row.price }}", 6),
        ("{{ row.day }}", 14),
        ("{{ row.price|floatformat:2 }}", 11),
        ("{{ row.title|truncatechars:5 }}", 20),
        ("{{ row.user.pk }}{{ row.user.title }}", 6),
    ],
)
def test_rows(source: str, most: int, override: Any) -> None:
    override(ROOT_URLCONF=__name__)
    template = Engine().from_string(f"{{% for row in rows %}}{source}{{% endfor %}}")
    assert calls(template, 110) - calls(template, 10) <= 100 * most


def test_a_page_without_rows() -> None:
    templates = {
        "layout": "{% block title %}{% endblock %}{% if user.active %}{{ user.title }}{% endif %}{% block content %}{% endblock %}",
        "page": "{% extends 'layout' %}{% block title %}x{% endblock %}{% block content %}{{ user.name }}{% endblock %}",
    }
    loader: Any = ("nuages.template.loaders.locmem.Loader", templates)
    page = Engine(loaders=[("nuages.template.loaders.cached.Loader", [loader])]).get_template("page")
    request = HttpRequest()
    assert counting.calls(lambda: page.render(make_context({"user": SimpleLazyObject(Row)}, request))) <= 95

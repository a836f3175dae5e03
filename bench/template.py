"""A table of 1,000 rows, rendered by the package's template engine and by Jinja2."""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from typing import Any

from project.names import NATIVE, module

TABLE = """<table>
{% for row in rows %}<tr class="{% if row.active %}on{% else %}off{% endif %}">
<td>{{ forloop.counter }}</td><td>{{ row.name }}</td><td>{{ row.email|lower }}</td>
<td>{{ row.city.name|default:"-" }}</td><td>{{ row.amount }}</td><td>{% if row.amount > 500 %}{{ row.note|truncatechars:20 }}{% endif %}</td>
</tr>
{% endfor %}</table>"""

JINJA = """<table>
{% for row in rows %}<tr class="{% if row.active %}on{% else %}off{% endif %}">
<td>{{ loop.index }}</td><td>{{ row.name }}</td><td>{{ row.email|lower }}</td>
<td>{{ row.city.name|default("-", true) }}</td><td>{{ row.amount }}</td><td>{% if row.amount > 500 %}{{ row.note|truncate(20) }}{% endif %}</td>
</tr>
{% endfor %}</table>"""


class City:
    """Where a row lives."""

    def __init__(self, name: str) -> None:
        self.name = name


class Row:
    """What the table shows."""

    def __init__(self, number: int) -> None:
        self.active = number % 3 == 0
        self.name = f"Name <{number}> & sons"
        self.email = f"Someone{number}@Example.com"
        self.city = City("" if number % 10 == 0 else f"City {number}")
        self.amount = number
        self.note = "A note that is long enough to be cut"


def cases() -> dict[str, Callable[[], Any]]:
    """Give the cases; the package is configured already. Jinja2 is rendered beside ours only."""
    engine = module("template")
    data = [Row(number) for number in range(1000)]
    table = engine.Engine().from_string(TABLE)
    found: dict[str, Callable[[], Any]] = {"template: table of 1,000 rows": lambda: table.render(engine.Context({"rows": data}))}
    if NATIVE:
        jinja = import_module("jinja2").Environment(autoescape=True).from_string(JINJA)
        found["jinja2"] = lambda: jinja.render({"rows": data})
    return found

"""A table of 1,000 rows: the template engine beside Jinja2, and beside a reference engine where one is named.

Run: ``PYTHONPATH=src python bench/template.py``. With ``BENCH_DJANGO=/path/to/python`` the same page is also rendered by the
engine that this interpreter can import, in the same run; the result is its time divided by ours.
"""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Callable
from importlib import import_module
from typing import Any

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
    def __init__(self, name: str) -> None:
        self.name = name


class Row:
    def __init__(self, number: int) -> None:
        self.active = number % 3 == 0
        self.name = f"Name <{number}> & sons"
        self.email = f"Someone{number}@Example.com"
        self.city = City("" if number % 10 == 0 else f"City {number}")
        self.amount = number
        self.note = "A note that is long enough to be cut"


def rows() -> list[Row]:
    return [Row(number) for number in range(1000)]


def best(function: Callable[[], Any], rounds: int = 15) -> float:
    """Return the shortest of several runs, in milliseconds."""
    function()
    times = []
    for _ in range(rounds):
        start = time.perf_counter()
        function()
        times.append(time.perf_counter() - start)
    return min(times) * 1000


_REFERENCE = """
import runpy, sys
from django.conf import settings
settings.configure(USE_TZ=True)
import django
django.setup()
from django.template import Context, Engine
bench = runpy.run_path(sys.argv[1], run_name="bench")
template, data = Engine().from_string(bench["TABLE"]), bench["rows"]()
print(bench["best"](lambda: template.render(Context({"rows": data}))))
"""


def reference(python: str) -> float:
    """Return the time of the engine that another interpreter imports."""
    result = subprocess.run([python, "-c", _REFERENCE, __file__], capture_output=True, text=True, check=True)
    return float(result.stdout)


def main() -> None:
    settings = import_module("nuages.conf").settings
    template = import_module("nuages.template")
    settings.configure(USE_TZ=True, LOGGING_CONFIG=None)
    import_module("nuages").setup()
    data = rows()
    ours = template.Engine().from_string(TABLE)
    theirs = import_module("jinja2").Environment(autoescape=True).from_string(JINJA)
    own = best(lambda: ours.render(template.Context({"rows": data})))
    other = best(lambda: theirs.render({"rows": data}))
    print(f"nuages {own:.2f} ms")
    print(f"jinja2 {other:.2f} ms, ratio {other / own:.2f}")
    python = os.environ.get("BENCH_DJANGO")
    if python:
        named = reference(python)
        print(f"reference ({python}) {named:.2f} ms, ratio {named / own:.2f}")


if __name__ == "__main__":
    sys.exit(main())

"""Forms: making, validating and rendering one of ten fields, and one widget.

Run: ``PYTHONPATH=src python bench/forms.py``. With ``BENCH_DJANGO=/path/to/python`` the same code also runs in that interpreter,
on the package of the documented names that it has; the last column is its time divided by ours.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import timeit
from importlib import import_module
from typing import Any

DATA = {
    "a": "x",
    "b": "a@example.com",
    "c": "3",
    "d": "2020-01-01",
    "e": "3",
    "g": "text",
    "h": "https://example.com",
    "i": "1.5",
    "j": "h",
}


def form_class(forms: Any) -> Any:
    """A form of ten usual fields."""
    fields = {
        "a": forms.CharField(max_length=10, help_text="Short."),
        "b": forms.EmailField(),
        "c": forms.IntegerField(min_value=1),
        "d": forms.DateField(required=False),
        "e": forms.ChoiceField(choices=[(number, str(number)) for number in range(20)]),
        "f": forms.BooleanField(required=False),
        "g": forms.CharField(widget=forms.Textarea),
        "h": forms.URLField(required=False),
        "i": forms.DecimalField(required=False),
        "j": forms.CharField(widget=forms.HiddenInput),
    }
    return type(forms.Form)("Ten", (forms.Form,), fields)


def measure(package: str) -> dict[str, float]:
    """Microseconds of each case with the forms of ``package``."""
    import_module(f"{package}.conf").settings.configure(USE_TZ=False)
    if package == "django":
        import_module(package).setup()
    else:
        import_module(f"{package}.apps").apps.populate([])
    forms = import_module(f"{package}.forms")
    made = form_class(forms)
    bound = made(DATA)
    bound.is_valid()
    select = forms.Select(choices=[(number, str(number)) for number in range(100)])
    cases = {
        "make": (made, 2000),
        "make and validate": (lambda: made(DATA).is_valid(), 1000),
        "render": (lambda: str(bound), 200),
        "render a text input": (lambda: forms.TextInput().render("n", "v", {"id": "x"}), 2000),
        "render a select of 100": (lambda: select.render("n", "5"), 100),
    }
    return {name: min(timeit.repeat(run, number=count, repeat=5)) / count * 1e6 for name, (run, count) in cases.items()}


def main() -> None:
    """Print the table."""
    if sys.argv[1:]:
        print(json.dumps(measure(sys.argv[1])))
        return
    ours = measure("nuages")
    peer: dict[str, float] = {}
    if os.environ.get("BENCH_DJANGO"):
        command = [os.environ["BENCH_DJANGO"], __file__, "django"]
        output = subprocess.run(command, capture_output=True, text=True, check=True, env={"PATH": os.environ["PATH"]}).stdout
        peer = json.loads(output)
    for name, time in ours.items():
        ratio = f"  {peer[name] / time:5.2f} x" if peer else ""
        print(f"{name:24} {time:9.1f} µs{ratio}")


if __name__ == "__main__":
    main()

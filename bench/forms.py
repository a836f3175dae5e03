"""Forms: making, validating and rendering one of ten fields, and one widget."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from project.names import module

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


def cases() -> dict[str, Callable[[], Any]]:
    """Give the cases; the package is configured already."""
    forms = module("forms")
    made = form_class(forms)
    bound = made(DATA)
    bound.is_valid()
    select = forms.Select(choices=[(number, str(number)) for number in range(100)])
    return {
        "form of ten fields: make": made,
        "form of ten fields: make and validate": lambda: made(DATA).is_valid(),
        "form of ten fields: render": lambda: str(bound),
        "render a text input": lambda: forms.TextInput().render("n", "v", {"id": "x"}),
        "render a select of 100": lambda: select.render("n", "5"),
    }

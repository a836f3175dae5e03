"""The ancestor of all widgets, and those that are one ``<input>`` or ``<textarea>``.

See the widgets reference.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Mapping
from copy import deepcopy
from typing import Any, ClassVar, Self

from nuages.forms.media import MediaDefiningClass
from nuages.forms.renderers import get_default_renderer
from nuages.i18n import formats
from nuages.sql.expressions import DatabaseDefault
from nuages.text.safestring import SafeString, mark_safe

Attrs = Mapping[str, Any] | None


class Widget(metaclass=MediaDefiningClass):
    """The HTML side of a field: it renders a value, and reads one from submitted data.

    ``attrs`` are HTML attributes for the element.
    """

    media: Any
    template_name: ClassVar[str]
    needs_multipart_form = False
    is_localized = False
    is_required = False
    supports_microseconds = True
    use_fieldset = False

    def __init__(self, attrs: Attrs = None) -> None:
        self.attrs: dict[str, Any] = {} if attrs is None else dict(attrs)

    def __deepcopy__(self, memo: dict[int, Any]) -> Self:
        duplicate = self._twin()
        duplicate.attrs = self.attrs.copy()
        memo[id(self)] = duplicate
        return duplicate

    def _twin(self) -> Self:
        """A shallow copy, without the detour of the ``copy`` protocol."""
        duplicate = object.__new__(type(self))
        duplicate.__dict__.update(self.__dict__)
        return duplicate

    @property
    def is_hidden(self) -> bool:
        """Whether the widget is an ``<input type="hidden">``."""
        return getattr(self, "input_type", None) == "hidden"

    def subwidgets(self, name: str, value: Any, attrs: Attrs = None) -> Iterator[dict[str, Any]]:
        """The contexts of the parts that a template may loop over; a simple widget is its own only part."""
        context = self.get_context(name, value, attrs)
        yield context["widget"]

    def format_value(self, value: Any) -> Any:
        """The value as the template shows it; ``None`` for nothing, and for what only the database knows."""
        if value is None or value == "" or isinstance(value, DatabaseDefault):
            return None
        if self.is_localized:
            return formats.localize_input(value)
        return str(value)

    def get_context(self, name: str, value: Any, attrs: Attrs) -> dict[str, Any]:
        """The template's context: one dictionary, ``widget``."""
        return {
            "widget": {
                "template_name": self.template_name,
                "name": name,
                "value": self.format_value(value),
                "attrs": self.build_attrs(self.attrs, attrs),
                "required": self.is_required,
                "is_hidden": self.is_hidden,
            },
        }

    def render(self, name: str, value: Any, attrs: Attrs = None, renderer: Any = None) -> SafeString:
        """The widget as HTML."""
        context = self.get_context(name, value, attrs)
        return self._render(self.template_name, context, renderer)

    def _render(self, template_name: str, context: dict[str, Any], renderer: Any = None) -> SafeString:
        if renderer is None:
            renderer = get_default_renderer()
        return mark_safe(str(renderer.render(template_name, context)))

    def build_attrs(self, base_attrs: Mapping[str, Any], extra_attrs: Attrs = None) -> dict[str, Any]:
        """The attributes of the element: those of the widget, overlaid with those of the call."""
        return {**base_attrs, **(extra_attrs or {})}

    def value_from_datadict(self, data: Mapping[str, Any], files: Any, name: str) -> Any:
        """The submitted value, ``None`` when there is none."""
        return data.get(name)

    def value_omitted_from_data(self, data: Mapping[str, Any], files: Any, name: str) -> bool:
        """Whether the submitted data leaves this widget out altogether."""
        return name not in data

    def id_for_label(self, id_: str) -> str:
        """The ``id`` that a ``<label>`` points to, given that of the field; empty when there is none."""
        return id_

    def use_required_attribute(self, initial: Any) -> bool:
        """Whether the element may carry the ``required`` attribute."""
        return not self.is_hidden


class Input(Widget):
    """Any ``<input>``; subclasses set its ``input_type``."""

    input_type: Any = None
    template_name = "django/forms/widgets/input.html"

    def __init__(self, attrs: Attrs = None) -> None:
        if attrs is not None:
            attrs = dict(attrs)
            self.input_type = attrs.pop("type", self.input_type)
        super().__init__(attrs)

    def get_context(self, name: str, value: Any, attrs: Attrs) -> dict[str, Any]:
        """Adds ``type``."""
        context = super().get_context(name, value, attrs)
        context["widget"]["type"] = self.input_type
        return context


class TextInput(Input):
    """``<input type="text">``."""

    input_type = "text"
    template_name = "django/forms/widgets/text.html"


class NumberInput(Input):
    """``<input type="number">``."""

    input_type = "number"
    template_name = "django/forms/widgets/number.html"


class EmailInput(Input):
    """``<input type="email">``."""

    input_type = "email"
    template_name = "django/forms/widgets/email.html"


class URLInput(Input):
    """``<input type="url">``."""

    input_type = "url"
    template_name = "django/forms/widgets/url.html"


class ColorInput(Input):
    """``<input type="color">``."""

    input_type = "color"
    template_name = "django/forms/widgets/color.html"


class SearchInput(Input):
    """``<input type="search">``."""

    input_type = "search"
    template_name = "django/forms/widgets/search.html"


class TelInput(Input):
    """``<input type="tel">``."""

    input_type = "tel"
    template_name = "django/forms/widgets/tel.html"


class PasswordInput(Input):
    """``<input type="password">``, which shows its value again only where ``render_value`` says so."""

    input_type = "password"
    template_name = "django/forms/widgets/password.html"

    def __init__(self, attrs: Attrs = None, render_value: bool = False) -> None:
        super().__init__(attrs)
        self.render_value = render_value

    def get_context(self, name: str, value: Any, attrs: Attrs) -> dict[str, Any]:
        """Leaves the value out unless ``render_value``."""
        return super().get_context(name, value if self.render_value else None, attrs)


class HiddenInput(Input):
    """``<input type="hidden">``."""

    input_type = "hidden"
    template_name = "django/forms/widgets/hidden.html"


class Textarea(Widget):
    """``<textarea>``, of 10 rows and 40 columns unless ``attrs`` say otherwise."""

    template_name = "django/forms/widgets/textarea.html"

    def __init__(self, attrs: Attrs = None) -> None:
        super().__init__({"cols": "40", "rows": "10", **(attrs or {})})


class DateTimeBaseInput(TextInput):
    """What the inputs of dates and times share: the format in which they show a value."""

    format_key = ""
    format: str | None = None
    supports_microseconds = False

    def __init__(self, attrs: Attrs = None, format: str | None = None) -> None:
        super().__init__(attrs)
        self.format = format or self.format or None

    def format_value(self, value: Any) -> Any:
        """The value in the widget's format, else in the first input format of the active locale."""
        return formats.localize_input(value, self.format or formats.get_format(self.format_key)[0])


class DateInput(DateTimeBaseInput):
    """A date as text."""

    format_key = "DATE_INPUT_FORMATS"
    template_name = "django/forms/widgets/date.html"


class DateTimeInput(DateTimeBaseInput):
    """A date and time as text."""

    format_key = "DATETIME_INPUT_FORMATS"
    template_name = "django/forms/widgets/datetime.html"


class TimeInput(DateTimeBaseInput):
    """A time of day as text."""

    format_key = "TIME_INPUT_FORMATS"
    template_name = "django/forms/widgets/time.html"


def boolean_check(value: Any) -> bool:
    """The default test of a checkbox: everything but ``False``, ``None`` and the empty string is checked."""
    return not (value is False or value is None or value == "")


class CheckboxInput(Input):
    """``<input type="checkbox">``, checked when ``check_test(value)`` is true."""

    input_type = "checkbox"
    template_name = "django/forms/widgets/checkbox.html"

    def __init__(self, attrs: Attrs = None, check_test: Any = None) -> None:
        super().__init__(attrs)
        self.check_test = boolean_check if check_test is None else check_test

    def format_value(self, value: Any) -> Any:
        """Only values that are neither boolean nor empty are shown."""
        if value is True or value is False or value is None or value == "":
            return None
        return str(value)

    def get_context(self, name: str, value: Any, attrs: Attrs) -> dict[str, Any]:
        """Adds the ``checked`` attribute."""
        if self.check_test(value):
            attrs = {**(attrs or {}), "checked": True}
        return super().get_context(name, value, attrs)

    def value_from_datadict(self, data: Mapping[str, Any], files: Any, name: str) -> Any:
        """``False`` when absent, for browsers send nothing for an unchecked box."""
        if name not in data:
            return False
        value = data.get(name)
        if isinstance(value, str):
            value = {"true": True, "false": False}.get(value.lower(), value)
        return bool(value)

    def value_omitted_from_data(self, data: Mapping[str, Any], files: Any, name: str) -> bool:
        """Never: an unchecked box cannot be told from one that was left out."""
        return False


def without_microseconds(value: Any) -> Any:
    """``value`` cut to whole seconds if it is a time or datetime."""
    if isinstance(value, (datetime.datetime, datetime.time)):
        return value.replace(microsecond=0)
    return value


def copied(widgets: list[Widget], memo: dict[int, Any]) -> list[Widget]:
    """Deep copies of the parts of a widget."""
    return [deepcopy(widget, memo) for widget in widgets]

"""Widgets made of several widgets."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Self

from nuages.forms.media import Media
from nuages.forms.times import to_current_timezone
from nuages.forms.widgets.widget import Attrs, DateInput, HiddenInput, TimeInput, Widget, copied


class MultipleHiddenInput(HiddenInput):
    """One hidden input for each value of a list."""

    template_name = "django/forms/widgets/multiple_hidden.html"

    def get_context(self, name: str, value: Any, attrs: Attrs) -> dict[str, Any]:
        """Adds ``subwidgets``: the context of each hidden input."""
        context = super().get_context(name, value, attrs)
        shared = context["widget"]["attrs"]
        id_ = shared.get("id")
        parts = []
        for index, member in enumerate(context["widget"]["value"]):
            own = {**shared, "id": f"{id_}_{index}"} if id_ else dict(shared)
            part = HiddenInput()
            part.is_required = self.is_required
            parts.append(part.get_context(name, member, own)["widget"])
        context["widget"]["subwidgets"] = parts
        return context

    def value_from_datadict(self, data: Mapping[str, Any], files: Any, name: str) -> Any:
        """The list of values."""
        return getattr(data, "getlist", data.get)(name)

    def format_value(self, value: Any) -> Any:
        """An empty list for nothing."""
        return [] if value is None else value


class MultiWidget(Widget):
    """Several widgets that show one value between them; ``decompress`` divides it.

    ``widgets`` lists them, or maps the suffix of each one's name to it.
    """

    template_name = "django/forms/widgets/multiwidget.html"
    use_fieldset = True

    def __init__(self, widgets: Any, attrs: Attrs = None) -> None:
        if isinstance(widgets, dict):
            self.widgets_names = [f"_{name}" if name else "" for name in widgets]
            widgets = widgets.values()
        else:
            widgets = list(widgets)
            self.widgets_names = [f"_{index}" for index in range(len(widgets))]
        self.widgets: list[Widget] = [part() if isinstance(part, type) else part for part in widgets]
        super().__init__(attrs)

    def __deepcopy__(self, memo: dict[int, Any]) -> Self:
        duplicate = super().__deepcopy__(memo)
        duplicate.widgets = copied(self.widgets, memo)
        return duplicate

    @property
    def is_hidden(self) -> bool:
        """Whether all parts are hidden."""
        return all(part.is_hidden for part in self.widgets)

    @property
    def needs_multipart_form(self) -> bool:  # type: ignore[override]
        """Whether any part uploads files."""
        return any(part.needs_multipart_form for part in self.widgets)

    @property
    def media(self) -> Media:
        """The assets of the parts, before the widget's own."""
        total = Media()
        for part in self.widgets:
            total = total + part.media
        return total

    def get_context(self, name: str, value: Any, attrs: Attrs) -> dict[str, Any]:
        """Adds ``subwidgets``: the context of each part."""
        context = super().get_context(name, value, attrs)
        if self.is_localized:
            for part in self.widgets:
                part.is_localized = self.is_localized
        if not isinstance(value, (list, tuple)):
            value = self.decompress(value)
        shared = context["widget"]["attrs"]
        input_type = shared.pop("type", None)
        id_ = shared.get("id")
        parts = []
        for index, (suffix, part) in enumerate(zip(self.widgets_names, self.widgets, strict=False)):
            if input_type is not None:
                part.input_type = input_type  # type: ignore[attr-defined]
            member = value[index] if index < len(value) else None
            own = {**shared, "id": f"{id_}{suffix}"} if id_ else shared.copy()
            parts.append(part.get_context(name + suffix, member, own)["widget"])
        context["widget"]["subwidgets"] = parts
        return context

    def id_for_label(self, id_: str) -> str:
        """None: no single part is the right one."""
        return ""

    def value_from_datadict(self, data: Mapping[str, Any], files: Any, name: str) -> Any:
        """The list of the parts' values."""
        return [
            part.value_from_datadict(data, files, name + suffix)
            for suffix, part in zip(self.widgets_names, self.widgets, strict=False)
        ]

    def value_omitted_from_data(self, data: Mapping[str, Any], files: Any, name: str) -> bool:
        """Whether all parts are left out."""
        return all(
            part.value_omitted_from_data(data, files, name + suffix)
            for suffix, part in zip(self.widgets_names, self.widgets, strict=False)
        )

    def decompress(self, value: Any) -> Iterable[Any]:
        """The values of the parts for one value, which may be empty; subclasses provide it."""
        raise NotImplementedError("Subclasses must implement this method.")


class SplitDateTimeWidget(MultiWidget):
    """A date input and a time input."""

    supports_microseconds = False
    template_name = "django/forms/widgets/splitdatetime.html"

    def __init__(
        self,
        attrs: Attrs = None,
        date_format: str | None = None,
        time_format: str | None = None,
        date_attrs: Attrs = None,
        time_attrs: Attrs = None,
    ) -> None:
        date = DateInput(attrs=attrs if date_attrs is None else date_attrs, format=date_format)
        time = TimeInput(attrs=attrs if time_attrs is None else time_attrs, format=time_format)
        super().__init__((date, time))

    def decompress(self, value: Any) -> list[Any]:
        """Date and time in the current time zone."""
        if not value:
            return [None, None]
        value = to_current_timezone(value)
        return [value.date(), value.time()]


class SplitHiddenDateTimeWidget(SplitDateTimeWidget):
    """Hidden inputs for a date and a time."""

    template_name = "django/forms/widgets/splithiddendatetime.html"

    def __init__(
        self,
        attrs: Attrs = None,
        date_format: str | None = None,
        time_format: str | None = None,
        date_attrs: Attrs = None,
        time_attrs: Attrs = None,
    ) -> None:
        super().__init__(attrs, date_format, time_format, date_attrs, time_attrs)
        for part in self.widgets:
            part.input_type = "hidden"  # type: ignore[attr-defined]

"""Widgets that upload files."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from nuages.forms.widgets.widget import Attrs, CheckboxInput, Input
from nuages.i18n.translation import gettext_lazy as _

#: what a widget reports when a new file came together with the wish to clear the old one
FILE_INPUT_CONTRADICTION = object()


class FileInput(Input):
    """``<input type="file">``."""

    allow_multiple_selected = False
    input_type = "file"
    needs_multipart_form = True
    template_name = "django/forms/widgets/file.html"

    def __init__(self, attrs: Attrs = None) -> None:
        if attrs is not None and not self.allow_multiple_selected and attrs.get("multiple", False):
            raise ValueError(f"{type(self).__qualname__} doesn't support uploading multiple files.")
        if self.allow_multiple_selected:
            attrs = {"multiple": True, **(attrs or {})}
        super().__init__(attrs)

    def format_value(self, value: Any) -> Any:
        """Nothing: browsers do not let a page choose a file."""
        return None

    def value_from_datadict(self, data: Mapping[str, Any], files: Any, name: str) -> Any:
        """The uploaded file, or a list of all where several may be selected."""
        if self.allow_multiple_selected:
            return getattr(files, "getlist", files.get)(name)
        return files.get(name)

    def value_omitted_from_data(self, data: Mapping[str, Any], files: Any, name: str) -> bool:
        """Whether no file of that name came."""
        return name not in files

    def use_required_attribute(self, initial: Any) -> bool:
        """Not where a file is there already, which an empty input keeps."""
        return super().use_required_attribute(initial) and not initial


class ClearableFileInput(FileInput):
    """``<input type="file">`` that links to the present file and, where none is required, offers to clear it."""

    clear_checkbox_label: str = _("Clear")
    initial_text: str = _("Currently")
    input_text: str = _("Change")
    template_name = "django/forms/widgets/clearable_file_input.html"
    checked = False

    def clear_checkbox_name(self, name: str) -> str:
        """The name of the checkbox that clears, given that of the input."""
        return f"{name}-clear"

    def clear_checkbox_id(self, name: str) -> str:
        """The ``id`` of the checkbox that clears, given its name."""
        return f"{name}_id"

    def is_initial(self, value: Any) -> bool:
        """Whether the value is a stored file, and not one just uploaded."""
        return bool(value and getattr(value, "url", False))

    def format_value(self, value: Any) -> Any:
        """The stored file."""
        return value if self.is_initial(value) else None

    def get_context(self, name: str, value: Any, attrs: Attrs) -> dict[str, Any]:
        """Adds what the checkbox and the link need."""
        context = super().get_context(name, value, attrs)
        box = self.clear_checkbox_name(name)
        widget = context["widget"]
        widget.update(
            checkbox_name=box,
            checkbox_id=self.clear_checkbox_id(box),
            is_initial=self.is_initial(value),
            input_text=self.input_text,
            initial_text=self.initial_text,
            clear_checkbox_label=self.clear_checkbox_label,
        )
        widget["attrs"].setdefault("disabled", False)
        widget["attrs"]["checked"] = self.checked
        return context

    def value_from_datadict(self, data: Mapping[str, Any], files: Any, name: str) -> Any:
        """The uploaded file, or ``False`` to clear the present one."""
        upload = super().value_from_datadict(data, files, name)
        self.checked = self.clear_checkbox_name(name) in data
        if self.is_required or not CheckboxInput().value_from_datadict(data, files, self.clear_checkbox_name(name)):
            return upload
        return FILE_INPUT_CONTRADICTION if upload else False

    def value_omitted_from_data(self, data: Mapping[str, Any], files: Any, name: str) -> bool:
        """Whether neither a file nor the wish to clear came."""
        return super().value_omitted_from_data(data, files, name) and self.clear_checkbox_name(name) not in data

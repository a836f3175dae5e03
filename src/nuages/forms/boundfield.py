"""A field of one form, with its value, errors and HTML. See "More granular output" in the forms API."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from nuages.exceptions import ValidationError
from nuages.forms.attributes import pretty_name
from nuages.forms.renderable import RenderableFieldMixin
from nuages.forms.widgets.widget import Textarea, TextInput, Widget
from nuages.i18n.translation import gettext_lazy as _
from nuages.text.html import format_html
from nuages.text.lazy import cached_property
from nuages.text.safestring import SafeString

if TYPE_CHECKING:
    from nuages.forms.errors import ErrorList

#: characters that end a label for good: no suffix follows them. Translators: add those of your language.
_PUNCTUATION = _(":?.!")
_WIDGET_SUFFIX = re.compile(r"widget$|input$")


class BoundField(RenderableFieldMixin):
    """A field together with the data of a form.

    Printing it gives its widget; iterating over it gives the parts of a widget that has several.
    """

    form: Any
    field: Any
    name: str
    renderer: Any
    html_name: str
    html_initial_name: str
    html_initial_id: str
    label: Any

    def __init__(self, form: Any, field: Any, name: str) -> None:
        self.form, self.field, self.name = form, field, name
        self.renderer = form.renderer
        self.html_name = form.add_prefix(name)
        self.html_initial_name = form.add_initial_prefix(name)
        self.html_initial_id = form.add_initial_prefix(self.auto_id)
        self.label = pretty_name(name) if field.label is None else field.label
        self.help_text = field.help_text or ""

    @cached_property
    def subwidgets(self) -> list[BoundWidget]:
        """The parts of the widget (the buttons of a radio select, say), each printable on its own."""
        attrs = self.build_widget_attrs({})
        if self.auto_id and "id" not in self.field.widget.attrs:
            attrs["id"] = self.auto_id
        parts = self.field.widget.subwidgets(self.html_name, self.value(), attrs=attrs)
        return [BoundWidget(self.field.widget, part, self.form.renderer) for part in parts]

    def __bool__(self) -> bool:
        return True  # also when the widget has no parts, and __len__ gives 0

    def __iter__(self) -> Iterator[BoundWidget]:
        return iter(self.subwidgets)

    def __len__(self) -> int:
        return len(self.subwidgets)

    def __getitem__(self, index: Any) -> Any:
        # Templates try a name as a key first; a name is no index.
        if not isinstance(index, (int, slice)):
            raise TypeError(f"BoundField indices must be integers or slices, not {type(index).__name__}.")
        return self.subwidgets[index]

    @property
    def errors(self) -> ErrorList:
        """The errors of the field, an empty list when there are none."""
        found = self.form.errors.get(self.name)
        if found is None:
            found = self.form.error_class(renderer=self.form.renderer)
        return found  # type: ignore[no-any-return]

    @property
    def template_name(self) -> str:  # type: ignore[override]
        """The template of the whole group: the field's, else the renderer's."""
        return self.field.template_name or self.form.renderer.field_template_name  # type: ignore[no-any-return]

    def get_context(self) -> dict[str, Any]:
        """The context of the field template."""
        return {"field": self}

    def as_widget(self, widget: Widget | None = None, attrs: Any = None, only_initial: bool = False) -> SafeString:
        """The field as ``widget``, or as its own."""
        widget = widget or self.field.widget
        if self.field.localize:
            widget.is_localized = True
        attrs = self.build_widget_attrs(dict(attrs or {}), widget)
        if self.auto_id and "id" not in widget.attrs:
            attrs.setdefault("id", self.html_initial_id if only_initial else self.auto_id)
        name = self.html_initial_name if only_initial else self.html_name
        return widget.render(name, self._shown_value(only_initial), attrs=attrs, renderer=self.form.renderer)

    def _shown_value(self, only_initial: bool) -> Any:
        if not only_initial:
            return self.value()
        if self.form.is_bound and self.html_initial_name in self.form.data:
            # The form comes back after errors: keep the initial value that the user started from.
            hidden = self.field.hidden_widget()
            return self.form._widget_data_value(hidden, self.html_initial_name)
        return self.value() if not self.form.is_bound else self.field.prepare_value(self.initial)

    def as_text(self, attrs: Any = None, **kwargs: Any) -> SafeString:
        """The field as ``<input type="text">``."""
        return self.as_widget(TextInput(), attrs, **kwargs)

    def as_textarea(self, attrs: Any = None, **kwargs: Any) -> SafeString:
        """The field as ``<textarea>``."""
        return self.as_widget(Textarea(), attrs, **kwargs)

    def as_hidden(self, attrs: Any = None, **kwargs: Any) -> SafeString:
        """The field as hidden inputs."""
        return self.as_widget(self.field.hidden_widget(), attrs, **kwargs)

    @property
    def data(self) -> Any:
        """The submitted value, as the widget reads it; ``None`` when there is none."""
        return self.form._widget_data_value(self.field.widget, self.html_name)

    def value(self) -> Any:
        """The value to show: submitted data for a bound form, else the initial value."""
        shown = self.initial
        if self.form.is_bound:
            shown = self.field.bound_data(self.data, shown)
        return self.field.prepare_value(shown)

    @cached_property
    def initial(self) -> Any:
        """The initial value; what a callable returned is kept."""
        return self.form.get_initial_for_field(self.field, self.name)

    def _has_changed(self) -> bool:
        field = self.field
        if not field.show_hidden_initial:
            return bool(field.has_changed(self.initial, self.data))
        hidden = self.form._widget_data_value(field.hidden_widget(), self.html_initial_name)
        try:
            before = field.to_python(hidden)
        except ValidationError:
            return True  # someone tampered with it
        return bool(field.has_changed(before, self.data))

    def label_tag(
        self, contents: Any = None, attrs: Any = None, label_suffix: Any = None, tag: str | None = None
    ) -> SafeString:
        """The ``<label>`` of the field; its bare text where the field has no ``id``."""
        contents = self.label if contents is None else contents
        if label_suffix is None:
            own = self.field.label_suffix
            label_suffix = self.form.label_suffix if own is None else own
        if label_suffix and contents and str(contents)[-1] not in str(_PUNCTUATION):
            contents = format_html("{}{}", contents, label_suffix)
        id_ = self.field.widget.attrs.get("id") or self.auto_id
        if id_:
            attrs = self._label_attrs(id_, attrs, tag)
        context = {
            "field": self,
            "label": contents,
            "contents": contents,
            "attrs": attrs,
            "use_tag": bool(id_),
            "tag": tag or "label",
        }
        return self.form.render(self.form.template_name_label, context)  # type: ignore[no-any-return]

    def _label_attrs(self, id_: str, attrs: Any, tag: str | None) -> dict[str, Any]:
        merged = dict(attrs or {})
        target = self.field.widget.id_for_label(id_)
        if target and tag != "legend":
            merged["for"] = target
        required = getattr(self.form, "required_css_class", None)
        if self.field.required and required:
            merged["class"] = f"{merged['class']} {required}" if "class" in merged else required
        return merged

    def legend_tag(self, contents: Any = None, attrs: Any = None, label_suffix: Any = None) -> SafeString:
        """The label as ``<legend>``."""
        return self.label_tag(contents, attrs, label_suffix, tag="legend")

    def css_classes(self, extra_classes: Any = None) -> str:
        """The CSS classes of the row, for errors and required fields, after ``extra_classes``."""
        if isinstance(extra_classes, str):
            extra_classes = extra_classes.split()
        classes = dict.fromkeys(extra_classes or ())
        form = self.form
        if getattr(form, "error_css_class", None) and self.errors:
            classes[form.error_css_class] = None
        if self.field.required and getattr(form, "required_css_class", None):
            classes[form.required_css_class] = None
        return " ".join(classes)

    @property
    def is_hidden(self) -> bool:
        """Whether the widget is hidden."""
        return bool(self.field.widget.is_hidden)

    @property
    def auto_id(self) -> str:
        """The ``id`` by the form's ``auto_id``; empty where that is off."""
        auto_id = self.form.auto_id
        if not auto_id:
            return ""
        text = str(auto_id)
        return text % self.html_name if "%s" in text else self.html_name  # type: ignore[no-any-return]

    @property
    def id_for_label(self) -> str:
        """The ``id`` that a ``<label>`` points to."""
        widget = self.field.widget
        return widget.id_for_label(widget.attrs.get("id") or self.auto_id)  # type: ignore[no-any-return]

    @property
    def use_fieldset(self) -> bool:
        """Whether the widget wants a ``<fieldset>`` around it."""
        return bool(self.field.widget.use_fieldset)

    @property
    def widget_type(self) -> str:
        """The kind of widget, in lower case: ``checkbox`` for ``CheckboxInput``."""
        return _WIDGET_SUFFIX.sub("", type(self.field.widget).__name__.lower())

    @property
    def aria_describedby(self) -> str | None:
        """The ids of help text and errors; ``None`` where the widget has the attribute already."""
        if self.field.widget.attrs.get("aria-describedby"):
            return None
        if not self.auto_id or self.is_hidden:
            return ""
        parts = []
        if self.help_text:
            parts.append(f"{self.auto_id}_helptext")
        if self.errors:
            parts.append(f"{self.auto_id}_error")
        return " ".join(parts)

    def build_widget_attrs(self, attrs: dict[str, Any], widget: Widget | None = None) -> dict[str, Any]:
        """``attrs`` with what the field's state adds: required, disabled and the ARIA attributes."""
        widget = widget or self.field.widget
        attrs = dict(attrs)
        if self.form.use_required_attribute and self.field.required and widget.use_required_attribute(self.initial):
            self._require(attrs, widget)
        if self.field.disabled:
            attrs["disabled"] = True
        if not widget.is_hidden and self.errors:
            attrs.setdefault("aria-invalid", "true")
        if not attrs.get("aria-describedby") and not widget.use_fieldset:
            described = self.aria_describedby
            if described:
                attrs["aria-describedby"] = described
        return attrs

    def _require(self, attrs: dict[str, Any], widget: Any) -> None:
        parts = getattr(self.field, "fields", None)
        # A composite that leaves some of its parts optional marks those that are not.
        if parts is not None and hasattr(self.field, "require_all_fields") and not self.field.require_all_fields:
            for part, subwidget in zip(parts, widget.widgets, strict=False):
                subwidget.attrs["required"] = subwidget.use_required_attribute(self.initial) and part.required
        else:
            attrs["required"] = True


class BoundWidget:
    """One part of a bound field's widget: printable, and with its ``tag``, ``choice_label`` and ``id_for_label``."""

    def __init__(self, parent_widget: Any, data: dict[str, Any], renderer: Any) -> None:
        self.parent_widget = parent_widget
        self.data = data
        self.renderer = renderer

    def __str__(self) -> str:
        return self.tag(wrap_label=True)

    def __html__(self) -> str:
        return str(self)

    def tag(self, wrap_label: bool = False) -> SafeString:
        """The element, inside its label if ``wrap_label``."""
        context = {"widget": {**self.data, "wrap_label": wrap_label}}
        return self.parent_widget._render(self.template_name, context, self.renderer)  # type: ignore[no-any-return]

    @property
    def template_name(self) -> str:
        """The template of this part."""
        return str(self.data.get("template_name") or self.parent_widget.template_name)

    @property
    def id_for_label(self) -> str:
        """The ``id`` of the element."""
        return self.data["attrs"].get("id")  # type: ignore[no-any-return]

    @property
    def choice_label(self) -> Any:
        """The text of the label."""
        return self.data["label"]



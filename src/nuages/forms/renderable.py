"""What renders itself through a template: forms, formsets, bound fields and error lists."""

from __future__ import annotations

from typing import Any

from nuages.text.safestring import SafeString, mark_safe


class RenderableMixin:
    """Rendering by a template name, a context and a renderer, each of which a call may replace."""

    renderer: Any
    template_name: Any

    def get_context(self) -> dict[str, Any]:
        """The template's context; subclasses provide it."""
        raise NotImplementedError(f"{type(self).__name__} needs a get_context() method of its own.")

    def render(
        self, template_name: str | None = None, context: dict[str, Any] | None = None, renderer: Any = None
    ) -> SafeString:
        """The object as HTML."""
        renderer = renderer or self.renderer
        template = template_name or self.template_name
        return mark_safe(str(renderer.render(template, context or self.get_context())))

    def __str__(self) -> str:
        return str(self.render())

    def __html__(self) -> str:
        return str(self)


class RenderableFieldMixin(RenderableMixin):
    """A field with its label, help text and errors as one group."""

    def as_field_group(self) -> SafeString:
        """The whole group, by the field's template."""
        return self.render()

    def as_hidden(self, *args: Any, **kwargs: Any) -> SafeString:
        """The field as hidden inputs; subclasses provide it."""
        raise NotImplementedError(f"{type(self).__name__} needs an as_hidden() method of its own.")

    def as_widget(self, *args: Any, **kwargs: Any) -> SafeString:
        """The field's widget; subclasses provide it."""
        raise NotImplementedError(f"{type(self).__name__} needs an as_widget() method of its own.")

    def __str__(self) -> str:
        """The widget, followed by its hidden initial value where the field asks for one."""
        field: Any = getattr(self, "field", None)
        shown = self.as_widget()
        if field is not None and field.show_hidden_initial:
            return mark_safe(shown + self.as_hidden(only_initial=True))
        return shown


class RenderableFormMixin(RenderableMixin):
    """A form or formset, in any of the documented layouts."""

    template_name_div: str
    template_name_p: str
    template_name_table: str
    template_name_ul: str

    def as_div(self) -> SafeString:
        """Each field in a ``<div>``."""
        return self.render(self.template_name_div)

    def as_p(self) -> SafeString:
        """Each field in a ``<p>``."""
        return self.render(self.template_name_p)

    def as_table(self) -> SafeString:
        """Each field in a ``<tr>``, without the surrounding ``<table>``."""
        return self.render(self.template_name_table)

    def as_ul(self) -> SafeString:
        """Each field in a ``<li>``, without the surrounding ``<ul>``."""
        return self.render(self.template_name_ul)


class RenderableErrorMixin(RenderableMixin):
    """Errors as HTML, text or JSON."""

    template_name_text: str
    template_name_ul: str

    def get_json_data(self, escape_html: bool = False) -> Any:
        """The errors as plain data; subclasses provide it."""
        raise NotImplementedError(f"{type(self).__name__} needs a get_json_data() method of its own.")

    def as_text(self) -> SafeString:
        """One line with a bullet for each error."""
        return self.render(self.template_name_text)

    def as_ul(self) -> SafeString:
        """An unordered list."""
        return self.render(self.template_name_ul)

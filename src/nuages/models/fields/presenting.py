"""The side of a field that forms see: its form field and its choices."""

from __future__ import annotations

from typing import Any

from nuages import forms
from nuages.conf import settings
from nuages.i18n.translation import gettext_lazy as _
from nuages.models.fields.markers import BLANK_CHOICE_DASH
from nuages.text.choices import BlankChoiceIterator
from nuages.text.formatting import capfirst

#: The label of the choice that stands for "none"; an app may set another in its ``ready()``.
BLANK_CHOICE_LABEL: Any = _("- Select an option -")

#: What a form field with choices takes over from the keywords of a field without.
KEPT_WITH_CHOICES = frozenset({
    "coerce", "empty_value", "choices", "required", "widget", "label", "initial", "help_text", "error_messages",
    "show_hidden_initial", "disabled",
})


def blank_choice() -> list[tuple[str, Any]]:
    """The choice put in front where nothing may be chosen."""
    if getattr(settings, "USE_BLANK_CHOICE_DASH", False):
        return list(BLANK_CHOICE_DASH)
    return [("", BLANK_CHOICE_LABEL)]


def get_blank_choice_label() -> Any:
    """The label of the blank choice of the project."""
    return blank_choice()[0][1]


class FieldPresentation:
    """How a field shows itself to forms."""

    @property
    def description(self) -> Any:
        """What the documentation of a model says of the field; a text with place-holders for its attributes."""
        return _("Field of type: %(field_type)s") % {"field_type": type(self).__name__}

    def formfield(self, *, form_class: Any = None, choices_form_class: Any = None, **kwargs: Any) -> Any:
        """The form field for this field, made with what the field knows; `kwargs` go to its constructor.

        Raises no error of its own. A field with choices gives a TypedChoiceField (or `choices_form_class`).
        """
        field: Any = self
        options = {"required": not field.blank, "label": capfirst(field.verbose_name), "help_text": field.help_text}
        if field.has_default():
            callable_default = callable(field.default)
            options["initial"] = field.default if callable_default else field.get_default()
            if callable_default:
                options["show_hidden_initial"] = True
        if field.choices is not None:
            options |= self._choice_options("initial" in kwargs)
            form_class = choices_form_class or forms.TypedChoiceField
            kwargs = {key: value for key, value in kwargs.items() if key in KEPT_WITH_CHOICES}
        options |= kwargs
        return (form_class or forms.CharField)(**options)

    def _choice_options(self, has_initial: bool) -> dict[str, Any]:
        field: Any = self
        include_blank = field.blank or not (field.has_default() or has_initial)
        options: dict[str, Any] = {"choices": self.get_choices(include_blank=include_blank), "coerce": field.to_python}
        if field.null:
            options["empty_value"] = None
        return options

    def get_choices(
        self,
        include_blank: bool = True,
        blank_choice: Any = None,
        limit_choices_to: Any = None,
        ordering: Any = (),
    ) -> Any:
        """The choices for a form: declared ones, or the objects of the related model."""
        field: Any = self
        blank_choice = default_blank(blank_choice)
        if field.choices is not None:
            return BlankChoiceIterator(field.choices, blank_choice) if include_blank else field.choices
        relation = field.remote_field
        limit_choices_to = limit_choices_to or field.get_limit_choices_to()
        key = relation.get_related_field().attname if hasattr(relation, "get_related_field") else "pk"
        found = relation.model._default_manager.complex_filter(limit_choices_to)
        if ordering:
            found = found.order_by(*ordering)
        return (blank_choice if include_blank else []) + [(getattr(one, key), str(one)) for one in found]

    def get_choices_default(self) -> Any:
        """The choices as they are by default."""
        return self.get_choices()


def default_blank(given: Any) -> Any:
    """`given`, or the blank choice of the project."""
    return blank_choice() if given is None else given


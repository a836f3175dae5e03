"""The ancestor of all form fields. See "Core field arguments" in the fields reference."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any, ClassVar, Self

from nuages.exceptions import ValidationError
from nuages.forms.boundfield import BoundField
from nuages.forms.widgets.widget import HiddenInput, TextInput, Widget
from nuages.i18n.translation import gettext_lazy as _
from nuages.validators import EMPTY_VALUES

Validator = Callable[[Any], None]


def messages_of(cls: type, given: Mapping[str, Any] | None) -> dict[str, Any]:
    """The error messages of a field: those of its classes, ancestors first, then those of the call."""
    merged: dict[str, Any] = {}
    for ancestor in reversed(cls.__mro__):
        merged.update(getattr(ancestor, "default_error_messages", {}))
    merged.update(given or {})
    return merged


class Field:
    """One value of a form: how it is asked for (``widget``), read (``to_python``) and checked (``validators``).

    All arguments are by keyword and the same for every field; ``clean(value)`` gives the Python value or raises
    ``ValidationError``.
    """

    widget: Any = TextInput
    hidden_widget: Any = HiddenInput
    default_validators: ClassVar[list[Any]] = []
    default_error_messages: ClassVar[Mapping[str, Any]] = {"required": _("This field is required.")}
    empty_values: Any = list(EMPTY_VALUES)
    bound_field_class: Any = None

    def __init__(
        self,
        *,
        required: bool = True,
        widget: Widget | type[Widget] | None = None,
        label: Any = None,
        initial: Any = None,
        help_text: Any = "",
        error_messages: Mapping[str, Any] | None = None,
        show_hidden_initial: bool = False,
        validators: Iterable[Validator] = (),
        localize: bool = False,
        disabled: bool = False,
        label_suffix: Any = None,
        template_name: str | None = None,
        bound_field_class: type[BoundField] | None = None,
    ) -> None:
        self.required = required
        self.label = label
        self.initial = initial
        self.show_hidden_initial = show_hidden_initial
        self.help_text = help_text
        self.disabled = disabled
        self.label_suffix = label_suffix
        self.localize = localize
        self.bound_field_class = bound_field_class or self.bound_field_class
        self.template_name = template_name
        self.widget = self._make_widget(widget or self.widget)
        self.error_messages: dict[str, Any] = messages_of(type(self), error_messages)
        self.validators: list[Validator] = [*self.default_validators, *validators]
        super().__init__()

    def _make_widget(self, widget: Any) -> Widget:
        made: Widget = widget() if isinstance(widget, type) else widget.__deepcopy__({})
        if self.localize:
            made.is_localized = True
        made.is_required = self.required
        made.attrs.update(self.widget_attrs(made) or {})
        return made

    def __deepcopy__(self, memo: dict[int, Any]) -> Self:
        duplicate = object.__new__(type(self))
        state = duplicate.__dict__
        state.update(self.__dict__)
        memo[id(self)] = duplicate
        state["widget"] = self.widget.__deepcopy__(memo)
        state["error_messages"] = self.error_messages.copy()
        state["validators"] = self.validators[:]
        return duplicate

    def prepare_value(self, value: Any) -> Any:
        """The value as its widget takes it."""
        return value

    def to_python(self, value: Any) -> Any:
        """The submitted value as the field's type; raises ``ValidationError`` when it cannot be read."""
        return value

    def validate(self, value: Any) -> None:
        """Raise ``ValidationError`` (code ``required``) if a value is missing."""
        if self.required and self._is_empty(value):
            raise ValidationError(self.error_messages["required"], code="required")

    def _is_empty(self, value: Any) -> bool:
        return value in self.empty_values

    def run_validators(self, value: Any) -> None:
        """Run all validators and raise their errors together."""
        if not self.validators or self._is_empty(value):
            return
        errors: list[ValidationError] = []
        for validator in self.validators:
            try:
                validator(value)
            except ValidationError as error:
                code = getattr(error, "code", None)
                if code in self.error_messages:
                    error.message = self.error_messages[code]
                errors.extend(error.error_list)
        if errors:
            raise ValidationError(errors)

    def clean(self, value: Any) -> Any:
        """The Python value of submitted data; raises ``ValidationError``."""
        value = self.to_python(value)
        self.validate(value)
        self.run_validators(value)
        return value

    def bound_data(self, data: Any, initial: Any) -> Any:
        """The value that a bound form shows: the initial one if the field is disabled."""
        return initial if self.disabled else data

    def widget_attrs(self, widget: Widget) -> dict[str, Any]:
        """HTML attributes that this field adds to its widget."""
        return {}

    def has_changed(self, initial: Any, data: Any) -> bool:
        """Whether submitted data differs from the initial value."""
        if self.disabled:
            return False
        try:
            data = self.to_python(data)
            if hasattr(self, "_coerce"):
                return bool(self._coerce(data) != self._coerce(initial))
        except ValidationError:
            return True
        # Widgets cannot show None, so it is no other than nothing.
        return bool(("" if initial is None else initial) != ("" if data is None else data))

    def get_bound_field(self, form: Any, field_name: str) -> BoundField:
        """This field within a form; the class is the field's, else the form's, else the default."""
        chosen = self.bound_field_class or form.bound_field_class or BoundField
        return chosen(form, self, field_name)  # type: ignore[no-any-return]

    def _clean_bound_field(self, bound: Any) -> Any:
        return self.clean(bound.initial if self.disabled else bound.data)

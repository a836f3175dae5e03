"""Form fields for arrays: one input with delimiters, or an input for each item."""

from __future__ import annotations

from collections.abc import Mapping
from copy import deepcopy
from typing import Any, Self

from nuages import forms
from nuages.contrib.postgres.items import ITEM_INVALID, item_error
from nuages.contrib.postgres.validators import ArrayMaxLengthValidator, ArrayMinLengthValidator
from nuages.exceptions import ValidationError


class SimpleArrayField(forms.CharField):
    """A list written in one input, its items divided by ``delimiter``."""

    default_error_messages = {"item_invalid": ITEM_INVALID}

    def __init__(
        self,
        base_field: Any,
        *,
        delimiter: str = ",",
        max_length: int | None = None,
        min_length: int | None = None,
        **kwargs: Any,
    ) -> None:
        self.base_field = base_field
        self.delimiter = delimiter
        super().__init__(**kwargs)
        # Not those of a text: the limits count items.
        self.min_length, self.max_length = min_length, max_length
        if min_length is not None:
            self.validators.append(ArrayMinLengthValidator(int(min_length)))
        if max_length is not None:
            self.validators.append(ArrayMaxLengthValidator(int(max_length)))

    def widget_attrs(self, widget: Any) -> dict[str, Any]:
        """None of a text's: its length is not that of the list."""
        return {}

    def prepare_value(self, value: Any) -> Any:
        """The items with delimiters between them."""
        if not isinstance(value, list):
            return value
        return self.delimiter.join(str(self.base_field.prepare_value(item)) for item in value)

    def to_python(self, value: Any) -> list[Any]:
        """The list; ``ValidationError`` with an error for each item that cannot be read."""
        parts = value if isinstance(value, list) else value.split(self.delimiter) if value else []
        return self._for_each(parts, self.base_field.to_python)

    def validate(self, value: Any) -> None:
        """Each item by the base field."""
        super().validate(value)
        self._for_each(value, self.base_field.validate)

    def run_validators(self, value: Any) -> None:
        """Each item by the base field's validators."""
        super().run_validators(value)
        self._for_each(value, self.base_field.run_validators)

    def clean(self, value: Any) -> list[Any]:
        """The list of cleaned items."""
        value = super().clean(value)
        return [self.base_field.clean(item) for item in value]

    def has_changed(self, initial: Any, data: Any) -> bool:
        """Whether an item, or the number of items, is another."""
        try:
            value = self.to_python(data)
        except ValidationError:
            return True
        if initial in self.empty_values and value in self.empty_values:
            return False
        return super().has_changed(initial, data)

    def _for_each(self, items: list[Any], step: Any) -> list[Any]:
        done: list[Any] = []
        errors: list[ValidationError] = []
        for index, item in enumerate(items):
            try:
                done.append(step(item))
            except ValidationError as error:
                errors.append(item_error(error, index, self.error_messages["item_invalid"]))
        if errors:
            raise ValidationError(errors)
        return done


class SplitArrayWidget(forms.Widget):
    """The widget of the base field, ``size`` times."""

    template_name = "django/forms/widgets/multiwidget.html"

    def __init__(self, widget: Any, size: int, **kwargs: Any) -> None:
        self.widget: Any = widget() if isinstance(widget, type) else widget
        self.size = size
        super().__init__(**kwargs)

    def __deepcopy__(self, memo: dict[int, Any]) -> Self:
        duplicate = super().__deepcopy__(memo)
        duplicate.widget = deepcopy(self.widget, memo)
        return duplicate

    @property
    def is_hidden(self) -> bool:
        """Whether the inputs are."""
        return bool(self.widget.is_hidden)

    @property
    def media(self) -> Any:
        """The assets of the inputs."""
        return self.widget.media

    @property
    def needs_multipart_form(self) -> bool:  # type: ignore[override]
        """Whether the inputs upload files."""
        return bool(self.widget.needs_multipart_form)

    def value_from_datadict(self, data: Mapping[str, Any], files: Any, name: str) -> list[Any]:
        """The list of submitted values."""
        return [self.widget.value_from_datadict(data, files, f"{name}_{index}") for index in range(self.size)]

    def value_omitted_from_data(self, data: Mapping[str, Any], files: Any, name: str) -> bool:
        """Whether all inputs are left out."""
        return all(self.widget.value_omitted_from_data(data, files, f"{name}_{index}") for index in range(self.size))

    def id_for_label(self, id_: str) -> str:
        """The first input."""
        return f"{id_}_0" if id_ else id_

    def get_context(self, name: str, value: Any, attrs: Any) -> dict[str, Any]:
        """Adds ``subwidgets``: the context of each input; there is one for each value, too."""
        context: dict[str, Any] = super().get_context(name, value, {} if attrs is None else attrs)
        if self.is_localized:
            self.widget.is_localized = self.is_localized
        values = list(value or ())
        shared = context["widget"]["attrs"]
        id_ = shared.get("id")
        parts = []
        for index in range(max(len(values), self.size)):
            own = {**shared, "id": f"{id_}_{index}"} if id_ else dict(shared)
            item = values[index] if index < len(values) else None
            parts.append(self.widget.get_context(f"{name}_{index}", item, own)["widget"])
        context["widget"]["subwidgets"] = parts
        return context


class SplitArrayField(forms.Field):
    """A list with an input for each of ``size`` items; ``remove_trailing_nulls`` drops empty ones at its end."""

    default_error_messages = {"item_invalid": ITEM_INVALID}

    def __init__(self, base_field: Any, size: int, *, remove_trailing_nulls: bool = False, **kwargs: Any) -> None:
        self.base_field = base_field
        self.size = size
        self.remove_trailing_nulls = remove_trailing_nulls
        kwargs.setdefault("widget", SplitArrayWidget(widget=base_field.widget, size=size))
        super().__init__(**kwargs)

    def __deepcopy__(self, memo: dict[int, Any]) -> Self:
        duplicate = super().__deepcopy__(memo)
        duplicate.base_field = deepcopy(self.base_field, memo)
        return duplicate

    def to_python(self, value: Any) -> list[Any]:
        """The list, as each item is read by the base field."""
        return self._without_trailing([self.base_field.to_python(item) for item in value or ()])

    def clean(self, value: Any) -> list[Any]:
        """The list of ``size`` cleaned items; ``ValidationError`` with an error for each that is wrong."""
        given = [*(value or ()), *[None] * self.size][: self.size]
        if self.required and not any(given):
            raise ValidationError(self.error_messages["required"], code="required")
        given = self._without_trailing(given)
        cleaned: list[Any] = []
        errors: list[ValidationError] = []
        for index, item in enumerate(given):
            try:
                cleaned.append(self.base_field.clean(item))
            except ValidationError as error:
                errors.append(item_error(error, index, self.error_messages["item_invalid"]))
        if errors:
            raise ValidationError(errors)
        self.validate(cleaned)
        self.run_validators(cleaned)
        return cleaned

    def _without_trailing(self, items: list[Any]) -> list[Any]:
        if self.remove_trailing_nulls:
            while items and items[-1] in self.base_field.empty_values:
                items = items[:-1]
        return items

    def has_changed(self, initial: Any, data: Any) -> bool:
        """Whether an item is another; empty inputs at the end are no change."""
        try:
            now = self.to_python(data)
        except ValidationError:
            return True
        before = list(initial or ())
        empty = self.base_field.empty_values
        for items in (before, now):
            while items and items[-1] in empty:
                items.pop()
        return before != now

"""Fields whose values come from a list of choices."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterator
from copy import deepcopy
from operator import itemgetter
from typing import Any, Self

from nuages.conf import settings
from nuages.exceptions import ValidationError
from nuages.forms.fields.field import Field
from nuages.forms.widgets.choices import Select, SelectMultiple
from nuages.forms.widgets.multi import MultipleHiddenInput
from nuages.i18n.translation import gettext_lazy as _
from nuages.text.choices import flatten_choices, normalize_choices


def empty_choice_label() -> Any:
    """The label of the choice that stands for nothing; dashes where ``USE_BLANK_CHOICE_DASH`` is on."""
    return "---------" if settings.USE_BLANK_CHOICE_DASH else _("- Select an option -")


class ChoiceField(Field):
    """One of several choices, as text. ``choices`` may be a callable, evaluated for each form."""

    widget: Any = Select
    default_error_messages = {
        "invalid_choice": _("Select a valid choice. %(value)s is not one of the available choices."),
    }

    def __init__(self, *, choices: Any = (), **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.choices = choices

    def __deepcopy__(self, memo: dict[int, Any]) -> Self:
        duplicate = super().__deepcopy__(memo)
        # Pairs are never changed in place, so a new list of the same ones is deep enough.
        choices = self._choices
        duplicate._choices = choices.copy() if type(choices) is list else deepcopy(choices, memo)
        return duplicate

    @property
    def choices(self) -> Any:
        """Pairs of value and label, or of a group's name and such pairs; setting it sets the widget's too."""
        return self._choices

    @choices.setter
    def choices(self, value: Any) -> None:
        self._choices: Any = normalize_choices(value)
        self.widget.choices = self._choices

    def to_python(self, value: Any) -> Any:
        """Text, empty for nothing."""
        return "" if self._is_empty(value) else str(value)

    def validate(self, value: Any) -> None:
        """Raise ``ValidationError`` (code ``invalid_choice``) for what is no choice."""
        super().validate(value)
        if value and not self.valid_value(value):
            raise self._not_a_choice(value)

    def _not_a_choice(self, value: Any) -> ValidationError:
        return ValidationError(self.error_messages["invalid_choice"], code="invalid_choice", params={"value": value})

    def valid_value(self, value: Any) -> bool:
        """Whether ``value`` is, or as text is the same as, one of the choices."""
        text = str(value)
        return any(value == key or text == str(key) for key, _label in flatten_choices(self.choices))


def _unchanged(value: Any) -> Any:
    return value


class TypedChoiceField(ChoiceField):
    """One of several choices, put into a type by ``coerce``."""

    def __init__(self, *, coerce: Callable[[Any], Any] = _unchanged, empty_value: Any = "", **kwargs: Any) -> None:
        self.coerce = coerce
        self.empty_value = empty_value
        super().__init__(**kwargs)

    def _coerce(self, value: Any) -> Any:
        if value == self.empty_value or self._is_empty(value):
            return self.empty_value
        try:
            return self.coerce(value)
        except (ValueError, TypeError, ValidationError):
            raise self._not_a_choice(value)

    def clean(self, value: Any) -> Any:
        """The coerced value."""
        return self._coerce(super().clean(value))


class MultipleChoiceField(ChoiceField):
    """Any number of choices, as a list of texts."""

    hidden_widget = MultipleHiddenInput
    widget: Any = SelectMultiple
    default_error_messages = {"invalid_list": _("Enter a list of values.")}

    def to_python(self, value: Any) -> Any:
        """A list of texts."""
        if not value:
            return []
        if not isinstance(value, (list, tuple)):
            raise ValidationError(self.error_messages["invalid_list"], code="invalid_list")
        return [str(member) for member in value]

    def validate(self, value: Any) -> None:
        """Each value must be a choice."""
        if self.required and not value:
            raise ValidationError(self.error_messages["required"], code="required")
        for member in value:
            if not self.valid_value(member):
                raise self._not_a_choice(member)

    def has_changed(self, initial: Any, data: Any) -> bool:
        """Whether the two differ as sets."""
        if self.disabled:
            return False
        before, after = initial or [], data or []
        return len(before) != len(after) or {str(value) for value in before} != {str(value) for value in after}


class TypedMultipleChoiceField(MultipleChoiceField):
    """Any number of choices, each put into a type by ``coerce``."""

    def __init__(self, *, coerce: Callable[[Any], Any] = _unchanged, **kwargs: Any) -> None:
        self.coerce = coerce
        self.empty_value = kwargs.pop("empty_value", [])
        super().__init__(**kwargs)

    def _coerce(self, value: Any) -> Any:
        if value == self.empty_value or self._is_empty(value):
            return self.empty_value
        coerced = []
        for member in value:
            try:
                coerced.append(self.coerce(member))
            except (ValueError, TypeError, ValidationError):
                raise self._not_a_choice(member)
        return coerced

    def clean(self, value: Any) -> Any:
        """The list of coerced values."""
        return self._coerce(super().clean(value))

    def validate(self, value: Any) -> None:
        """An empty value is an error only if one is required."""
        if value != self.empty_value:
            super().validate(value)
        elif self.required:
            raise ValidationError(self.error_messages["required"], code="required")


class FilePathField(ChoiceField):
    """The path of a file (or folder) below ``path``; ``match`` is a regular expression for its name."""

    def __init__(
        self,
        path: Any,
        *,
        match: str | None = None,
        recursive: bool = False,
        allow_files: bool = True,
        allow_folders: bool = False,
        **kwargs: Any,
    ) -> None:
        self.path, self.match, self.recursive = path, match, recursive
        self.allow_files, self.allow_folders = allow_files, allow_folders
        self.match_re = None if match is None else re.compile(match)
        super().__init__(choices=(), **kwargs)
        self.set_choices()

    def set_choices(self) -> None:
        """Scan the directory again, and offer what is there now."""
        found = self._walk() if self.recursive else self._list()
        self.choices = [*([] if self.required else [("", empty_choice_label())]), *found]

    def _fits(self, name: str) -> bool:
        return self.match_re is None or self.match_re.search(name) is not None

    def _walk(self) -> Iterator[tuple[str, str]]:
        for root, folders, files in sorted(os.walk(self.path)):
            for names, allowed in ((files, self.allow_files), (folders, self.allow_folders)):
                if not allowed:
                    continue
                for name in sorted(names):
                    if name != "__pycache__" and self._fits(name):
                        full = os.path.join(root, name)
                        yield full, full.removeprefix(str(self.path)).lstrip(os.sep)

    def _list(self) -> list[tuple[str, str]]:
        found = []
        with os.scandir(self.path) as entries:
            for entry in entries:
                wanted = (self.allow_files and entry.is_file()) or (self.allow_folders and entry.is_dir())
                if wanted and entry.name != "__pycache__" and self._fits(entry.name):
                    found.append((entry.path, entry.name))
        return sorted(found, key=itemgetter(1))

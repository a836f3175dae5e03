"""Form fields whose choices are model instances. See "Fields which handle relationships"."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, Self

from nuages.exceptions import ValidationError
from nuages.forms.fields.choices import ChoiceField
from nuages.forms.fields.field import Field
from nuages.forms.widgets.choices import RadioSelect, SelectMultiple
from nuages.forms.widgets.multi import MultipleHiddenInput
from nuages.forms.widgets.widget import HiddenInput
from nuages.i18n.translation import gettext_lazy as _
from nuages.models.fields.presenting import blank_choice
from nuages.text.choices import BaseChoiceIterator
from nuages.validators import ProhibitNullCharactersValidator


class ModelChoiceIteratorValue:
    """The value of a choice, with the ``instance`` that it stands for; equal to the bare value."""

    def __init__(self, value: Any, instance: Any) -> None:
        self.value = value
        self.instance = instance

    def __str__(self) -> str:
        return str(self.value)

    def __hash__(self) -> int:
        return hash(self.value)

    def __eq__(self, other: object) -> bool:
        return bool(self.value == (other.value if isinstance(other, ModelChoiceIteratorValue) else other))


class ModelChoiceIterator(BaseChoiceIterator):
    """The choices of a queryset, which is asked anew for each iteration."""

    def __init__(self, field: ModelChoiceField) -> None:
        self.field = field
        self.queryset = field.queryset

    def __iter__(self) -> Iterator[tuple[Any, Any]]:
        if self.field.empty_label is not None:
            yield ("", self.field.empty_label)
        found = self.queryset
        # Prefetched relations need all objects at once; else they come in chunks.
        for instance in found if found._prefetch_related_lookups else found.iterator():
            yield self.choice(instance)

    def __len__(self) -> int:
        # The blank choice counts too.
        return int(self.queryset.count()) + (self.field.empty_label is not None)

    def __bool__(self) -> bool:
        return self.field.empty_label is not None or bool(self.queryset.exists())

    def choice(self, obj: Any) -> tuple[Any, Any]:
        """The choice that stands for an instance."""
        return ModelChoiceIteratorValue(self.field.prepare_value(obj), obj), self.field.label_from_instance(obj)


#: tells a label that was not given from one that is to be left out
_DEFAULT_LABEL: Any = object()


class ModelChoiceField(ChoiceField):
    """One instance of a queryset."""

    default_error_messages = {
        "invalid_choice": _("Select a valid choice. It must be one of the available choices."),
    }
    iterator: Any = ModelChoiceIterator

    def __init__(
        self,
        queryset: Any,
        *,
        empty_label: Any = _DEFAULT_LABEL,
        required: bool = True,
        widget: Any = None,
        label: Any = None,
        initial: Any = None,
        help_text: Any = "",
        to_field_name: str | None = None,
        limit_choices_to: Any = None,
        blank: bool = False,
        **kwargs: Any,
    ) -> None:
        # Not ChoiceField's, for the choices come from the queryset.
        Field.__init__(
            self, required=required, widget=widget, label=label, initial=initial, help_text=help_text, **kwargs
        )
        if (required and initial is not None) or (isinstance(self.widget, RadioSelect) and not blank):
            self.empty_label: Any = None
        else:
            self.empty_label = blank_choice()[0][1] if empty_label is _DEFAULT_LABEL else empty_label
        self.queryset = queryset
        self.limit_choices_to = limit_choices_to
        self.to_field_name = to_field_name

    def validate_no_null_characters(self, value: Any) -> None:
        """Raise ``ValidationError`` for text that no database stores."""
        ProhibitNullCharactersValidator()(value)

    def get_limit_choices_to(self) -> Any:
        """The limit on the choices; a callable is called."""
        return self.limit_choices_to() if callable(self.limit_choices_to) else self.limit_choices_to

    def __deepcopy__(self, memo: dict[int, Any]) -> Self:
        duplicate = Field.__deepcopy__(self, memo)
        # A queryset of its own, so that no cached result is shared between forms.
        if self.queryset is not None:
            duplicate.queryset = self.queryset.all()
        return duplicate

    @property
    def queryset(self) -> Any:
        """The instances to choose from; setting it refreshes the widget's choices."""
        return self._queryset

    @queryset.setter
    def queryset(self, queryset: Any) -> None:
        self._queryset = None if queryset is None else queryset.all()
        self.widget.choices = self.choices

    def label_from_instance(self, obj: Any) -> Any:
        """The label of an instance; override it for your own."""
        return str(obj)

    @property
    def choices(self) -> Any:
        """An iterator over the queryset, unless choices were set."""
        # A new one each time, for each holds the queryset of its moment.
        if hasattr(self, "_choices"):
            return self._choices
        return self.iterator(self)

    @choices.setter
    def choices(self, value: Any) -> None:
        ChoiceField.choices.fset(self, value)  # type: ignore[attr-defined]

    def prepare_value(self, value: Any) -> Any:
        """The key of an instance."""
        if hasattr(value, "_meta"):
            return value.serializable_value(self.to_field_name) if self.to_field_name else value.pk
        return super().prepare_value(value)

    def to_python(self, value: Any) -> Any:
        """The instance with that key, ``None`` for nothing."""
        if self._is_empty(value):
            return None
        self.validate_no_null_characters(value)
        try:
            key = self.to_field_name or "pk"
            if isinstance(value, self.queryset.model):
                value = getattr(value, key)
            return self.queryset.get(**{key: value})
        except (ValueError, TypeError, ValidationError, self.queryset.model.DoesNotExist):
            raise self._not_a_choice(value) from None

    def validate(self, value: Any) -> None:
        """Only whether one is missing: ``to_python`` looked it up."""
        Field.validate(self, value)

    def has_changed(self, initial: Any, data: Any) -> bool:
        """Whether the keys differ."""
        if self.disabled:
            return False
        before = "" if initial is None else initial
        after = "" if data is None else data
        return str(self.prepare_value(before)) != str(after)


class ModelMultipleChoiceField(ModelChoiceField):
    """Any number of instances of a queryset, as a queryset."""

    widget = SelectMultiple
    hidden_widget = MultipleHiddenInput
    default_error_messages = {
        "invalid_list": _("Enter a list of values."),
        "invalid_choice": _("Select a valid choice. %(value)s is not one of the available choices."),
        "invalid_pk_value": _("“%(pk)s” is not a valid value."),
    }

    def __init__(self, queryset: Any, **kwargs: Any) -> None:
        super().__init__(queryset, empty_label=None, **kwargs)

    def to_python(self, value: Any) -> Any:
        """The list of instances."""
        return list(self._check_values(value)) if value else []

    def clean(self, value: Any) -> Any:
        """A queryset of the instances; an empty one for nothing."""
        value = self.prepare_value(value)
        if self.required and not value:
            raise ValidationError(self.error_messages["required"], code="required")
        if not value:
            return self.queryset.none()
        if not isinstance(value, (list, tuple)):
            raise ValidationError(self.error_messages["invalid_list"], code="invalid_list")
        found = self._check_values(value)
        self.run_validators(value)
        return found

    def _check_values(self, value: Iterable[Any]) -> Any:
        """The queryset of the instances with these keys; each must be there."""
        key = self.to_field_name or "pk"
        try:
            wanted = frozenset(value)
        except TypeError:
            raise ValidationError(self.error_messages["invalid_list"], code="invalid_list") from None
        for member in wanted:
            self.validate_no_null_characters(member)
            try:
                self.queryset.filter(**{key: member})
            except (ValueError, TypeError, ValidationError):
                raise ValidationError(
                    self.error_messages["invalid_pk_value"], code="invalid_pk_value", params={"pk": member}
                ) from None
        found = self.queryset.filter(**{f"{key}__in": wanted})
        present = {str(getattr(instance, key)) for instance in found}
        for member in wanted:
            if str(member) not in present:
                raise self._not_a_choice(member)
        return found

    def prepare_value(self, value: Any) -> Any:
        """The keys of the instances."""
        if hasattr(value, "__iter__") and not isinstance(value, str) and not hasattr(value, "_meta"):
            prepare = super().prepare_value
            return [prepare(member) for member in value]
        return super().prepare_value(value)

    def has_changed(self, initial: Any, data: Any) -> bool:
        """Whether the keys differ as sets."""
        if self.disabled:
            return False
        before = self.prepare_value(initial if initial is not None else [])
        after = self.prepare_value(data if data is not None else [])
        return len(before) != len(after) or {str(key) for key in before} != {str(key) for key in after}


class InlineForeignKeyField(Field):
    """The hidden key of the parent in an inline formset: it must be that of the parent."""

    widget = HiddenInput
    default_error_messages = {
        "invalid_choice": _("The key of the parent is not the parent's."),
    }

    def __init__(
        self, parent_instance: Any, *args: Any, pk_field: bool = False, to_field: str | None = None, **kwargs: Any
    ) -> None:
        self.parent_instance = parent_instance
        self.pk_field = pk_field
        self.to_field = to_field
        if parent_instance is not None:
            kwargs["initial"] = self._key()
        kwargs["required"] = False
        super().__init__(*args, **kwargs)

    def _key(self) -> Any:
        return getattr(self.parent_instance, self.to_field) if self.to_field else self.parent_instance.pk

    def clean(self, value: Any) -> Any:
        """The parent; ``None`` for an empty key that is the child's primary key."""
        if self._is_empty(value):
            return None if self.pk_field else self.parent_instance
        if str(value) != str(self._key()):
            raise ValidationError(self.error_messages["invalid_choice"], code="invalid_choice")
        return self.parent_instance

    def has_changed(self, initial: Any, data: Any) -> bool:
        """Never: it is no user's input."""
        return False


__all__ = [
    "InlineForeignKeyField",
    "ModelChoiceField",
    "ModelChoiceIterator",
    "ModelChoiceIteratorValue",
    "ModelMultipleChoiceField",
]

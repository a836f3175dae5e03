"""Formsets of model forms: they show, change, add and delete the instances of a queryset."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, ClassVar

from nuages.exceptions import NON_FIELD_ERRORS, ImproperlyConfigured, ValidationError
from nuages.forms.formsets import BaseFormSet, formset_factory
from nuages.forms.widgets.widget import HiddenInput
from nuages.i18n.prose import get_text_list
from nuages.i18n.translation import gettext
from nuages.modelforms.fields import ModelChoiceField
from nuages.modelforms.form import ModelForm, modelform_factory
from nuages.models import AutoField, ForeignKey
from nuages.models.stableorder import fully_ordered
from nuages.text.hashable import make_hashable
from nuages.text.lazy import cached_property


def _given_by_the_database(pk: Any) -> bool:
    """Whether users never enter this primary key: it is made by the database, or is that of a parent model."""
    if not pk.editable or pk.auto_created or isinstance(pk, AutoField):
        return True
    relation = pk.remote_field
    return bool(relation and relation.parent_link and _given_by_the_database(relation.model._meta.pk))


def _comparable(value: Any) -> Any:
    """A cleaned value as part of a key that tells duplicates."""
    return value._get_pk_val() if hasattr(value, "_get_pk_val") else make_hashable(value)


class BaseModelFormSet(BaseFormSet):
    """What formsets of model forms do; ``modelformset_factory`` makes the subclasses."""

    model: ClassVar[Any] = None
    edit_only: ClassVar[bool] = False
    #: fields that all forms share, so that their values need not be in the forms' data to be compared
    unique_fields: Any = frozenset()

    def __init__(
        self,
        data: Mapping[str, Any] | None = None,
        files: Mapping[str, Any] | None = None,
        auto_id: Any = "id_%s",
        prefix: str | None = None,
        queryset: Any = None,
        *,
        initial: Sequence[Mapping[str, Any]] | None = None,
        **kwargs: Any,
    ) -> None:
        self.queryset = queryset
        # Instances fill the initial forms: initial data is for the extra ones.
        self.initial_extra = initial
        super().__init__(data, files, auto_id, prefix, **kwargs)

    def initial_form_count(self) -> int:
        """How many forms show an instance."""
        return super().initial_form_count() if self.is_bound else len(self.get_queryset())

    @cached_property
    def _instances(self) -> dict[Any, Any]:
        return {instance.pk: instance for instance in self.get_queryset()}

    def _existing_object(self, pk: Any) -> Any:
        return self._instances.get(pk)

    @staticmethod
    def _pk_reader(field: Any) -> Callable[[Any], Any]:
        """What reads a primary key, at the end of all keys that are foreign keys themselves."""
        while field.remote_field is not None:
            field = field.remote_field.get_related_field()
        return field.to_python  # type: ignore[no-any-return]

    def _construct_form(self, i: int, **kwargs: Any) -> Any:
        pk = self.model._meta.pk
        initial = self.initial_form_count()
        shows_instance = i < initial
        if shows_instance:
            if self.is_bound:
                instance = self._submitted_instance(i, pk)
                if instance is not None:
                    kwargs["instance"] = instance
            else:
                kwargs["instance"] = self.get_queryset()[i]
        elif self.initial_extra and i - initial < len(self.initial_extra):
            kwargs["initial"] = self.initial_extra[i - initial]
        form = super()._construct_form(i, **kwargs)
        if shows_instance:
            form.fields[pk.name].required = True
        return form

    def _submitted_instance(self, index: int, pk: Any) -> Any:
        """The instance whose key came with a form, ``None`` if the key is missing, wrong or unknown."""
        value = self.data.get(f"{self.add_prefix(index)}-{pk.name}")
        if value is None:
            return None
        try:
            return self._existing_object(self._pk_reader(pk)(value))
        except ValidationError:
            return None

    def get_queryset(self) -> Any:
        """The instances to change, in a fixed order."""
        if not hasattr(self, "_queryset"):
            found = self.model._default_manager.get_queryset() if self.queryset is None else self.queryset
            # The forms must come back in the order in which they were shown.
            self._queryset = fully_ordered(found)
        return self._queryset

    def save_new(self, form: Any, commit: bool = True) -> Any:
        """Save and return a new instance."""
        return form.save(commit=commit)

    def save_existing(self, form: Any, obj: Any, commit: bool = True) -> Any:
        """Save and return a changed instance."""
        return form.save(commit=commit)

    def delete_existing(self, obj: Any, commit: bool = True) -> None:
        """Delete an instance."""
        if commit:
            obj.delete()

    def save(self, commit: bool = True) -> list[Any]:
        """Save and return the new and changed instances.

        They are also in ``new_objects`` and ``changed_objects``, and the deleted ones in ``deleted_objects``. Without
        ``commit``, save them yourself and then call ``save_m2m()``.
        """
        if not commit:
            self.saved_forms: list[Any] = []
            self.save_m2m = self._save_m2m_of_saved
        saved = self.save_existing_objects(commit)
        return saved if self.edit_only else saved + self.save_new_objects(commit)

    save.alters_data = True  # type: ignore[attr-defined]

    def _save_m2m_of_saved(self) -> None:
        for form in self.saved_forms:
            form.save_m2m()

    def clean(self) -> None:
        """Validation across forms: no duplicates."""
        self.validate_unique()

    def validate_unique(self) -> None:
        """Raise ``ValidationError`` for values that must be unique but stand in several forms."""
        unique_checks: dict[Any, None] = {}
        date_checks: dict[Any, None] = {}
        deleted = self.deleted_forms
        valid = [form for form in self.forms if form.is_valid() and form not in deleted]
        for form in valid:
            unique, dates = form.instance._get_unique_checks(
                exclude=form._get_validation_exclusions(), include_meta_constraints=True
            )
            unique_checks.update(dict.fromkeys(unique))
            date_checks.update(dict.fromkeys(dates))
        errors: list[Any] = []
        for _owner, names in unique_checks:
            for form in self._duplicates([(form, self._unique_key(form, names)) for form in valid]):
                errors.append(self.get_unique_error_message(names))
                self._mark_duplicate(form, names)
        for check in date_checks:
            for form in self._duplicates([(form, self._date_key(form, *check[1:])) for form in valid]):
                errors.append(self.get_date_error_message(check))
                self._mark_duplicate(form, check[2:3])
        if errors:
            raise ValidationError(errors)

    @staticmethod
    def _duplicates(keyed: list[tuple[Any, Any]]) -> Iterable[Any]:
        """The forms whose key an earlier form has already; those with no key have no duplicates."""
        seen = set()
        for form, key in keyed:
            if key is None:
                continue
            if key in seen:
                yield form
            seen.add(key)

    def _unique_key(self, form: Any, names: Sequence[str]) -> Any:
        data = form.cleaned_data
        values = tuple(
            name if name in self.unique_fields else _comparable(data[name]) for name in names if name in data
        )
        return None if not values or None in values else values

    @staticmethod
    def _date_key(form: Any, lookup: str, name: str, unique_for: str) -> Any:
        data = form.cleaned_data
        if not data or data.get(name) is None or data.get(unique_for) is None:
            return None
        date = data[unique_for]
        part = (date.year, date.month, date.day) if lookup == "date" else getattr(date, lookup)
        return data[name], part

    def _mark_duplicate(self, form: Any, names: Iterable[str]) -> None:
        form._errors[NON_FIELD_ERRORS] = self.error_class([self.get_form_error()], renderer=self.renderer)
        for name in names:
            form.cleaned_data.pop(name, None)

    def get_unique_error_message(self, unique_check: Sequence[str]) -> str:
        """The formset's error for duplicates of one field, or of several together."""
        if len(unique_check) == 1:
            return gettext("Please correct the duplicate data for %(field)s.") % {"field": unique_check[0]}
        names = get_text_list(list(unique_check), gettext("and"))
        return gettext("Please correct the duplicate data for %(field)s; together these are unique.") % {"field": names}

    def get_date_error_message(self, date_check: Sequence[Any]) -> str:
        """The formset's error for duplicates within a day, month or year."""
        shown = {"field_name": date_check[2], "date_field": date_check[3], "lookup": str(date_check[1])}
        return gettext("Duplicate %(field_name)s: it is unique for the %(lookup)s of %(date_field)s.") % shown

    def get_form_error(self) -> str:
        """The error of a form that duplicates another."""
        return gettext("Please correct the duplicate values below.")

    def save_existing_objects(self, commit: bool = True) -> list[Any]:
        """Save the changed instances, and delete those marked for it."""
        self.changed_objects: list[Any] = []
        self.deleted_objects: list[Any] = []
        saved: list[Any] = []
        if not self.initial_forms:
            return saved
        deleted = self.deleted_forms
        for form in self.initial_forms:
            instance = form.instance
            # No instance of the queryset has the key that came: it is gone since the page was made, or was forged.
            if instance.pk is None or instance._state.adding:
                continue
            if form in deleted:
                self.deleted_objects.append(instance)
                self.delete_existing(instance, commit=commit)
            elif form.has_changed():
                self.changed_objects.append((instance, form.changed_data))
                saved.append(self.save_existing(form, instance, commit=commit))
                if not commit:
                    self.saved_forms.append(form)
        return saved

    def save_new_objects(self, commit: bool = True) -> list[Any]:
        """Save the instances of the extra forms that were filled in."""
        self.new_objects: list[Any] = []
        for form in self.extra_forms:
            if not form.has_changed() or (self.can_delete and self._should_delete_form(form)):
                continue
            self.new_objects.append(self.save_new(form, commit=commit))
            if not commit:
                self.saved_forms.append(form)
        return self.new_objects

    def add_fields(self, form: Any, index: int | None) -> None:
        """Add the hidden primary key, which says which instance a form is of."""
        pk = self._pk_field = self.model._meta.pk
        if _given_by_the_database(pk) or pk.name not in form.fields:
            self._add_pk(form, index, pk)
        super().add_fields(form, index)

    def _add_pk(self, form: Any, index: int | None, pk: Any) -> None:
        if form.is_bound:
            value = None if form.instance._state.adding else form.instance.pk
        else:
            try:
                value = self.get_queryset()[index].pk if index is not None else None
            except IndexError:
                value = None
        owner = pk.remote_field.model if isinstance(pk, ForeignKey) else self.model
        instances = owner._default_manager.get_queryset().using(form.instance._state.db)
        widget = (form._meta.widgets or {}).get(pk.name, HiddenInput)
        form.fields[pk.name] = ModelChoiceField(instances, initial=value, required=False, widget=widget)


def modelformset_factory(
    model: Any,
    form: Any = ModelForm,
    formfield_callback: Any = None,
    formset: type[BaseModelFormSet] = BaseModelFormSet,
    extra: int = 1,
    can_delete: bool = False, can_order: bool = False,
    max_num: int | None = None,
    fields: Any = None, exclude: Any = None, widgets: Any = None,
    validate_max: bool = False,
    localized_fields: Any = None, labels: Any = None, help_texts: Any = None, error_messages: Any = None,
    min_num: int | None = None, validate_min: bool = False,
    field_classes: Any = None,
    absolute_max: int | None = None, can_delete_extra: bool = True,
    renderer: Any = None, edit_only: bool = False,
) -> Any:
    """A formset class for a model; its arguments are those of ``modelform_factory`` and ``formset_factory``.

    Raises ``ImproperlyConfigured`` without ``fields`` or ``exclude``, here or in the form's ``Meta``.
    """
    meta = getattr(form, "Meta", None)
    named = (getattr(meta, "fields", fields), getattr(meta, "exclude", exclude))
    if named == (None, None):
        raise ImproperlyConfigured(
            f"modelformset_factory() needs 'fields' or 'exclude' for {model.__name__}, "
            "as an argument or in the form's Meta."
        )
    form = modelform_factory(
        model, form, fields, exclude, formfield_callback, widgets, localized_fields, labels, help_texts, error_messages,
        field_classes,
    )  # fmt: skip
    made = formset_factory(
        form, formset, extra, can_order, can_delete, max_num, validate_max, min_num, validate_min, absolute_max,
        can_delete_extra, renderer,
    )  # fmt: skip
    made.model = model
    made.edit_only = edit_only
    return made

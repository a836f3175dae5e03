"""Inline formsets: the forms of the instances that belong to one parent."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from nuages.modelforms.fields import InlineForeignKeyField
from nuages.modelforms.form import ModelForm
from nuages.modelforms.formsets import BaseModelFormSet, modelformset_factory
from nuages.models import ForeignKey
from nuages.sql.expressions import DatabaseDefault
from nuages.text.formatting import capfirst


class BaseInlineFormSet(BaseModelFormSet):
    """A formset of the instances whose foreign key ``fk`` leads to ``instance``."""

    fk: ClassVar[Any]

    def __init__(
        self,
        data: Mapping[str, Any] | None = None,
        files: Mapping[str, Any] | None = None,
        instance: Any = None,
        save_as_new: bool = False,
        prefix: str | None = None,
        queryset: Any = None,
        **kwargs: Any,
    ) -> None:
        self.instance = self.fk.remote_field.model() if instance is None else instance
        self.save_as_new = save_as_new
        found = self.model._default_manager if queryset is None else queryset
        stored = self.instance._is_pk_set() and not isinstance(self.instance.pk, DatabaseDefault)
        found = found.filter(**{self.fk.name: self.instance}) if stored else found.none()
        self.unique_fields = {self.fk.name}
        super().__init__(data, files, prefix=prefix, queryset=found, **kwargs)
        # The key takes part in validation, also where the form does not name it.
        named = self.form._meta.fields
        if named and self.fk.name not in named:
            self.form._meta.fields = [*named, self.fk.name]

    def initial_form_count(self) -> int:
        """None are initial where all are to be saved as new instances."""
        return 0 if self.save_as_new else super().initial_form_count()

    def _construct_form(self, i: int, **kwargs: Any) -> Any:
        form = super()._construct_form(i, **kwargs)
        if self.save_as_new:
            self._forget_keys(form)
        relation = self.fk.remote_field
        value = self.instance.pk
        if relation.field_name != relation.model._meta.pk.name:
            value = getattr(self.instance, relation.field_name)
            value = getattr(value, "pk", value)
        setattr(form.instance, self.fk.attname, value)
        return form

    def _forget_keys(self, form: Any) -> None:
        """Take the keys out of the submitted data, which then describes a new instance of a new parent."""
        mutable = getattr(form.data, "_mutable", None)
        if mutable is not None:
            form.data._mutable = True
        for name in (self._pk_field.name, self.fk.name):
            form.data[form.add_prefix(name)] = None
        if mutable is not None:
            form.data._mutable = mutable

    @classmethod
    def get_default_prefix(cls) -> str:
        """The name by which the parent knows its children."""
        return cls.fk.remote_field.get_accessor_name(model=cls.model).replace("+", "")  # type: ignore[no-any-return]

    def save_new(self, form: Any, commit: bool = True) -> Any:
        """Save a new instance that belongs to the parent, which may have been saved only now."""
        setattr(form.instance, self.fk.name, self.instance)
        return super().save_new(form, commit=commit)

    def add_fields(self, form: Any, index: int | None) -> None:
        """Add the hidden key of the parent."""
        super().add_fields(form, index)
        relation = self.fk.remote_field
        options: dict[str, Any]
        if self._pk_field == self.fk:
            name = self._pk_field.name
            options = {"pk_field": True}
        else:
            name = self.fk.name
            options = {"label": getattr(form.fields.get(name), "label", capfirst(self.fk.verbose_name))}
        if relation.field_name != relation.model._meta.pk.name:
            options["to_field"] = relation.field_name
        if self.instance._state.adding:
            self._drop_made_key(form, options.get("to_field"))
        form.fields[name] = InlineForeignKeyField(self.instance, **options)

    def _drop_made_key(self, form: Any, to_field: str | None) -> None:
        """Forget a key that the default of a new parent's field made: saving the form will make another."""
        meta = self.instance._meta
        field = meta.pk if to_field is None else meta.get_field(to_field)
        # A submitted key of another field than the primary one is the user's.
        if field.has_default() and (field.attname == meta.pk.name or not form.data):
            setattr(self.instance, field.attname, None)

    def get_unique_error_message(self, unique_check: Sequence[str]) -> str:
        """Without the key, for all forms have the same."""
        return super().get_unique_error_message([name for name in unique_check if name != self.fk.name])


def _leads_to(field: Any, parent: Any) -> bool:
    if not isinstance(field, ForeignKey):
        return False
    target = field.remote_field.model
    if target == parent or target in parent._meta.all_parents:
        return True
    return bool(parent._meta.proxy and target._meta.concrete_model == parent._meta.concrete_model)


def _get_foreign_key(parent_model: Any, model: Any, fk_name: str | None = None, can_fail: bool = False) -> Any:
    """The foreign key from ``model`` to ``parent_model``, the one called ``fk_name`` if that is given.

    Raises ``ValueError`` if there is none (``None`` if ``can_fail``), or more than one.
    """
    child, parent = model._meta.label, parent_model._meta.label
    if fk_name:
        named = [field for field in model._meta.fields if field.name == fk_name]
        if not named:
            raise ValueError(f"'{child}' has no field named '{fk_name}'.")
        if not _leads_to(named[0], parent_model):
            raise ValueError(f"fk_name '{fk_name}' is not a ForeignKey to '{parent}'.")
        return named[0]
    found = [field for field in model._meta.fields if _leads_to(field, parent_model)]
    if len(found) == 1:
        return found[0]
    if found:
        raise ValueError(
            f"'{child}' has more than one ForeignKey to '{parent}'. You must specify a 'fk_name' attribute."
        )
    if can_fail:
        return None
    raise ValueError(f"'{child}' has no ForeignKey to '{parent}'.")


def inlineformset_factory(
    parent_model: Any,
    model: Any,
    form: Any = ModelForm,
    formset: type[BaseInlineFormSet] = BaseInlineFormSet,
    fk_name: str | None = None,
    fields: Any = None,
    exclude: Any = None,
    extra: int = 3,
    can_order: bool = False,
    can_delete: bool = True,
    max_num: int | None = None,
    **options: Any,
) -> Any:
    """A formset class for the instances of ``model`` that belong to one of ``parent_model``.

    ``fk_name`` is needed where several foreign keys lead there. The other options are those of
    ``modelformset_factory``.
    """
    fk = _get_foreign_key(parent_model, model, fk_name=fk_name)
    made = modelformset_factory(
        model,
        form=form,
        formset=formset,
        fields=fields,
        exclude=exclude,
        extra=extra,
        can_order=can_order,
        can_delete=can_delete,
        # A unique key leaves room for one child only.
        max_num=1 if fk.unique else max_num,
        **options,
    )
    made.fk = fk
    return made



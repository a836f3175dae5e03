"""Formsets of the objects that point at one instance through a generic key."""

from __future__ import annotations

from typing import Any

from nuages.contrib.contenttypes.models import ContentType
from nuages.modelforms import BaseModelFormSet, ModelForm, modelformset_factory
from nuages.models import ForeignKey


class BaseGenericInlineFormSet(BaseModelFormSet):
    """A formset of the objects whose generic key leads to `instance`."""

    ct_field: Any
    ct_fk_field: Any
    for_concrete_model: bool

    def __init__(
        self,
        data: Any = None,
        files: Any = None,
        instance: Any = None,
        save_as_new: bool = False,
        prefix: Any = None,
        queryset: Any = None,
        **kwargs: Any,
    ) -> None:
        options = self.model._meta
        self.instance = instance
        self.rel_name: str = f"{options.app_label}-{options.model_name}-{self.ct_field.name}-{self.ct_fk_field.name}"
        self.save_as_new = save_as_new
        if instance is None or not instance._is_pk_set():
            found = self.model._default_manager.none()
        else:
            found = (self.model._default_manager if queryset is None else queryset).filter(**self._key())
        super().__init__(data, files, queryset=found, prefix=prefix, **kwargs)

    def _key(self) -> dict[str, Any]:
        """Type and key of the instance, by the names of the fields that keep them."""
        kind = ContentType.objects.get_for_model(self.instance, for_concrete_model=self.for_concrete_model)
        return {self.ct_field.name: kind, self.ct_fk_field.name: self.instance.pk}

    def initial_form_count(self) -> int:
        """None are initial where all are to be saved as new objects."""
        return 0 if self.save_as_new else super().initial_form_count()

    @classmethod
    def get_default_prefix(cls) -> str:
        """A prefix that tells apart the formsets of several generic keys."""
        options = cls.model._meta
        return f"{options.app_label}-{options.model_name}-{cls.ct_field.name}-{cls.ct_fk_field.name}"

    def save_new(self, form: Any, commit: bool = True) -> Any:
        """Save a new object that points at the instance."""
        kind = ContentType.objects.get_for_model(self.instance, for_concrete_model=self.for_concrete_model)
        setattr(form.instance, self.ct_field.get_attname(), kind.pk)
        setattr(form.instance, self.ct_fk_field.get_attname(), self.instance.pk)
        return form.save(commit=commit)


def generic_inlineformset_factory(
    model: Any,
    form: Any = ModelForm,
    formset: Any = BaseGenericInlineFormSet,
    ct_field: str = "content_type",
    fk_field: str = "object_id",
    fields: Any = None,
    exclude: Any = None,
    extra: int = 3,
    can_order: bool = False,
    can_delete: bool = True,
    max_num: int | None = None,
    formfield_callback: Any = None,
    validate_max: bool = False,
    for_concrete_model: bool = True,
    min_num: int | None = None,
    validate_min: bool = False,
    absolute_max: int | None = None,
    can_delete_extra: bool = True,
) -> Any:
    """The class of formsets for `model`, whose generic key is kept in `ct_field` and `fk_field`. Raises ValueError."""
    options = model._meta
    type_field = options.get_field(ct_field)
    if not isinstance(type_field, ForeignKey) or type_field.remote_field.model != ContentType:
        raise ValueError(f"fk_name '{ct_field}' is not a ForeignKey to ContentType")
    key_field = options.get_field(fk_field)
    made: Any = modelformset_factory(
        model,
        formset=formset,
        form=form,
        fields=fields,
        exclude=[*(exclude or []), type_field.name, key_field.name],
        formfield_callback=formfield_callback,
        can_order=can_order,
        can_delete=can_delete,
        can_delete_extra=can_delete_extra,
        extra=extra,
        min_num=min_num,
        max_num=max_num,
        absolute_max=absolute_max,
        validate_min=validate_min,
        validate_max=validate_max,
    )
    made.ct_field, made.ct_fk_field, made.for_concrete_model = type_field, key_field, for_concrete_model
    return made

"""Inlines of the admin for objects that point at the edited one through a generic key."""

from __future__ import annotations

from functools import partial
from typing import Any

from nuages.checks import Error
from nuages.contrib.admin.checks import InlineModelAdminChecks
from nuages.contrib.admin.options import InlineModelAdmin, flatten_fieldsets
from nuages.contrib.contenttypes.fields import GenericForeignKey
from nuages.contrib.contenttypes.forms import BaseGenericInlineFormSet, generic_inlineformset_factory
from nuages.exceptions import FieldDoesNotExist
from nuages.forms import ALL_FIELDS
from nuages.modelforms import modelform_defines_fields


class GenericInlineModelAdminChecks(InlineModelAdminChecks):
    """Checks of generic inlines; ids admin.E301 to E304."""

    def _check_exclude_of_parent_model(self, obj: Any, parent_model: Any) -> list[Any]:
        # There is no foreign key that could be excluded.
        return []

    def _check_relation(self, obj: Any, parent_model: Any) -> list[Any]:
        name = obj.model._meta.label
        keys = [field for field in obj.model._meta.private_fields if isinstance(field, GenericForeignKey)]
        if not keys:
            return [Error(f"'{name}' has no GenericForeignKey.", obj=obj.__class__, id="admin.E301")]
        for option, number in (("ct_field", "302"), ("ct_fk_field", "303")):
            wanted = getattr(obj, option)
            try:
                obj.model._meta.get_field(wanted)
            except FieldDoesNotExist:
                return [
                    Error(
                        f"'{option}' references '{wanted}', which is not a field on '{name}'.",
                        obj=obj.__class__,
                        id=f"admin.E{number}",
                    )
                ]
        if not any((field.ct_field, field.fk_field) == (obj.ct_field, obj.ct_fk_field) for field in keys):
            return [
                Error(
                    f"'{name}' has no GenericForeignKey using content type field '{obj.ct_field}' and object ID field '{obj.ct_fk_field}'.",
                    obj=obj.__class__,
                    id="admin.E304",
                )
            ]
        return []


class GenericInlineModelAdmin(InlineModelAdmin):
    """An inline over a generic key, kept in `ct_field` and `ct_fk_field`."""

    ct_field = "content_type"
    ct_fk_field = "object_id"
    formset = BaseGenericInlineFormSet
    checks_class = GenericInlineModelAdminChecks

    def get_formset(self, request: Any, obj: Any = None, **kwargs: Any) -> Any:
        """The class of formsets for this inline."""
        fields = kwargs.pop("fields", None) or flatten_fieldsets(self.get_fieldsets(request, obj))
        exclude = [*(self.exclude or []), *self.get_readonly_fields(request, obj)]
        if self.exclude is None and hasattr(self.form, "_meta") and self.form._meta.exclude:
            exclude.extend(self.form._meta.exclude)
        options = {
            **{"form": self.form, "formset": self.formset, "fields": fields, "exclude": exclude or None},
            **{"ct_field": self.ct_field, "fk_field": self.ct_fk_field},
            **{name: getattr(self, f"get_{name}")(request, obj) for name in ("extra", "min_num", "max_num")},
            "can_delete": self.can_delete and self.has_delete_permission(request, obj),
            "can_order": False,
            "formfield_callback": partial(self.formfield_for_dbfield, request=request),
            **kwargs,
        }
        if options["fields"] is None and not modelform_defines_fields(options["form"]):
            options["fields"] = ALL_FIELDS
        return generic_inlineformset_factory(self.model, **options)


class GenericStackedInline(GenericInlineModelAdmin):
    """Forms one below the other."""

    template = "admin/edit_inline/stacked.html"


class GenericTabularInline(GenericInlineModelAdmin):
    """Forms as rows of a table."""

    template = "admin/edit_inline/tabular.html"

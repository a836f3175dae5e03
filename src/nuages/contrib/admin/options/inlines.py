"""Inlines: the objects that belong to an object, changed on its page."""

from __future__ import annotations

from typing import Any, ClassVar

from nuages import forms
from nuages.contrib.admin.checks import InlineModelAdminChecks
from nuages.contrib.admin.deletion import NestedObjects
from nuages.contrib.admin.inspection import flatten_fieldsets, permission_codename
from nuages.contrib.admin.options.declaring import BaseModelAdmin
from nuages.db import router
from nuages.exceptions import NON_FIELD_ERRORS, ValidationError
from nuages.i18n.prose import get_text_list
from nuages.i18n.translation import gettext as _
from nuages.modelforms import (
    ALL_FIELDS,
    BaseInlineFormSet,
    inlineformset_factory,
    modelform_defines_fields,
)
from nuages.text.formatting import format_lazy


class InlineModelAdmin(BaseModelAdmin):
    """Objects of ``model`` that point at the object of the page."""

    model: Any
    fk_name: str | None = None
    formset: Any = BaseInlineFormSet
    extra = 3
    min_num: int | None = None
    max_num: int | None = None
    template: str | None = None
    verbose_name: Any = None
    verbose_name_plural: Any = None
    can_delete = True
    show_change_link = False
    checks_class = InlineModelAdminChecks
    is_inline: ClassVar[bool] = True
    classes: Any = None

    def __init__(self, parent_model: Any, admin_site: Any) -> None:
        self.admin_site = admin_site
        self.parent_model = parent_model
        self.opts = self.model._meta
        self.has_registered_model = admin_site.is_registered(self.model)
        super().__init__()
        given = self.verbose_name
        self.verbose_name = self.opts.verbose_name if given is None else given
        if self.verbose_name_plural is None:
            # A name of one's own makes its own plural, the model's has one.
            self.verbose_name_plural = self.opts.verbose_name_plural if given is None else format_lazy("{}s", given)

    @property
    def media(self) -> forms.Media:
        """The scripts of inlines."""
        return forms.Media(js=["admin/js/inlines.js"])

    def get_extra(self, request: Any, obj: Any = None, **kwargs: Any) -> int:
        """How many empty forms follow."""
        return self.extra

    def get_min_num(self, request: Any, obj: Any = None, **kwargs: Any) -> int | None:
        """The least number of forms."""
        return self.min_num

    def get_max_num(self, request: Any, obj: Any = None, **kwargs: Any) -> int | None:
        """The greatest number of forms."""
        return self.max_num

    def get_formset(self, request: Any, obj: Any = None, **kwargs: Any) -> Any:
        """The formset class."""
        fields = kwargs.pop("fields") if "fields" in kwargs else flatten_fieldsets(self.get_fieldsets(request, obj))
        exclude, _readonly = self._modelform_options(request, obj, self.form)
        can_delete = self.can_delete and self.has_delete_permission(request, obj)
        options = {
            "form": self.form,
            "formset": self.formset,
            "fk_name": self.fk_name,
            "fields": fields,
            "exclude": exclude or None,
            "formfield_callback": self._callback(request),
            "extra": self.get_extra(request, obj),
            "min_num": self.get_min_num(request, obj),
            "max_num": self.get_max_num(request, obj),
            "can_delete": can_delete,
            **kwargs,
        }
        can_change = self.has_change_permission(request, obj) if request else True
        can_add = self.has_add_permission(request, obj) if request else True
        options["form"] = _guarded_form(options["form"], can_delete, can_change, can_add)
        if options["fields"] is None and not modelform_defines_fields(options["form"]):
            options["fields"] = ALL_FIELDS
        return inlineformset_factory(self.parent_model, self.model, **options)

    def _get_form_for_get_fields(self, request: Any, obj: Any = None) -> Any:
        return self.get_formset(request, obj, fields=None).form

    def get_queryset(self, request: Any) -> Any:
        """The objects; none for users who may not even see them."""
        queryset = super().get_queryset(request)
        return queryset if self.has_view_or_change_permission(request) else queryset.none()

    def _has_any_perms_for_target_model(self, request: Any, actions: list[str]) -> bool:
        """Whether the user may do one of these with what an automatic through model connects."""
        opts = self.opts
        # The model at the other end of the relation decides, not the rows between.
        for field in opts.fields:
            if field.remote_field and field.remote_field.model != self.parent_model:
                opts = field.remote_field.model._meta
                break
        return any(request.user.has_perm(permission_codename(action, opts)) for action in actions)

    def has_add_permission(self, request: Any, obj: Any = None) -> bool:
        """Whether the user may add objects here."""
        if self.opts.auto_created:
            # An automatic through model has no permissions of its own.
            return self._has_any_perms_for_target_model(request, ["change"])
        return super().has_add_permission(request)

    def has_change_permission(self, request: Any, obj: Any = None) -> bool:
        """Whether the user may change objects here."""
        if self.opts.auto_created:
            return self._has_any_perms_for_target_model(request, ["change"])
        return super().has_change_permission(request)

    def has_delete_permission(self, request: Any, obj: Any = None) -> bool:
        """Whether the user may delete objects here."""
        if self.opts.auto_created:
            return self._has_any_perms_for_target_model(request, ["change"])
        return super().has_delete_permission(request, obj)

    def has_view_permission(self, request: Any, obj: Any = None) -> bool:
        """Whether the user may see objects here."""
        if self.opts.auto_created:
            return self._has_any_perms_for_target_model(request, ["view", "change"])
        return super().has_view_permission(request)


class StackedInline(InlineModelAdmin):
    """Each object as a form of its own."""

    template = "admin/edit_inline/stacked.html"


class TabularInline(InlineModelAdmin):
    """Each object as a row of a table."""

    template = "admin/edit_inline/tabular.html"


def _guarded_form(base: Any, can_delete: bool, can_change: bool, can_add: bool) -> Any:
    """The form class with the checks of deletion and permission."""

    class GuardedForm(base):  # type: ignore[misc]
        def hand_clean_DELETE(self) -> None:
            """Say what is in the way of a deletion, instead of failing when it is done."""
            if not self.cleaned_data.get("DELETE", False) or self.instance._state.adding or self.instance.pk is None:
                return
            collector = NestedObjects(using=router.db_for_write(self._meta.model))
            collector.collect([self.instance])
            if not collector.protected:
                return
            listed = [
                _("%(class_name)s %(instance)s") % {"class_name": obj._meta.verbose_name, "instance": obj}
                for obj in collector.protected
            ]
            message = _(
                "Deleting %(class_name)s %(instance)s would require deleting the following protected related objects: "
                "%(related_objects)s"
            )
            params = {
                "class_name": self._meta.model._meta.verbose_name,
                "instance": self.instance,
                "related_objects": get_text_list(listed, _("and")),
            }
            raise ValidationError(message, code="deleting_protected", params=params)

        def is_valid(self) -> bool:
            valid = bool(super().is_valid())
            if can_delete:
                try:
                    self.hand_clean_DELETE()
                except ValidationError as error:
                    self._errors[NON_FIELD_ERRORS] = self.error_class(error.messages)
            return valid

        def has_changed(self) -> bool:
            # Without the permission nothing changes, whatever was sent.
            if not can_change and not self.instance._state.adding:
                return False
            if not can_add and self.instance._state.adding:
                return False
            return bool(super().has_changed())

    GuardedForm.__name__ = base.__name__
    GuardedForm.__qualname__ = base.__qualname__
    return GuardedForm

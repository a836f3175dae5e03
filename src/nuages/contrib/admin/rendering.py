"""What the templates of the pages are given: fieldsets, lines, fields, inlines."""

from __future__ import annotations

import json
from collections.abc import Iterator
from functools import cached_property
from typing import Any

from nuages import forms, models
from nuages.contrib.admin.addresses import quote
from nuages.contrib.admin.inspection import flatten_fieldsets, help_text_for_field, label_for_field, lookup_field
from nuages.contrib.admin.showing import display_for_field, display_for_value
from nuages.exceptions import ObjectDoesNotExist
from nuages.forms.errors import ErrorList
from nuages.i18n.translation import gettext, gettext_lazy
from nuages.template.filters.markup import linebreaksbr
from nuages.text.formatting import capfirst
from nuages.text.html import conditional_escape, format_html
from nuages.text.safestring import mark_safe
from nuages.urls import NoReverseMatch, reverse

ACTION_CHECKBOX_NAME = "_selected_action"

SELECT_ALL = mark_safe('<input type="checkbox" id="action-toggle">')


class ActionForm(forms.Form):
    """The menu of actions."""

    action = forms.ChoiceField(label=gettext_lazy("Action:"))
    select_across = forms.BooleanField(
        label="", required=False, initial=0, widget=forms.HiddenInput({"class": "select-across"})
    )


def make_checkbox(attrs: dict[str, Any]) -> forms.CheckboxInput:
    """A box that is never ticked at first."""
    return forms.CheckboxInput(attrs, lambda value: False)


checkbox = make_checkbox({"class": "action-select"})


class AdminForm:
    """A form with its fieldsets."""

    def __init__(
        self,
        form: Any,
        fieldsets: Any,
        prepopulated_fields: dict[str, Any],
        readonly_fields: Any = None,
        model_admin: Any = None,
    ) -> None:
        self.form, self.fieldsets = form, fieldsets
        self.prepopulated_fields = [
            {"field": form[name], "dependencies": [form[source] for source in sources]}
            for name, sources in prepopulated_fields.items()
        ]
        self.model_admin = model_admin
        self.readonly_fields = () if readonly_fields is None else readonly_fields

    def __repr__(self) -> str:
        return f"<{type(self).__qualname__}: form={type(self.form).__qualname__} fieldsets={self.fieldsets!r}>"

    def __iter__(self) -> Iterator[Fieldset]:
        for name, options in self.fieldsets:
            yield Fieldset(
                self.form, name, readonly_fields=self.readonly_fields, model_admin=self.model_admin, **options
            )

    @property
    def errors(self) -> Any:
        """The form's errors."""
        return self.form.errors

    @property
    def non_field_errors(self) -> Any:
        """The form's errors that belong to no field."""
        return self.form.non_field_errors

    @property
    def fields(self) -> Any:
        """The form's fields."""
        return self.form.fields

    @property
    def is_bound(self) -> bool:
        """Whether something was sent."""
        return bool(self.form.is_bound)

    @property
    def media(self) -> Any:
        """The scripts of the form and its fieldsets."""
        media = self.form.media
        for fieldset in self:
            media += fieldset.media
        return media


class Fieldset:
    """A group of lines with a title."""

    def __init__(
        self,
        form: Any,
        name: Any = None,
        readonly_fields: Any = (),
        fields: Any = (),
        classes: Any = (),
        description: Any = None,
        model_admin: Any = None,
    ) -> None:
        self.form, self.model_admin = form, model_admin
        self.name, self.description = name, description
        self.fields, self.readonly_fields = fields, readonly_fields
        self.classes = " ".join(classes)

    @property
    def media(self) -> forms.Media:
        """Nothing: groups fold without a script."""
        return forms.Media()

    @cached_property
    def is_collapsible(self) -> bool:
        """Whether the group folds; one with errors stays open."""
        if any(field in self.fields for field in self.form.errors):
            return False
        return "collapse" in self.classes

    def __iter__(self) -> Iterator[Fieldline]:
        for field in self.fields:
            yield Fieldline(self.form, field, self.readonly_fields, model_admin=self.model_admin)


class Fieldline:
    """The fields of one line."""

    def __init__(self, form: Any, field: Any, readonly_fields: Any = None, model_admin: Any = None) -> None:
        self.form = form
        self.fields = [field] if isinstance(field, str) or not hasattr(field, "__iter__") else field
        self.has_visible_field = not all(
            name in form.fields and form.fields[name].widget.is_hidden for name in self.fields
        )
        self.model_admin = model_admin
        self.readonly_fields = () if readonly_fields is None else readonly_fields

    def __iter__(self) -> Iterator[Any]:
        for number, name in enumerate(self.fields):
            if name in self.readonly_fields:
                yield AdminReadonlyField(self.form, name, is_first=number == 0, model_admin=self.model_admin)
            else:
                yield AdminField(self.form, name, is_first=number == 0)

    def errors(self) -> Any:
        """The errors of the line's fields, as a list."""
        names = [name for name in self.fields if name not in self.readonly_fields]
        return mark_safe("\n".join(self.form[name].errors.as_ul() for name in names).strip("\n"))


class AdminField:
    """A field that can be changed."""

    def __init__(self, form: Any, field: str, is_first: bool) -> None:
        self.field = form[field]
        self.is_first = is_first
        widget = self.field.field.widget
        self.is_checkbox = isinstance(widget, forms.CheckboxInput)
        self.is_fieldset = bool(self.field.field.widget.use_fieldset)
        self.is_readonly = False

    def label_tag(self) -> Any:
        """The label; behind a box it stands without a colon."""
        wanted = {
            "vCheckboxLabel": self.is_checkbox,
            "required": self.field.field.required,
            "inline": not self.is_first,
        }
        classes = [name for name, holds in wanted.items() if holds]
        contents = conditional_escape(self.field.label)
        attrs = {"class": " ".join(classes)} if classes else {}
        return self.field.label_tag(
            contents=mark_safe(contents),
            attrs=attrs,
            label_suffix="" if self.is_checkbox else None,
            tag="legend" if self.is_fieldset else None,
        )

    def errors(self) -> Any:
        """The field's errors, as a list."""
        return mark_safe(self.field.errors.as_ul())


class AdminReadonlyField:
    """A field, attribute or method that is only shown."""

    def __init__(self, form: Any, field: Any, is_first: bool, model_admin: Any = None) -> None:
        if callable(field):
            name = field.__name__ if field.__name__ != "<lambda>" else ""
        else:
            name = field
        labels = form._meta.labels
        label = (
            labels[name]
            if labels and name in labels
            else label_for_field(field, form._meta.model, model_admin, form=form)
        )
        help_texts = form._meta.help_texts
        help_text = (
            help_texts[name] if help_texts and name in help_texts else help_text_for_field(name, form._meta.model)
        )
        self.field = {
            "name": name,
            "label": label,
            "help_text": help_text,
            "field": field,
            "is_hidden": False,
        }
        if field in form.fields:
            widget = form.fields[field].widget
            # Its own way of showing a value counts for a widget that cannot be changed anyhow.
            self.field["widget"] = widget
        self.form = form
        self.model_admin = model_admin
        self.is_first = is_first
        self.is_checkbox = self.is_fieldset = False
        self.is_readonly = True
        self.empty_value_display = model_admin.get_empty_value_display()

    def label_tag(self) -> Any:
        """The label."""
        classes = mark_safe(' class="inline"') if not self.is_first else ""
        label = self.field["label"]
        suffix = self.form.label_suffix
        return format_html("<label{}>{}{}</label>", classes, capfirst(label), suffix)

    def get_admin_url(self, remote_field: Any, remote_obj: Any) -> Any:
        """The related object with a link to its page, if it has one."""
        opts = remote_field.model._meta
        name = f"admin:{opts.app_label}_{opts.model_name}_change"
        try:
            address = reverse(name, args=[quote(remote_obj.pk)], current_app=self.model_admin.admin_site.name)
        except NoReverseMatch:
            return str(remote_obj)
        return format_html('<a href="{}">{}</a>', address, remote_obj)

    def contents(self) -> Any:
        """The value as it is shown."""
        field, obj, model_admin = self.field["field"], self.form.instance, self.model_admin
        try:
            model_field, attribute, value = lookup_field(field, obj, model_admin)
        except (AttributeError, ValueError, ObjectDoesNotExist):
            return conditional_escape(self.empty_value_display)
        if field in self.form.fields:
            widget = self.form[field].field.widget
            if getattr(widget, "read_only", False):
                return widget.render(field, value)
        return conditional_escape(linebreaksbr(self._shown(model_field, attribute, value)))

    def _shown(self, model_field: Any, attribute: Any, value: Any) -> Any:
        if model_field is None:
            if getattr(attribute, "boolean", False):
                return display_for_value(value, self.empty_value_display, boolean=True)
            return value if hasattr(value, "__html__") else display_for_value(value, self.empty_value_display)
        if isinstance(model_field.remote_field, models.ManyToManyRel) and value is not None:
            return ", ".join(map(str, value.all())) or self.empty_value_display
        # Either end of a relation to one object.
        related = (model_field, model_field.remote_field)
        if value is not None and any(isinstance(end, models.ManyToOneRel) for end in related):
            return self.get_admin_url(model_field.remote_field, value)
        return display_for_field(value, model_field, self.empty_value_display)


class InlineAdminFormSet:
    """An inline's formset with what its rows look like."""

    def __init__(
        self,
        inline: Any,
        formset: Any,
        fieldsets: Any,
        prepopulated_fields: Any = None,
        readonly_fields: Any = None,
        model_admin: Any = None,
        has_add_permission: bool = True,
        has_change_permission: bool = True,
        has_delete_permission: bool = True,
        has_view_permission: bool = True,
    ) -> None:
        self.opts, self.formset, self.fieldsets = inline, formset, fieldsets
        self.model_admin = model_admin
        self.readonly_fields = readonly_fields or ()
        self.prepopulated_fields = prepopulated_fields or {}
        self.classes = " ".join(inline.classes) if inline.classes else ""
        self.has_add_permission = has_add_permission
        self.has_change_permission = has_change_permission
        self.has_delete_permission = has_delete_permission
        self.has_view_permission = has_view_permission

    @cached_property
    def is_collapsible(self) -> bool:
        """Whether the inline folds; one with errors stays open."""
        return "collapse" in self.classes and not any(self.formset.errors)

    def non_form_errors(self) -> Any:
        """The errors that belong to no row."""
        return self.formset.non_form_errors()

    @property
    def is_bound(self) -> bool:
        """Whether something was sent."""
        return bool(self.formset.is_bound)

    @property
    def total_form_count(self) -> Any:
        """How many rows there are."""
        return self.formset.total_form_count

    @property
    def media(self) -> Any:
        """The scripts of the inline and its rows."""
        media = self.opts.media + self.formset.media
        for row in self:
            media += row.media
        return media

    @property
    def forms(self) -> Any:
        """The formset's forms."""
        return self.formset.forms

    def __iter__(self) -> Iterator[InlineAdminForm]:
        readonly = (
            self.readonly_fields
            if self.has_change_permission
            else [*self.readonly_fields, *flatten_fieldsets(self.fieldsets)]
        )
        for form, original in zip(self.formset.initial_forms, self.formset.get_queryset(), strict=False):
            view_on_site = self.opts.get_view_on_site_url(original)
            yield self._row(form, original, readonly, view_on_site)
        for form in self.formset.extra_forms:
            yield self._row(form, None, self.readonly_fields)
        if self.has_add_permission:
            yield self._row(self.formset.empty_form, None, self.readonly_fields)

    def _row(self, form: Any, original: Any, readonly: Any, view_on_site_url: Any = None) -> InlineAdminForm:
        return InlineAdminForm(
            self.formset, form, self.fieldsets, self.prepopulated_fields, original, readonly,
            model_admin=self.opts, view_on_site_url=view_on_site_url,
        )  # fmt: skip

    def fields(self) -> Iterator[dict[str, Any]]:
        """The columns of a table: name, label, help text, widget, whether it is required."""
        foreign_key = getattr(self.formset, "fk", None)
        empty_form = self.formset.empty_form
        labels, help_texts = empty_form._meta.labels or {}, empty_form._meta.help_texts or {}
        for name in flatten_fieldsets(self.fieldsets):
            if foreign_key and foreign_key.name == name:
                continue
            readonly = not self.has_change_permission or name in self.readonly_fields
            if (readonly and name not in empty_form.fields) or name in self.readonly_fields:
                yield {
                    "name": name,
                    "label": labels.get(name) or label_for_field(name, self.opts.model, self.opts, form=empty_form),
                    "widget": {"is_hidden": False},
                    "required": False,
                    "help_text": help_texts.get(name) or help_text_for_field(name, self.opts.model),
                }
                continue
            field = empty_form.fields[name]
            label = field.label
            if label is None:
                label = label_for_field(name, self.opts.model, self.opts, form=empty_form)
            yield {
                "name": name,
                "label": label,
                "widget": field.widget,
                "required": field.required,
                "help_text": field.help_text,
            }

    def inline_formset_data(self) -> str:
        """What the script of inlines needs to know."""
        name = self.opts.verbose_name
        options = {
            "prefix": self.formset.prefix,
            "addText": gettext("Add another %(verbose_name)s") % {"verbose_name": capfirst(name)},
            "deleteText": gettext("Remove"),
        }
        return json.dumps({"name": f"#{self.formset.prefix}", "options": options})


class InlineAdminForm(AdminForm):
    """A row of an inline."""

    def __init__(
        self,
        formset: Any,
        form: Any,
        fieldsets: Any,
        prepopulated_fields: Any,
        original: Any,
        readonly_fields: Any = None,
        model_admin: Any = None,
        view_on_site_url: str | None = None,
    ) -> None:
        self.formset, self.original = formset, original
        self.show_url = bool(original and view_on_site_url is not None)
        self.absolute_url = view_on_site_url
        super().__init__(form, fieldsets, prepopulated_fields, readonly_fields, model_admin)

    def __iter__(self) -> Iterator[Fieldset]:
        for name, options in self.fieldsets:
            yield InlineFieldset(
                self.formset, self.form, name, self.readonly_fields, model_admin=self.model_admin, **options
            )

    def needs_explicit_pk_field(self) -> bool:
        """Whether the row must carry its key in a hidden field."""
        opts = self.form._meta.model._meta
        # A key that nobody types: generated, or not editable; also a parent's.
        return bool(
            opts.auto_field
            or not opts.pk.editable
            or any(parent._meta.auto_field or not parent._meta.model._meta.pk.editable for parent in opts.all_parents)
        )

    def pk_field(self) -> AdminField:
        """The hidden key."""
        return AdminField(self.form, self.formset._pk_field.name, False)

    def fk_field(self) -> Any:
        """The hidden key of the parent."""
        foreign_key = getattr(self.formset, "fk", None)
        return AdminField(self.form, foreign_key.name, False) if foreign_key else ""

    def deletion_field(self) -> AdminField:
        """The box that deletes the row."""
        return AdminField(self.form, "DELETE", False)


class InlineFieldset(Fieldset):
    """A group of lines of a row, without the field that points at the parent."""

    def __init__(self, formset: Any, *args: Any, **kwargs: Any) -> None:
        self.formset = formset
        super().__init__(*args, **kwargs)

    def __iter__(self) -> Iterator[Fieldline]:
        foreign_key = getattr(self.formset, "fk", None)
        for field in self.fields:
            if not foreign_key or foreign_key.name != field:
                yield Fieldline(self.form, field, self.readonly_fields, model_admin=self.model_admin)


class AdminErrorList(ErrorList):
    """All errors of a page."""

    def __init__(self, form: Any, inline_formsets: Any) -> None:
        super().__init__()
        if not form.is_bound:
            return
        self.extend(form.errors.values())
        for formset in inline_formsets:
            self.extend(formset.non_form_errors())
            for errors in formset.errors:
                self.extend(errors.values())

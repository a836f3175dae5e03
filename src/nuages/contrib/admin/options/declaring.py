"""What ``ModelAdmin`` and inlines share: form fields, fieldsets, permissions."""

from __future__ import annotations

import copy
from functools import partial
from typing import Any, ClassVar

from nuages import forms, models
from nuages.contrib.admin import widgets
from nuages.contrib.admin.checks import BaseModelAdminChecks
from nuages.contrib.admin.inspection import permission_codename
from nuages.contrib.admin.options.constants import get_ul_class
from nuages.exceptions import FieldDoesNotExist
from nuages.i18n.translation import gettext as _
from nuages.models.constants import LOOKUP_SEP
from nuages.text.safestring import mark_safe

FORMFIELD_FOR_DBFIELD_DEFAULTS: dict[Any, dict[str, Any]] = {
    models.BigIntegerField: {"widget": widgets.AdminBigIntegerFieldWidget},
    models.CharField: {"widget": widgets.AdminTextInputWidget},
    models.DateField: {"widget": widgets.AdminDateWidget},
    models.DateTimeField: {"form_class": forms.SplitDateTimeField, "widget": widgets.AdminSplitDateTime},
    models.EmailField: {"widget": widgets.AdminEmailInputWidget},
    models.FileField: {"widget": widgets.AdminFileWidget},
    models.ImageField: {"widget": widgets.AdminFileWidget},
    models.IntegerField: {"widget": widgets.AdminIntegerFieldWidget},
    models.TextField: {"widget": widgets.AdminTextareaWidget},
    models.TimeField: {"widget": widgets.AdminTimeWidget},
    models.URLField: {"widget": widgets.AdminURLFieldWidget},
    models.UUIDField: {"widget": widgets.AdminUUIDInputWidget},
}


class BaseModelAdmin(metaclass=forms.MediaDefiningClass):
    """How the fields of a model become form fields, and who may do what (documentation: ref/contrib/admin)."""

    autocomplete_fields: Any = ()
    raw_id_fields: Any = ()
    fields: Any = None
    exclude: Any = None
    fieldsets: Any = None
    form: Any = forms.ModelForm
    filter_vertical: Any = ()
    filter_horizontal: Any = ()
    radio_fields: ClassVar[dict[str, Any]] = {}
    prepopulated_fields: ClassVar[dict[str, Any]] = {}
    formfield_overrides: ClassVar[dict[Any, Any]] = {}
    readonly_fields: Any = ()
    ordering: Any = None
    sortable_by: Any = None
    view_on_site: Any = True
    show_full_result_count = True
    delete_confirmation_max_display: int | None = None
    checks_class: Any = BaseModelAdminChecks
    # What the checks go by: an inline cannot be told by its class without a cycle of imports.
    is_inline: ClassVar[bool] = False

    model: Any
    opts: Any
    admin_site: Any

    def check(self, **kwargs: Any) -> list[Any]:
        """What is wrong with the declaration."""
        found: list[Any] = self.checks_class().check(self, **kwargs)
        return found

    def __init__(self) -> None:
        overrides = copy.deepcopy(FORMFIELD_FOR_DBFIELD_DEFAULTS)
        for kind, options in self.formfield_overrides.items():
            overrides.setdefault(kind, {}).update(options)
        self.formfield_overrides = overrides  # type: ignore[misc]

    # Form fields

    def formfield_for_dbfield(self, db_field: Any, request: Any, **kwargs: Any) -> Any:
        """The form field for a model field; a place to change a single one."""
        if db_field.choices:
            return self.formfield_for_choice_field(db_field, request, **kwargs)
        if isinstance(db_field, (models.ForeignKey, models.ManyToManyField)):
            return self._formfield_for_relation(db_field, request, kwargs)
        for kind in type(db_field).mro():
            if kind in self.formfield_overrides:
                return db_field.formfield(**{**copy.deepcopy(self.formfield_overrides[kind]), **kwargs})
        return db_field.formfield(**kwargs)

    def _formfield_for_relation(self, db_field: Any, request: Any, kwargs: dict[str, Any]) -> Any:
        # A project's own override for the very class counts; the general ones are chosen by the methods below.
        if type(db_field) in self.formfield_overrides:
            kwargs = {**self.formfield_overrides[type(db_field)], **kwargs}
        if isinstance(db_field, models.ForeignKey):
            formfield = self.formfield_for_foreignkey(db_field, request, **kwargs)
        else:
            formfield = self.formfield_for_manytomany(db_field, request, **kwargs)
        if not formfield or db_field.name in self.raw_id_fields:
            return formfield
        try:
            related_admin = self.admin_site.get_model_admin(db_field.remote_field.model)
        except self.admin_site.not_registered:
            can: dict[str, bool] = {}
        else:
            can = {
                "can_add_related": related_admin.has_add_permission(request),
                "can_change_related": related_admin.has_change_permission(request),
                "can_delete_related": related_admin.has_delete_permission(request),
                "can_view_related": related_admin.has_view_permission(request),
            }
        formfield.widget = widgets.RelatedFieldWidgetWrapper(
            formfield.widget, db_field.remote_field, self.admin_site, **can
        )
        return formfield

    def formfield_for_choice_field(self, db_field: Any, request: Any, **kwargs: Any) -> Any:
        """The form field for a field with choices."""
        if db_field.name in self.radio_fields:
            style = self.radio_fields[db_field.name]
            kwargs.setdefault("widget", widgets.AdminRadioSelect(attrs={"class": get_ul_class(style)}))
            if "choices" not in kwargs:
                kwargs["choices"] = db_field.get_choices(include_blank=db_field.blank, blank_choice=[("", _("None"))])
        return db_field.formfield(**kwargs)

    def get_field_queryset(self, db: Any, db_field: Any, request: Any) -> Any:
        """The related objects in the order of their own admin, or ``None`` for the manager's."""
        try:
            related_admin = self.admin_site.get_model_admin(db_field.remote_field.model)
        except self.admin_site.not_registered:
            return None
        ordering = related_admin.get_ordering(request)
        if ordering is None or ordering == ():
            return None
        return db_field.remote_field.model._default_manager.using(db).order_by(*ordering)

    def formfield_for_foreignkey(self, db_field: Any, request: Any, **kwargs: Any) -> Any:
        """The form field for a foreign key; a place to restrict ``queryset``."""
        db = kwargs.get("using")
        if "widget" not in kwargs:
            if db_field.name in self.get_autocomplete_fields(request):
                kwargs["widget"] = widgets.AutocompleteSelect(db_field, self.admin_site, using=db)
            elif db_field.name in self.raw_id_fields:
                kwargs["widget"] = widgets.ForeignKeyRawIdWidget(db_field.remote_field, self.admin_site, using=db)
            elif db_field.name in self.radio_fields:
                style = self.radio_fields[db_field.name]
                kwargs["widget"] = widgets.AdminRadioSelect(attrs={"class": get_ul_class(style)})
                kwargs["empty_label"] = kwargs.get("empty_label", _("None")) if db_field.blank else None
        if "queryset" not in kwargs:
            queryset = self.get_field_queryset(db, db_field, request)
            if queryset is not None:
                kwargs["queryset"] = queryset
        return db_field.formfield(**kwargs)

    def formfield_for_manytomany(self, db_field: Any, request: Any, **kwargs: Any) -> Any:
        """The form field for a many-to-many field; none when it goes through a model of the project's own."""
        if not db_field.remote_field.through._meta.auto_created:
            return None
        db = kwargs.get("using")
        if "widget" not in kwargs:
            if db_field.name in self.get_autocomplete_fields(request):
                kwargs["widget"] = widgets.AutocompleteSelectMultiple(db_field, self.admin_site, using=db)
            elif db_field.name in self.raw_id_fields:
                kwargs["widget"] = widgets.ManyToManyRawIdWidget(db_field.remote_field, self.admin_site, using=db)
            elif db_field.name in [*self.filter_vertical, *self.filter_horizontal]:
                stacked = db_field.name in self.filter_vertical
                kwargs["widget"] = widgets.FilteredSelectMultiple(db_field.verbose_name, stacked)
        if "queryset" not in kwargs:
            queryset = self.get_field_queryset(db, db_field, request)
            if queryset is not None:
                kwargs["queryset"] = queryset
        formfield = db_field.formfield(**kwargs)
        widget = formfield.widget
        if (
            isinstance(widget, forms.SelectMultiple)
            and widget.allow_multiple_selected
            and not isinstance(
                widget,
                (forms.CheckboxSelectMultiple, widgets.AutocompleteSelectMultiple, widgets.FilteredSelectMultiple),
            )
        ):
            hint = _("Hold down “Control”, or “Command” on a Mac, to select more than one.")
            text = formfield.help_text
            formfield.help_text = mark_safe(f"{text} {hint}") if text else hint
        return formfield

    def get_autocomplete_fields(self, request: Any) -> Any:
        """The relations with a search box."""
        return self.autocomplete_fields

    # Declarations that may depend on the request

    def get_empty_value_display(self) -> Any:
        """What stands for a missing value."""
        try:
            return mark_safe(self.empty_value_display)  # type: ignore[attr-defined]
        except AttributeError:
            return mark_safe(self.admin_site.empty_value_display)

    def get_exclude(self, request: Any, obj: Any = None) -> Any:
        """The fields to leave out."""
        return self.exclude

    def get_fields(self, request: Any, obj: Any = None) -> Any:
        """The fields to show."""
        if self.fields:
            return self.fields
        form = self._get_form_for_get_fields(request, obj)
        return [*form.base_fields, *self.get_readonly_fields(request, obj)]

    def _get_form_for_get_fields(self, request: Any, obj: Any) -> Any:
        raise NotImplementedError(f"{type(self).__name__} makes no form.")

    def get_fieldsets(self, request: Any, obj: Any = None) -> Any:
        """The groups of fields."""
        return self.fieldsets or [(None, {"fields": self.get_fields(request, obj)})]

    def get_inlines(self, request: Any, obj: Any) -> Any:
        """The inlines."""
        return self.inlines  # type: ignore[attr-defined]

    def get_ordering(self, request: Any) -> Any:
        """The order of the objects."""
        return self.ordering or ()

    def get_readonly_fields(self, request: Any, obj: Any = None) -> Any:
        """The fields that are only shown."""
        return self.readonly_fields

    def get_prepopulated_fields(self, request: Any, obj: Any = None) -> Any:
        """The fields that fill themselves from others."""
        return self.prepopulated_fields

    def get_queryset(self, request: Any) -> Any:
        """The objects that the user may see; a place to restrict them."""
        queryset = self.model._default_manager.get_queryset()
        ordering = self.get_ordering(request)
        return queryset.order_by(*ordering) if ordering else queryset

    def get_sortable_by(self, request: Any) -> Any:
        """The columns by which the list can be sorted."""
        return self.sortable_by if self.sortable_by is not None else self.get_list_display(request)  # type: ignore[attr-defined]

    def get_view_on_site_url(self, obj: Any = None) -> str | None:
        """The object's page on the site, or ``None``."""
        if obj is None or not self.view_on_site:
            return None
        if callable(self.view_on_site):
            return str(self.view_on_site(obj))
        if hasattr(obj, "get_absolute_url"):
            return self.admin_site.view_on_site_url(obj)  # type: ignore[no-any-return]
        return None

    # What the address may ask for

    def lookup_allowed(self, lookup: str, value: Any, request: Any = None) -> bool:
        """Whether the list may be filtered by a lookup: what filters offer, and the model's own fields.

        Filtering through relations would let anybody read, bit by bit, what the list does not show.
        """
        model = self.model
        for choices in model._meta.related_fkey_lookups:
            limits = choices() if callable(choices) else choices
            pairs = widgets.url_params_from_lookup_dict(limits)
            if (lookup, value if not isinstance(value, list) else value[0]) in pairs.items():
                return True
        paths = self._paths_of(lookup)
        if paths is None:
            return True
        dates = getattr(self, "date_hierarchy", None)
        allowed: set[Any] = {dates} if dates else set()
        for entry in self.get_list_filter(request):  # type: ignore[attr-defined]
            if isinstance(entry, type):
                allowed.add(getattr(entry, "parameter_name", None))
            else:
                allowed.add(entry[0] if isinstance(entry, (list, tuple)) else entry)
        return lookup in allowed or bool(allowed & paths)

    def _paths_of(self, lookup: str) -> set[str] | None:
        """The paths by which a filter may have named this lookup; ``None`` if it stays within the model."""
        model: Any = self.model
        previous: Any = None
        parts: list[str] = []
        names: list[str] = []
        ends: list[str] = []
        for part in lookup.split(LOOKUP_SEP):
            try:
                field = model._meta.get_field(part)
            except FieldDoesNotExist:
                break  # a lookup such as "year"
            names.append(part)
            # The key that a foreign key holds itself leads nowhere: author__id is author.
            held = previous is not None and field in previous.path_infos[-1].target_fields
            if not (held and previous.concrete):
                parts.append(part)
            if not held:
                ends.append(part)
            if not getattr(field, "path_infos", None):
                break
            previous = field
            model = field.path_infos[-1].to_opts.model
        if len(parts) <= 1:
            return None
        return {LOOKUP_SEP.join(parts), LOOKUP_SEP.join(names), LOOKUP_SEP.join(ends)}

    def to_field_allowed(self, request: Any, to_field: str) -> bool:
        """Whether a pop-up may be asked for a field: the primary key, or one that a registered model points at."""
        try:
            field = self.opts.get_field(to_field)
        except FieldDoesNotExist:
            return False
        if field.primary_key:
            return True
        # A pop-up for a many-to-many field asks for the other end's key.
        for many_to_many in self.opts.many_to_many:
            if many_to_many.m2m_target_field_name() == to_field:
                return True
        registered = set(self.admin_site._registry)
        for admin in self.admin_site._registry.values():
            registered.update(inline.model for inline in getattr(admin, "inlines", ()))
        for relation in self.opts.get_fields(include_hidden=True):
            if not (relation.auto_created and not relation.concrete):
                continue
            related = relation.related_model
            if not any(issubclass(model, related) for model in registered):
                continue
            if relation.many_to_many:
                if relation.field.m2m_reverse_target_field_name() == to_field:
                    return True
            elif field in getattr(relation.field, "foreign_related_fields", ()):
                return True
        return False

    # Permissions

    def has_add_permission(self, request: Any) -> bool:
        """Whether the user may add an object."""
        return bool(request.user.has_perm(permission_codename("add", self.opts)))

    def has_change_permission(self, request: Any, obj: Any = None) -> bool:
        """Whether the user may change the object, or any."""
        return bool(request.user.has_perm(permission_codename("change", self.opts)))

    def has_delete_permission(self, request: Any, obj: Any = None) -> bool:
        """Whether the user may delete the object, or any."""
        return bool(request.user.has_perm(permission_codename("delete", self.opts)))

    def has_view_permission(self, request: Any, obj: Any = None) -> bool:
        """Whether the user may see the object, or any: whoever may change it may see it."""
        user = request.user
        return bool(
            user.has_perm(permission_codename("view", self.opts))
            or user.has_perm(permission_codename("change", self.opts))
        )

    def has_view_or_change_permission(self, request: Any, obj: Any = None) -> bool:
        """Whether the user may see or change the object, or any."""
        return self.has_view_permission(request, obj) or self.has_change_permission(request, obj)

    def has_module_permission(self, request: Any) -> bool:
        """Whether the application is shown to the user at all."""
        return bool(request.user.has_module_perms(self.opts.app_label))

    # What forms are made from

    def _modelform_options(self, request: Any, obj: Any, form: Any) -> tuple[list[str], Any]:
        """(names to exclude, readonly names) for making a form class."""
        readonly = self.get_readonly_fields(request, obj)
        exclude = self.get_exclude(request, obj)
        names = [*(exclude or ()), *readonly]
        meta_exclude = getattr(getattr(form, "_meta", None), "exclude", None)
        if exclude is None and meta_exclude:
            names.extend(meta_exclude)
        return names, readonly

    def _callback(self, request: Any) -> Any:
        return partial(self.formfield_for_dbfield, request=request)

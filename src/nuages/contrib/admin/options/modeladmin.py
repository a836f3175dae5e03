"""``ModelAdmin``: all that a model's pages are made of."""

from __future__ import annotations

from collections.abc import Iterator
from functools import wraps
from typing import Any

from nuages import forms
from nuages.contrib import messages
from nuages.contrib.admin.changes import construct_change_message
from nuages.contrib.admin.checks import ModelAdminChecks
from nuages.contrib.admin.deletion import get_deleted_objects
from nuages.contrib.admin.inspection import flatten_fieldsets
from nuages.contrib.admin.options.constants import ADDITION, CHANGE, DELETION, get_history
from nuages.contrib.admin.options.editing import EditingPages
from nuages.contrib.admin.options.listing import ListOptions
from nuages.contrib.admin.options.removing import RemovingPages
from nuages.exceptions import FieldDoesNotExist, FieldError, ValidationError
from nuages.modelforms import ALL_FIELDS, modelform_defines_fields, modelform_factory
from nuages.text.http import urlencode
from nuages.urls import path
from nuages.views.generic import RedirectView


class ModelAdmin(EditingPages, RemovingPages, ListOptions):
    """How a model looks in the back office (documentation: ref/contrib/admin)."""

    inlines: Any = ()
    save_as = False
    save_as_continue = True
    save_on_top = False
    add_form_template: Any = None
    change_form_template: Any = None
    delete_confirmation_template: Any = None
    object_history_template: Any = None
    popup_response_template: Any = None
    checks_class: Any = ModelAdminChecks

    def __init__(self, model: Any, admin_site: Any) -> None:
        self.model = model
        self.opts = model._meta
        self.admin_site = admin_site
        super().__init__()

    def __str__(self) -> str:
        return f"{self.opts.app_label}.{type(self).__name__}"

    def __repr__(self) -> str:
        return f"<{type(self).__qualname__}: model={self.model.__qualname__} site={self.admin_site!r}>"

    # Addresses

    def get_urls(self) -> list[Any]:
        """The patterns of the model's pages."""
        wrap = self._wrap
        prefix = f"{self.opts.app_label}_{self.opts.model_name}"
        return [
            path("", wrap(self.changelist_view), name=f"{prefix}_changelist"),
            path("add/", wrap(self.add_view), name=f"{prefix}_add"),
            path("<path:object_id>/history/", wrap(self.history_view), name=f"{prefix}_history"),
            path("<path:object_id>/delete/", wrap(self.delete_view), name=f"{prefix}_delete"),
            path("<path:object_id>/change/", wrap(self.change_view), name=f"{prefix}_change"),
            # Addresses of long ago, without "change".
            path(
                "<path:object_id>/", wrap(RedirectView.as_view(pattern_name=f"{self.admin_site.name}:{prefix}_change"))
            ),
        ]

    def _wrap(self, view: Any) -> Any:
        @wraps(view)
        def wrapper(*args: Any, **kwargs: Any) -> Any:
            return self.admin_site.admin_view(view)(*args, **kwargs)

        wrapper.model_admin = self  # type: ignore[attr-defined]
        return wrapper

    @property
    def urls(self) -> list[Any]:
        """``get_urls()``."""
        return self.get_urls()

    @property
    def media(self) -> forms.Media:
        """The scripts of the pages."""
        return forms.Media(js=["admin/js/pages.js"])

    # Permissions

    def get_model_perms(self, request: Any) -> dict[str, bool]:
        """What the user may do."""
        return {
            "add": self.has_add_permission(request),
            "change": self.has_change_permission(request),
            "delete": self.has_delete_permission(request),
            "view": self.has_view_permission(request),
        }

    # Forms

    def _get_form_for_get_fields(self, request: Any, obj: Any) -> Any:
        return self.get_form(request, obj, fields=None)

    def get_form(self, request: Any, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        """The form class. Fields that the user may not change are left out of it.

        Raises ``FieldError`` for names that are neither fields nor declared in the form.
        """
        fields = kwargs.pop("fields") if "fields" in kwargs else flatten_fieldsets(self.get_fieldsets(request, obj))
        exclude, readonly = self._modelform_options(request, obj, self.form)
        if change and request and not self.has_change_permission(request, obj):
            # Nothing may be changed: everything is shown only.
            exclude.extend(fields or ())
        # Read-only names that the form declares itself would come back as fields.
        declared = {name: None for name in readonly if name in self.form.declared_fields}
        form = type(self.form.__name__, (self.form,), declared) if declared else self.form
        options = {
            "form": form,
            "fields": fields,
            "exclude": exclude or None,
            "formfield_callback": self._callback(request),
            **kwargs,
        }
        if options["fields"] is None and not modelform_defines_fields(options["form"]):
            options["fields"] = ALL_FIELDS
        try:
            return modelform_factory(self.model, **options)
        except FieldError as error:
            raise FieldError(
                f"{error}. Check fields/fieldsets/exclude attributes of class {type(self).__name__}."
            ) from error

    def get_inline_instances(self, request: Any, obj: Any = None) -> list[Any]:
        """The inlines that the user may see."""
        found = []
        for inline_class in self.get_inlines(request, obj):
            inline = inline_class(self.model, self.admin_site)
            if request:
                may_add = inline.has_add_permission(request, obj)
                if not (
                    may_add
                    or inline.has_view_or_change_permission(request, obj)
                    or inline.has_delete_permission(request, obj)
                ):
                    continue
                if not may_add:
                    inline.max_num = 0
            found.append(inline)
        return found

    def get_formsets_with_inlines(self, request: Any, obj: Any = None) -> Iterator[tuple[Any, Any]]:
        """(formset class, inline) pairs."""
        for inline in self.get_inline_instances(request, obj):
            yield inline.get_formset(request, obj), inline

    def get_formset_kwargs(self, request: Any, obj: Any, inline: Any, prefix: str) -> dict[str, Any]:
        """The arguments of an inline's formset."""
        options = {"instance": obj, "prefix": prefix, "queryset": inline.get_queryset(request)}
        if request.method == "POST":
            options.update(data=request.POST.copy(), files=request.FILES, save_as_new="_saveasnew" in request.POST)
        return options

    def get_object(self, request: Any, object_id: str, from_field: str | None = None) -> Any:
        """The object with that key, or ``None``."""
        queryset = self.get_queryset(request)
        model = queryset.model
        field = model._meta.pk if from_field is None else model._meta.get_field(from_field)
        try:
            return queryset.get(**{field.name: field.to_python(object_id)})
        except (model.DoesNotExist, ValidationError, ValueError):
            return None

    def get_changeform_initial_data(self, request: Any) -> dict[str, Any]:
        """Initial values from the address; many-to-many fields take keys separated by commas."""
        initial: dict[str, Any] = dict(request.GET.items())
        for name in initial:
            try:
                field = self.opts.get_field(name)
            except FieldDoesNotExist:
                continue
            if field.many_to_many:
                initial[name] = initial[name].split(",")
        return initial

    # Saving: places to hook into

    def save_form(self, request: Any, form: Any, change: bool) -> Any:
        """The instance of the form, unsaved."""
        return form.save(commit=False)

    def save_model(self, request: Any, obj: Any, form: Any, change: bool) -> None:
        """Save an object."""
        obj.save()

    def delete_model(self, request: Any, obj: Any) -> None:
        """Delete an object."""
        obj.delete()

    def delete_queryset(self, request: Any, queryset: Any) -> None:
        """Delete the objects that an action was asked to delete."""
        queryset.delete()

    def save_formset(self, request: Any, form: Any, formset: Any, change: bool) -> None:
        """Save an inline's objects."""
        formset.save()

    def save_related(self, request: Any, form: Any, formsets: Any, change: bool) -> None:
        """Save many-to-many fields and inlines."""
        form.save_m2m()
        for formset in formsets:
            self.save_formset(request, form, formset, change=change)

    def get_deleted_objects(self, objs: Any, request: Any) -> Any:
        """What a deletion takes along."""
        return get_deleted_objects(objs, request, self.admin_site)

    # History and messages

    def construct_change_message(self, request: Any, form: Any, formsets: Any, add: bool = False) -> Any:
        """What was done, for the history."""
        return construct_change_message(form, formsets, add)

    def log_addition(self, request: Any, obj: Any, message: Any) -> Any:
        """Note that an object was added."""
        return self._log(request, [obj], ADDITION, message, single_object=True)

    def log_change(self, request: Any, obj: Any, message: Any) -> Any:
        """Note that an object was changed."""
        return self._log(request, [obj], CHANGE, message, single_object=True)

    def log_deletions(self, request: Any, queryset: Any) -> Any:
        """Note that objects are about to be deleted."""
        return self._log(request, queryset, DELETION, "", single_object=False)

    def _log(self, request: Any, objects: Any, kind: int, message: Any, single_object: bool) -> Any:
        return get_history().log_actions(
            user_id=request.user.pk,
            queryset=objects,
            action_flag=kind,
            change_message=message,
            single_object=single_object,
        )

    def message_user(
        self, request: Any, message: Any, level: Any = messages.INFO, extra_tags: str = "", fail_silently: bool = False
    ) -> None:
        """Leave a message; the level may be a name. ``ValueError`` for an unknown one."""
        if not isinstance(level, int):
            try:
                level = getattr(messages.constants, level.upper())
            except AttributeError:
                known = ", ".join(f"`{name}`" for name in messages.constants.DEFAULT_TAGS.values())
                raise ValueError(f"Bad message level string: `{level}`. Possible values are: {known}") from None
        messages.add_message(request, level, message, extra_tags=extra_tags, fail_silently=fail_silently)

    def get_preserved_filters(self, request: Any) -> str:
        """The list's filters as a query, to come back to them."""
        match = request.resolver_match
        if not self.preserve_filters or not match:
            return ""
        prefix = f"{self.opts.app_label}_{self.opts.model_name}"
        if match.url_name == f"{prefix}_changelist" and match.app_name == "admin":
            kept = request.GET.urlencode()
        else:
            kept = request.GET.get("_changelist_filters")
        return urlencode({"_changelist_filters": kept}) if kept else ""

    def _templates(self, name: str) -> list[str]:
        """The model's own template, the application's, the general one."""
        label, model = self.opts.app_label, self.opts.model_name
        return [f"admin/{label}/{model}/{name}", f"admin/{label}/{name}", f"admin/{name}"]

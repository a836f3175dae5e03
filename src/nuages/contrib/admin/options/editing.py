"""The pages on which an object is added and changed, and its history."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import parse_qsl
from urllib.parse import quote as urlquote

from nuages.apps import apps
from nuages.contrib import messages
from nuages.contrib.admin import rendering
from nuages.contrib.admin.addresses import quote, unquote
from nuages.contrib.admin.exceptions import DisallowedModelAdminToField
from nuages.contrib.admin.inspection import flatten_fieldsets
from nuages.contrib.admin.offering import ActionLocation
from nuages.contrib.admin.options.constants import (
    IS_POPUP_VAR,
    SOURCE_MODEL_VAR,
    TO_FIELD_VAR,
    get_content_type_for_model,
    get_history,
)
from nuages.contrib.admin.options.listing import ListOptions
from nuages.contrib.admin.showing import display_for_value
from nuages.contrib.admin.templatetags.admin_urls import add_preserved_filters
from nuages.contrib.admin.views.main import PAGE_VAR
from nuages.db import router, transaction
from nuages.exceptions import PermissionDenied, SuspiciousOperation
from nuages.forms import all_valid
from nuages.http import HttpResponseRedirect
from nuages.i18n.translation import gettext as _
from nuages.template.response import TemplateResponse
from nuages.text.formatting import capfirst
from nuages.text.html import format_html
from nuages.urls import reverse

# What stands for an object whose text is empty.
EMPTY = "-"
FILTERS_VAR = "_changelist_filters"
SAVE_BUTTONS = ("_save", "_continue", "_addanother", "_saveasnew")


class EditingPages(ListOptions):
    """Adding and changing an object."""

    def add_view(self, request: Any, form_url: str = "", extra_context: Any = None) -> Any:
        """The page for a new object."""
        return self.changeform_view(request, None, form_url, extra_context)

    def change_view(self, request: Any, object_id: str, form_url: str = "", extra_context: Any = None) -> Any:
        """The page for an object that exists."""
        return self.changeform_view(request, object_id, form_url, extra_context)

    def changeform_view(
        self, request: Any, object_id: str | None = None, form_url: str = "", extra_context: Any = None
    ) -> Any:
        """Both pages. What is sent is saved in one transaction."""
        if request.method in ("GET", "HEAD", "OPTIONS", "TRACE"):
            return self._changeform_view(request, object_id, form_url, extra_context)
        with transaction.atomic(using=router.db_for_write(self.model)):
            return self._changeform_view(request, object_id, form_url, extra_context)

    def _changeform_view(self, request: Any, object_id: str | None, form_url: str, extra_context: Any) -> Any:
        to_field = request.POST.get(TO_FIELD_VAR, request.GET.get(TO_FIELD_VAR))
        if to_field and not self.to_field_allowed(request, to_field):
            raise DisallowedModelAdminToField(f"The field {to_field} cannot be referenced.")
        if request.method == "POST" and "_saveasnew" in request.POST:
            object_id = None
        add = object_id is None
        obj = None
        if add:
            if not self.has_add_permission(request):
                raise PermissionDenied
        else:
            obj = self.get_object(request, unquote(str(object_id)), to_field)  # type: ignore[attr-defined]
            # What an action needs beyond seeing the object is for its ``permissions`` to say.
            changes = request.method == "POST" and not self._is_for_action(request)
            allowed = self.has_change_permission if changes else self.has_view_or_change_permission
            if not allowed(request, obj):
                raise PermissionDenied
            if obj is None:
                return self._get_obj_does_not_exist_redirect(request, self.opts, str(object_id))
        if not add and self._is_for_action(request):
            return self._run_action(request, obj)
        fieldsets = self.get_fieldsets(request, obj)
        model_form = self.get_form(request, obj, change=not add, fields=flatten_fieldsets(fieldsets))  # type: ignore[attr-defined]
        if request.method == "POST":
            form, formsets, inlines, response = self._submit(request, obj, model_form, add)
            if response is not None:
                return response
        else:
            initial = {"initial": self.get_changeform_initial_data(request)} if add else {"instance": obj}  # type: ignore[attr-defined]
            form = model_form(**initial)
            formsets, inlines = self._create_formsets(request, form.instance if add else obj, change=not add)
        context = self._changeform_context(request, obj, form, formsets, inlines, fieldsets, object_id)
        context.update(extra_context or {})
        # A copy that could not be saved is still the page of the object that was copied.
        add = add and not self._failed_copy(request)
        return self.render_change_form(request, context, add=add, change=not add, obj=obj, form_url=form_url)

    def _is_for_action(self, request: Any) -> bool:
        """Whether the button of the menu of actions was used, and none of those that save."""
        if request.method != "POST" or any(name in request.POST for name in SAVE_BUTTONS):
            return False
        chosen = request.POST.get(f"{ActionLocation.CHANGE_FORM.value}-action")
        sent = rendering.ACTION_CHECKBOX_NAME in request.POST or chosen
        return bool(sent) and bool(self.actions_at(request, ActionLocation.CHANGE_FORM))

    def _run_action(self, request: Any, obj: Any) -> Any:
        """Run the chosen action on the object of the page, and on no other."""
        if request.POST.getlist(rendering.ACTION_CHECKBOX_NAME) != [str(obj.pk)]:
            raise SuspiciousOperation("An action was asked for another object than the one of the page.")
        queryset = self.get_queryset(request).filter(pk=obj.pk)
        response = self.response_action(request, queryset, ActionLocation.CHANGE_FORM)
        return response or HttpResponseRedirect(request.get_full_path())

    def _submit(self, request: Any, obj: Any, model_form: Any, add: bool) -> tuple[Any, Any, Any, Any]:
        """Take what was sent; the last of (form, formsets, inlines, response) is ``None`` if it is not valid."""
        form = model_form(request.POST, request.FILES, instance=obj)
        formsets, inlines = self._create_formsets(request, form.instance, change=not add)
        valid = form.is_valid()
        new_object = self.save_form(request, form, change=not add) if valid else form.instance  # type: ignore[attr-defined]
        if not (all_valid(formsets) and valid):
            return form, formsets, inlines, None
        self.save_model(request, new_object, form, not add)  # type: ignore[attr-defined]
        self.save_related(request, form, formsets, not add)  # type: ignore[attr-defined]
        message = self.construct_change_message(request, form, formsets, add)  # type: ignore[attr-defined]
        if add:
            self.log_addition(request, new_object, message)  # type: ignore[attr-defined]
            return form, formsets, inlines, self.response_add(request, new_object)
        self.log_change(request, new_object, message)  # type: ignore[attr-defined]
        return form, formsets, inlines, self.response_change(request, new_object)

    def _create_formsets(self, request: Any, obj: Any, change: bool) -> tuple[list[Any], list[Any]]:
        """(formsets, inlines) of the page; rows that the user may not touch are left as they are."""
        formsets, inlines = [], []
        prefixes: dict[str, int] = {}
        pairs = self.get_formsets_with_inlines(request, obj if change else None)  # type: ignore[attr-defined]
        for formset_class, inline in pairs:
            prefix = formset_class.get_default_prefix()
            number = prefixes[prefix] = prefixes.get(prefix, 0) + 1
            if number != 1 or not prefix:
                prefix = f"{prefix}-{number}"
            formset = formset_class(**self.get_formset_kwargs(request, obj, inline, prefix))  # type: ignore[attr-defined]
            parent = obj if change else None
            if request.method == "POST" and not inline.has_change_permission(request, parent):
                _fill_in_keys(formset)
            for index, form in enumerate(formset.initial_forms):
                if _is_frozen(request, inline, form, parent):
                    form._errors = {}
                    form.cleaned_data = form.initial
                    formset.forms[index] = form
            formsets.append(formset)
            inlines.append(inline)
        return formsets, inlines

    # What the templates are given

    def _changeform_context(
        self, request: Any, obj: Any, form: Any, formsets: Any, inlines: Any, fieldsets: Any, object_id: Any
    ) -> dict[str, Any]:
        add = obj is None
        may_change = add or self.has_change_permission(request, obj)
        readonly = self.get_readonly_fields(request, obj) if may_change else flatten_fieldsets(fieldsets)
        prepopulated = self.get_prepopulated_fields(request, obj) if may_change else {}
        admin_form = rendering.AdminForm(form, list(fieldsets), prepopulated, readonly, model_admin=self)
        media = self.media + admin_form.media  # type: ignore[attr-defined]
        inline_formsets = self.get_inline_formsets(request, formsets, inlines, obj)
        for formset in inline_formsets:
            media += formset.media
        action_form = None
        is_popup = IS_POPUP_VAR in request.POST or IS_POPUP_VAR in request.GET
        if not add and not is_popup and self.actions_at(request, ActionLocation.CHANGE_FORM):
            action_form = self.make_action_form(request, ActionLocation.CHANGE_FORM)
            media += action_form.media
        verb = _("Add %s") if add else _("Change %s") if may_change else _("View %s")
        return {
            **self.admin_site.each_context(request),
            "title": verb % self.opts.verbose_name,
            "subtitle": display_for_value(str(obj), EMPTY) if obj else None,
            "adminform": admin_form,
            "object_id": object_id,
            "original": obj,
            "is_popup": is_popup,
            "action_form": action_form,
            "action_checkbox_name": rendering.ACTION_CHECKBOX_NAME,
            "source_model": request.GET.get(SOURCE_MODEL_VAR),
            "to_field": request.POST.get(TO_FIELD_VAR, request.GET.get(TO_FIELD_VAR)),
            "media": media,
            "inline_admin_formsets": inline_formsets,
            "errors": rendering.AdminErrorList(form, formsets),
            "preserved_filters": self.get_preserved_filters(request),  # type: ignore[attr-defined]
            # An object that could not be saved under a new key is shown as a new one.
            **({"show_save": False, "show_save_and_continue": False} if self._failed_copy(request) else {}),
        }

    def _failed_copy(self, request: Any) -> bool:
        # Asked where the page is shown once more: a copy that was saved leads elsewhere.
        return request.method == "POST" and "_saveasnew" in request.POST

    def get_inline_formsets(self, request: Any, formsets: Any, inline_instances: Any, obj: Any = None) -> list[Any]:
        """The inlines as the templates take them."""
        editable_parent = self.has_change_permission(request, obj) if obj else True
        found = []
        for inline, formset in zip(inline_instances, formsets, strict=True):
            may_change = editable_parent and inline.has_change_permission(request, obj)
            may = {
                "has_add_permission": editable_parent and inline.has_add_permission(request, obj),
                "has_change_permission": may_change,
                "has_delete_permission": editable_parent and inline.has_delete_permission(request, obj),
                "has_view_permission": inline.has_view_permission(request, obj),
            }
            if not editable_parent:
                formset.extra = formset.max_num = 0
            found.append(
                rendering.InlineAdminFormSet(
                    inline,
                    formset,
                    list(inline.get_fieldsets(request, obj)),
                    dict(inline.get_prepopulated_fields(request, obj)),
                    list(inline.get_readonly_fields(request, obj)),
                    model_admin=self,
                    **may,
                )
            )
        return found

    def render_change_form(
        self,
        request: Any,
        context: dict[str, Any],
        add: bool = False,
        change: bool = False,
        form_url: str = "",
        obj: Any = None,
    ) -> Any:
        """The page; a place to add to its context."""
        site_url = self.get_view_on_site_url(obj)
        multipart = any(part.formset.is_multipart() for part in context["inline_admin_formsets"])
        preserved = {"preserved_filters": self.get_preserved_filters(request), "opts": self.opts}  # type: ignore[attr-defined]
        context.update(
            add=add,
            change=change,
            has_view_permission=self.has_view_permission(request, obj),
            has_add_permission=self.has_add_permission(request),
            has_change_permission=self.has_change_permission(request, obj),
            has_delete_permission=self.has_delete_permission(request, obj),
            has_editable_inline_admin_formsets=any(
                part.has_add_permission or part.has_change_permission or part.has_delete_permission
                for part in context["inline_admin_formsets"]
            ),
            has_file_field=context["adminform"].form.is_multipart() or multipart,
            has_absolute_url=site_url is not None,
            absolute_url=site_url,
            form_url=add_preserved_filters({**preserved, "preserved_qsl": _kept(request)}, form_url),
            opts=self.opts,
            content_type_id=get_content_type_for_model(self.model).pk,
            save_as=self.save_as,  # type: ignore[attr-defined]
            save_on_top=self.save_on_top,  # type: ignore[attr-defined]
            to_field_var=TO_FIELD_VAR,
            is_popup_var=IS_POPUP_VAR,
            source_model_var=SOURCE_MODEL_VAR,
            app_label=self.opts.app_label,
        )
        own = self.add_form_template if add else self.change_form_template  # type: ignore[attr-defined]
        request.current_app = self.admin_site.name
        return TemplateResponse(request, own or self._templates("change_form.html"), context)  # type: ignore[attr-defined]

    # Where to go next

    def _opened(self, request: Any, data: dict[str, Any]) -> Any:
        """The page that hands a result to the window which opened the pop-up."""
        templates = self.popup_response_template or self._templates("popup_response.html")  # type: ignore[attr-defined]
        return TemplateResponse(request, templates, {"popup_response_data": json.dumps(data)})

    def _link(self, request: Any, obj: Any) -> Any:
        """The object's name, with a link to its page where the user may see that."""
        address = self._page("change", quote(obj.pk))
        if self.has_change_permission(request, obj):
            return format_html('<a href="{}">{}</a>', urlquote(address), display_for_value(str(obj), EMPTY))
        return str(display_for_value(str(obj), EMPTY))

    def _page(self, name: str, *args: Any) -> str:
        return reverse(
            f"admin:{self.opts.app_label}_{self.opts.model_name}_{name}", args=args, current_app=self.admin_site.name
        )

    def _with_filters(self, request: Any, address: str) -> str:
        filters = {"preserved_filters": self.get_preserved_filters(request), "opts": self.opts}  # type: ignore[attr-defined]
        return str(add_preserved_filters(filters, address))

    def _with_query(self, request: Any, address: str) -> str:
        """The same for a page that goes on with what this one was opened with."""
        filters = {"preserved_filters": self.get_preserved_filters(request), "opts": self.opts}  # type: ignore[attr-defined]
        return str(add_preserved_filters({**filters, "preserved_qsl": _kept(request)}, address))

    def _tell(self, request: Any, text: str, obj: Any, level: int = messages.SUCCESS, link: bool = True) -> None:
        shown = self._link(request, obj) if link else str(obj)
        self.message_user(request, format_html(text, name=self.opts.verbose_name, obj=shown), level)  # type: ignore[attr-defined]

    def response_add(self, request: Any, obj: Any, post_url_continue: Any = None) -> Any:
        """Where to go after an object was added."""
        if IS_POPUP_VAR in request.POST:
            to_field = request.POST.get(TO_FIELD_VAR)
            attname = obj._meta.get_field(to_field).attname if to_field else obj._meta.pk.attname
            result = {"value": str(obj.serializable_value(attname)), "obj": str(obj)}
            group = self._group_in_source(request, obj)
            return self._opened(request, {**result, "optgroup": group} if group else result)
        if "_continue" in request.POST or self._copy_continues(request, obj):
            text = _("The {name} “{obj}” was added successfully.")
            if self.has_change_permission(request, obj):
                text += " " + _("You may edit it again below.")
            self._tell(request, text, obj)
            address = post_url_continue or self._page("change", quote(obj.pk))
            return HttpResponseRedirect(self._with_query(request, address))
        if "_addanother" in request.POST:
            self._tell(request, _("The {name} “{obj}” was added successfully. You may add another {name} below."), obj)
            return HttpResponseRedirect(self._with_query(request, request.path))
        self._tell(request, _("The {name} “{obj}” was added successfully."), obj)
        return self.response_post_save_add(request, obj)

    def _group_in_source(self, request: Any, obj: Any) -> str | None:
        """The group of choices into which the page that opened the pop-up sorts the new object."""
        source = request.POST.get(SOURCE_MODEL_VAR)
        if not source:
            return None
        try:
            model = apps.get_model(*source.split(".", 1))
        except (LookupError, TypeError, ValueError):
            text = _("The model “%(name)s”, from which this window was opened, could not be found.") % {"name": source}
            self.message_user(request, text, messages.ERROR)  # type: ignore[attr-defined]
            return None
        if not self.admin_site.is_registered(model):
            return None
        form = self.admin_site.get_model_admin(model).get_form(request)()
        plain = {field.name for field in model._meta.concrete_fields if not field.is_relation}
        for name, field in form.fields.items():
            if name not in plain and (group := _group_of(getattr(field, "choices", ()), obj)):
                return group
        return None

    def _copy_continues(self, request: Any, obj: Any) -> bool:
        return bool(
            "_saveasnew" in request.POST and self.save_as_continue and self.has_change_permission(request, obj)  # type: ignore[attr-defined]
        )

    def response_change(self, request: Any, obj: Any) -> Any:
        """Where to go after an object was changed."""
        if IS_POPUP_VAR in request.POST:
            to_field = request.POST.get(TO_FIELD_VAR)
            attname = obj._meta.get_field(to_field).attname if to_field else obj._meta.pk.attname
            value = request.resolver_match.kwargs["object_id"]
            new_value = obj.serializable_value(attname)
            return self._opened(
                request, {"action": "change", "value": str(value), "obj": str(obj), "new_value": str(new_value)}
            )
        if "_continue" in request.POST:
            self._tell(request, _("The {name} “{obj}” was changed successfully. You may edit it again below."), obj)
            return HttpResponseRedirect(self._with_query(request, request.path))
        if "_addanother" in request.POST:
            self._tell(
                request, _("The {name} “{obj}” was changed successfully. You may add another {name} below."), obj
            )
            return HttpResponseRedirect(self._with_query(request, self._page("add")))
        self._tell(request, _("The {name} “{obj}” was changed successfully."), obj)
        return self.response_post_save_change(request, obj)

    def _response_post_save(self, request: Any, obj: Any) -> Any:
        """The list, or the index for users who may not see it."""
        if self.has_view_or_change_permission(request):
            return HttpResponseRedirect(self._with_filters(request, self._page("changelist")))
        return HttpResponseRedirect(reverse("admin:index", current_app=self.admin_site.name))

    def response_post_save_add(self, request: Any, obj: Any) -> Any:
        """Where "Save" leads after an object was added."""
        return self._response_post_save(request, obj)

    def response_post_save_change(self, request: Any, obj: Any) -> Any:
        """Where "Save" leads after an object was changed."""
        return self._response_post_save(request, obj)

    def _get_obj_does_not_exist_redirect(self, request: Any, opts: Any, object_id: str) -> Any:
        text = _("%(name)s with ID “%(key)s” doesn’t exist. Perhaps it was deleted?") % {
            "name": opts.verbose_name,
            "key": unquote(object_id),
        }
        self.message_user(request, text, messages.WARNING)  # type: ignore[attr-defined]
        return HttpResponseRedirect(reverse("admin:index", current_app=self.admin_site.name))

    # History

    def history_view(self, request: Any, object_id: str, extra_context: Any = None) -> Any:
        """The page with what was done to an object."""
        obj = self.get_object(request, unquote(object_id))  # type: ignore[attr-defined]
        if obj is None:
            return self._get_obj_does_not_exist_redirect(request, self.opts, object_id)
        if not self.has_view_or_change_permission(request, obj):
            raise PermissionDenied
        entries = (
            get_history()
            .filter(object_id=unquote(object_id), content_type=get_content_type_for_model(self.model))
            .select_related("user", "content_type")
            .order_by("action_time")
        )
        paginator = self.get_paginator(request, entries, 100)
        page = paginator.get_page(request.GET.get(PAGE_VAR, 1))
        context = {
            **self.admin_site.each_context(request),
            "title": _("Change history: %s") % display_for_value(str(obj), EMPTY),
            "subtitle": None,
            "action_list": page,
            "page_range": paginator.get_elided_page_range(page.number),
            "page_var": PAGE_VAR,
            "pagination_required": paginator.count > 100,
            "opts": self.opts,
            "object": obj,
            "module_name": str(capfirst(self.opts.verbose_name_plural)),
            "preserved_filters": self.get_preserved_filters(request),  # type: ignore[attr-defined]
            **(extra_context or {}),
        }
        request.current_app = self.admin_site.name
        templates = self.object_history_template or self._templates("object_history.html")  # type: ignore[attr-defined]
        return TemplateResponse(request, templates, context)


def _kept(request: Any) -> list[tuple[str, str]]:
    """The parameters of the address, but for the list's filters, which go another way."""
    return [(name, value) for name, value in parse_qsl(request.META.get("QUERY_STRING", "")) if name != FILTERS_VAR]


def _group_of(choices: Any, obj: Any) -> str | None:
    """The name of the group that holds the object.

    Best is an entry with both its key and its text. The text alone comes before the key alone, as keys of choices that
    are not objects may happen to be the same.
    """
    best: tuple[int, str | None] = (0, None)
    for name, entries in choices:
        for value, text in entries if isinstance(entries, (list, tuple)) else ():
            likeness = 2 * (str(text) == str(obj)) + (str(getattr(value, "value", value)) == str(obj.pk))
            if likeness > best[0]:
                best = (likeness, str(name))
    return best[1]


def _fill_in_keys(formset: Any) -> None:
    """Complete what was sent by the keys of rows that are shown without fields, hence come back without them."""
    if not formset.management_form.is_valid():
        return
    key = formset.model._meta.pk.name
    for index, obj in enumerate(formset.get_queryset()[: formset.initial_form_count()]):
        formset.data.setdefault(f"{formset.add_prefix(index)}-{key}", str(obj.pk))


def _is_frozen(request: Any, inline: Any, form: Any, obj: Any) -> bool:
    """Whether a row was sent that the user may only see."""
    return bool(
        request.method == "POST"
        and form.instance.pk is not None
        and not inline.has_change_permission(request, obj)
        and not (form.data.get(form.add_prefix("DELETE")) and inline.has_delete_permission(request, obj))
    )

"""The list of a model's objects: its declaration, its actions, its search and its page."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from nuages import forms, models
from nuages.contrib import messages
from nuages.contrib.admin import rendering
from nuages.contrib.admin.addresses import lookup_spawns_duplicates
from nuages.contrib.admin.changes import construct_change_message
from nuages.contrib.admin.exceptions import IncorrectLookupParameters
from nuages.contrib.admin.inspection import model_ngettext
from nuages.contrib.admin.offering import ActionLocation
from nuages.contrib.admin.options.acting import NOTHING_SELECTED, ActionOptions
from nuages.contrib.admin.options.constants import ShowFacets
from nuages.contrib.admin.views.main import ERROR_FLAG, ChangeList
from nuages.db import router, transaction
from nuages.exceptions import FieldDoesNotExist, FieldError, PermissionDenied, SuspiciousOperation
from nuages.http import HttpResponseRedirect
from nuages.i18n.translation import gettext as _
from nuages.i18n.translation import ngettext
from nuages.modelforms import modelform_defines_fields, modelform_factory, modelformset_factory
from nuages.models.constants import LOOKUP_SEP
from nuages.template.response import SimpleTemplateResponse, TemplateResponse
from nuages.text.formatting import smart_split, unescape_string_literal
from nuages.views.pagination import Paginator


class ListOptions(ActionOptions):
    """How the list looks, and what can be done from it."""

    list_display: Any = ("__str__",)
    list_display_links: Any = ()
    list_filter: Any = ()
    list_select_related: Any = False
    list_per_page = 100
    list_max_show_all = 200
    list_editable: Any = ()
    search_fields: Any = ()
    search_help_text: Any = None
    date_hierarchy: str | None = None
    show_facets = ShowFacets.ALLOW
    paginator: Any = Paginator
    preserve_filters = True
    change_list_template: Any = None
    delete_selected_confirmation_template: Any = None

    def get_changelist(self, request: Any, **kwargs: Any) -> Any:
        """The class of the list."""
        return ChangeList

    def get_changelist_instance(self, request: Any) -> Any:
        """The list for a request; ``IncorrectLookupParameters`` for an address that makes no sense."""
        display = self.get_list_display(request)
        links = self.get_list_display_links(request, display)
        if self.actions_at(request, ActionLocation.CHANGE_LIST):
            display = ["action_checkbox", *display]
        return self.get_changelist(request)(
            request,
            self.model,
            display,
            links,
            self.get_list_filter(request),
            self.date_hierarchy,
            self.get_search_fields(request),
            self.get_list_select_related(request),
            self.list_per_page,
            self.list_max_show_all,
            self.list_editable,
            self,
            self.get_sortable_by(request),
            self.search_help_text,
        )

    def get_paginator(
        self, request: Any, queryset: Any, per_page: int, orphans: int = 0, allow_empty_first_page: bool = True
    ) -> Any:
        """The paginator."""
        return self.paginator(queryset, per_page, orphans, allow_empty_first_page)

    def get_list_display(self, request: Any) -> Any:
        """The columns."""
        return self.list_display

    def get_list_display_links(self, request: Any, list_display: Any) -> Any:
        """The columns that lead to the object: by default the first one."""
        if self.list_display_links or self.list_display_links is None or not list_display:
            return self.list_display_links
        return list(list_display)[:1]

    def get_list_filter(self, request: Any) -> Any:
        """The filters."""
        return self.list_filter

    def get_list_select_related(self, request: Any) -> Any:
        """The relations to fetch with the list."""
        return self.list_select_related

    def get_search_fields(self, request: Any) -> Any:
        """The fields in which a search looks."""
        return self.search_fields

    # Search

    def get_search_results(self, request: Any, queryset: Any, search_term: str) -> tuple[Any, bool]:
        """(the objects in which each word occurs, whether an object may occur twice). Words in quotes belong together."""
        fields = self.get_search_fields(request)
        if not fields or not search_term:
            return queryset, False
        lookups = [self._search_lookup(queryset, str(field)) for field in fields]
        conditions = []
        for bit in smart_split(search_term):
            if bit.startswith(('"', "'")) and bit[0] == bit[-1] and len(bit) > 1:
                bit = unescape_string_literal(bit)
            fitting = [(lookup, bit) for lookup, accepts in lookups if accepts(bit)]
            # A word that no field can hold finds nothing.
            conditions.append(models.Q.create(fitting, connector=models.Q.OR) if fitting else models.Q(pk__in=[]))
        queryset = queryset.filter(models.Q.create(conditions))
        return queryset, any(lookup_spawns_duplicates(self.opts, lookup) for lookup, _accepts in lookups)

    def _search_lookup(self, queryset: Any, name: str) -> tuple[str, Callable[[str], bool]]:
        """(lookup, whether it can take a word) of an entry of ``search_fields``; a prefix chooses the lookup."""
        for prefix, lookup in (("^", "istartswith"), ("=", "iexact"), ("@", "search")):
            if name.startswith(prefix):
                return f"{name.removeprefix(prefix)}__{lookup}", lambda word: True
        opts = queryset.model._meta
        field: Any = None
        for part in name.split(LOOKUP_SEP):
            if part == "pk":
                part = opts.pk.name
            try:
                field = opts.get_field(part)
            except FieldDoesNotExist:
                # It names a lookup already.
                if field is not None and field.get_lookup(part):
                    return name, _takes(field, part)
                continue
            if hasattr(field, "path_infos"):
                opts = field.path_infos[-1].to_opts
        return f"{name}__icontains", lambda word: True

    # Selecting

    def action_checkbox(self, obj: Any) -> Any:
        """The box that selects a row."""
        attrs = {"class": "action-select", "aria-label": _("Select this object for an action - {}").format(obj)}
        return rendering.make_checkbox(attrs).render(rendering.ACTION_CHECKBOX_NAME, str(obj.pk))

    action_checkbox.short_description = rendering.SELECT_ALL  # type: ignore[attr-defined]

    # Editing in the list

    def get_changelist_form(self, request: Any, **kwargs: Any) -> Any:
        """The form class of the rows."""
        options = {"formfield_callback": self._callback(request), **kwargs}
        if options.get("fields") is None and not modelform_defines_fields(options.get("form")):
            options["fields"] = "__all__"
        return modelform_factory(self.model, **options)

    def get_changelist_formset(self, request: Any, **kwargs: Any) -> Any:
        """The formset class of the page."""
        options = {"formfield_callback": self._callback(request), **kwargs}
        return modelformset_factory(
            self.model, self.get_changelist_form(request), extra=0, fields=self.list_editable, **options
        )

    def _get_edited_object_pks(self, request: Any, prefix: str) -> list[str]:
        """The primary keys of the rows that were sent."""
        name = f"{prefix}-{{}}-{self.opts.pk.name}"
        try:
            total = int(request.POST.get(f"{prefix}-TOTAL_FORMS") or 0)
        except ValueError:  # sent by no page of ours: the formset complains
            total = 0
        return [request.POST[name.format(i)] for i in range(min(total, 5000)) if name.format(i) in request.POST]

    def _get_list_editable_queryset(self, request: Any, prefix: str) -> Any:
        """The rows that were sent; all, when a key is no key."""
        keys = self._get_edited_object_pks(request, prefix)
        queryset = self.get_queryset(request)
        to_python = queryset.model._meta.pk.to_python
        try:
            for key in keys:
                to_python(key)
        except Exception:  # the form will complain
            return queryset
        return queryset.filter(pk__in=keys)

    # The page

    def changelist_view(self, request: Any, extra_context: Any = None) -> Any:
        """The page with the list."""
        if not self.has_view_or_change_permission(request):
            raise PermissionDenied
        try:
            changelist = self.get_changelist_instance(request)
        except IncorrectLookupParameters:
            # Once more without the parameters, and with a mark: with the mark already, the data itself is broken.
            if ERROR_FLAG in request.GET:
                return SimpleTemplateResponse("admin/invalid_setup.html", {"title": _("Database error")})
            return HttpResponseRedirect(f"{request.path}?{ERROR_FLAG}=1")
        posted = self._changelist_post(request, changelist)
        if posted is not None:
            return posted
        changelist.formset = changelist.formset or self._list_formset(request, changelist)
        context = self._changelist_context(request, changelist, extra_context)
        request.current_app = self.admin_site.name
        templates = self.change_list_template or self._templates("change_list.html")  # type: ignore[attr-defined]
        return TemplateResponse(request, templates, context)

    def _changelist_post(self, request: Any, changelist: Any) -> Any:
        """Do what was sent: an action or changed rows; ``None`` when the page is to be shown."""
        if request.method != "POST":
            return None
        selected = request.POST.getlist(rendering.ACTION_CHECKBOX_NAME)
        from_menu = "index" in request.POST
        # Without "index" it comes from the confirmation page of an action.
        if (
            self.actions_at(request, ActionLocation.CHANGE_LIST)
            and "_save" not in request.POST
            and (from_menu or selected)
        ):
            if selected or request.POST.get("select_across") == "1":
                response = self.response_action(request, queryset=changelist.get_queryset(request))
                if response:
                    return response
            else:
                self.message_user(request, NOTHING_SELECTED, messages.WARNING)  # type: ignore[attr-defined]
            return HttpResponseRedirect(request.get_full_path())
        if changelist.list_editable and "_save" in request.POST:
            return self._save_rows(request, changelist)
        return None

    def _save_rows(self, request: Any, changelist: Any) -> Any:
        if not self.has_change_permission(request):
            raise PermissionDenied
        formset_class = self.get_changelist_formset(request)
        rows = self._get_list_editable_queryset(request, formset_class.get_default_prefix())
        formset = changelist.formset = formset_class(request.POST, request.FILES, queryset=rows)
        if formset.extra_forms:
            raise SuspiciousOperation("A list was sent with rows for objects that do not exist.")
        self._drop_forbidden_fields(request, formset)
        if not formset.is_valid():
            return None
        count = 0
        with transaction.atomic(using=router.db_for_write(self.model)):
            for form in formset.forms:
                if form.has_changed():
                    obj = self.save_form(request, form, change=True)  # type: ignore[attr-defined]
                    self.save_model(request, obj, form, change=True)  # type: ignore[attr-defined]
                    self.save_related(request, form, formsets=[], change=True)  # type: ignore[attr-defined]
                    self.log_change(request, obj, construct_change_message(form, None, False))  # type: ignore[attr-defined]
                    count += 1
        if count:
            text = ngettext(
                "%(count)s %(name)s was changed successfully.", "%(count)s %(name)s were changed successfully.", count
            ) % {"count": count, "name": model_ngettext(self.opts, count)}
            self.message_user(request, text, messages.SUCCESS)  # type: ignore[attr-defined]
        return HttpResponseRedirect(request.get_full_path())

    def _list_formset(self, request: Any, changelist: Any) -> Any:
        if not changelist.list_editable or not self.has_change_permission(request):
            return None
        formset = self.get_changelist_formset(request)(queryset=changelist.result_list)
        self._drop_forbidden_fields(request, formset)
        return formset

    def _drop_forbidden_fields(self, request: Any, formset: Any) -> None:
        """Leave only the key in the rows of objects that the user may not change."""
        for form in formset.initial_forms:
            if not self.has_change_permission(request, form.instance):
                for name in self.list_editable:
                    form.fields.pop(name, None)

    def _changelist_context(self, request: Any, changelist: Any, extra_context: Any) -> dict[str, Any]:
        media = self.media + changelist.formset.media if changelist.formset else self.media  # type: ignore[attr-defined]
        action_form = None
        if self.actions_at(request, ActionLocation.CHANGE_LIST):
            action_form = self.make_action_form(request, ActionLocation.CHANGE_LIST)
            media += action_form.media
        shown = len(changelist.result_list)
        selection_note = ngettext("%(total_count)s selected", "All %(total_count)s selected", changelist.result_count)
        return {
            **self.admin_site.each_context(request),
            "module_name": str(self.opts.verbose_name_plural),
            "selection_note": _("0 of %(cnt)s selected") % {"cnt": shown},
            "selection_note_all": selection_note % {"total_count": changelist.result_count},
            "title": changelist.title,
            "subtitle": None,
            "is_popup": changelist.is_popup,
            "to_field": changelist.to_field,
            "cl": changelist,
            "media": media,
            "has_add_permission": self.has_add_permission(request),
            "opts": changelist.opts,
            "action_form": action_form,
            **{name: getattr(self, name) for name in ("actions_on_top", "actions_on_bottom", "actions_selection_counter")},
            "preserved_filters": self.get_preserved_filters(request),  # type: ignore[attr-defined]
            **(extra_context or {}),
        }


def _takes(field: Any, lookup: str) -> Callable[[str], bool]:
    """Whether a word can be a value of the lookup: a number is not searched for letters."""
    if lookup not in ("exact", "iexact") and lookup not in ("gt", "gte", "lt", "lte"):
        return lambda word: True
    formfield = getattr(field, "formfield", lambda: None)()

    def accepts(word: str) -> bool:
        try:
            if formfield is not None and not isinstance(formfield, forms.ModelChoiceField):
                formfield.to_python(word)
            else:
                field.to_python(word)
        except (forms.ValidationError, FieldError, ValueError):
            return False
        return True

    return accepts

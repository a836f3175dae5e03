"""The answers to search boxes."""

from __future__ import annotations

from typing import Any

from nuages.apps import apps
from nuages.contrib.admin.exceptions import NotRegistered
from nuages.exceptions import FieldDoesNotExist, PermissionDenied
from nuages.http import Http404, JsonResponse
from nuages.views.generic.listing import BaseListView


class AutocompleteJsonView(BaseListView):
    """The objects that a relation can lead to and that match what was typed, page by page, as JSON."""

    paginate_by = 20
    admin_site: Any = None

    def get(self, request: Any, *args: Any, **kwargs: Any) -> Any:
        """``{"results": [{"id": …, "text": …}], "pagination": {"more": …}}``; 403 for users who may not see the objects."""
        self.term, self.model_admin, self.source_field, to_field = self.process_request(request)
        if not self.has_perm(request):
            raise PermissionDenied
        self.object_list = self.get_queryset()
        context = self.get_context_data()
        return JsonResponse(
            {
                "results": [self.serialize_result(obj, to_field) for obj in context["object_list"]],
                "pagination": {"more": context["page_obj"].has_next()},
            }
        )

    def serialize_result(self, obj: Any, to_field_name: str) -> dict[str, str]:
        """One found object."""
        return {"id": str(getattr(obj, to_field_name)), "text": str(obj)}

    def get_paginator(self, *args: Any, **kwargs: Any) -> Any:
        """The paginator of the related model's admin."""
        return self.model_admin.get_paginator(self.request, *args, **kwargs)

    def get_queryset(self) -> Any:
        """What matches, within what the field can lead to."""
        found = self.model_admin.get_queryset(self.request).complex_filter(self.source_field.get_limit_choices_to())
        found, duplicates = self.model_admin.get_search_results(self.request, found, self.term)
        return found.distinct() if duplicates else found

    def process_request(self, request: Any) -> tuple[str, Any, Any, str]:
        """(what was typed, the related model's admin, the field, the attribute of the keys).

        Raises ``PermissionDenied`` for a field that has no such box, ``Http404`` for an admin that cannot search.
        """
        term = request.GET.get("term", "")
        try:
            model = apps.get_model(request.GET["app_label"], request.GET["model_name"])
            field = model._meta.get_field(request.GET["field_name"])
            remote_model = field.remote_field.model
            model_admin = self.admin_site.get_model_admin(remote_model)
        except (KeyError, LookupError, FieldDoesNotExist, AttributeError, NotRegistered) as error:
            raise PermissionDenied from error
        if not model_admin.get_search_fields(request):
            raise Http404(f"{type(model_admin).__qualname__} must have search_fields for the autocomplete_view.")
        name = getattr(field.remote_field, "field_name", remote_model._meta.pk.attname)
        attname = remote_model._meta.get_field(name).attname
        if not model_admin.to_field_allowed(request, attname):
            raise PermissionDenied
        return term, model_admin, field, attname

    def has_perm(self, request: Any, obj: Any = None) -> bool:
        """Whether the user may see the objects."""
        return bool(self.model_admin.has_view_permission(request, obj=obj))

"""The page on which an object is deleted."""

from __future__ import annotations

import json
from typing import Any

from nuages.contrib import messages
from nuages.contrib.admin.addresses import unquote
from nuages.contrib.admin.exceptions import DisallowedModelAdminToField
from nuages.contrib.admin.options.constants import IS_POPUP_VAR, TO_FIELD_VAR
from nuages.contrib.admin.options.listing import ListOptions
from nuages.contrib.admin.showing import display_for_value
from nuages.contrib.admin.templatetags.admin_urls import add_preserved_filters
from nuages.db import router, transaction
from nuages.exceptions import PermissionDenied
from nuages.http import HttpResponseRedirect
from nuages.i18n.translation import gettext as _
from nuages.template.response import TemplateResponse
from nuages.urls import reverse


class RemovingPages(ListOptions):
    """Deleting an object."""

    def delete_view(self, request: Any, object_id: str, extra_context: Any = None) -> Any:
        """Ask, showing what goes along; then delete, in one transaction."""
        if request.method in ("GET", "HEAD", "OPTIONS", "TRACE"):
            return self._delete_view(request, object_id, extra_context)
        with transaction.atomic(using=router.db_for_write(self.model)):
            return self._delete_view(request, object_id, extra_context)

    def _delete_view(self, request: Any, object_id: str, extra_context: Any) -> Any:
        to_field = request.POST.get(TO_FIELD_VAR, request.GET.get(TO_FIELD_VAR))
        if to_field and not self.to_field_allowed(request, to_field):
            raise DisallowedModelAdminToField(f"The field {to_field} cannot be referenced.")
        obj = self.get_object(request, unquote(object_id), to_field)  # type: ignore[attr-defined]
        if not self.has_delete_permission(request, obj):
            raise PermissionDenied
        if obj is None:
            return self._get_obj_does_not_exist_redirect(request, self.opts, object_id)  # type: ignore[attr-defined]
        tree, counts, forbidden, protected = self.get_deleted_objects([obj], request)  # type: ignore[attr-defined]
        if request.POST and not protected:
            if forbidden:
                raise PermissionDenied
            shown = str(display_for_value(str(obj), "-"))
            key = str(obj.serializable_value(str(to_field) if to_field else self.opts.pk.attname))
            self.log_deletions(request, [obj])  # type: ignore[attr-defined]
            self.delete_model(request, obj)  # type: ignore[attr-defined]
            return self.response_delete(request, shown, key)
        name = str(self.opts.verbose_name)
        context = {
            **self.admin_site.each_context(request),
            "title": (_("Cannot delete %(name)s") % {"name": name}) if forbidden or protected else _("Delete"),
            "subtitle": None,
            "object_name": name,
            "object": obj,
            "object_text": display_for_value(str(obj), "-"),
            "deleted_objects": tree,
            "model_count": dict(counts).items(),
            "perms_lacking": forbidden,
            "protected": protected,
            "delete_confirmation_max_display": self.delete_confirmation_max_display,
            "opts": self.opts,
            "app_label": self.opts.app_label,
            "preserved_filters": self.get_preserved_filters(request),  # type: ignore[attr-defined]
            "is_popup": IS_POPUP_VAR in request.POST or IS_POPUP_VAR in request.GET,
            "to_field": to_field,
            **(extra_context or {}),
        }
        return self.render_delete_form(request, context)

    def response_delete(self, request: Any, obj_display: str, obj_id: str) -> Any:
        """Where to go after an object was deleted."""
        if IS_POPUP_VAR in request.POST:
            data = json.dumps({"action": "delete", "value": str(obj_id)})
            templates = self.popup_response_template or self._templates("popup_response.html")  # type: ignore[attr-defined]
            return TemplateResponse(request, templates, {"popup_response_data": data})
        text = _("The %(name)s “%(obj)s” was deleted successfully.")
        self.message_user(  # type: ignore[attr-defined]
            request, text % {"name": self.opts.verbose_name, "obj": obj_display}, messages.SUCCESS
        )
        if not self.has_change_permission(request, None):
            return HttpResponseRedirect(reverse("admin:index", current_app=self.admin_site.name))
        address = reverse(
            f"admin:{self.opts.app_label}_{self.opts.model_name}_changelist", current_app=self.admin_site.name
        )
        filters = {"preserved_filters": self.get_preserved_filters(request), "opts": self.opts}  # type: ignore[attr-defined]
        return HttpResponseRedirect(add_preserved_filters(filters, address))

    def render_delete_form(self, request: Any, context: dict[str, Any]) -> Any:
        """The page; a place to add to its context."""
        request.current_app = self.admin_site.name
        context.update(to_field_var=TO_FIELD_VAR, is_popup_var=IS_POPUP_VAR, media=self.media)  # type: ignore[attr-defined]
        templates = self.delete_confirmation_template or self._templates("delete_confirmation.html")  # type: ignore[attr-defined]
        return TemplateResponse(request, templates, context)

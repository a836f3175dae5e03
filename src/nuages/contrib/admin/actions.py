"""The action that every list has: deleting what is selected."""

from __future__ import annotations

from typing import Any

from nuages.contrib import messages
from nuages.contrib.admin import rendering
from nuages.contrib.admin.decorators import action
from nuages.contrib.admin.inspection import model_ngettext
from nuages.exceptions import PermissionDenied
from nuages.i18n.translation import gettext as _
from nuages.i18n.translation import gettext_lazy
from nuages.template.response import TemplateResponse


@action(  # type: ignore[untyped-decorator]
    permissions=["delete"],
    description=gettext_lazy("Delete selected %(verbose_name_plural)s"),
)
def delete_selected(modeladmin: Any, request: Any, queryset: Any) -> Any:
    """Ask, showing what goes along; then delete."""
    opts = modeladmin.model._meta
    tree, counts, forbidden, protected = modeladmin.get_deleted_objects(queryset, request)
    if request.POST.get("post") and not protected:
        if forbidden:
            raise PermissionDenied
        number = len(queryset)
        if number:
            modeladmin.log_deletions(request, queryset)
            modeladmin.delete_queryset(request, queryset)
            text = _("Successfully deleted %(count)d %(items)s.")
            shown = text % {"count": number, "items": model_ngettext(modeladmin.opts, number)}
            modeladmin.message_user(request, shown, messages.SUCCESS)
        return None
    name = model_ngettext(queryset)
    context = {
        **modeladmin.admin_site.each_context(request),
        "title": (_("Cannot delete %(name)s") % {"name": name})
        if forbidden or protected
        else _("Delete multiple objects"),
        "subtitle": None,
        "objects_name": str(name),
        "deletable_objects": [tree],
        "model_count": dict(counts).items(),
        "queryset": queryset,
        "perms_lacking": forbidden,
        "protected": protected,
        "delete_confirmation_max_display": modeladmin.delete_confirmation_max_display,
        "opts": opts,
        "action_checkbox_name": rendering.ACTION_CHECKBOX_NAME,
        "media": modeladmin.media,
    }
    request.current_app = modeladmin.admin_site.name
    own = modeladmin.delete_selected_confirmation_template
    return TemplateResponse(request, own or modeladmin._templates("delete_selected_confirmation.html"), context)

"""Redirects to the page of any object."""

from __future__ import annotations

from typing import Any

from nuages.apps import apps
from nuages.contrib.contenttypes.models import ContentType
from nuages.exceptions import ObjectDoesNotExist, ValidationError
from nuages.http import Http404, HttpResponseRedirect
from nuages.i18n.translation import gettext as _


def shortcut(request: Any, content_type_id: Any, object_id: Any) -> HttpResponseRedirect:
    """Redirect to the object's ``get_absolute_url()``, on the site that it belongs to. Raises Http404."""
    try:
        kind = ContentType.objects.get(pk=content_type_id)
        if not kind.model_class():
            raise Http404(_("Content type %(ct_id)s object has no associated model") % {"ct_id": content_type_id})
        obj = kind.get_object_for_this_type(pk=object_id)
    except (ObjectDoesNotExist, ValidationError, ValueError):
        raise Http404(
            _("Content type %(ct_id)s object %(obj_id)s doesn’t exist")
            % {"ct_id": content_type_id, "obj_id": object_id}
        ) from None
    try:
        get_absolute_url = obj.get_absolute_url
    except AttributeError:
        raise Http404(
            _("%(ct_name)s objects don’t have a get_absolute_url() method") % {"ct_name": kind.name}
        ) from None
    url = get_absolute_url()
    if url.startswith(("http://", "https://", "//")):
        return HttpResponseRedirect(url)
    return HttpResponseRedirect(f"{request.scheme}://{site_domain(request, obj)}{url}")


def site_domain(request: Any, obj: Any) -> str:
    """The domain of the site that `obj` is related to: the current one if it is among them, else the first.

    Without the sites framework it is the host that was asked.
    """
    try:
        current = str(apps.get_model("sites.Site").objects.get_current(request).domain)
    except (LookupError, ObjectDoesNotExist):
        return str(request.get_host())
    site_model = apps.get_model("sites.Site")
    domains: list[str] = []
    for field in obj._meta.many_to_many:
        if field.remote_field.model is site_model:
            domains = [site.domain for site in getattr(obj, field.name).all()]
            break
    if not domains:
        for field in obj._meta.fields:
            if field.remote_field and field.remote_field.model is site_model and getattr(obj, field.name) is not None:
                domains = [getattr(obj, field.name).domain]
                break
    return domains[0] if domains and current not in domains else current

"""The view of flat pages."""

from __future__ import annotations

from typing import Any

from nuages.conf import settings
from nuages.contrib.auth.redirects import redirect_to_login
from nuages.contrib.flatpages.models import FlatPage
from nuages.contrib.sites.shortcuts import get_current_site
from nuages.http import Http404, HttpResponse, HttpResponsePermanentRedirect
from nuages.template import loader
from nuages.text.safestring import mark_safe
from nuages.views.decorators.csrf import csrf_protect
from nuages.views.shortcuts import get_object_or_404

DEFAULT_TEMPLATE = "flatpages/default.html"


def flatpage(request: Any, url: str) -> Any:
    """The page with that URL on the current site. Raises Http404; redirects where only the final slash is missing."""
    if not url.startswith("/"):
        url = f"/{url}"
    site_id = get_current_site(request).id
    try:
        page = get_object_or_404(FlatPage, url=url, sites=site_id)
    except Http404:
        if url.endswith("/") or not settings.APPEND_SLASH:
            raise
        get_object_or_404(FlatPage, url=f"{url}/", sites=site_id)
        return HttpResponsePermanentRedirect(f"{request.path}/")
    return render_flatpage(request, page)


@csrf_protect
def render_flatpage(request: Any, f: Any) -> HttpResponse:
    """Show a page, or send who must log in to the login page."""
    if f.registration_required and not request.user.is_authenticated:
        login: HttpResponse = redirect_to_login(request.path)
        return login
    names = (f.template_name, DEFAULT_TEMPLATE) if f.template_name else (DEFAULT_TEMPLATE,)
    template: Any = loader.select_template(names)
    # Title and content are HTML by those who may write pages.
    f.title, f.content = mark_safe(f.title), mark_safe(f.content)
    return HttpResponse(template.render({"flatpage": f}, request))

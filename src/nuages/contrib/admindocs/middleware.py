"""Tells the staff which view a page comes from."""

from __future__ import annotations

from typing import Any

from nuages.conf.names import public
from nuages.contrib.admindocs.describing import get_view_name
from nuages.exceptions import ImproperlyConfigured
from nuages.http import HttpResponse
from nuages.text.deprecation import MiddlewareMixin

_AUTHENTICATION = "nuages.contrib.auth.middleware.AuthenticationMiddleware"


class XViewMiddleware(MiddlewareMixin):
    """Answers HEAD requests of active staff at once, with the view's path in the header ``X-View``."""

    def process_view(self, request: Any, view_func: Any, view_args: Any, view_kwargs: Any) -> Any:
        """The answer that names the view, or None; ``ImproperlyConfigured`` when requests have no user."""
        if not hasattr(request, "user"):
            raise ImproperlyConfigured(
                f"XViewMiddleware reads request.user, which is missing: add '{public(_AUTHENTICATION)}' to MIDDLEWARE, before it."
            )
        if request.method != "HEAD" or not (request.user.is_active and request.user.is_staff):
            return None
        return HttpResponse(headers={"X-View": get_view_name(view_func)})

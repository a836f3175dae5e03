"""Looks for a redirect where a request found nothing."""

from __future__ import annotations

from typing import Any

from nuages.apps import apps
from nuages.conf import settings
from nuages.contrib.redirects.models import Redirect
from nuages.contrib.sites.shortcuts import get_current_site
from nuages.exceptions import ImproperlyConfigured
from nuages.http import HttpResponseGone, HttpResponsePermanentRedirect
from nuages.text.deprecation import MiddlewareMixin


class RedirectFallbackMiddleware(MiddlewareMixin):
    """Answers 404s with the redirect kept for their path. Subclasses may choose other classes of responses."""

    response_gone_class: Any = HttpResponseGone
    response_redirect_class: Any = HttpResponsePermanentRedirect

    def __init__(self, get_response: Any) -> None:
        if not apps.is_installed("nuages.contrib.sites"):
            raise ImproperlyConfigured("RedirectFallbackMiddleware needs the sites app: add it to INSTALLED_APPS.")
        super().__init__(get_response)

    def process_response(self, request: Any, response: Any) -> Any:
        """Replace a 404 for which there is a redirect."""
        if response.status_code != 404:
            return response
        path = request.get_full_path()
        paths = [path]
        if settings.APPEND_SLASH and not request.path.endswith("/"):
            paths.append(request.get_full_path(force_append_slash=True))
        site = get_current_site(request)
        for candidate in paths:
            found = Redirect.objects.filter(site=site, old_path=candidate).first()
            if found is not None:
                return self.response_redirect_class(found.new_path) if found.new_path else self.response_gone_class()
        return response

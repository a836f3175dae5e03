"""The language of a request."""

from __future__ import annotations

from typing import Any

from nuages.conf import settings
from nuages.http.caching import patch_vary_headers
from nuages.http.response import HttpResponseRedirect
from nuages.i18n import translation
from nuages.text.deprecation import MiddlewareMixin
from nuages.urls.current import get_script_prefix, is_valid_path
from nuages.urls.languages import is_language_prefix_patterns_used


class LocaleMiddleware(MiddlewareMixin):
    """Chooses the language by the path (with ``i18n_patterns``), a cookie, or Accept-Language, and activates it."""

    response_redirect_class: Any = HttpResponseRedirect

    def process_request(self, request: Any) -> None:
        """Choose and activate the language."""
        prefixed, default_prefixed = is_language_prefix_patterns_used(getattr(request, "urlconf", None) or settings.ROOT_URLCONF)
        language = translation.get_language_from_request(request, check_path=prefixed)
        if prefixed and not default_prefixed and not translation.get_language_from_path(request.path_info):
            language = settings.LANGUAGE_CODE
        translation.activate(language)
        request.LANGUAGE_CODE = translation.get_language()

    def process_response(self, request: Any, response: Any) -> Any:
        """Redirect to the path with the language where only that is valid, and say what the page depends on."""
        language = translation.get_language()
        in_path = translation.get_language_from_path(request.path_info)
        urlconf = getattr(request, "urlconf", None) or settings.ROOT_URLCONF
        prefixed, default_prefixed = is_language_prefix_patterns_used(urlconf)
        if not in_path and prefixed and default_prefixed and response.status_code == 404:
            redirect = self._redirect(request, language, urlconf)
            if redirect is not None:
                return redirect
        if not (prefixed and in_path):
            patch_vary_headers(response, ("Accept-Language",))
        response.headers.setdefault("Content-Language", language)
        return response

    def _redirect(self, request: Any, language: Any, urlconf: Any) -> Any:
        path = f"/{language}{request.path_info}"
        with_slash = settings.APPEND_SLASH and not path.endswith("/") and is_valid_path(f"{path}/", urlconf)
        if not is_valid_path(path, urlconf) and not with_slash:
            return None
        prefix = get_script_prefix()
        url = request.get_full_path(force_append_slash=bool(with_slash)).replace(prefix, f"{prefix}{language}/", 1)
        redirect = self.response_redirect_class(url)
        patch_vary_headers(redirect, ("Accept-Language", "Cookie"))
        return redirect

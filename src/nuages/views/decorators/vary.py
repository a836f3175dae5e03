"""The Vary header."""

from __future__ import annotations

from typing import Any

from nuages.http.caching import patch_vary_headers
from nuages.views.decorators.wrapping import View, around


def vary_on_headers(*headers: str) -> Any:
    """Say that a page depends on these headers of the request."""

    def decorate(view: View) -> Any:
        def after(request: Any, response: Any) -> Any:
            patch_vary_headers(response, headers)
            return response

        return around(view, None, after)

    return decorate


vary_on_cookie = vary_on_headers("Cookie")
vary_on_cookie.__doc__ = "Say that a page depends on the cookies."

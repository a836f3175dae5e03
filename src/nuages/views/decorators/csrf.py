"""CSRF protection for single views."""

from __future__ import annotations

from typing import Any

from nuages.exceptions import BadRequest, SuspiciousOperation
from nuages.http.errors import MultiPartParserError
from nuages.middleware.csrf import CsrfViewMiddleware, RejectRequest, get_token
from nuages.text.decorators import decorator_from_middleware
from nuages.views.decorators.wrapping import View, marked

csrf_protect = decorator_from_middleware(CsrfViewMiddleware)
csrf_protect.__name__ = "csrf_protect"
csrf_protect.__doc__ = "Protect a view where the middleware is not used, or again where it is."


class _EnsureToken(CsrfViewMiddleware):
    """Makes the token available, and lets every request pass."""

    def _reject(self, request: Any, reason: str) -> None:
        return None

    def _check_token(self, request: Any) -> None:
        try:
            super()._check_token(request)
        except (BadRequest, MultiPartParserError, SuspiciousOperation) as error:
            # An error page must not fail over a body that it does not need.
            raise RejectRequest(str(error)) from error


class _EnsureCsrfCookie(_EnsureToken):
    """Makes the response set the cookie, and lets every request pass."""

    def process_view(self, request: Any, callback: Any, callback_args: Any, callback_kwargs: Any) -> Any:
        """Use the token, so that the cookie is sent."""
        answer = super().process_view(request, callback, callback_args, callback_kwargs)
        get_token(request)
        return answer


requires_csrf_token = decorator_from_middleware(_EnsureToken)
requires_csrf_token.__name__ = "requires_csrf_token"
requires_csrf_token.__doc__ = "Let ``{% csrf_token %}`` work in a view without protecting it."

ensure_csrf_cookie = decorator_from_middleware(_EnsureCsrfCookie)
ensure_csrf_cookie.__name__ = "ensure_csrf_cookie"
ensure_csrf_cookie.__doc__ = "Send the CSRF cookie with every response, used or not."


def csrf_exempt(view: View) -> Any:
    """Exempt a view from the middleware's protection."""
    return marked(view, csrf_exempt=True)

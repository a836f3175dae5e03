"""Content-Security-Policy."""

from __future__ import annotations

from typing import Any

from nuages.conf import settings
from nuages.text.csp import CSP, LazyNonce, build_policy
from nuages.text.deprecation import MiddlewareMixin

#: Pages of the debug mode need their own inline styles.
UNPROTECTED = (404, 500)


def get_nonce(request: Any) -> Any:
    """Give the nonce of a request, ``None`` without the middleware."""
    return getattr(request, "_csp_nonce", None)


class ContentSecurityPolicyMiddleware(MiddlewareMixin):
    """Sends the policies of ``SECURE_CSP`` and ``SECURE_CSP_REPORT_ONLY``, or those that a view sets by decorator."""

    def process_request(self, request: Any) -> None:
        """Prepare a nonce, which is made when somebody uses it."""
        request._csp_nonce = LazyNonce()

    def process_response(self, request: Any, response: Any) -> Any:
        """Add the headers."""
        if settings.DEBUG and response.status_code in UNPROTECTED and getattr(response, "is_debug_page", False):
            return response
        nonce = get_nonce(request)
        for header, setting, override in (
            (str(CSP.HEADER_ENFORCE), settings.SECURE_CSP, "_csp_config"),
            (str(CSP.HEADER_REPORT_ONLY), settings.SECURE_CSP_REPORT_ONLY, "_csp_ro_config"),
        ):
            config = getattr(response, override, None)
            config = setting if config is None else config
            if config and header not in response:
                response.headers[header] = build_policy(config, nonce)
        return response

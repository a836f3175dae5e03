"""Headers that protect, and the redirect to HTTPS."""

from __future__ import annotations

import re
from typing import Any

from nuages.conf import settings
from nuages.http.headers import prepared
from nuages.http.response import HttpResponsePermanentRedirect
from nuages.middleware.plans import Plan
from nuages.text.deprecation import MiddlewareMixin


class SecurityMiddleware(MiddlewareMixin):
    """Sets HSTS, ``nosniff``, Referrer-Policy and COOP by the ``SECURE_…`` settings, and redirects to HTTPS."""

    def __init__(self, get_response: Any) -> None:
        super().__init__(get_response)
        self.redirect, self.redirect_host = settings.SECURE_SSL_REDIRECT, settings.SECURE_SSL_HOST
        self.sts_seconds: int = settings.SECURE_HSTS_SECONDS
        self.sts_preload, self.sts_include_subdomains = settings.SECURE_HSTS_PRELOAD, settings.SECURE_HSTS_INCLUDE_SUBDOMAINS
        self.content_type_nosniff: bool = settings.SECURE_CONTENT_TYPE_NOSNIFF
        self.redirect_exempt = [re.compile(pattern) for pattern in settings.SECURE_REDIRECT_EXEMPT]
        self.referrer_policy = settings.SECURE_REFERRER_POLICY
        self.cross_origin_opener_policy: str | None = settings.SECURE_CROSS_ORIGIN_OPENER_POLICY
        self._constant = [prepared(name, value) for name, value in self._constant_headers()]

    def _constant_headers(self) -> Any:
        if self.content_type_nosniff:
            yield "X-Content-Type-Options", "nosniff"
        if self.referrer_policy:
            policy = self.referrer_policy
            names = policy.split(",") if isinstance(policy, str) else policy
            yield "Referrer-Policy", ",".join(name.strip() for name in names)
        if self.cross_origin_opener_policy:
            yield "Cross-Origin-Opener-Policy", self.cross_origin_opener_policy

    def plan(self) -> Plan:
        """Without a redirect there is nothing to ask, without HSTS the headers are constant."""
        return Plan(asks=bool(self.redirect), headers=() if self.sts_seconds else tuple(self._constant))

    def process_request(self, request: Any) -> Any:
        """Redirect to HTTPS where that is asked for."""
        if not self.redirect or request.is_secure():
            return None
        path = request.path.lstrip("/")
        if any(pattern.search(path) for pattern in self.redirect_exempt):
            return None
        host = self.redirect_host or request.get_host()
        return HttpResponsePermanentRedirect(f"https://{host}{request.get_full_path()}")

    def process_response(self, request: Any, response: Any) -> Any:
        """Add the headers that the view has not set itself."""
        headers = response.headers
        if self.sts_seconds and "Strict-Transport-Security" not in headers and request.is_secure():
            value = f"max-age={self.sts_seconds}"
            if self.sts_include_subdomains:
                value += "; includeSubDomains"
            if self.sts_preload:
                value += "; preload"
            headers["Strict-Transport-Security"] = value
        headers.add_missing(self._constant)
        return response

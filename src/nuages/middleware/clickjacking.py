"""X-Frame-Options."""

from __future__ import annotations

from typing import Any

from nuages.conf import settings
from nuages.http.headers import prepared
from nuages.middleware.plans import Plan
from nuages.text.deprecation import MiddlewareMixin


class XFrameOptionsMiddleware(MiddlewareMixin):
    """Forbids other sites to show a page in a frame; views may exempt themselves."""

    def plan(self) -> Plan:
        """The value is constant, unless a subclass knows better."""
        if type(self).get_xframe_options_value is not XFrameOptionsMiddleware.get_xframe_options_value:
            return Plan()
        value = self.get_xframe_options_value(None, None)
        return Plan(headers=(prepared("X-Frame-Options", value),), exempt="xframe_options_exempt")

    def process_response(self, request: Any, response: Any) -> Any:
        """Set the header unless it is set or the view is exempt."""
        headers = response.headers
        if "x-frame-options" in headers._store or getattr(response, "xframe_options_exempt", False):
            return response
        headers.add_missing((prepared("X-Frame-Options", self.get_xframe_options_value(request, response)),))
        return response

    def get_xframe_options_value(self, request: Any, response: Any) -> str:
        """Give the value: that of the settings, unless a subclass knows better."""
        return str(getattr(settings, "X_FRAME_OPTIONS", None) or "DENY").upper()

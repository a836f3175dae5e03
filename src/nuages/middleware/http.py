"""Conditional GET."""

from __future__ import annotations

from typing import Any

from nuages.http.caching import cc_delim_re, get_conditional_response, set_response_etag
from nuages.text.deprecation import MiddlewareMixin
from nuages.text.http import parse_http_date_safe


class ConditionalGetMiddleware(MiddlewareMixin):
    """Gives responses to GET an ETag, and answers 304 where the client's copy is still good."""

    def process_response(self, request: Any, response: Any) -> Any:
        """Compare what the client has with what the view gave."""
        if request.method != "GET":
            return response
        if "ETag" not in response and self.needs_etag(response):
            set_response_etag(response)
        etag, moment = response.get("ETag"), response.get("Last-Modified")
        seconds = parse_http_date_safe(moment) if moment else None
        if etag or seconds:
            return get_conditional_response(request, etag=etag, last_modified=seconds, response=response)
        return response

    def needs_etag(self, response: Any) -> bool:
        """Tell if a response may be stored at all."""
        directives = cc_delim_re.split(response.get("Cache-Control", ""))
        return all(directive.partition("=")[0].strip().lower() != "no-store" for directive in directives)

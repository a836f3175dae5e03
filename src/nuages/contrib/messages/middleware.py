"""Gives each request its messages."""

from __future__ import annotations

from typing import Any

from nuages.conf import settings
from nuages.contrib.messages.storage import default_storage
from nuages.middleware.plans import Plan
from nuages.text.deprecation import MiddlewareMixin


class MessageMiddleware(MiddlewareMixin):
    """Sets ``request._messages``, and stores what was not shown with the response."""

    def plan(self) -> Plan:
        """The chain need not call a hook for a request that has nothing to do with messages."""
        return Plan(offers={"_messages": default_storage}, answers_if=("_messages",))

    def process_request(self, request: Any) -> None:
        """Offer the storage; it loads when first read."""
        request.offer("_messages", default_storage)

    def process_response(self, request: Any, response: Any) -> Any:
        """Store what is still to be shown; ``ValueError`` under DEBUG for what found no room."""
        storage = getattr(request, "_messages", None)
        if storage is not None and storage.update(response) and settings.DEBUG:
            text = "Not all temporary messages could be stored."
            raise ValueError(text)
        return response

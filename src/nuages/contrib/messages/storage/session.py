"""Messages in the session."""

from __future__ import annotations

import json
from typing import Any

from nuages.contrib.messages.storage.cookie import MessageDecoder, MessageEncoder
from nuages.contrib.messages.storage.store import BaseStorage, Message
from nuages.exceptions import ImproperlyConfigured


class SessionStorage(BaseStorage):
    """Keeps messages in ``request.session``; needs the session middleware before the message middleware."""

    session_key = "_messages"

    def __init__(self, request: Any, *args: Any, **kwargs: Any) -> None:
        if not hasattr(request, "session"):
            raise ImproperlyConfigured(
                "Session-based messages need request.session: put SessionMiddleware before MessageMiddleware in MIDDLEWARE."
            )
        super().__init__(request, *args, **kwargs)

    def _get(self, *args: Any, **kwargs: Any) -> tuple[list[Message] | None, bool]:
        return self.deserialize_messages(self.request.session.get(self.session_key)), True

    def _store(self, messages: list[Message], response: Any, *args: Any, **kwargs: Any) -> list[Message]:
        if messages:
            self.request.session[self.session_key] = self.serialize_messages(messages)
        else:
            self.request.session.pop(self.session_key, None)
        return []

    def serialize_messages(self, messages: list[Message]) -> str:
        """The messages as JSON."""
        return MessageEncoder().encode(messages)

    def deserialize_messages(self, data: Any) -> Any:
        """The messages of a JSON text."""
        return json.loads(data, cls=MessageDecoder) if data and isinstance(data, str) else data

"""Keeping messages in ``nuages.mail.outbox``, for tests."""

from __future__ import annotations

import copy
import sys
from collections.abc import Sequence
from typing import Any

from nuages.mail.backends.protocol import BaseEmailBackend


class EmailBackend(BaseEmailBackend):
    """Appends copies of messages to the list ``outbox`` of the mail package."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._outbox()

    @staticmethod
    def _outbox() -> list[Any]:
        outbox: list[Any] = sys.modules["nuages.mail"].__dict__.setdefault("outbox", [])
        return outbox

    def send_messages(self, messages: Sequence[Any]) -> int:
        """Keep the messages; return how many. Headers are made, so that wrong ones are found."""
        count = 0
        for message in messages:
            message.message()
            kept = copy.copy(message)
            if getattr(kept, "connection", None) is not None:
                kept.connection = None
            kept = copy.deepcopy(kept)
            kept.sent_using = self.alias
            self._outbox().append(kept)
            count += 1
        return count

"""Writing messages to a stream instead of sending them."""

from __future__ import annotations

import sys
import threading
from collections.abc import Sequence
from typing import Any

from nuages.mail.backends.protocol import BaseEmailBackend


class EmailBackend(BaseEmailBackend):
    """Writes to ``stream``, standard output by default."""

    def __init__(self, *args: Any, stream: Any = None, **kwargs: Any) -> None:
        self.stream = stream or sys.stdout
        self._lock = threading.RLock()
        super().__init__(*args, **kwargs)

    def write_message(self, message: Any) -> None:
        """Write one message and a line of hyphens."""
        made = message.message()
        charset = made.get_charset().get_output_charset() if made.get_charset() else "utf-8"
        self.stream.write(f"{made.as_bytes().decode(charset)}\n")
        self.stream.write("-" * 79 + "\n")

    def send_messages(self, email_messages: Sequence[Any]) -> int | None:
        """Write the messages; return how many."""
        if not email_messages:
            return 0
        count = 0
        with self._lock:
            try:
                opened = self.open()
                for message in email_messages:
                    self.write_message(message)
                    self.stream.flush()
                    count += 1
                if opened:
                    self.close()
            except Exception:
                if not self.fail_silently:
                    raise
        return count

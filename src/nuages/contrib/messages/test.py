"""Assertions about messages."""

from __future__ import annotations

from typing import Any

from nuages.contrib.messages.api import get_messages

# The runner leaves frames of this module out of its reports.
__unittest = True


class MessagesTestMixin:
    """For test cases."""

    def assertMessages(self, response: Any, expected_messages: list[Any], *, ordered: bool = True) -> None:
        """The response's request has exactly these messages, in this order unless ``ordered`` is false."""
        found = list(get_messages(response.wsgi_request))
        compare = self.assertEqual if ordered else self.assertCountEqual  # type: ignore[attr-defined]
        compare(found, expected_messages)

"""Messages in the cookie, and in the session when that is full."""

from __future__ import annotations

from functools import cached_property
from typing import Any

from nuages.contrib.messages.storage.cookie import CookieStorage
from nuages.contrib.messages.storage.session import SessionStorage
from nuages.contrib.messages.storage.store import BaseStorage, Message


class FallbackStorage(BaseStorage):
    """Hands to each storage of ``storage_classes`` what the one before had no room for."""

    storage_classes: tuple[type[BaseStorage], ...] = (CookieStorage, SessionStorage)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._arguments = args, kwargs
        self._used_storages: set[BaseStorage] = set()

    @cached_property
    def storages(self) -> list[BaseStorage]:
        """The storages, made for those requests that have to do with messages."""
        args, kwargs = self._arguments
        return [storage(*args, **kwargs) for storage in self.storage_classes]

    def _get(self, *args: Any, **kwargs: Any) -> tuple[list[Message] | None, bool]:
        found: list[Message] = []
        complete = False
        for storage in self.storages:
            messages, complete = storage._get()
            if messages is None:
                break
            if messages:
                self._used_storages.add(storage)
            found.extend(messages)
            if complete:
                break
        return found, complete

    def _store(self, messages: list[Message], response: Any, *args: Any, **kwargs: Any) -> list[Message]:
        for storage in self.storages:
            if not messages and storage not in self._used_storages:
                continue
            if not messages:
                self._used_storages.discard(storage)
            # Nothing to store empties what an earlier request left.
            messages = storage._store(messages, response, remove_oldest=False)
        return messages

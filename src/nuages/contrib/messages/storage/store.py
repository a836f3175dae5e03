"""A message, and what every message storage shares."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, ClassVar

from nuages.conf import settings
from nuages.contrib.messages.constants import INFO
from nuages.contrib.messages.levels import get_level_tags


class Message:
    """A text for the user, with its level and further tags."""

    def __init__(self, level: int, message: Any, extra_tags: Any = None) -> None:
        self.level: int = int(level)
        self.message = message
        self.extra_tags = extra_tags

    def _prepare(self) -> None:
        """Make texts of lazy strings, so that they can be stored."""
        self.message = str(self.message) if not isinstance(self.message, str) else self.message
        if self.extra_tags is not None:
            self.extra_tags = str(self.extra_tags)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Message):
            return NotImplemented
        return self.level == other.level and self.message == other.message

    __hash__: ClassVar[None] = None  # type: ignore[assignment]

    def __str__(self) -> str:
        return str(self.message)

    def __repr__(self) -> str:
        extra = f", extra_tags={self.extra_tags!r}" if self.extra_tags else ""
        return f"Message(level={self.level}, message={self.message!r}{extra})"

    @property
    def tags(self) -> str:
        """All tags, separated by spaces: the further ones, then the level's."""
        return " ".join(tag for tag in (self.extra_tags, self.level_tag) if tag)

    @property
    def level_tag(self) -> str:
        """The level's tag."""
        return str(get_level_tags().get(self.level, ""))


class BaseStorage:
    """Collects messages until they are shown. A storage defines ``_get`` and ``_store``.

    Iterating marks the stored messages as shown; those added since stay until ``update``.
    """

    def __init__(self, request: Any, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.request = request
        self._queued_messages: list[Message] = []
        self.used = False
        self.added_new = False
        self._level: int | None = None

    def __len__(self) -> int:
        return len(self._loaded_messages) + len(self._queued_messages)

    def __iter__(self) -> Iterator[Message]:
        self.used = True
        if self._queued_messages:
            self._loaded_messages.extend(self._queued_messages)
            self._queued_messages = []
        return iter(self._loaded_messages)

    def __contains__(self, item: object) -> bool:
        return item in self._loaded_messages or item in self._queued_messages

    def __repr__(self) -> str:
        return f"<{type(self).__qualname__}: request={self.request!r}>"

    @property
    def _loaded_messages(self) -> list[Message]:
        if not hasattr(self, "_loaded_data"):
            messages, _ = self._get()
            self._loaded_data: list[Message] = list(messages or ())
        return self._loaded_data

    def _get(self, *args: Any, **kwargs: Any) -> tuple[list[Message] | None, bool]:
        """The stored messages (``None`` if this storage was not used), and whether these are all."""
        raise NotImplementedError("A subclass of BaseStorage must provide a _get() method")

    def _store(self, messages: list[Message], response: Any, *args: Any, **kwargs: Any) -> list[Message]:
        """Store the messages; returns those that found no room."""
        raise NotImplementedError("A subclass of BaseStorage must provide a _store() method")

    def _prepare_messages(self, messages: list[Message]) -> None:
        for message in messages:
            message._prepare()

    def update(self, response: Any) -> list[Message] | None:
        """Store what is still to be shown; returns what found no room."""
        if not self.used and not self.added_new:
            return None
        self._prepare_messages(self._queued_messages)
        if self.used:
            return self._store(self._queued_messages, response)
        return self._store([*self._loaded_messages, *self._queued_messages], response)

    def add(self, level: int, message: Any, extra_tags: str = "") -> None:
        """Queue a message, unless it is empty or below the level to be recorded."""
        if not message or int(level) < self.level:
            return
        self.added_new = True
        self._queued_messages.append(Message(level, message, extra_tags=extra_tags))

    @property
    def level(self) -> int:
        """The lowest level that is recorded; ``MESSAGE_LEVEL`` unless set."""
        if self._level is None:
            self._level = getattr(settings, "MESSAGE_LEVEL", INFO)
        return self._level

    @level.setter
    def level(self, value: int | None) -> None:
        self._level = None if value is None else int(value)

    @level.deleter
    def level(self) -> None:
        self._level = None

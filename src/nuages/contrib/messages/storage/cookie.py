"""Messages in a signed cookie."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from functools import cached_property
from http.cookies import SimpleCookie
from typing import Any

from nuages import signing
from nuages.conf import settings
from nuages.contrib.messages.storage.store import BaseStorage, Message
from nuages.text.safestring import SafeData, mark_safe


class MessageEncoder(json.JSONEncoder):
    """Writes messages as ``["__json_message", safe, level, text, tags]``."""

    message_key = "__json_message"

    def default(self, o: Any) -> Any:
        """The list for a message."""
        if not isinstance(o, Message):
            return super().default(o)
        parts = [self.message_key, int(isinstance(o.message, SafeData)), o.level, o.message]
        return parts if o.extra_tags is None else [*parts, o.extra_tags]


class MessageDecoder(json.JSONDecoder):
    """Reads what ``MessageEncoder`` wrote."""

    def process_messages(self, obj: Any) -> Any:
        """Messages for their lists, at any depth."""
        if isinstance(obj, dict):
            return {key: self.process_messages(value) for key, value in obj.items()}
        if not isinstance(obj, list) or not obj:
            return obj
        if obj[0] != MessageEncoder.message_key:
            return [self.process_messages(item) for item in obj]
        _, safe, level, text, *rest = obj
        return Message(level, mark_safe(text) if safe else text, *rest)

    def decode(self, s: str, *args: Any, **kwargs: Any) -> Any:
        """The messages of a JSON text."""
        return self.process_messages(super().decode(s, *args, **kwargs))


class MessagePartSerializer:
    """One message as JSON."""

    def dumps(self, obj: Any) -> bytes:
        """The message's JSON."""
        return json.dumps(obj, separators=(",", ":"), cls=MessageEncoder).encode("latin-1")


class MessageSerializer(MessagePartSerializer):
    """A list of messages whose parts are JSON texts already."""

    def dumps(self, obj: list[str]) -> bytes:
        """The list's JSON."""
        return f"[{','.join(obj)}]".encode("latin-1")

    def loads(self, data: bytes) -> Any:
        """The list of a JSON text."""
        return json.loads(data.decode("latin-1"), cls=MessageDecoder)


def _longest(length: int, overflows: Callable[[int], bool]) -> int:
    """The largest count up to *length* that does not overflow (0 if all do), where more never fits better than fewer."""
    fits, limit = 0, length
    while fits < limit:
        middle = (fits + limit + 1) // 2
        if overflows(middle):
            limit = middle - 1
        else:
            fits = middle
    return fits


def bisect_keep_left(a: Sequence[Any], fn: Callable[[Sequence[Any]], bool]) -> int:
    """How many items from the start of *a* can be kept before ``fn(items)``, which says "too many", holds."""
    return _longest(len(a), lambda count: fn(a[:count]))


def bisect_keep_right(a: Sequence[Any], fn: Callable[[Sequence[Any]], bool]) -> int:
    """The index from which on the items of *a* can be kept before ``fn(items)``, which says "too many", holds."""
    return len(a) - _longest(len(a), lambda count: fn(a[len(a) - count :]))


class CookieStorage(BaseStorage):
    """Keeps messages in a cookie of at most 2 KiB; the oldest make room."""

    cookie_name = "messages"
    # A third of what browsers take for a host, so that other cookies fit beside it.
    max_cookie_size = 2048
    not_finished = "__messagesnotfinished__"
    not_finished_json: str = json.dumps(not_finished)
    key_salt = "django.contrib.messages"

    @cached_property
    def signer(self) -> signing.Signer:
        """What signs the cookie; most requests neither bring nor leave one."""
        return signing.get_cookie_signer(salt=self.key_salt)

    def _get(self, *args: Any, **kwargs: Any) -> tuple[list[Message] | None, bool]:
        messages = self._decode(self.request.COOKIES.get(self.cookie_name))
        if messages and messages[-1] == self.not_finished:
            return messages[:-1], False
        return messages, True

    def _update_cookie(self, encoded_data: str | None, response: Any) -> None:
        place = {
            "domain": settings.SESSION_COOKIE_DOMAIN,
            "samesite": settings.SESSION_COOKIE_SAMESITE,
        }
        if encoded_data:
            response.set_cookie(
                self.cookie_name,
                encoded_data,
                secure=settings.SESSION_COOKIE_SECURE or None,
                httponly=settings.SESSION_COOKIE_HTTPONLY or None,
                **place,
            )
        else:
            response.delete_cookie(self.cookie_name, **place)

    def _store(
        self, messages: list[Any], response: Any, remove_oldest: bool = True, *args: Any, **kwargs: Any
    ) -> list[Any]:
        part = MessagePartSerializer()
        kept = [(message, part.dumps(message).decode("latin-1")) for message in messages]
        data = self._encode_parts([text for _, text in kept])
        unstored: list[Any] = []
        if kept and self._too_large(data):

            def overflows(some: Sequence[Any]) -> bool:
                return self._too_large(self._encode_unfinished(some))

            if remove_oldest:
                cut = bisect_keep_right(kept, overflows)
                unstored, kept = [message for message, _ in kept[:cut]], kept[cut:]
            else:
                cut = bisect_keep_left(kept, overflows)
                unstored, kept = [message for message, _ in kept[cut:]], kept[:cut]
            data = self._encode_unfinished(kept)
        self._update_cookie(data, response)
        return unstored

    def _too_large(self, data: str | None) -> bool:
        return data is not None and len(_cookie_text(data)) > self.max_cookie_size

    def _encode_unfinished(self, kept: Sequence[Any]) -> str | None:
        # The mark at the end says to the reader that the cookie does not hold all.
        return self._encode_parts([*(text for _, text in kept), self.not_finished_json])

    def _encode_parts(self, messages: list[str], encode_empty: bool = False) -> str | None:
        if not messages and not encode_empty:
            return None
        return self.signer.sign_object(messages, serializer=MessageSerializer, compress=True)

    def _encode(self, messages: list[Any], encode_empty: bool = False) -> str | None:
        part = MessagePartSerializer()
        return self._encode_parts([part.dumps(message).decode("latin-1") for message in messages], encode_empty)

    def _decode(self, data: str | None) -> Any:
        if not data:
            return None
        try:
            return self.signer.unsign_object(data, serializer=MessageSerializer)
        except Exception:  # a wrong signature, or text that no longer is what was signed
            self.used = True  # so that the cookie goes away
            return None


def _cookie_text(data: str) -> str:
    return SimpleCookie().value_encode(data)[1]

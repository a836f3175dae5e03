"""Responses whose content is produced while it is sent, from sync or async iterators."""

from __future__ import annotations

import warnings
from collections.abc import AsyncIterator, Iterator
from typing import Any

from nuages import bridge
from nuages.http.response import HttpResponseBase


class StreamingHttpResponse(HttpResponseBase):
    """A response made from an iterator, or an async iterator, of strings or bytes.

    Either kind works under every server: a sync iterator is advanced in the bridge on the loop, an async one on a private
    loop elsewhere.
    """

    streaming = True
    is_async = False

    def __init__(self, streaming_content: Any = (), *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.streaming_content = streaming_content

    def __repr__(self) -> str:
        return f"<{self.__class__.__qualname__} status_code={self.status_code}{self._content_type_for_repr}>"

    @property
    def content(self) -> bytes:
        """Refuse: the content is not there yet."""
        raise AttributeError(
            f"This {self.__class__.__name__} instance has no `content`: see `streaming_content`."
        )

    @property
    def text(self) -> str:
        """Refuse: the content is not there yet."""
        raise AttributeError(f"This {self.__class__.__name__} instance has no `text` attribute.")

    @property
    def streaming_content(self) -> Any:
        """The iterator of the content, as bytes; middleware may wrap and set it."""
        if self.is_async:
            source = self._iterator

            async def encoded() -> AsyncIterator[bytes]:
                async for part in source:
                    yield self.make_bytes(part)

            return encoded()
        return map(self.make_bytes, self._iterator)

    @streaming_content.setter
    def streaming_content(self, value: Any) -> None:
        self._set_streaming_content(value)

    def _set_streaming_content(self, value: Any) -> None:
        if hasattr(value, "__aiter__"):
            self._iterator: Any = value.__aiter__()
            self.is_async = True
        else:
            self._iterator = iter(value)
            self.is_async = False
        if hasattr(value, "close"):
            self._resource_closers.append(value.close)

    def __iter__(self) -> Iterator[bytes]:
        if not self.is_async:
            return iter(self.streaming_content)
        warnings.warn(
            f"{type(self).__name__}: an asynchronous iterator is read to its end before anything can be sent off the loop. "
            "Give a synchronous one.",
            Warning,
            stacklevel=2,
        )
        return iter(bridge.block(self._collect)())

    async def _collect(self) -> list[bytes]:
        return [chunk async for chunk in self.streaming_content]

    async def __aiter__(self) -> AsyncIterator[bytes]:
        if self.is_async:
            async for chunk in self.streaming_content:
                yield chunk
            return
        warnings.warn(
            f"{type(self).__name__}: a synchronous iterator is read to its end before anything can be sent on the loop. "
            "Give an asynchronous one.",
            Warning,
            stacklevel=2,
        )
        for chunk in await bridge.run(list, self.streaming_content):
            yield chunk

    def sent_chunks(self) -> AsyncIterator[bytes]:
        """Give the chunks one by one to a server on the loop; a sync iterator is advanced in the bridge."""
        if self.is_async:
            return self.streaming_content  # type: ignore[no-any-return]
        return bridge.iterate(self.streaming_content)

    def getvalue(self) -> bytes:
        """Consume the iterator and give the whole content."""
        return b"".join(self.streaming_content)

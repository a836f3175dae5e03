"""The output stream of a management command: endings and colours around a plain stream."""

from collections.abc import Callable
from io import TextIOBase
from typing import Any

StyleFunction = Callable[[str], str]


class OutputWrapper(TextIOBase):
    """Wraps a stream: ``write`` adds the ending when it is missing, and styles the text on a terminal."""

    def __init__(self, out: Any, ending: str = "\n") -> None:
        self._out = out
        self.style_func = None
        self.ending = ending

    @property
    def style_func(self) -> StyleFunction:
        """The function applied to written text; plain text passes unchanged where the stream is no terminal."""
        return self._style_func

    @style_func.setter
    def style_func(self, style_func: StyleFunction | None) -> None:
        self._style_func = style_func if style_func and self.isatty() else _plain

    def __getattr__(self, name: str) -> Any:
        return getattr(self._out, name)

    def flush(self) -> None:
        """Flush the wrapped stream, if it is still open."""
        if not getattr(self._out, "closed", False) and hasattr(self._out, "flush"):
            self._out.flush()

    def isatty(self) -> bool:
        """Whether the wrapped stream is a terminal."""
        return hasattr(self._out, "isatty") and bool(self._out.isatty())

    def write(  # type: ignore[override]
        self, msg: str = "", style_func: StyleFunction | None = None, ending: str | None = None
    ) -> None:
        """Write *msg* with *ending* (default: the stream's), styled by *style_func* (default: the stream's)."""
        tail = self.ending if ending is None else ending
        text = str(msg)
        if tail and not text.endswith(tail):
            text += tail
        self._out.write((style_func or self.style_func)(text))


def _plain(text: str) -> str:
    return text

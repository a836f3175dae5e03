"""What every backend offers."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Self

from nuages import bridge
from nuages.mail.errors import InvalidMailer


class BaseEmailBackend:
    """Base of backends; a subclass writes ``send_messages``. As a context manager it keeps one connection open inside."""

    def __init__(self, fail_silently: bool = False, *, alias: str | None = None, **kwargs: Any) -> None:
        self.alias = alias
        self.fail_silently = fail_silently
        if alias is not None and kwargs:
            names = ", ".join(repr(name) for name in sorted(kwargs))
            raise InvalidMailer(f"Unknown options {names}.", alias=alias)

    def open(self) -> bool | None:
        """Open a connection; tell whether that was done."""

    def close(self) -> None:
        """Close the connection."""

    def __enter__(self) -> Self:
        try:
            self.open()
        except Exception:
            self.close()
            raise
        return self

    def __exit__(self, *exc_info: object) -> None:
        self.close()

    def send_messages(self, email_messages: Sequence[Any]) -> int | None:
        """Send the messages; return how many were sent."""
        raise NotImplementedError("subclasses of BaseEmailBackend must override send_messages() method")

    asend_messages = bridge.shell(send_messages)

"""Leaving messages for the user."""

from __future__ import annotations

from typing import Any

from nuages.contrib.messages import constants
from nuages.contrib.messages.storage import default_storage

__all__ = [
    "MessageFailure",
    "add_message",
    "debug",
    "error",
    "get_level",
    "get_messages",
    "info",
    "set_level",
    "success",
    "warning",
]


class MessageFailure(Exception):
    """The message middleware is not installed."""


def add_message(request: Any, level: int, message: Any, extra_tags: str = "", fail_silently: bool = False) -> None:
    """Leave a message. Raises ``MessageFailure`` without the middleware, unless ``fail_silently``."""
    storage = getattr(request, "_messages", None)
    if storage is not None:
        storage.add(level, message, extra_tags)
    elif not hasattr(request, "META"):
        raise TypeError(f"add_message() argument must be an HttpRequest object, not '{type(request).__name__}'.")
    elif not fail_silently:
        raise MessageFailure("Messages need MessageMiddleware: add it to MIDDLEWARE.")


def get_messages(request: Any) -> Any:
    """The request's messages; iterating marks them as shown."""
    return getattr(request, "_messages", [])


def get_level(request: Any) -> int:
    """The lowest level that is recorded."""
    # A storage without messages is false.
    storage = request._messages if hasattr(request, "_messages") else default_storage(request)
    return int(storage.level)


def set_level(request: Any, level: int | None) -> bool:
    """Set the lowest level that is recorded (``None``: as in the settings); tells whether that was possible."""
    if not hasattr(request, "_messages"):
        return False
    request._messages.level = level
    return True


def debug(request: Any, message: Any, extra_tags: str = "", fail_silently: bool = False) -> None:
    """Leave a message of level ``DEBUG``."""
    add_message(request, constants.DEBUG, message, extra_tags, fail_silently)


def info(request: Any, message: Any, extra_tags: str = "", fail_silently: bool = False) -> None:
    """Leave a message of level ``INFO``."""
    add_message(request, constants.INFO, message, extra_tags, fail_silently)


def success(request: Any, message: Any, extra_tags: str = "", fail_silently: bool = False) -> None:
    """Leave a message of level ``SUCCESS``."""
    add_message(request, constants.SUCCESS, message, extra_tags, fail_silently)


def warning(request: Any, message: Any, extra_tags: str = "", fail_silently: bool = False) -> None:
    """Leave a message of level ``WARNING``."""
    add_message(request, constants.WARNING, message, extra_tags, fail_silently)


def error(request: Any, message: Any, extra_tags: str = "", fail_silently: bool = False) -> None:
    """Leave a message of level ``ERROR``."""
    add_message(request, constants.ERROR, message, extra_tags, fail_silently)

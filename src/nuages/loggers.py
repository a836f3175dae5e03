"""The framework's loggers: one place gives the root of their names.

Topics are the documented ones (``request``, ``db.backends``, ``security.csrf``, …; documentation: ref/logging). Natively the loggers
are called ``nuages.request`` and so on; a distribution that offers the framework under another name calls ``rename`` once.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping
from typing import Any, Final

NATIVE: Final = "nuages"
ROOTS: Final = (NATIVE, "django")
"""The roots that a project's LOGGING may use for the framework's loggers."""

_root = NATIVE
_topics: set[str] = set()


def logger_name(topic: str = "") -> str:
    """The full name of the logger for ``topic``; of the framework's root logger without one."""
    return f"{_root}.{topic}" if topic else _root


def get_logger(topic: str = "") -> logging.Logger:
    """The logger for ``topic``."""
    if _root == NATIVE:
        _topics.add(topic)
    return logging.getLogger(logger_name(topic))


def rename(root: str) -> None:
    """Call the loggers by ``root`` from now on; records of those that modules hold already go on to their namesakes there."""
    global _root
    _root = root
    for topic in {"", *_topics}:
        logging.getLogger(".".join(filter(None, (NATIVE, topic)))).parent = logging.getLogger(logger_name(topic))


def under_current_root(loggers: Mapping[str, Any]) -> dict[str, Any]:
    """The ``loggers`` of a LOGGING setting, where one that is named by another root also holds for the framework's namesake."""
    found = dict(loggers)
    for name, settings in loggers.items():
        root, _, topic = name.partition(".")
        if root in ROOTS and root != _root:
            found.setdefault(logger_name(topic), settings)
    return found

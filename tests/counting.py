"""Counting calls of Python functions: what pins the cost of hot paths."""

import sys
from collections.abc import Callable
from typing import Any


def calls(function: Callable[[], Any], warm: int = 1) -> int:
    """How many Python functions a call runs, once everything that is kept has been made by ``warm`` calls."""
    count = 0

    def profile(frame: Any, event: str, argument: Any) -> None:
        nonlocal count
        count += event == "call"

    for _ in range(warm):
        function()
    sys.setprofile(profile)
    try:
        function()
    finally:
        sys.setprofile(None)
    return count

"""Values that stand for "nothing was given"."""

from __future__ import annotations


class NOT_PROVIDED:
    """Stands for a default that was not given; None is a default like any other."""


BLANK_CHOICE_DASH: list[tuple[str, str]] = [("", "---------")]

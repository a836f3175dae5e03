"""Marks for `CommonMiddleware`."""

from __future__ import annotations

from typing import Any

from nuages.views.decorators.wrapping import View, marked


def no_append_slash(view: View) -> Any:
    """Exempt a view from the redirect of ``APPEND_SLASH``."""
    return marked(view, should_append_slash=False)

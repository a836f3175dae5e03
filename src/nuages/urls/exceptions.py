"""What the URL engine raises."""

from __future__ import annotations

from typing import Any

from nuages.http.errors import Http404


class Resolver404(Http404):
    """No pattern matches a path. Its first argument is a dict with ``path`` and ``tried`` (lists of patterns)."""

    def __init__(self, *args: Any) -> None:
        super().__init__(*args)


class NoReverseMatch(Exception):
    """No pattern has this name and takes these arguments."""

    silent_variable_failure = True

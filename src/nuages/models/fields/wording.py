"""Help texts whose wording says nothing about a model.

Models that projects derive from ours bring our help texts into the projects' migrations. Releases, and other frameworks with the
same models, word them differently: that alone must not look like a change of the project's model.
"""

from __future__ import annotations

from typing import Any

# By identity, as fields hand texts on when they are cloned; the text is kept, so that its identity is not given to another.
_free: dict[int, Any] = {}


def free_wording(text: Any) -> Any:
    """Mark a help text as one that migrations need not follow, and return it."""
    _free[id(text)] = text
    return text


def is_free(text: Any) -> bool:
    """Whether the text was marked."""
    return id(text) in _free

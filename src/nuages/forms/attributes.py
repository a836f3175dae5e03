"""Small pieces of HTML and text that forms, labels and error lists are put together from."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from nuages.text.html import conditional_escape
from nuages.text.safestring import SafeString, mark_safe


def pretty_name(name: str | None) -> str:
    """A field's name as a label: ``first_name`` becomes ``First name``."""
    if not name:
        return ""
    words = name.replace("_", " ")
    return words[:1].upper() + words[1:]


def flatatt(attrs: Mapping[str, Any]) -> SafeString:
    """HTML attributes as text, with a leading space each: valued ones sorted, then bare names.

    ``True`` gives a bare attribute; ``False`` and ``None`` leave it out; other values are escaped.
    """
    valued = []
    bare = []
    for name, value in attrs.items():
        if isinstance(value, bool):
            if value:
                bare.append(f" {conditional_escape(name)}")
        elif value is not None:
            shown = value if isinstance(value, str) else str(value)
            valued.append(f' {conditional_escape(name)}="{conditional_escape(shown)}"')
    return mark_safe("".join(sorted(valued) + sorted(bare)))

"""The history in templates."""

from __future__ import annotations

from typing import Any

from nuages.template import Library, Node, TemplateSyntaxError

register = Library()


class AdminLogNode(Node):
    """``{% get_admin_log 10 as name for_user user %}``."""

    def __init__(self, limit: int, varname: str, user: str | None) -> None:
        self.limit, self.varname, self.user = limit, varname, user

    def __repr__(self) -> str:
        return "<GetAdminLog Node>"

    def render(self, context: Any) -> str:
        """Put the entries into the context."""
        entries = context["log_entries"]
        if self.user is not None:
            user = context[self.user]
            entries = entries.filter(user__pk=getattr(user, "pk", user))
        context[self.varname] = entries[: self.limit]
        return ""


@register.tag
def get_admin_log(parser: Any, token: Any) -> AdminLogNode:
    """The newest entries, of all or of one user. ``TemplateSyntaxError`` for anything else than the form above."""
    words = token.contents.split()
    if len(words) < 4:
        raise TemplateSyntaxError("'get_admin_log' statements require two arguments")
    if not words[1].isdigit():
        raise TemplateSyntaxError("First argument to 'get_admin_log' must be an integer")
    if words[2] != "as":
        raise TemplateSyntaxError("Second argument to 'get_admin_log' must be 'as'")
    if len(words) > 4 and words[4] != "for_user":
        raise TemplateSyntaxError("Fourth argument to 'get_admin_log' must be 'for_user'")
    return AdminLogNode(int(words[1]), words[3], words[5] if len(words) > 5 else None)

"""The tag ``get_flatpages``: the pages of the current site as a variable."""

from __future__ import annotations

from typing import Any

from nuages.conf import settings
from nuages.contrib.flatpages.models import FlatPage
from nuages.contrib.sites.shortcuts import get_current_site
from nuages.template import Library, Node, TemplateSyntaxError, Variable

register = Library()


class FlatpageNode(Node):
    """Puts the pages into the context."""

    def __init__(self, context_name: str, starts_with: str | None = None, user: str | None = None) -> None:
        self.context_name = context_name
        self.starts_with = Variable(starts_with) if starts_with else None
        self.user = Variable(user) if user else None

    def render(self, context: Any) -> str:
        """Look for them; pages for users who are logged in only for such a user."""
        site = get_current_site(context["request"]).pk if "request" in context else settings.SITE_ID
        pages = FlatPage.objects.filter(sites__id=site)
        if self.starts_with:
            pages = pages.filter(url__startswith=self.starts_with.resolve(context))
        if not self.user or not self.user.resolve(context).is_authenticated:
            pages = pages.filter(registration_required=False)
        context[self.context_name] = pages
        return ""


@register.tag
def get_flatpages(parser: Any, token: Any) -> FlatpageNode:
    """``{% get_flatpages ['/prefix/'] [for user] as name %}``."""
    name, *words = token.split_contents()
    wrong = f"{name} expects a syntax of {name} ['url_starts_with'] [for user] as context_name"
    prefix = user = None
    if len(words) < 2 or words[-2] != "as":
        raise TemplateSyntaxError(wrong)
    context_name, words = words[-1], words[:-2]
    if len(words) >= 2 and words[-2] == "for":
        user, words = words[-1], words[:-2]
    if len(words) > 1:
        raise TemplateSyntaxError(wrong)
    if words:
        prefix = words[0]
    return FlatpageNode(context_name, starts_with=prefix, user=user)

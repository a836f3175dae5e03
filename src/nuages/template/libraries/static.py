"""``{% load static %}``: URLs of static and media files (ref/templates/builtins)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import quote, urljoin

from nuages.apps import apps
from nuages.conf import settings
from nuages.conf.names import import_string, public
from nuages.template.errors import TemplateSyntaxError
from nuages.template.library import Library
from nuages.template.nodes import Node
from nuages.text.encoding import iri_to_uri
from nuages.text.html import conditional_escape

if TYPE_CHECKING:
    from nuages.template.context import Context
    from nuages.template.lexer import Token
    from nuages.template.parser import Parser

__all__ = ["PrefixNode", "StaticNode", "register", "static"]

register = Library()

#: The app that knows where static files end up, and its storage, imported when the app is installed.
_APP = "nuages.contrib.staticfiles"
_STORAGE = "nuages.contrib.staticfiles.storage.staticfiles_storage"


class PrefixNode(Node):
    """``{% get_static_prefix as name %}``, ``{% get_media_prefix as name %}``"""

    child_nodelists = ()

    def __init__(self, varname: str | None = None, name: str | None = None) -> None:
        if name is None:
            raise TemplateSyntaxError("Prefix nodes must be given a name to return.")
        self.varname = varname
        self.name = name

    def __repr__(self) -> str:
        return f"<{type(self).__name__} for {self.name!r}>"

    @classmethod
    def handle_token(cls, parser: Parser, token: Token, name: str) -> PrefixNode:
        """Make the node for a tag."""
        words = token.contents.split()
        if len(words) > 1 and words[1] != "as":
            raise TemplateSyntaxError(f"First argument in '{words[0]}' must be 'as'")
        return cls(words[2] if len(words) > 1 else None, name)

    @classmethod
    def handle_simple(cls, name: str) -> str:
        """Return the setting ``name`` as a URL."""
        return str(iri_to_uri(getattr(settings, name, None) or ""))

    def render(self, context: Context) -> str:
        """Put the prefix out, or store it."""
        prefix = self.handle_simple(self.name)
        if self.varname is None:
            return prefix
        context[self.varname] = prefix
        return ""


@register.tag
def get_static_prefix(parser: Parser, token: Token) -> PrefixNode:
    """Put out ``STATIC_URL``."""
    return PrefixNode.handle_token(parser, token, "STATIC_URL")


@register.tag
def get_media_prefix(parser: Parser, token: Token) -> PrefixNode:
    """Put out ``MEDIA_URL``."""
    return PrefixNode.handle_token(parser, token, "MEDIA_URL")


class StaticNode(Node):
    """``{% static path as name %}``"""

    child_nodelists = ()

    def __init__(self, varname: str | None = None, path: Any = None) -> None:
        if path is None:
            raise TemplateSyntaxError("Static template nodes must be given a path to return.")
        self.path = path
        self.varname = varname

    def __repr__(self) -> str:
        return f"{type(self).__name__}(varname={self.varname!r}, path={self.path!r})"

    @classmethod
    def handle_simple(cls, path: str) -> str:
        """Return the URL of a static file: from the storage of the static files app, or below ``STATIC_URL``."""
        if apps.is_installed(public(_APP)):
            return str(import_string(_STORAGE).url(path))
        return urljoin(PrefixNode.handle_simple("STATIC_URL"), quote(str(path)))

    @classmethod
    def handle_token(cls, parser: Parser, token: Token) -> StaticNode:
        """Make the node for a tag."""
        words = token.split_contents()
        if len(words) < 2:
            raise TemplateSyntaxError(f"'{words[0]}' takes at least one argument (path to file)")
        varname = words[3] if len(words) >= 4 and words[-2] == "as" else None
        return cls(varname, parser.compile_filter(words[1]))

    def url(self, context: Context) -> str:
        """Return the URL of the path in ``context``."""
        return self.handle_simple(self.path.resolve(context))

    def render(self, context: Context) -> str:
        """Put the URL out, or store it."""
        url = self.url(context)
        if self.varname is not None:
            context[self.varname] = url
            return ""
        return conditional_escape(url) if context.autoescape else url


@register.tag("static")
def do_static(parser: Parser, token: Token) -> StaticNode:
    """Put out the URL of a static file."""
    return StaticNode.handle_token(parser, token)


def static(path: str) -> str:
    """Return the URL of a static file."""
    return StaticNode.handle_simple(path)

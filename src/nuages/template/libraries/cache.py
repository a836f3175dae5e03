"""``{% load cache %}``: caching of template fragments (topics/cache, "Template fragment caching")."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from nuages.cache import InvalidCacheBackendError, caches
from nuages.cache.fragments import make_template_fragment_key
from nuages.template.errors import TemplateSyntaxError, VariableDoesNotExist
from nuages.template.library import Library
from nuages.template.nodes import Node, NodeList

if TYPE_CHECKING:
    from nuages.template.context import Context
    from nuages.template.expressions import FilterExpression
    from nuages.template.lexer import Token
    from nuages.template.parser import Parser

__all__ = ["CacheNode", "register"]

register = Library()


class CacheNode(Node):
    """``{% cache timeout name vary_on … using="alias" %}…{% endcache %}``"""

    def __init__(
        self,
        nodelist: NodeList,
        expire_time_var: FilterExpression,
        fragment_name: str,
        vary_on: list[FilterExpression],
        cache_name: FilterExpression | None,
    ) -> None:
        self.nodelist = nodelist
        self.expire_time_var = expire_time_var
        self.fragment_name = fragment_name
        self.vary_on = vary_on
        self.cache_name = cache_name

    def render(self, context: Context) -> str:
        """Return the fragment from the cache, or render it and store it. Raises TemplateSyntaxError."""
        timeout = self._timeout(context)
        cache = self._cache(context)
        key = make_template_fragment_key(self.fragment_name, [value.resolve(context) for value in self.vary_on])
        fragment = cache.get(key)
        if fragment is None:
            fragment = self.nodelist.render(context)
            cache.set(key, fragment, timeout)
        return fragment  # type: ignore[no-any-return]

    def _timeout(self, context: Context) -> int | None:
        value = _resolved(self.expire_time_var, context)
        if value is None:
            return None
        try:
            return int(value)
        except (ValueError, TypeError):
            raise TemplateSyntaxError(f'"cache" tag got a non-integer timeout value: {value!r}')

    def _cache(self, context: Context) -> Any:
        if self.cache_name is None:
            try:
                return caches["template_fragments"]
            except InvalidCacheBackendError:
                return caches["default"]
        name = _resolved(self.cache_name, context)
        try:
            return caches[name]
        except InvalidCacheBackendError:
            raise TemplateSyntaxError(f"Invalid cache name specified for cache tag: {name!r}")


def _resolved(expression: FilterExpression, context: Context) -> Any:
    try:
        return expression.resolve(context)
    except VariableDoesNotExist:
        raise TemplateSyntaxError(f'"cache" tag got an unknown variable: {expression.var!r}')


@register.tag("cache")
def do_cache(parser: Parser, token: Token) -> CacheNode:
    """Keep the body in the cache for a number of seconds, one copy for each combination of the values it varies on."""
    nodelist = parser.parse(("endcache",))
    parser.delete_first_token()
    words = token.split_contents()
    if len(words) < 3:
        raise TemplateSyntaxError(f"'{words[0]!r}' tag requires at least 2 arguments.")
    cache_name = None
    if len(words) > 3 and words[-1].startswith("using="):
        cache_name = parser.compile_filter(words.pop()[len("using=") :])
    vary_on = [parser.compile_filter(word) for word in words[3:]]
    return CacheNode(nodelist, parser.compile_filter(words[1]), words[2], vary_on, cache_name)

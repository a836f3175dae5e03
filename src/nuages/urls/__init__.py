"""URLs: patterns, matching, reversing (documentation: topics/http/urls, ref/urls, ref/urlresolvers)."""

from nuages.urls.callables import get_callable
from nuages.urls.conf import include, path, re_path
from nuages.urls.converters import register_converter
from nuages.urls.current import (
    clear_script_prefix, clear_url_caches, get_script_prefix, get_urlconf, is_valid_path, resolve, reverse,
    reverse_lazy, set_script_prefix, set_urlconf, translate_url,
)
from nuages.urls.exceptions import NoReverseMatch, Resolver404
from nuages.urls.match import ResolverMatch
from nuages.urls.patterns import LocalePrefixPattern
from nuages.urls.resolvers import URLPattern, URLResolver, get_resolver

__all__ = [
    "LocalePrefixPattern", "NoReverseMatch", "Resolver404", "ResolverMatch", "URLPattern", "URLResolver",
    "clear_script_prefix", "clear_url_caches", "get_callable", "get_resolver", "get_script_prefix", "get_urlconf",
    "include", "is_valid_path", "path", "re_path", "register_converter", "resolve", "reverse", "reverse_lazy",
    "set_script_prefix", "set_urlconf", "translate_url",
]

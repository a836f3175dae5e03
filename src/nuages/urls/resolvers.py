"""Patterns with their views, and resolvers: lists of patterns under a prefix."""

from __future__ import annotations

import inspect
import re
import threading
from functools import cached_property, lru_cache
from importlib import import_module
from typing import Any
from urllib.parse import quote

from nuages.checks.messages import CheckMessage
from nuages.conf import settings
from nuages.exceptions import ImproperlyConfigured
from nuages.i18n.translation import get_language
from nuages.text.http import RFC3986_SUBDELIMS, escape_leading_slashes
from nuages.urls import advice
from nuages.urls.callables import get_callable
from nuages.urls.exceptions import NoReverseMatch, Resolver404
from nuages.urls.match import ResolverMatch, unwrapped
from nuages.urls.patterns import LocalePrefixPattern, RegexPattern, RoutePattern
from nuages.urls.reversal import Index, Reversal
from nuages.urls.trie import Leaf, Trie, join_route

SAFE = RFC3986_SUBDELIMS + "/~:@"
#: A path of which no character needs quoting.
UNRESERVED = re.compile(r"(?!//)[A-Za-z0-9/._~-]*").fullmatch


class URLPattern:
    """A pattern that leads to a view."""

    resolves_plainly = True  # not looked up on subclasses: these may resolve in their own way

    def __init__(self, pattern: Any, callback: Any, default_args: dict[str, Any] | None = None, name: str | None = None) -> None:
        self.pattern = pattern
        self.callback = callback
        self.default_args: dict[str, Any] = default_args or {}
        self.name = name

    def __repr__(self) -> str:
        return f"<{self.__class__.__name__} {advice.describe(self.pattern)}>"

    def check(self) -> list[CheckMessage]:
        """Give what is doubtful about this pattern."""
        found = advice.colon_in_name(self.pattern)
        found += self.pattern.check()
        if inspect.isclass(self.callback) and hasattr(self.callback, "as_view"):
            found += advice.class_as_view(self.pattern, self.callback)
        return found

    def resolve(self, path: str) -> ResolverMatch | None:
        """Give the match of ``path``, or ``None``."""
        match = self.pattern.match(path)
        if match is None:
            return None
        _rest, args, captured = match
        return ResolverMatch(
            self.callback,
            args,
            {**captured, **self.default_args},
            self.pattern.name,
            route=str(self.pattern),
            captured_kwargs=captured,
            extra_kwargs=self.default_args,
        )

    @cached_property
    def lookup_str(self) -> str:
        """The dotted path of the view."""
        callback = unwrapped(self.callback)
        callback = getattr(callback, "view_class", callback)
        if not hasattr(callback, "__name__"):
            return f"{type(callback).__module__}.{type(callback).__name__}"
        return f"{callback.__module__}.{callback.__qualname__}"


class URLResolver:
    """A list of patterns below a prefix pattern; the root of a site is one, too.

    Two structures are built when they are first needed: a trie for matching, and per language an index for reversing.
    """

    resolves_plainly = True

    def __init__(
        self,
        pattern: Any,
        urlconf_name: Any,
        default_kwargs: dict[str, Any] | None = None,
        app_name: str | None = None,
        namespace: str | None = None,
    ) -> None:
        self.pattern = pattern
        self.urlconf_name = urlconf_name  # a module, its name, or a list of patterns
        self.callback: Any = None
        self.default_kwargs: dict[str, Any] = default_kwargs or {}
        self.app_name = app_name
        self.namespace = namespace
        self._reverse_dict: dict[str | None, Index] = {}
        self._trie: Trie | None = None
        self._lock = threading.RLock()
        self._populating = False
        self._is_root = type(pattern) is RegexPattern and pattern._regex == "^/"

    def __repr__(self) -> str:
        if isinstance(self.urlconf_name, list) and self.urlconf_name:
            shown = f"<{self.urlconf_name[0].__class__.__name__} list>"
        else:
            shown = repr(self.urlconf_name)
        return f"<{self.__class__.__name__} {shown} ({self.app_name}:{self.namespace}) {advice.describe(self.pattern)}>"

    # -- content ------------------------------------------------------------------------------------------------------

    @cached_property
    def urlconf_module(self) -> Any:
        """The module of the patterns, or the list of them."""
        return import_module(self.urlconf_name) if isinstance(self.urlconf_name, str) else self.urlconf_name

    @cached_property
    def url_patterns(self) -> Any:
        """The patterns.

        :raises ImproperlyConfigured: there are none.
        """
        patterns = getattr(self.urlconf_module, "urlpatterns", self.urlconf_module)
        try:
            iter(patterns)
        except TypeError as error:
            raise ImproperlyConfigured(
                f"The included URLconf '{self.urlconf_name}' has no patterns. Does it define 'urlpatterns', and is its "
                "import not part of a circle?"
            ) from error
        return patterns

    def check(self) -> list[CheckMessage]:
        """Check this resolver and all patterns in it."""
        found: list[CheckMessage] = []
        for pattern in self.url_patterns:
            found += pattern.check() if hasattr(pattern, "check") else advice.not_a_pattern(pattern)
        return found or list(self.pattern.check())

    def resolve_error_handler(self, view_type: int) -> Any:
        """Give the view for the status ``view_type``: ``handler404`` of the URLconf, or the default one."""
        handler = getattr(self.urlconf_module, f"handler{view_type}", None)
        if not handler:
            handler = default_handlers[view_type]
        return get_callable(handler)

    # -- matching -----------------------------------------------------------------------------------------------------

    def resolve(self, path: Any) -> ResolverMatch:
        """Find the first pattern that matches ``path``.

        :raises Resolver404: there is none.
        """
        if type(path) is not str:
            path = str(path)
        if self._is_root:
            if not path.startswith("/"):
                raise Resolver404({"path": path})
            rest, args, kwargs = path[1:], (), {}
        else:
            matched = self.pattern.match(path)
            if matched is None:
                raise Resolver404({"path": path})
            rest, args, kwargs = matched
        trie = self._trie
        if trie is None:
            with self._lock:
                trie = self._trie = self._trie or Trie(self.url_patterns)
        leaf = trie.literals.get(rest)
        if leaf is not None and not (args or kwargs or self.default_kwargs or leaf.chain.defaults):
            return self._literal(leaf, rest)
        found = trie.find(rest)
        if found is None:
            raise Resolver404({"tried": self.tried(rest), "path": rest})
        chain, sub = found
        return self._complete(chain, sub, args, kwargs, rest)

    def _literal(self, leaf: Leaf, rest: str) -> ResolverMatch:
        """Give the match of a route without parameters."""
        chain, pattern = leaf.chain, leaf.pattern
        extra = pattern.default_args
        return ResolverMatch(
            pattern.callback,
            (),
            {**extra} if extra else {},
            pattern.pattern.name,
            [self.app_name, *chain.app_names] if self.app_name else [*chain.app_names],
            [self.namespace, *chain.namespaces] if self.namespace else [*chain.namespaces],
            leaf.full_route,
            (self, rest),
            {},
            extra,
        )

    def _complete(self, chain: Any, sub: Any, args: Any, kwargs: Any, rest: str) -> ResolverMatch:
        """Add what this resolver and those between (``chain``) contribute to the match ``sub`` of a pattern below."""
        func, sub_args, sub_kwargs, name, route, captured, extra, apps, spaces = sub
        defaults = self.default_kwargs
        if kwargs or defaults or chain.defaults:
            sub_kwargs = {**kwargs, **defaults, **chain.defaults, **sub_kwargs}
            captured = {**kwargs, **captured}
            extra = {**defaults, **chain.defaults, **extra}
        return ResolverMatch(
            func,
            sub_args if sub_kwargs else args + sub_args,
            sub_kwargs,
            name,
            [*([self.app_name] if self.app_name else ()), *chain.app_names, *apps],
            [*([self.namespace] if self.namespace else ()), *chain.namespaces, *spaces],
            join_route(chain.route, route) if chain.route else route,
            (self, rest),
            captured,
            extra,
        )

    def tried(self, rest: str, stop_at_match: bool = False) -> list[list[Any]]:
        """List the patterns that are held against ``rest``, each with the resolvers above it."""
        tried: list[list[Any]] = []
        for pattern in self.url_patterns:
            try:
                match = pattern.resolve(rest)
            except Resolver404 as error:
                below = error.args[0].get("tried")
                tried += [[pattern, *more] for more in below] if below is not None else [[pattern]]
                continue
            if match is not None and stop_at_match:
                return tried + [[pattern, *(match.tried[-1] if match.tried else [])]]
            tried.append([pattern])
        return tried

    # -- reversing ----------------------------------------------------------------------------------------------------

    def _populate(self) -> Index:
        language = get_language()
        index = self._reverse_dict.get(language)
        if index is None:
            with self._lock:
                index = self._reverse_dict.get(language)
                if index is None:
                    if self._populating:  # this thread is at it: the URLconf includes itself
                        return Index(())
                    self._populating = True
                    try:
                        index = self._reverse_dict[language] = Index(self.url_patterns)
                    finally:
                        self._populating = False
        return index

    @property
    def _index(self) -> Index:
        return self._reverse_dict.get(get_language()) or self._populate()

    @property
    def reverse_dict(self) -> dict[Any, list[Reversal]]:
        """By view and by name: the ways to reverse it, the last declared first."""
        return self._index.routes

    @property
    def namespace_dict(self) -> dict[str, tuple[Any, URLResolver]]:
        """By namespace: the prefix and the resolver."""
        return self._index.namespaces

    @property
    def app_dict(self) -> dict[str, list[str]]:
        """By application namespace: its instances."""
        return self._index.apps

    def _is_callback(self, name: str) -> bool:
        return name in self._index.callbacks

    def reverse(self, lookup_view: Any, *args: Any, **kwargs: Any) -> str:
        """Give the path, below this resolver, of a view or name.

        :raises NoReverseMatch: there is none with these arguments.
        """
        return self._reverse_with_prefix(lookup_view, "", *args, **kwargs)

    def _reverse_with_prefix(self, lookup_view: Any, _prefix: str, *args: Any, **kwargs: Any) -> str:
        return first_fit(self._routes_of(lookup_view), lookup_view, _prefix, args, kwargs)

    def _routes_of(self, lookup_view: Any) -> list[Reversal]:
        try:
            return self.reverse_dict.get(lookup_view, [])
        except TypeError:  # not hashable
            return []


def first_fit(routes: list[Reversal], lookup_view: Any, prefix: str, args: tuple[Any, ...], kwargs: dict[str, Any]) -> str:
    """Give the address, quoted, by the first route that takes these arguments.

    :raises NoReverseMatch: none does; ``lookup_view`` is what the message calls it.
    """
    if args and kwargs:
        raise ValueError("Give reverse() positional or keyword arguments, not both.")
    for route in routes:
        fitting = route.fill(args, kwargs)
        if fitting is not None:
            path = prefix + fitting
            return path if UNRESERVED(path) else escape_leading_slashes(quote(path, safe=SAFE))
    raise NoReverseMatch(no_reverse_message(lookup_view, args, kwargs, [route.regex for route in routes]))


def no_reverse_message(lookup_view: Any, args: Any, kwargs: Any, tried: list[str]) -> str:
    """Word the error of a reversal that failed."""
    module, name = getattr(lookup_view, "__module__", None), getattr(lookup_view, "__name__", None)
    shown = f"{module}.{name}" if module is not None and name is not None else lookup_view
    if not tried:
        return f"Reverse for '{shown}' not found. '{shown}' is neither a view nor a name."
    if args:
        given = f"arguments '{args}'"
    elif kwargs:
        given = f"keyword arguments '{kwargs}'"
    else:
        given = "no arguments"
    return f"Reverse for '{shown}' with {given} not found. {len(tried)} pattern(s) tried: {tried}"


#: Status to the dotted path of its default page; the pages stand on a floor above this one.
default_handlers: dict[int, Any] = {
    400: "nuages.views.defaults.bad_request",
    403: "nuages.views.defaults.permission_denied",
    404: "nuages.views.defaults.page_not_found",
    500: "nuages.views.defaults.server_error",
}


def get_resolver(urlconf: Any = None) -> URLResolver:
    """Give the root resolver of a URLconf (by default that of ``ROOT_URLCONF``); one object for each."""
    return _get_cached_resolver(settings.ROOT_URLCONF if urlconf is None else urlconf)


@lru_cache(None)
def _get_cached_resolver(urlconf: Any = None) -> URLResolver:
    return URLResolver(RegexPattern(r"^/"), urlconf)


def get_ns_resolver(ns_pattern: str, resolver: URLResolver, converters: Any) -> URLResolver:
    """Give a root resolver with the patterns of ``resolver`` below the expression ``ns_pattern``."""
    pattern = RegexPattern(ns_pattern)
    pattern.converters = dict(converters)
    return URLResolver(RegexPattern(r"^/"), [URLResolver(pattern, resolver.url_patterns)])


__all__ = [
    "LocalePrefixPattern",
    "RegexPattern",
    "ResolverMatch",
    "RoutePattern",
    "URLPattern",
    "URLResolver",
    "default_handlers",
    "get_resolver",
]

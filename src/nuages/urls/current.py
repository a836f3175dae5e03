"""The functions that views and templates use: resolve, reverse, and the URLconf and script prefix of the present request."""

from __future__ import annotations

from contextvars import ContextVar
from typing import Any, TypeAlias
from urllib.parse import unquote, urlsplit, urlunsplit

from nuages.conf import settings
from nuages.conf.settings import script_prefix
from nuages.http.querydict import QueryDict
from nuages.i18n.translation import get_language, override
from nuages.signals import setting_changed
from nuages.text.http import urlencode
from nuages.text.lazy import lazy
from nuages.urls.callables import get_callable
from nuages.urls.converters import get_converters
from nuages.urls.exceptions import NoReverseMatch, Resolver404
from nuages.urls.languages import is_language_prefix_patterns_used
from nuages.urls.match import ResolverMatch
from nuages.urls.patterns import route_to_regex
from nuages.urls.resolvers import UNRESERVED, URLResolver, _get_cached_resolver, first_fit, get_resolver
from nuages.urls.reversal import Reversal

urlconf_override: ContextVar[Any] = ContextVar("urlconf", default=None)


def resolve(path: Any, urlconf: Any = None) -> ResolverMatch:
    """Give the view and arguments for a path.

    :raises Resolver404: no pattern matches.
    """
    return get_resolver(get_urlconf() if urlconf is None else urlconf).resolve(path)


def reverse(
    viewname: Any,
    urlconf: Any = None,
    args: Any = None,
    kwargs: dict[str, Any] | None = None,
    current_app: str | None = None,
    *,
    query: Any = None,
    fragment: str | None = None,
) -> str:
    """Give the address of a view: a callable, a name, or a name with namespaces (``"shop:cart"``).

    :param current_app: the application instance that is preferred where several fit.
    :param query: parameters for the query string.
    :raises NoReverseMatch: there is no such name, or it does not take these arguments.
    """
    resolver = get_resolver(get_urlconf() if urlconf is None else urlconf)
    routes = routes_of(resolver, viewname, current_app)
    url = first_fit(routes, last_name(viewname), get_script_prefix(), tuple(args or ()), kwargs or {})
    if query is not None:
        text = query.urlencode() if isinstance(query, QueryDict) else urlencode(query, doseq=True)
        if text:
            url += f"?{text}"
    if fragment is not None:
        if not isinstance(fragment, str):
            raise TypeError(f"The fragment of an address must be a string, not {type(fragment).__name__}.")
        url += f"#{fragment}"
    return url


def routes_of(root: URLResolver, viewname: Any, current_app: str | None) -> list[Reversal]:
    """Give the ways to write the address of a view, the last declared first; none where there is no such view."""
    if isinstance(viewname, str) and ":" in viewname:
        return namespaced_routes(root, viewname, current_app)
    return root._routes_of(viewname)


def last_name(viewname: Any) -> Any:
    """Give what stands behind the namespaces of a name."""
    return viewname.rpartition(":")[2] if isinstance(viewname, str) else viewname


def namespaced_routes(root: URLResolver, viewname: str, current_app: str | None) -> list[Reversal]:
    """Walk down the namespaces of ``viewname``, and give the routes of the name in the last one."""
    *path, name = viewname.split(":")
    current = current_app.split(":") if current_app else []
    resolver = root
    seen: list[str] = []
    prefixes: list[Any] = []
    for wanted in path:
        preferred = current.pop(0) if current else None
        instances = resolver.app_dict.get(wanted)
        if instances:
            if preferred in instances:
                wanted = preferred
            elif wanted not in instances:
                wanted = instances[0]
        if wanted != preferred:
            current = []
        try:
            prefix, resolver = resolver.namespace_dict[wanted]
        except KeyError:
            where = f" inside '{':'.join(seen)}'" if seen else ""
            raise NoReverseMatch(f"{wanted!r} is not a registered namespace{where}") from None
        seen.append(wanted)
        prefixes.append(prefix)
    return root._index.namespaced_routes(tuple(seen), name, resolver, prefixes)


#: The routes of a name; and the text before and after the argument with its name and test, where there is but one of each.
_Prepared: TypeAlias = tuple[list[Reversal], tuple[str, str, str, Any] | None]


class PreparedReversal:
    """``reverse()`` of one name, time and again: what does not depend on the arguments is looked up once."""

    __slots__ = ("_name", "_prepared", "viewname")

    def __init__(self, viewname: str) -> None:
        self.viewname: str = viewname
        self._name = last_name(viewname)
        self._prepared: tuple[Any, _Prepared] = (None, ([], None))

    def __call__(self, args: tuple[Any, ...], kwargs: dict[str, Any], current_app: str | None = None) -> str:
        """Give the address. Raises NoReverseMatch as ``reverse()`` does."""
        urlconf = urlconf_override.get()
        root = _get_cached_resolver(settings.ROOT_URLCONF if urlconf is None else urlconf)
        prefix = script_prefix.get()
        key = (root, get_language(), prefix, current_app)
        known, prepared = self._prepared
        if known != key:
            prepared = self._prepare(root, prefix, current_app)
            if prepared[0]:
                self._prepared = (key, prepared)
        routes, single = prepared
        if single is not None and len(args) + len(kwargs) == 1:
            before, after, name, is_plain = single
            text = str(args[0] if args else kwargs.get(name, ""))
            if is_plain(text):
                return before + text + after
        return first_fit(routes, self._name, prefix, args, kwargs)

    def _prepare(self, root: URLResolver, prefix: str, current_app: str | None) -> _Prepared:
        routes = routes_of(root, self.viewname, current_app)
        single = routes[0].single if len(routes) == 1 else None
        if single is None or not UNRESERVED(f"{prefix}{single[0]}x{single[1]}"):
            return routes, None
        return routes, (prefix + single[0], *single[1:])


reverse_lazy = lazy(reverse, str)


def clear_url_caches() -> None:
    """Forget everything that was built from URLconfs."""
    get_callable.cache_clear()
    get_converters.cache_clear()
    route_to_regex.cache_clear()
    _get_cached_resolver.cache_clear()
    is_language_prefix_patterns_used.cache_clear()


def set_script_prefix(prefix: str) -> None:
    """Set the path under which the site is mounted, for the present task."""
    script_prefix.set(prefix if prefix.endswith("/") else prefix + "/")


def get_script_prefix() -> str:
    """Give the path under which the site is mounted, with a slash at its end."""
    return script_prefix.get()


def clear_script_prefix() -> None:
    """Go back to a site that is mounted at the root."""
    script_prefix.set("/")


def set_urlconf(urlconf_name: Any) -> None:
    """Use another URLconf for the present task; ``None`` goes back to ``ROOT_URLCONF``."""
    urlconf_override.set(urlconf_name or None)


def get_urlconf(default: Any = None) -> Any:
    """Give the URLconf that was set, or ``default``."""
    chosen = urlconf_override.get()
    return default if chosen is None else chosen


def is_valid_path(path: str, urlconf: Any = None) -> ResolverMatch | bool:
    """Give the match of a path, or False."""
    try:
        return resolve(path, urlconf)
    except Resolver404:
        return False


def translate_url(url: str, lang_code: str) -> str:
    """Give the address of the same page in another language, or ``url`` where there is none."""
    parts = urlsplit(url)
    try:
        match = resolve(unquote(parts.path))
    except Resolver404:
        return url
    name = f"{match.namespace}:{match.url_name}" if match.namespace else match.url_name
    with override(lang_code):
        try:
            path = reverse(name, args=match.args, kwargs=match.captured_kwargs or match.kwargs)
        except NoReverseMatch:
            return url
    return urlunsplit((parts.scheme, parts.netloc, path, parts.query, parts.fragment))


def forget_on_change(*, setting: str, **kwargs: Any) -> None:
    """Follow changes of ``ROOT_URLCONF`` and of language settings, as tests make them."""
    if setting == "ROOT_URLCONF":
        clear_url_caches()
        set_urlconf(None)


setting_changed.connect(forget_on_change)

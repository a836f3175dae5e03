"""What stands in a URLconf: ``path``, ``re_path``, ``include``, ``i18n_patterns``."""

from __future__ import annotations

from importlib import import_module
from typing import Any

from nuages.conf import settings
from nuages.exceptions import ImproperlyConfigured
from nuages.urls.patterns import LocalePrefixPattern, RegexPattern, RoutePattern
from nuages.urls.resolvers import URLPattern, URLResolver


def include(arg: Any, namespace: str | None = None) -> tuple[Any, str | None, str | None]:
    """Take over the patterns of another URLconf.

    :param arg: a module, its name, a list of patterns, or ``(one of these, app_name)``.
    :param namespace: the name of this instance of the application.
    :raises ImproperlyConfigured: a namespace without ``app_name``, or a tuple of another length.
    """
    app_name = None
    if isinstance(arg, tuple):
        if len(arg) != 2:
            if namespace:
                raise ImproperlyConfigured("This tuple names its own namespace; include() cannot name another.")
            raise ImproperlyConfigured(
                f"Passing a {len(arg)}-tuple to include() is not supported. Give (patterns, app_name) and, as an argument "
                "of its own, the namespace."
            )
        urlconf_module, app_name = arg
    else:
        urlconf_module = arg
    module = import_module(urlconf_module) if isinstance(urlconf_module, str) else urlconf_module
    app_name = getattr(module, "app_name", app_name)
    patterns = getattr(module, "urlpatterns", module)
    if namespace and not app_name:
        raise ImproperlyConfigured(
            f"include() was given the namespace {namespace!r} for patterns without an app_name. Set app_name in the "
            "included module, or give (patterns, app_name)."
        )
    if isinstance(patterns, (list, tuple)):
        for url_pattern in patterns:
            if isinstance(getattr(url_pattern, "pattern", None), LocalePrefixPattern):
                raise ImproperlyConfigured("Using i18n_patterns in an included URLconf is not allowed.")
    return module, app_name, namespace or app_name


def _pattern(kind: Any, route: Any, view: Any, kwargs: Any, name: str | None) -> URLPattern | URLResolver:
    if kwargs is not None and not isinstance(kwargs, dict):
        raise TypeError(f"kwargs argument must be a dict, but got {kwargs.__class__.__name__}.")
    if isinstance(view, (list, tuple)):
        urlconf_module, app_name, namespace = view
        return URLResolver(
            kind(route, is_endpoint=False), urlconf_module, kwargs, app_name=app_name, namespace=namespace
        )
    if callable(view):
        return URLPattern(kind(route, name=name, is_endpoint=True), view, kwargs, name)
    if hasattr(type(view), "as_view"):
        name_of_class = type(view).__name__
        raise TypeError(f"view must be a callable, pass {name_of_class}.as_view(), not {name_of_class}().")
    raise TypeError("view must be a callable, or what include() gives.")


def path(route: Any, view: Any, kwargs: dict[str, Any] | None = None, name: str | None = None) -> Any:
    """Lead a route such as ``"articles/<int:year>/"`` to a view, or to the patterns of an `include`."""
    return _pattern(RoutePattern, route, view, kwargs, name)


def re_path(route: Any, view: Any, kwargs: dict[str, Any] | None = None, name: str | None = None) -> Any:
    """Like `path`, with a regular expression."""
    return _pattern(RegexPattern, route, view, kwargs, name)


def i18n_patterns(*urls: Any, prefix_default_language: bool = True) -> list[Any]:
    """Put the active language in front of patterns (``/de/…``); only in the root URLconf."""
    if not settings.USE_I18N:
        return list(urls)
    return [URLResolver(LocalePrefixPattern(prefix_default_language=prefix_default_language), list(urls))]


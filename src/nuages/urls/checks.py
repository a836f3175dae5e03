"""System checks of URLconfs (documentation: ref/checks, URLs)."""

from __future__ import annotations

import inspect
from collections import Counter
from collections.abc import Iterable
from typing import Any

from nuages.checks.messages import CheckMessage, Error, Warning
from nuages.checks.registry import Tags, register
from nuages.conf import settings
from nuages.exceptions import ViewDoesNotExist
from nuages.urls.advice import not_a_pattern
from nuages.urls.resolvers import URLResolver, get_resolver

get_warning_for_invalid_pattern = not_a_pattern

#: Status to the number of arguments that its handler gets.
HANDLERS = {400: 2, 403: 2, 404: 2, 500: 1}


def E006(name: str) -> Error:
    """The error for a setting that must name a folder."""
    return Error(f"The {name} setting must end with a slash.", id="urls.E006")


def _has_urlconf() -> bool:
    return bool(getattr(settings, "ROOT_URLCONF", None))


@register(Tags.urls)
def check_url_config(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """Check all patterns of the site."""
    return check_resolver(get_resolver()) if _has_urlconf() else []


def check_resolver(resolver: Any) -> list[CheckMessage]:
    """Check a resolver, or whatever stands in its place."""
    check = getattr(resolver, "check", None)
    return list(check()) if check is not None else not_a_pattern(resolver)


@register(Tags.urls)
def check_url_namespaces_unique(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """urls.W005: two instances under one namespace hide one another."""
    if not _has_urlconf():
        return []
    counts = Counter(_namespaces(get_resolver()))
    return [
        Warning(
            f"URL namespace '{namespace}' isn't unique: reversing reaches only one of its instances",
            id="urls.W005",
        )
        for namespace, count in counts.items()
        if count > 1
    ]


def _namespaces(resolver: Any, parents: tuple[str, ...] = ()) -> Iterable[str]:
    for pattern in getattr(resolver, "url_patterns", ()):
        namespace = getattr(pattern, "namespace", None)
        current = (*parents, namespace) if namespace is not None else parents
        if namespace is not None:
            yield ":".join(current)
        yield from _namespaces(pattern, current)


@register(Tags.urls)
def check_url_settings(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """urls.E006: addresses of folders end with a slash."""
    found: list[CheckMessage] = []
    for name in ("STATIC_URL", "MEDIA_URL"):
        value = getattr(settings, name)
        if value and not value.endswith("/"):
            found.append(E006(name))
    return found


@register(Tags.urls)
def check_custom_error_handlers(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """urls.E007 and urls.E008: handlers that take other arguments, or cannot be imported."""
    if not _has_urlconf():
        return []
    resolver = get_resolver()
    found: list[CheckMessage] = []
    for status, count in HANDLERS.items():
        found += _check_handler(resolver, status, count)
    return found


def _check_handler(resolver: URLResolver, status: int, count: int) -> list[CheckMessage]:
    try:
        handler = resolver.resolve_error_handler(status)
    except (ImportError, ViewDoesNotExist) as error:
        path = getattr(resolver.urlconf_module, f"handler{status}")
        return [
            Error(f"The custom handler{status} view '{path}' could not be imported.", hint=str(error), id="urls.E008")
        ]
    try:
        inspect.signature(handler).bind(*[None] * count)
    except TypeError:
        arguments = "request, exception" if count == 2 else "request"
        name = f"{handler.__module__}.{handler.__qualname__}"
        return [
            Error(
                f"The custom handler{status} view '{name}' takes other arguments than ({arguments}).",
                id="urls.E007",
            )
        ]
    return []

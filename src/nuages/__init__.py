"""Nuages: a complete web framework, async down to the driver, compiled, typed."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from nuages import forms, models
    from nuages.application import Nuages
    from nuages.conf.settings import settings
    from nuages.http import HttpRequest, HttpResponse, JsonResponse
    from nuages.start import setup
    from nuages.urls import include, path, re_path, reverse
    from nuages.views.shortcuts import get_list_or_404, get_object_or_404, redirect, render

__version__ = "0.1.0"

_HOMES = {
    "models": "nuages.models",
    "forms": "nuages.forms",
    "settings": "nuages.conf:settings",
    "setup": "nuages.start:setup",
    "path": "nuages.urls:path",
    "re_path": "nuages.urls:re_path",
    "include": "nuages.urls:include",
    "reverse": "nuages.urls:reverse",
    "render": "nuages.views.shortcuts:render",
    "redirect": "nuages.views.shortcuts:redirect",
    "get_object_or_404": "nuages.views.shortcuts:get_object_or_404",
    "get_list_or_404": "nuages.views.shortcuts:get_list_or_404",
    "HttpRequest": "nuages.http:HttpRequest",
    "HttpResponse": "nuages.http:HttpResponse",
    "JsonResponse": "nuages.http:JsonResponse",
    "Nuages": "nuages.application:Nuages",
}

__all__ = [
    "HttpRequest", "HttpResponse", "JsonResponse", "Nuages", "__version__", "forms", "get_list_or_404",
    "get_object_or_404", "include", "models", "path", "re_path", "redirect", "render", "reverse", "settings", "setup",
]


def __getattr__(name: str) -> Any:
    """The public names, imported when first used, so that ``import nuages`` loads nothing else."""
    home = _HOMES.get(name)
    if home is None:
        raise AttributeError(f"module 'nuages' has no attribute {name!r}")
    module, _, attribute = home.partition(":")
    value = import_module(module)
    if attribute:
        value = getattr(value, attribute)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *_HOMES})

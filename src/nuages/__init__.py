"""Nuages: a complete web framework, async down to the driver, compiled, typed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nuages.ondemand import on_demand

if TYPE_CHECKING:
    from nuages import forms, models
    from nuages.application import Nuages
    from nuages.conf.settings import settings
    from nuages.http import HttpRequest, HttpResponse, JsonResponse
    from nuages.start import setup
    from nuages.text.version import COMPATIBLE_VERSION, get_version
    from nuages.urls import include, path, re_path, reverse
    from nuages.views.shortcuts import get_list_or_404, get_object_or_404, redirect, render
else:
    __getattr__, __dir__ = on_demand(
        __name__,
        {
            "nuages.application": "Nuages",
            "nuages.conf.settings": "settings",
            "nuages.http": "HttpRequest HttpResponse JsonResponse",
            "nuages.start": "setup",
            "nuages.text.version": "COMPATIBLE_VERSION get_version",
            "nuages.urls": "include path re_path reverse",
            "nuages.views.shortcuts": "get_list_or_404 get_object_or_404 redirect render",
        },
        modules={"forms": "nuages.forms", "models": "nuages.models"},
    )

__version__ = "0.1.0"

__all__ = [
    "COMPATIBLE_VERSION", "HttpRequest", "HttpResponse", "JsonResponse", "Nuages", "__version__", "forms", "get_list_or_404",
    "get_object_or_404", "get_version", "include", "models", "path", "re_path", "redirect", "render", "reverse", "settings",
    "setup",
]

"""The decorator that registers a ``ModelAdmin``."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from nuages.contrib.admin.options import ModelAdmin
from nuages.contrib.admin.sites import AdminSite, site

A = TypeVar("A", bound=type[ModelAdmin])


def register(*models: Any, site: Any = site) -> Callable[[A], A]:
    """Decorator: register the class for the models, with the default site or another.

    Raises ``ValueError`` for no model, for something else than a site, and for a class that is no ``ModelAdmin``.
    """

    def connect(admin_class: A) -> A:
        if not models:
            raise ValueError("At least one model must be passed to register.")
        if not isinstance(site, AdminSite):
            raise ValueError("site must subclass AdminSite")
        if issubclass(admin_class, ModelAdmin):
            site.register(models, admin_class=admin_class)
            return admin_class
        raise ValueError("Wrapped class must subclass ModelAdmin.")

    return connect

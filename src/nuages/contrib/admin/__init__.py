"""The back office that builds itself from the models (documentation: ref/contrib/admin).

The package is imported before there are models, and most of its names need models: they are imported when first used.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from nuages.contrib.admin.autodiscovery import autodiscover
    from nuages.contrib.admin.decorators import action, display
    from nuages.contrib.admin.filters import (
        AllValuesFieldListFilter, BooleanFieldListFilter, ChoicesFieldListFilter, DateFieldListFilter,
        EmptyFieldListFilter, FieldListFilter, ListFilter, RelatedFieldListFilter, RelatedOnlyFieldListFilter,
        SimpleListFilter,
    )
    from nuages.contrib.admin.offering import Action, ActionLocation
    from nuages.contrib.admin.options import (
        HORIZONTAL, VERTICAL, ModelAdmin, ShowFacets, StackedInline, TabularInline,
    )
    from nuages.contrib.admin.registration import register
    from nuages.contrib.admin.sites import AdminSite, site

__all__ = [
    "HORIZONTAL", "VERTICAL", "Action", "ActionLocation", "AdminSite", "AllValuesFieldListFilter",
    "BooleanFieldListFilter", "ChoicesFieldListFilter", "DateFieldListFilter", "EmptyFieldListFilter",
    "FieldListFilter", "ListFilter", "ModelAdmin", "RelatedFieldListFilter", "RelatedOnlyFieldListFilter",
    "ShowFacets", "SimpleListFilter", "StackedInline", "TabularInline", "action", "autodiscover", "display",
    "register", "site",
]

_HOMES = {
    "decorators": "action display",
    "filters": (
        "AllValuesFieldListFilter BooleanFieldListFilter ChoicesFieldListFilter DateFieldListFilter EmptyFieldListFilter "
        "FieldListFilter ListFilter RelatedFieldListFilter RelatedOnlyFieldListFilter SimpleListFilter"
    ),
    "offering": "Action ActionLocation",
    "options": "HORIZONTAL VERTICAL ModelAdmin ShowFacets StackedInline TabularInline",
    "registration": "register",
    "sites": "AdminSite site",
    "autodiscovery": "autodiscover",
}
_MODULE_OF = {name: module for module, names in _HOMES.items() for name in names.split()}


def __getattr__(name: str) -> Any:
    """The public names, imported when first used."""
    module = _MODULE_OF.get(name)
    if module is None:
        raise AttributeError(f"module 'nuages.contrib.admin' has no attribute {name!r}")
    value = getattr(import_module(f"nuages.contrib.admin.{module}"), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *_MODULE_OF})

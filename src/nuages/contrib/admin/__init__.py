"""The back office that builds itself from the models (documentation: ref/contrib/admin).

The package is imported before there are models, and most of its names need models: they are imported when first used.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from nuages.ondemand import on_demand

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
else:
    __getattr__, __dir__ = on_demand(
        __name__,
        {
            "nuages.contrib.admin.autodiscovery": "autodiscover",
            "nuages.contrib.admin.decorators": "action display",
            "nuages.contrib.admin.filters": (
                "AllValuesFieldListFilter BooleanFieldListFilter ChoicesFieldListFilter DateFieldListFilter "
                "EmptyFieldListFilter FieldListFilter ListFilter RelatedFieldListFilter RelatedOnlyFieldListFilter "
                "SimpleListFilter"
            ),
            "nuages.contrib.admin.offering": "Action ActionLocation",
            "nuages.contrib.admin.options": "HORIZONTAL VERTICAL ModelAdmin ShowFacets StackedInline TabularInline",
            "nuages.contrib.admin.registration": "register",
            "nuages.contrib.admin.sites": "AdminSite site",
        },
    )

__all__ = [
    "HORIZONTAL", "VERTICAL", "Action", "ActionLocation", "AdminSite", "AllValuesFieldListFilter",
    "BooleanFieldListFilter", "ChoicesFieldListFilter", "DateFieldListFilter", "EmptyFieldListFilter",
    "FieldListFilter", "ListFilter", "ModelAdmin", "RelatedFieldListFilter", "RelatedOnlyFieldListFilter",
    "ShowFacets", "SimpleListFilter", "StackedInline", "TabularInline", "action", "autodiscover", "display",
    "register", "site",
]

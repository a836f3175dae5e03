"""``ModelAdmin``: how a model looks in the back office."""

from nuages.contrib.admin.exceptions import IncorrectLookupParameters
from nuages.contrib.admin.addresses import quote, unquote
from nuages.contrib.admin.inspection import flatten_fieldsets
from nuages.contrib.admin.offering import Action, ActionLocation
from nuages.contrib.admin.options.constants import (
    HORIZONTAL,
    IS_FACETS_VAR,
    IS_POPUP_VAR,
    SOURCE_MODEL_VAR,
    TO_FIELD_VAR,
    VERTICAL,
    ShowFacets,
    get_content_type_for_model,
    get_ul_class,
)
from nuages.contrib.admin.options.declaring import FORMFIELD_FOR_DBFIELD_DEFAULTS, BaseModelAdmin
from nuages.contrib.admin.options.inlines import InlineModelAdmin, StackedInline, TabularInline
from nuages.contrib.admin.options.modeladmin import ModelAdmin
from nuages.text.decorators import method_decorator
from nuages.views.decorators.csrf import csrf_protect

# For methods of projects' own that are used as views outside of a site.
csrf_protect_m = method_decorator(csrf_protect)

__all__ = [
    "FORMFIELD_FOR_DBFIELD_DEFAULTS",
    "HORIZONTAL",
    "IS_FACETS_VAR",
    "IS_POPUP_VAR",
    "SOURCE_MODEL_VAR",
    "TO_FIELD_VAR",
    "VERTICAL",
    "Action",
    "ActionLocation",
    "BaseModelAdmin",
    "IncorrectLookupParameters",
    "InlineModelAdmin",
    "ModelAdmin",
    "ShowFacets",
    "StackedInline",
    "TabularInline",
    "csrf_protect_m",
    "flatten_fieldsets",
    "get_content_type_for_model",
    "get_ul_class",
    "quote",
    "unquote",
]

"""Names that the pages, the lists and the scripts share."""

from __future__ import annotations

from enum import Enum
from typing import Any

from nuages.apps import apps

IS_POPUP_VAR = "_popup"
SOURCE_MODEL_VAR = "_source_model"
TO_FIELD_VAR = "_to_field"
IS_FACETS_VAR = "_facets"

HORIZONTAL, VERTICAL = 1, 2
ADDITION, CHANGE, DELETION = 1, 2, 3


class ShowFacets(Enum):
    """Whether filters show counts: never, when the user asks for them, or always."""

    NEVER = "NEVER"
    ALLOW = "ALLOW"
    ALWAYS = "ALWAYS"


def get_content_type_for_model(obj: Any) -> Any:
    """The content type of a model or an instance, of a proxy its own."""
    return apps.get_model("contenttypes.ContentType").objects.get_for_model(obj, for_concrete_model=False)


def get_history() -> Any:
    """The manager of what was done. Its model exists only where the app is installed, and this package is imported elsewhere, too."""
    return apps.get_model("admin.LogEntry").objects


def get_ul_class(radio_style: int) -> str:
    """The classes of a list of radio buttons."""
    return "radiolist" if radio_style == VERTICAL else "radiolist inline"

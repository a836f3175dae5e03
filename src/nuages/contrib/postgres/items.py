"""Errors on one item of an array."""

from __future__ import annotations

from typing import Any

from nuages.exceptions import ValidationError
from nuages.i18n.translation import gettext_lazy as _

ITEM_INVALID = _("Item %(nth)s in the array did not validate:")


def item_error(error: ValidationError, index: int, prefix: Any = ITEM_INVALID) -> ValidationError:
    """The error with *prefix*, which says where; several errors become as many."""
    return ValidationError([_prefixed(one, index, prefix) for one in error.error_list])


def _prefixed(error: ValidationError, index: int, prefix: Any) -> ValidationError:
    text = f"{str(prefix) % {'nth': index + 1}} {error.messages[0]}"
    # The text is complete; what looks like a place-holder in it came from a value.
    params = {**(error.params or {}), "nth": index + 1}
    return ValidationError(text.replace("%", "%%"), code="item_invalid", params=params)

"""Options of the query API."""

from enum import Enum

from nuages.sql.constants import LOOKUP_SEP

__all__ = ["LOOKUP_SEP", "OnConflict"]


class OnConflict(Enum):
    """What ``bulk_create()`` does with rows that break a unique constraint."""

    IGNORE = "ignore"
    UPDATE = "update"

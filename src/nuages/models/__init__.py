"""Models: the tables of a project as classes (documentation: topics/db/models, ref/models)."""

from nuages.models import signals
from nuages.models.constraints import BaseConstraint, CheckConstraint, Deferrable, UniqueConstraint
from nuages.models.deletion import (
    CASCADE,
    DB_CASCADE,
    DB_SET_DEFAULT,
    DB_SET_NULL,
    DO_NOTHING,
    PROTECT,
    RESTRICT,
    SET,
    SET_DEFAULT,
    SET_NULL,
    ProtectedError,
    RestrictedError,
)

"""Asking a database whether a condition is true of given values; what ``Q.check()`` does."""

from __future__ import annotations

from contextlib import nullcontext
from typing import Any

from nuages.db import connections
from nuages.db.transaction import atomic
from nuages.loggers import get_logger
from nuages.sql import outputs
from nuages.sql.constants import SINGLE
from nuages.sql.errors import DatabaseError
from nuages.sql.expressions import Value
from nuages.sql.functions import Coalesce
from nuages.sql.q import Q, set_checker
from nuages.sql.query import Query

logger = get_logger("db.models")


def check(condition: Q, against: dict[str, Any], using: str) -> bool:
    """Whether `condition` is true, or neither true nor false, of the values in `against` (name to value or expression)."""
    query = Query(None)
    query.default_cols = False
    for name, value in against.items():
        expression = value if hasattr(value, "resolve_expression") else Value(value)
        query.add_annotation(expression, name, select=False)
    query.add_annotation(Value(1), "_check")
    connection = connections[using]
    if connection.features.supports_comparing_boolean_expr:
        # A constraint lets pass what is unknown.
        query.add_q(Q(Coalesce(condition, True, output_field=outputs.field("BooleanField"))))
    else:
        query.add_q(condition)
    try:
        # An error must not break a transaction that is under way.
        with atomic(using=using) if connection.in_atomic_block else nullcontext():
            return query.get_compiler(using=using).execute_sql(SINGLE) is not None
    except DatabaseError as error:
        logger.warning("The database could not evaluate %r, which therefore counts as met: %s", condition, error)
        return True


set_checker(check)

"""The driver's classes for values of PostgreSQL's own types, under the names that fields and tests use."""

from __future__ import annotations

from typing import Any

import psycopg
from psycopg import ClientCursor, IsolationLevel, adapt, adapters, errors, sql
from psycopg.types.json import Jsonb
from psycopg.types.range import Range

Inet = str
"""Addresses travel as text; the server finds the type by the column."""

DateRange = DateTimeRange = DateTimeTZRange = NumericRange = Range
RANGE_TYPES = (Range,)

TSRANGE_OID = psycopg.postgres.types["tsrange"].oid
TSTZRANGE_OID = psycopg.postgres.types["tstzrange"].oid

is_psycopg3 = True


def mogrify(sql: Any, params: Any, connection: Any) -> str:
    """A statement with its parameters put in, as libpq quotes them."""
    with connection.cursor() as cursor:
        return str(ClientCursor(cursor.connection).mogrify(sql, params))


__all__ = [
    "RANGE_TYPES",
    "TSRANGE_OID",
    "TSTZRANGE_OID",
    "ClientCursor",
    "DateRange",
    "DateTimeRange",
    "DateTimeTZRange",
    "Inet",
    "IsolationLevel",
    "Jsonb",
    "NumericRange",
    "adapt",
    "adapters",
    "errors",
    "is_psycopg3",
    "mogrify",
    "sql",
]

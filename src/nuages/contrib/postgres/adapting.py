"""Teaching new connections the types of extensions, whose numbers each database gives afresh."""

from __future__ import annotations

from typing import Any

from psycopg.types import TypeInfo
from psycopg.types.hstore import register_hstore

from nuages.conf import names

_EXTENSION_TYPES = "SELECT typname, oid, typarray FROM pg_catalog.pg_type WHERE typname IN ('hstore', 'citext')"
# Numbers of the built-in types, as introspection meets them.
RANGES = {
    3904: "IntegerRangeField",
    3906: "DecimalRangeField",
    3910: "DateTimeRangeField",
    3912: "DateRangeField",
    3926: "BigIntegerRangeField",
}


def _field(name: str) -> str:
    return f"{names.public('nuages.contrib.postgres.fields')}.{name}"


def adapt_types(connection: Any, **kwargs: Any) -> None:
    """Let a connection read and write ``hstore`` as mappings and arrays of ``citext`` as lists; for ``connection_created``."""
    if connection.vendor != "postgresql":
        return
    raw = connection.connection
    known = {**connection.introspection.data_types_reverse, **{oid: _field(name) for oid, name in RANGES.items()}}
    for name, oid, array_oid in raw.execute(_EXTENSION_TYPES).fetchall():
        info = TypeInfo(name, oid, array_oid)
        if name == "hstore":
            register_hstore(info, raw)
            known[oid] = _field("HStoreField")
        else:
            info.register(raw)
            known[oid] = "TextField"
    connection.introspection.data_types_reverse = known

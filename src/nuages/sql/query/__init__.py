"""The query builder: names resolved to tables, conditions and columns, by ``model._meta`` only."""

from __future__ import annotations

from nuages.sql.constants import AND, INNER, LOUTER, OR, ORDER_DIR, XOR
from nuages.sql.joins import BaseTable, Join
from nuages.sql.query.names import get_field_names_from_opts
from nuages.sql.query.query import AggregateQuery, Query, connection_for, set_connections
from nuages.sql.query.state import RawQuery
from nuages.sql.query.statements import DeleteQuery, InsertQuery, UpdateQuery
from nuages.sql.query.tables import JoinInfo

__all__ = [
    "AND", "INNER", "LOUTER", "OR", "ORDER_DIR", "XOR", "AggregateQuery", "BaseTable", "DeleteQuery", "InsertQuery",
    "Join", "JoinInfo", "Query", "RawQuery", "UpdateQuery", "connection_for", "get_field_names_from_opts",
    "set_connections",
]

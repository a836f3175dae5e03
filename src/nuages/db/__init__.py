"""Databases: connections, transactions, routers and errors (documentation: topics/db)."""

from nuages.db import signals, transaction
from nuages.db.errors import ConnectionDoesNotExist, DatabaseError, DataError, Error, IntegrityError, InterfaceError
from nuages.db.handler import DEFAULT_DB_ALIAS, close_old_connections, connection, connections, reset_queries
from nuages.db.routers import router
from nuages.signals import request_finished, request_started
from nuages.sql.errors import InternalError, NotSupportedError, OperationalError, ProgrammingError

PICKLE_VERSION_KEY = "_django_version"
"""The key of the version in a pickled instance: pickles written by others can be read, and ours by them."""

request_started.connect(reset_queries)
request_started.connect(close_old_connections)
request_finished.connect(close_old_connections)

__all__ = [
    "DEFAULT_DB_ALIAS",
    "PICKLE_VERSION_KEY",
    "ConnectionDoesNotExist",
    "DataError",
    "DatabaseError",
    "Error",
    "IntegrityError",
    "InterfaceError",
    "InternalError",
    "NotSupportedError",
    "OperationalError",
    "ProgrammingError",
    "close_old_connections",
    "connection",
    "connections",
    "reset_queries",
    "router",
    "signals",
    "transaction",
]

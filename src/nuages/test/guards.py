"""Keeping tests off databases that they have not asked for."""

from collections.abc import Callable
from typing import Any

from nuages.db import connections
from nuages.db.connection import DatabaseConnection

CONNECTING = ("connect", "temporary_connection")
QUERYING = ("cursor", "chunked_cursor", "rows", "execute", "chunks")


class DatabaseOperationForbidden(AssertionError):
    """A test used a database that its ``databases`` does not name."""


class Forbidden:
    """Stands in for a method of a connection, and raises when it is called."""

    def __init__(self, wrapped: Any, message: str) -> None:
        self.wrapped = wrapped
        self.message = message

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        raise DatabaseOperationForbidden(self.message)


class DatabaseGuard:
    """Forbids the use of *aliases*, in this thread by its connections' methods, elsewhere at the moment of connecting."""

    def __init__(self, aliases: frozenset[str], message: Callable[[str, str], str]) -> None:
        self.aliases = aliases
        self.message = message
        self.guarded: list[Any] = []

    def install(self) -> None:
        """Put the guard in place."""
        for alias in self.aliases:
            connection = connections[alias]
            self.guarded.append(connection)
            for operation, methods in (("connections", CONNECTING), ("queries", QUERYING)):
                for name in methods:
                    guard = Forbidden(getattr(connection, name), self.message(operation, alias))
                    connection.__dict__[name] = guard
        self._original = DatabaseConnection.ensure_connection
        original, aliases, message, own = self._original, self.aliases, self.message, self.guarded

        def ensure_connection(connection: DatabaseConnection) -> None:
            if connection.connection is None and connection.alias in aliases and connection not in own:
                raise DatabaseOperationForbidden(message("threaded connections", connection.alias))
            original(connection)

        DatabaseConnection.ensure_connection = ensure_connection  # type: ignore[method-assign, assignment]

    def remove(self) -> None:
        """Take the guard away."""
        DatabaseConnection.ensure_connection = self._original  # type: ignore[method-assign]
        for connection in self.guarded:
            for name in (*CONNECTING, *QUERYING):
                if isinstance(connection.__dict__.get(name), Forbidden):
                    del connection.__dict__[name]
        self.guarded = []

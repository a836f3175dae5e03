"""The database errors that users catch, one family for all drivers (PEP 249).

They stand below the ports because the compiler raises some of them; ``nuages.db`` hands them on, and each back end raises
them with the driver's own error as ``__cause__``.
"""

from __future__ import annotations

__all__ = ["DataError", "DatabaseError", "Error", "IntegrityError", "InterfaceError", "InternalError", "NotSupportedError", "OperationalError", "ProgrammingError"]


class Error(Exception):
    """Any problem with a database."""


class InterfaceError(Error):
    """The driver was used wrongly, or lost its connection."""


class DatabaseError(Error):
    """The database refused or failed."""


class DataError(DatabaseError):
    """A value does not fit: out of range, too long, division by zero."""


class OperationalError(DatabaseError):
    """Something outside the program's control: connection lost, locked, out of memory."""


class IntegrityError(DatabaseError):
    """A constraint would be broken."""


class InternalError(DatabaseError):
    """The database met an inconsistency of its own."""


class ProgrammingError(DatabaseError):
    """Wrong SQL, a missing table, a wrong number of parameters."""


class NotSupportedError(DatabaseError):
    """This database cannot do what was asked."""


def unsupported(what: str) -> NotSupportedError:
    """The error on something that the database in use has not; `what` comes with its verb, as in "ANY_VALUE is"."""
    return NotSupportedError(f"{what} not supported on this database backend.")


def lacking(ability: str) -> NotSupportedError:
    """The error on something that the database in use cannot do, as in "ignoring conflicts"."""
    return NotSupportedError(f"This database backend does not support {ability}.")

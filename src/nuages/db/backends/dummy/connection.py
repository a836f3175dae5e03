"""A connection that says, when it is used, that no database is configured."""

from __future__ import annotations

from typing import Any, NoReturn

from nuages.db.client import Client
from nuages.db.connection import DatabaseConnection
from nuages.db.creation import Creation
from nuages.db.introspection import Introspection
from nuages.db.validation import FieldValidation
from nuages.exceptions import ImproperlyConfigured
from nuages.sql.dialects.features import Features
from nuages.sql.dialects.operations import Operations


def complain(*args: Any, **kwargs: Any) -> NoReturn:
    """Say what is missing."""
    raise ImproperlyConfigured(
        "settings.DATABASES is improperly configured. Please supply the ENGINE value. Check settings documentation for more details."
    )


def ignore(*args: Any, **kwargs: Any) -> None:
    """Do nothing."""


class DummyFeatures(Features):
    """Nothing is there, so nothing is supported."""

    supports_transactions = False
    uses_savepoints = False


class DummyOperations(Operations):
    """There is nothing to write."""

    quote_name = complain


class DummyClient(Client):
    """There is nothing to start."""

    runshell = complain


class DummyCreation(Creation):
    """There is no test database."""

    create_test_db: Any = ignore
    destroy_test_db: Any = ignore
    serialize_db_to_string: Any = ignore
    deserialize_db_from_string: Any = ignore


class DummyIntrospection(Introspection):
    """There is nothing to look at."""

    get_table_list = complain
    get_table_description = complain
    get_relations = complain
    get_constraints = complain
    get_sequences = complain


class DummyConnection(DatabaseConnection):
    """No database."""

    vendor = "dummy"
    display_name = "Dummy"
    operators: dict[str, str] = {}

    client_class = DummyClient
    creation_class = DummyCreation
    features_class = DummyFeatures
    introspection_class = DummyIntrospection
    ops_class = DummyOperations
    validation_class = FieldValidation

    # What would need a database complains; what only tidies up finds nothing to do.
    ensure_connection = complain
    _set_autocommit = complain
    _commit = _savepoint_commit = complain
    _rollback = _savepoint_rollback = _savepoint = _close = ignore

    def is_usable(self) -> bool:
        """There is nothing that could break."""
        return True


Connection = DummyConnection

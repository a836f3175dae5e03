"""Functions of PostgreSQL (documentation: ref/contrib/postgres/functions)."""

from nuages.models import DateTimeField, UUIDField
from nuages.sql.expressions import Func


class RandomUUID(Func):
    """A random UUID (version 4)."""

    template = "GEN_RANDOM_UUID()"
    output_field = UUIDField()


class TransactionNow(Func):
    """When the transaction started; without one, when the statement did."""

    template = "CURRENT_TIMESTAMP"
    output_field = DateTimeField()

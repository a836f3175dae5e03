"""Model fields for PostgreSQL's types (documentation: ref/contrib/postgres/fields)."""

from nuages.contrib.postgres.fields.array import ArrayField
from nuages.contrib.postgres.fields.hstore import HStoreField
from nuages.contrib.postgres.fields.ranges import (
    BigIntegerRangeField, DateRangeField, DateTimeRangeField, DecimalRangeField, IntegerRangeField, RangeBoundary, RangeField,
    RangeOperators,
)
from nuages.contrib.postgres.fields.citext import CICharField, CIEmailField, CITextField
from nuages.contrib.postgres.fields.jsonb import JSONField

__all__ = [
    "ArrayField", "BigIntegerRangeField", "CICharField", "CIEmailField", "CITextField", "DateRangeField", "DateTimeRangeField",
    "DecimalRangeField", "HStoreField", "IntegerRangeField", "JSONField", "RangeBoundary", "RangeField", "RangeOperators",
]

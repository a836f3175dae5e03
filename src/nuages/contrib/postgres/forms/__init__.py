"""Form fields and widgets for PostgreSQL's types (documentation: ref/contrib/postgres/forms)."""

from nuages.contrib.postgres.forms.array import SimpleArrayField, SplitArrayField, SplitArrayWidget
from nuages.contrib.postgres.forms.hstore import HStoreField
from nuages.contrib.postgres.forms.ranges import (
    BaseRangeField, DateRangeField, DateTimeRangeField, DecimalRangeField, HiddenRangeWidget, IntegerRangeField, RangeWidget,
)

__all__ = [
    "BaseRangeField", "DateRangeField", "DateTimeRangeField", "DecimalRangeField", "HStoreField", "HiddenRangeWidget", "IntegerRangeField",
    "RangeWidget", "SimpleArrayField", "SplitArrayField", "SplitArrayWidget",
]

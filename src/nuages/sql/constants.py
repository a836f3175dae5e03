"""Words that the SQL engine and the query API share."""

from __future__ import annotations

import re
from typing import Final

LOOKUP_SEP: Final = "__"
"""What stands between the names of a lookup path: ``author__name__exact``."""

INNER: Final = "INNER JOIN"
LOUTER: Final = "LEFT OUTER JOIN"

AND: Final = "AND"
OR: Final = "OR"
XOR: Final = "XOR"

MULTI: Final = "multi"
SINGLE: Final = "single"
NO_RESULTS: Final = "no results"
CURSOR: Final = "cursor"
ROW_COUNT: Final = "row count"

GET_ITERATOR_CHUNK_SIZE: Final = 100
CHUNK_SIZE: Final = 2000

MAX_GET_RESULTS: Final = 21
REPR_OUTPUT_SIZE: Final = 20

ORDER_DIR: Final = {"ASC": ("ASC", "DESC"), "DESC": ("DESC", "ASC")}
ORDER_PATTERN: Final = re.compile(r"[-+]?[.\w]+$")
"""What a plain name in ``order_by`` may look like."""

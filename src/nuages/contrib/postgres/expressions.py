"""Expressions of PostgreSQL (documentation: ref/contrib/postgres/expressions)."""

from __future__ import annotations

from typing import Any

from nuages.contrib.postgres.fields.array import ArrayField
from nuages.sql.expressions import Subquery
from nuages.text.lazy import cached_property


class ArraySubquery(Subquery):
    """The single column of a queryset as a list, in the queryset's order."""

    template = "ARRAY(%(subquery)s)"

    def __init__(self, queryset: Any, **kwargs: Any) -> None:
        super().__init__(queryset, **kwargs)
        self.query.keeps_order = True

    @cached_property
    def output_field(self) -> Any:
        """A list of what the queryset gives."""
        return ArrayField(self.query.output_field)
